//! What surrounds an admin page, as the theme gets it: navigation, actions, account.

use serde::Serialize;

use super::map::Place;
use super::page::{Icon, Kind};
use super::{Admin, ENTER, HOME};
use crate::request::{Account, Request};
use crate::subsystems::menu;
use crate::subsystems::theme::LogOut;
use crate::web::Action;

/// A link of the navigation.
#[derive(Debug, Serialize)]
pub struct NavLink {
    /// Its text.
    pub title: String,
    /// Its target.
    pub href: String,
    /// Its picture.
    pub icon: Icon,
    /// Whether it leads to the page that is shown.
    pub current: bool,
    /// Whether the page that is shown is it or lies below it.
    pub within: bool,
    /// The links below it, where the page is within it.
    pub children: Vec<Self>,
}

/// Links under a heading.
#[derive(Debug, Serialize)]
pub struct NavGroup {
    /// The heading; empty for the first group.
    pub title: String,
    /// The links.
    pub links: Vec<NavLink>,
}

/// Whoever looks.
#[derive(Debug, Serialize)]
pub struct Me {
    /// The name.
    pub name: String,
    /// The letter that stands for them.
    pub initial: String,
    /// Their page.
    pub href: String,
    /// What logs them out.
    pub log_out: LogOut,
}

/// The variable `admin` of pages that somebody sees who may enter the administration.
#[derive(Debug, Serialize)]
pub struct Shell {
    /// The dashboard.
    pub home: &'static str,
    /// The navigation.
    pub groups: Vec<NavGroup>,
    /// What can be done with the page.
    pub actions: Vec<Action>,
    /// Whoever looks.
    pub me: Me,
}

impl Admin {
    /// What surrounds a page for whoever asks; nothing for those who may not enter the administration. `actions` are
    /// what the page itself says can be done with it.
    #[must_use]
    pub fn shell(
        &self,
        request: &Request,
        plugins: &menu::Table,
        actions: &[Action],
        log_out: LogOut,
    ) -> Option<Shell> {
        let account = &request.account;
        if !account.may(ENTER) {
            return None;
        }
        let here = self.map.find(&request.path);
        let mut groups = vec![NavGroup {
            title: String::new(),
            links: self.navigation(here, account),
        }];
        let links = plugin_links(plugins, request);
        if !links.is_empty() {
            groups.push(NavGroup {
                title: "From plugins".to_owned(),
                links,
            });
        }
        let mut all = actions.to_vec();
        all.extend(self.actions(here, account));
        Some(Shell {
            home: HOME,
            groups,
            actions: all,
            me: me(account, log_out),
        })
    }

    fn navigation(&self, here: Option<&Place>, account: &Account) -> Vec<NavLink> {
        let Some(root) = self.map.find(HOME) else {
            return Vec::new();
        };
        let dashboard = NavLink {
            within: here.is_some_and(|here| std::ptr::eq(here, root)),
            ..self.link(root, here)
        };
        let places = self.map.below(root).filter(|place| self.is_place(place, account));
        let links = places.map(|place| {
            let mut link = self.link(place, here);
            if link.within {
                let below = self
                    .map
                    .below(place)
                    .filter(|place| self.is_place(place, account));
                link.children = below.map(|place| self.link(place, here)).collect();
            }
            link
        });
        std::iter::once(dashboard).chain(links).collect()
    }

    fn is_place(&self, place: &Place, account: &Account) -> bool {
        place.about.kind == Kind::Place && self.map.shows(place, account)
    }

    fn link(&self, place: &Place, here: Option<&Place>) -> NavLink {
        NavLink {
            title: place.about.title.to_owned(),
            href: place.about.path.to_owned(),
            icon: place.about.icon,
            current: here.is_some_and(|here| std::ptr::eq(here, place)),
            within: here.is_some_and(|here| self.map.is_within(here, place)),
            children: Vec::new(),
        }
    }

    /// What the list of pages says can be done here.
    fn actions(&self, here: Option<&Place>, account: &Account) -> Vec<Action> {
        let Some(here) = here else { return Vec::new() };
        let below = self.map.below(here);
        let doable = below.filter(|place| {
            place.about.kind == Kind::Action
                && !place.about.path.contains('{')
                && self.map.shows(place, account)
        });
        doable
            .map(|place| Action::main(place.about.title, place.about.path))
            .collect()
    }
}

fn plugin_links(table: &menu::Table, request: &Request) -> Vec<NavLink> {
    let link = |link: &menu::Link| NavLink {
        title: link.title.clone(),
        href: link.path.clone(),
        icon: Icon::Page,
        current: link.path == request.path,
        within: link.path == request.path,
        children: Vec::new(),
    };
    table.menu(super::MENU, &request.account).map(link).collect()
}

fn me(account: &Account, log_out: LogOut) -> Me {
    Me {
        name: account.name.to_string(),
        initial: account
            .name
            .chars()
            .next()
            .map(|c| c.to_uppercase().collect())
            .unwrap_or_default(),
        href: format!("/user/{}", account.id),
        log_out,
    }
}
