//! Plugins' pages, answered.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, CONTROLS};

use super::table::Found;
use crate::kernel::{Failure, Plain};
use crate::request::Request;
use crate::subsystems::{Session, Site, admin, item, theme, tree};
use crate::taps;
use crate::time::Timestamp;
use crate::web::{Error, Feed, Page};
use crate::wit::pages::{self, PageAnswer, PageRequest};
use crate::wit::types::{self, NamedText};

/// What is escaped in the path of a URL (RFC 3986, 3.3), slashes kept; a backslash, which browsers take for one,
/// is not.
pub const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

/// Pages of a listing: further ones cost more than anybody reads.
const PAGES: u32 = 10_000;

/// The number of the page of a listing that is asked for, from 0.
///
/// # Errors
/// It is no number.
pub fn page_number(request: &Request) -> Result<u32, Error> {
    let wrong = || Error::Bad("The page of a list is a number from 0.".to_owned());
    let page = request
        .query("page")
        .map_or(Ok(0), |page| page.parse::<u32>().map_err(|_| wrong()))?;
    if page < PAGES {
        Ok(page)
    } else {
        Err(Error::NotFound)
    }
}

/// Asks the plugin behind a route.
///
/// # Errors
/// What the plugin says, or that it failed.
pub async fn answer(site: &Site, session: &Session, path: &str, found: Found<'_>) -> Result<Response, Error> {
    let request = session.request();
    if !request.account.may(&found.route.permission) {
        return Err(Error::Denied);
    }
    page_number(request)?;
    let plugin = session.registry().get(found.plugin).ok_or(Error::NotFound)?;
    let named = |pairs: &[(String, String)]| {
        pairs
            .iter()
            .map(|(name, value)| NamedText {
                name: name.clone(),
                value: value.clone(),
            })
            .collect()
    };
    let mut input = Plain(|| {
        let request = PageRequest {
            route: found.route.name.clone(),
            path: path.to_owned(),
            parameters: named(&found.parameters),
            query: named(&request.query),
        };
        (request,)
    });
    let answer = match session.call::<taps::Page>(plugin, &mut input).await {
        Ok((answer,)) => answer,
        // The failure itself has been logged with its cause.
        Err(Failure::Suspended) => {
            return Err(Error::Unavailable(format!(
                "plugin '{}' is suspended",
                found.plugin
            )));
        }
        Err(_) => return Err(Error::internal(format!("plugin '{}' failed", found.plugin))),
    };
    match answer.map_err(error_from)? {
        PageAnswer::Page(page) => show(site, session, &found, page).await,
        PageAnswer::Feed(feed) => show_feed(site, session, path, feed).await,
        PageAnswer::Redirect(redirect) => Ok(to_redirect(&redirect)),
    }
}

async fn show(
    site: &Site,
    session: &Session,
    found: &Found<'_>,
    page: pages::Page,
) -> Result<Response, Error> {
    let body = tree::tree_from(page.body, found.plugin);
    let content = site.services().items.render_tree(session, body).await?;
    let title = page.title.unwrap_or_else(|| found.route.title.clone());
    let mut answer = Page::new(title, content);
    answer.canonical = Some(session.request().path.clone());
    let in_admin_menu = found
        .route
        .link
        .as_ref()
        .is_some_and(|link| link.menu == admin::MENU);
    answer.admin = in_admin_menu && session.request().account.may(admin::ENTER);
    answer.suggestions = found
        .route
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    answer.feeds = feeds_of(site, &found.route.path);
    Ok(answer.into_response())
}

/// The feeds right below a page.
fn feeds_of(site: &Site, path: &str) -> Vec<Feed> {
    let table = site.services().menus.table();
    let feed = format!("{path}/feed.xml");
    let found = table.resolve(&feed).filter(|found| found.route.path == feed);
    found
        .map(|found| Feed {
            title: found.route.title.clone(),
            href: feed.clone(),
        })
        .into_iter()
        .collect()
}

async fn show_feed(site: &Site, session: &Session, path: &str, feed: pages::Feed) -> Result<Response, Error> {
    let services = site.services();
    let ids: Vec<_> = feed
        .items
        .iter()
        .filter_map(|id| item::parse_id(id).ok())
        .take(100)
        .collect();
    let found = services.items.feed_entries(session, &ids).await?;
    let base = &session.request().origin;
    let author = services.variables.site_text("site_name", "Trovato");
    let entry = |entry: item::FeedEntry| theme::FeedEntry {
        id: format!("urn:uuid:{}", entry.item.id),
        href: format!("{base}{}", escaped(&entry.item.path())),
        published: rfc3339(entry.item.created),
        updated: rfc3339(entry.item.changed),
        author: if entry.item.author.is_nil() {
            author.clone()
        } else {
            entry.item.author_name
        },
        title: entry.item.title,
        summary: entry.summary,
    };
    let context = theme::FeedContext {
        title: feed.title,
        subtitle: feed.subtitle,
        self_href: format!("{base}{}", escaped(path)),
        href: format!("{base}{}", escaped(&feed.path)),
        updated: rfc3339(
            found
                .iter()
                .map(|entry| entry.item.changed)
                .max()
                .unwrap_or_default(),
        ),
        entries: found.into_iter().map(entry).collect(),
    };
    let xml = theme::render_feed(&context).map_err(Error::internal)?;
    Ok((
        [(header::CONTENT_TYPE, "application/atom+xml; charset=utf-8")],
        xml,
    )
        .into_response())
}

fn escaped(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, PATH).to_string()
}

fn rfc3339(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis())
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}

fn to_redirect(redirect: &pages::Redirect) -> Response {
    let status = if redirect.permanent {
        StatusCode::PERMANENT_REDIRECT
    } else {
        StatusCode::TEMPORARY_REDIRECT
    };
    let path = format!("/{}", redirect.path.trim_start_matches(['/', '\\']));
    let encoded = percent_encoding::utf8_percent_encode(&path, CONTROLS).to_string();
    (status, [(header::LOCATION, encoded)]).into_response()
}

fn error_from(error: types::Error) -> Error {
    match error {
        types::Error::NotFound => Error::NotFound,
        types::Error::Denied(_) => Error::Denied,
        types::Error::Invalid(_) | types::Error::Limit(_) => Error::Bad(error.in_words()),
        types::Error::Conflict(reason) | types::Error::Other(reason) => Error::internal(reason),
        types::Error::Unavailable(reason) => Error::Unavailable(reason),
    }
}
