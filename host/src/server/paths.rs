//! Paths that are no fixed route: the home page, the paths of items, and the pages of plugins.

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::subsystems::alias::Target;
use crate::subsystems::item::{self, Order, Query};
use crate::subsystems::theme::{Element, ItemEmbed, NodeKind, Pager, Tag, Tree, ViewMode};
use crate::subsystems::{Cx, Site, menu};
use crate::web::{Error, Page};

/// Items of a page of the home page.
const HOME_ITEMS: u32 = 10;

pub fn routes() -> Router<Site> {
    Router::new().route("/", get(home))
}

/// The newest promoted items, paged.
async fn home(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let items = &site.services().items;
    let page = menu::page_number(session.request())?;
    let query = Query {
        published: Some(true),
        promoted: Some(true),
        order: Order::Front,
        limit: HOME_ITEMS,
        offset: page.saturating_mul(HOME_ITEMS),
        ..Query::default()
    };
    let found = items.query(&session, &query).await?;
    if found.items.is_empty() && page > 0 {
        return Err(Error::NotFound);
    }
    let mut list = Tree::default();
    for id in &found.items {
        list.push(
            None,
            NodeKind::Item(ItemEmbed {
                item: id.to_string(),
                mode: ViewMode::Teaser,
            }),
        );
    }
    let pages = u32::try_from(found.total.div_ceil(HOME_ITEMS.into())).unwrap_or(u32::MAX);
    if pages > 1 {
        list.push(
            None,
            NodeKind::Pager(Pager {
                page,
                pages,
                path: "/".to_owned(),
            }),
        );
    }
    if found.items.is_empty() {
        let paragraph = list.element(None, Element::new(Tag::P).class("empty"));
        list.text(Some(paragraph), "There is nothing here yet.");
    }
    let content = items.render_tree(&session, list).await?;
    let site_name = site.services().variables.site_text("site_name", "Trovato");
    let mut home = Page::new(site_name, content);
    home.is_front = true;
    home.canonical = Some("/".to_owned());
    Ok(home)
}

/// Everything else: an item by its path, a plugin's page, or nothing.
pub async fn dispatch(
    State(site): State<Site>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    session: Cx,
) -> Result<Response, Error> {
    let path = percent_encoding::percent_decode_str(uri.path())
        .decode_utf8()
        .map_err(|_| Error::Bad("This address is not valid UTF-8.".to_owned()))?;
    let reads = method == Method::GET || method == Method::HEAD;
    let aliases = &site.services().aliases;
    let target = aliases.resolve(path.trim_matches('/')).await?;
    match target.as_deref() {
        Some(_) if !reads => Err(Error::Method),
        Some(Target::Item(id)) => {
            // One address for one page.
            if path.len() > 1 && path.ends_with('/') {
                return Ok(redirect(path.trim_end_matches('/'), uri.query()));
            }
            Ok(item::page(&site, &session, *id).await?.into_response())
        }
        Some(Target::Redirect(to)) => Ok(redirect(to, uri.query())),
        None => {
            let table = site.services().menus.table();
            match table.resolve(&path) {
                Some(_) if !reads => Err(Error::Method),
                Some(found) => menu::answer(&site, &session, &path, found).await,
                None => Err(Error::NotFound),
            }
        }
    }
}

/// A known path asked in a way that it is not for.
pub async fn wrong_method() -> Error {
    Error::Method
}

fn redirect(path: &str, query: Option<&str>) -> Response {
    // A path that begins with two slashes would lead to another host.
    let path = format!("/{}", path.trim_start_matches('/'));
    let encoded = percent_encoding::utf8_percent_encode(&path, menu::PATH).to_string();
    let target = query.map_or(encoded.clone(), |query| format!("{encoded}?{query}"));
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response()
}
