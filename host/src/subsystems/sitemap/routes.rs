//! `/sitemap.xml`, `/sitemap/{first}`, `/robots.txt`.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use uuid::Uuid;

use super::xml;
use crate::request::Request;
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

const XML: &str = "application/xml; charset=utf-8";
/// Where the site says itself what robots are told.
const ROBOTS: &str = "robots_txt";
/// What they are told where it says nothing. Pages about accounts and forms are of no use to whoever searches.
const PLAIN: &str = "User-agent: *\nDisallow: /admin\nDisallow: /api\nDisallow: /user\nDisallow: /search\n";

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/sitemap.xml", get(index))
        .route("/sitemap/{first}", get(part))
        .route("/robots.txt", get(robots))
}

async fn robots(State(site): State<Site>, session: Cx) -> Response {
    let mut text = site.services().variables.site_text(ROBOTS, PLAIN);
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let origin = &session.request().origin;
    if !origin.is_empty() {
        text.push_str(&format!("\nSitemap: {origin}/sitemap.xml\n"));
    }
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, text).into_response()
}

async fn index(State(site): State<Site>, session: Cx) -> Result<Response, Error> {
    let request = session.request();
    let parts = site.services().sitemap.parts(crate::request::LIVE).await?;
    let first = parts.is_empty().then(Uuid::nil);
    let addresses = parts
        .into_iter()
        .chain(first)
        .map(|first| format!("{}/sitemap/{first}.xml", request.origin));
    Ok(answer(Body::from(xml::index(addresses))))
}

fn answer(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, XML),
        (header::CACHE_CONTROL, "public, max-age=600"),
    ];
    (headers, body).into_response()
}

/// Where the writing of a sitemap is.
struct Writing {
    site: Site,
    visitor: Arc<Session>,
    origin: Arc<str>,
    after: Option<Uuid>,
    /// Where the next sitemap begins.
    until: Option<Uuid>,
}

/// The sitemap that begins with an item, written as it is read.
async fn part(State(site): State<Site>, session: Cx, Path(first): Path<String>) -> Result<Response, Error> {
    let first = first
        .strip_suffix(".xml")
        .and_then(|first| Uuid::try_parse(first).ok());
    let first = first.ok_or(Error::NotFound)?;
    let services = site.services();
    let parts = services.sitemap.parts(crate::request::LIVE).await?;
    let is_one = parts.contains(&first) || parts.is_empty() && first.is_nil();
    if !is_one {
        return Err(Error::NotFound);
    }
    let is_first = parts.first().is_none_or(|begin| *begin == first);
    let visitor = Request::new(session.request().id, "", services.access.visitor());
    let origin = session.request().origin.clone();
    let mut begin = xml::BEGIN.to_owned();
    if is_first {
        begin.push_str(&xml::home(&origin));
    }
    let writing = Writing {
        visitor: Arc::new(site.session(visitor)),
        site,
        origin,
        // The one before it: behind that the sitemap begins.
        after: Some(Uuid::from_u128(first.as_u128().saturating_sub(1))),
        until: parts.into_iter().find(|begin| *begin > first),
    };
    let items = stream::unfold(Some(writing), |writing| async move { Some(more(writing?).await) });
    let begin = stream::iter([Ok::<_, std::io::Error>(Bytes::from(begin))]);
    let all = futures_util::StreamExt::chain(begin, items);
    Ok(answer(Body::from_stream(all)))
}

/// The next piece of a sitemap, and where the writing is then; none behind the end.
async fn more(mut writing: Writing) -> (std::io::Result<Bytes>, Option<Writing>) {
    let Some(after) = writing.after else {
        return (Ok(Bytes::from_static(xml::END.as_bytes())), None);
    };
    match writing
        .site
        .services()
        .sitemap
        .some(&writing.visitor, after)
        .await
    {
        Ok((mut items, next)) => {
            let is_mine = |id: Uuid| writing.until.is_none_or(|until| id < until);
            items.retain(|item| is_mine(item.id));
            writing.after = next.filter(|last| is_mine(*last));
            (
                Ok(Bytes::from(xml::pages(&writing.origin, &items))),
                Some(writing),
            )
        }
        Err(error) => {
            tracing::error!("a sitemap was cut off: {error}");
            (Err(std::io::Error::other(error)), None)
        }
    }
}
