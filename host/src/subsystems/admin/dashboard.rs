//! The dashboard: what needs attention, what can be done, what was changed lately.

use axum::extract::State;
use axum::routing::get;
use serde::Serialize;

use super::{AdminPage, HOME, Icon, Kind, Notice, of, render};
use crate::subsystems::item::{Order, Query};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Action, Error, Page};

/// Items that are shown.
const LATEST: u32 = 8;

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(HOME, "Dashboard", get(dashboard))
            .description("What needs attention, and what was changed lately")
            .keywords("home start overview")
            .icon(Icon::Home),
    ]
}

#[derive(Serialize)]
struct Dashboard {
    notices: Vec<Notice>,
    is_well: bool,
    actions: Vec<Action>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Item {
    title: String,
    href: String,
    of: String,
    published: bool,
    changed: i64,
    author: String,
}

async fn dashboard(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let account = &session.request().account;
    let mut notices = site.services().notices(&site).await;
    notices.retain(Notice::wants_attention);
    let map = of(&site).map();
    let doable = map
        .places()
        .filter(|place| place.about.kind == Kind::Action && map.shows(place, account));
    let dashboard = Dashboard {
        is_well: notices.is_empty(),
        notices,
        actions: doable
            .map(|place| Action::new(place.about.title, place.about.path))
            .collect(),
        items: latest(&site, &session).await?,
    };
    let content = render(&site, "admin/dashboard.html", &dashboard);
    Ok(Page::admin("Dashboard", content.to_string()))
}

async fn latest(site: &Site, session: &Session) -> Result<Vec<Item>, Error> {
    let services = site.services();
    let query = Query {
        order: Order::Changed,
        limit: LATEST,
        ..Query::default()
    };
    let items = services.items.some(session, &query).await?;
    let shown = items.into_iter().map(|item| Item {
        href: item.path(),
        of: services
            .item_types
            .get(&item.item_type)
            .map_or_else(|| item.item_type.to_string(), |of| of.label.clone()),
        title: item.title,
        published: item.published,
        changed: item.changed.as_millis(),
        author: item.author_name,
    });
    Ok(shown.collect())
}
