//! The routes of the administration, made of the list of pages, and the section pages.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get};
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::map::Place;
use super::page::AdminPage;
use super::{THEME, guard, of};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Cx, Site};
use crate::web::{Error, Page};

/// The routes of all admin pages, each behind the check of its permission.
pub fn routes(pages: Vec<AdminPage>) -> Router<Site> {
    let mut router = Router::new();
    for page in pages {
        let answers = page.answers.unwrap_or_else(|| get(section));
        let answers = match page.about.permission {
            Some(permission) => behind(permission, answers),
            None => answers,
        };
        router = router.route(page.about.path, answers);
    }
    router
}

fn behind(permission: &'static str, answers: MethodRouter<Site>) -> MethodRouter<Site> {
    answers.route_layer(from_fn(move |request, next| {
        guard::check(permission, request, next)
    }))
}

/// A template of the administration's theme, such as `admin/section.html`.
pub fn render(site: &Site, template: &str, variables: &impl Serialize) -> SafeHtml {
    let variables = Value::from(Serde(variables));
    site.services()
        .themes
        .render_suggested(THEME, &[template.to_owned()], variables)
}

#[derive(Serialize)]
struct Entry {
    title: &'static str,
    href: &'static str,
    description: &'static str,
}

/// The pages below a section.
async fn section(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let request = session.request();
    let map = of(&site).map();
    let here = map.find(&request.path).ok_or(Error::NotFound)?;
    let shown = |place: &&Place| place.about.kind == super::Kind::Place && map.shows(place, &request.account);
    let entries: Vec<Entry> = map
        .below(here)
        .filter(shown)
        .map(|place| Entry {
            title: place.about.title,
            href: place.about.path,
            description: place.about.description,
        })
        .collect();
    let content = render(
        &site,
        "admin/section.html",
        &BTreeMap::from([("entries", entries)]),
    );
    let mut page = Page::admin(here.about.title, content.to_string());
    page.description = here.about.description.to_owned();
    Ok(page)
}
