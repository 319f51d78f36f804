//! Paths that are no fixed route: the home page, the paths of items, and the pages of plugins.

use axum::Router;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use uuid::Uuid;

use crate::subsystems::alias::{self, Target};
use crate::subsystems::item::{self, Order, Query};
use crate::subsystems::theme::{Element, ItemEmbed, NodeKind, Pager, Tag, Tree, ViewMode};
use crate::subsystems::{Cx, Site, feed, form, menu};
use crate::taps;
use crate::web::{Error, Page};

/// Items of a page of the home page.
const HOME_ITEMS: u32 = 10;

pub fn routes() -> Router<Site> {
    Router::new().route("/", get(home))
}

/// The newest promoted items, paged.
async fn home(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
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
    let pages = u32::try_from(found.total.div_ceil(HOME_ITEMS.into())).unwrap_or(u32::MAX);
    if found.items.is_empty() && page > 0 {
        // A page before has counted what plugins hide here: who followed its link is not lost.
        return match pages.checked_sub(1) {
            Some(last) if session.has::<taps::ItemAccess>() => {
                Ok(Redirect::to(&address(last)).into_response())
            }
            _ => Err(Error::NotFound),
        };
    }
    let content = items
        .render_tree(&session, teasers(&found.items, page, pages))
        .await?;
    let site_name = site.services().variables.site_text("site_name", "Trovato");
    let mut home = Page::new(site_name, content);
    home.is_front = true;
    // Each page of the list is a page of its own: its items are on no other.
    home.canonical = Some(address(page));
    home.feeds = feed::of_home(&site);
    Ok(home.into_response())
}

/// Where a page of the home page is.
fn address(page: u32) -> String {
    match page {
        0 => "/".to_owned(),
        page => format!("/?page={page}"),
    }
}

/// Items in short, and the way to the other pages.
fn teasers(items: &[Uuid], page: u32, pages: u32) -> Tree {
    let mut list = Tree::default();
    for id in items {
        let embed = ItemEmbed {
            item: id.to_string(),
            mode: ViewMode::Teaser,
        };
        list.push(None, NodeKind::Item(embed));
    }
    if pages > 1 {
        let path = "/".to_owned();
        list.push(None, NodeKind::Pager(Pager { page, pages, path }));
    }
    if items.is_empty() {
        let paragraph = list.element(None, Element::new(Tag::P).class("empty"));
        list.text(Some(paragraph), "There is nothing here yet.");
    }
    list
}

/// Everything else: a plugin's page, an item by its path, or nothing. A path that a plugin declares word for word is
/// the plugin's, whatever titles items get; its patterns leave room for them.
pub async fn dispatch(
    State(site): State<Site>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    session: Cx,
    asked: HeaderMap,
    submission: form::Submission,
) -> Result<Response, Error> {
    let path = percent_encoding::percent_decode_str(uri.path())
        .decode_utf8()
        .map_err(|_| Error::Bad("This address is not valid UTF-8.".to_owned()))?;
    if path.contains(char::is_control) {
        return Err(Error::NotFound);
    }
    let registry = session.registry().clone();
    let found = registry.noted().routes.resolve(&path);
    let exact = found.as_ref().is_some_and(|found| found.parameters.is_empty());
    let name = path.trim_matches('/');
    let target = if exact {
        None
    } else {
        site.services().aliases.resolve(name).await?
    };
    if !matches!(method, Method::GET | Method::HEAD) {
        return match (target, found) {
            // The forms of a plugin's page are sent to the page itself.
            (None, Some(found)) if method == Method::POST => {
                menu::take(&site, &session, &asked, &path, found, submission).await
            }
            (None, None) => Err(Error::NotFound),
            _ => Err(Error::Method),
        };
    }
    match (target.as_deref(), found) {
        // One address for one page.
        (Some(Target::Item(id)), _) if path.strip_prefix('/') == Some(name) => {
            Ok(item::page(&site, &session, *id).await?.into_response())
        }
        // Only who may see an item learns where it is.
        (Some(Target::Item(id) | Target::Moved(id)), _) => {
            let item = site.services().items.find(&session, *id).await?;
            Ok(alias::redirect(&item.path(), uri.query()))
        }
        (Some(Target::Redirect(to)), _) => Ok(alias::lead(to, uri.query())),
        (None, Some(found)) => menu::answer(&site, &session, &asked, &path, found).await,
        (None, None) => Err(Error::NotFound),
    }
}

/// A known path asked in a way that it is not for.
pub async fn wrong_method() -> Error {
    Error::Method
}
