//! A feed as an answer: its entries, what tells its versions apart, who may keep it.

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use super::Form;
use crate::subsystems::item::{FeedEntry, Item};
use crate::subsystems::menu::encoded;
use crate::subsystems::{Session, Site, theme};
use crate::time::Timestamp;
use crate::web::{Error, Validators, http_date};

/// What a feed lists.
#[derive(Debug)]
pub struct Listed {
    /// Its title.
    pub title: String,
    /// What it is about.
    pub subtitle: String,
    /// The path of the page that it accompanies.
    pub path: String,
    /// Its own address on this site, percent-encoded.
    pub own: String,
    /// Its entries, newest first: items that whoever asks may see.
    pub items: Vec<Item>,
}

/// Answers a feed; 304 to whoever has it already.
///
/// # Errors
/// Its template failed.
pub async fn answer(
    site: &Site,
    session: &Session,
    asked: &HeaderMap,
    form: Form,
    listed: Listed,
) -> Result<Response, Error> {
    let services = site.services();
    let request = session.request();
    let base = &request.origin;
    let newest = listed.items.iter().map(|item| item.changed).max();
    let author = services.variables.site_text("site_name", "Trovato");
    let found = services.items.feed_entries(session, listed.items).await;
    let context = theme::FeedContext {
        title: listed.title,
        subtitle: listed.subtitle,
        self_href: format!("{base}{}", listed.own),
        href: format!("{base}{}", encoded(&listed.path)),
        language: request.language.to_string(),
        updated: rfc3339(newest.unwrap_or_default()),
        updated_http: newest.and_then(http_date),
        entries: found
            .into_iter()
            .map(|entry| to_context(entry, base, &author))
            .collect(),
    };
    let xml = theme::render_feed(form.name(), &context).map_err(Error::internal)?;
    let kept = if request.account.id.is_nil() {
        "public, max-age=300"
    } else {
        "private, no-cache"
    };
    let validators = Validators::of(&xml, newest);
    let headers = [
        (
            header::CONTENT_TYPE,
            format!("{}; charset=utf-8", form.media_type()),
        ),
        (header::CACHE_CONTROL, kept.to_owned()),
    ];
    Ok(validators.answer(asked, || (headers, xml).into_response()))
}

fn to_context(entry: FeedEntry, base: &str, author: &str) -> theme::FeedEntry {
    let item = entry.item;
    theme::FeedEntry {
        id: format!("urn:uuid:{}", item.id),
        href: format!("{base}{}", encoded(&item.path())),
        published: rfc3339(item.created),
        published_http: http_date(item.created),
        updated: rfc3339(item.changed),
        author: if item.author.is_nil() {
            author.to_owned()
        } else {
            item.author_name
        },
        title: item.title,
        summary: entry.summary,
    }
}

fn rfc3339(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis())
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}
