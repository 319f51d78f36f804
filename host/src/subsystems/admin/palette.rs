//! The command palette: pages, actions and content by a word; as JSON for the script, as a page for those without.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;

use super::{AdminPage, Kind, MENU, of, render};
use crate::request::Request;
use crate::subsystems::item::{Order, Query};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

/// Items that are found.
const ITEMS: u32 = 10;
/// Characters of what is looked for.
const LONG: usize = 100;
const PATH: &str = "/admin/search";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(PATH, "Search", get(page))
            .description("Find pages, actions and content")
            .inner(),
        AdminPage::new("/admin/search.json", "Search", get(json)).inner(),
    ]
}

/// Something that was found.
#[derive(Serialize)]
struct Hit {
    title: String,
    href: String,
    /// `page`, `action` or `content`.
    kind: &'static str,
    /// What it is, in a few words.
    note: String,
    /// Other words by which it is found.
    #[serde(skip_serializing_if = "str::is_empty")]
    keywords: &'static str,
}

#[derive(Serialize)]
struct Found {
    query: String,
    hits: Vec<Hit>,
}

/// What the script shows: without a query all pages and actions, with one the content as well.
async fn json(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
    let found = find(&site, &session).await?;
    // What somebody may see is nobody else's.
    let caching = [(header::CACHE_CONTROL, "private, no-store")];
    Ok((caching, Json(found)).into_response())
}

async fn page(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let found = find(&site, &session).await?;
    let content = render(&site, "admin/search.html", &found);
    Ok(Page::admin("Search", content.to_string()))
}

async fn find(site: &Site, session: &Session) -> Result<Found, Error> {
    let request = session.request();
    let query: String = request
        .query("q")
        .unwrap_or_default()
        .trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(LONG)
        .collect();
    let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let mut hits = places(site, request);
    hits.retain(|hit| {
        let text = format!("{} {} {}", hit.title, hit.note, hit.keywords).to_lowercase();
        words.iter().all(|word| text.contains(word))
    });
    if !words.is_empty() {
        hits.extend(content(site, session, &query).await?);
    }
    Ok(Found { query, hits })
}

/// The pages and actions that somebody may use, the plugins' among them.
fn places(site: &Site, request: &Request) -> Vec<Hit> {
    let map = of(site).map();
    let places = map
        .places()
        .filter(|place| place.about.kind != Kind::Inner && map.shows(place, &request.account));
    let own = places.map(|place| Hit {
        title: place.about.title.to_owned(),
        href: place.about.path.to_owned(),
        kind: if place.about.kind == Kind::Action {
            "action"
        } else {
            "page"
        },
        note: place.about.description.to_owned(),
        keywords: place.about.keywords,
    });
    let registry = site.registry();
    let plugins = registry
        .noted()
        .routes
        .menu(MENU, &request.account)
        .map(|link| Hit {
            title: link.title.clone(),
            href: link.path.clone(),
            kind: "page",
            note: String::new(),
            keywords: "",
        });
    own.chain(plugins).collect()
}

async fn content(site: &Site, session: &Session, text: &str) -> Result<Vec<Hit>, Error> {
    let services = site.services();
    let query = Query {
        title: Some(text.to_owned()),
        order: Order::Changed,
        limit: ITEMS,
        ..Query::default()
    };
    let items = services.items.some(session, &query).await?;
    let hits = items.into_iter().map(|item| Hit {
        href: item.path(),
        note: services
            .item_types
            .get(&item.item_type)
            .map_or_else(|| item.item_type.to_string(), |of| of.label.clone()),
        title: item.title,
        kind: "content",
        keywords: "",
    });
    Ok(hits.collect())
}
