//! `/feed/{form}.xml` and `/feed/{type}/{form}.xml`.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::{FEEDS, Form, Listed, answer, type_href};
use crate::subsystems::item::list::{Column, Condition, Listing, Sort};
use crate::subsystems::{Cx, Site};
use crate::web::Error;

/// Entries of the site's own feeds.
const ENTRIES: u32 = 20;

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/feed/{file}", get(home))
        .route("/feed/{type}/{file}", get(of_type))
}

/// The newest items of the home page.
async fn home(
    State(site): State<Site>,
    session: Cx,
    Path(file): Path<String>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let form = form(&file)?;
    let variables = &site.services().variables;
    let listed = Listed {
        title: variables.site_text("site_name", "Trovato"),
        subtitle: variables.site_text("site_slogan", ""),
        path: "/".to_owned(),
        own: format!("{FEEDS}/{file}"),
        items: newest(&site, &session, Condition::Flag(Column::Promoted, true)).await?,
    };
    answer(&site, &session, &asked, form, listed).await
}

/// The newest items of a content type.
async fn of_type(
    State(site): State<Site>,
    session: Cx,
    Path((name, file)): Path<(String, String)>,
    asked: HeaderMap,
) -> Result<Response, Error> {
    let form = form(&file)?;
    let services = site.services();
    let of = services.item_types.get(&name).ok_or(Error::NotFound)?;
    let site_name = services.variables.site_text("site_name", "Trovato");
    let listed = Listed {
        title: format!("{}: {site_name}", of.label),
        subtitle: of.description.clone(),
        path: "/".to_owned(),
        own: type_href(&of, form),
        items: newest(&site, &session, Condition::Type(vec![of.name.clone()])).await?,
    };
    answer(&site, &session, &asked, form, listed).await
}

fn form(file: &str) -> Result<Form, Error> {
    let name = file.strip_suffix(".xml").and_then(Form::of);
    name.ok_or(Error::NotFound)
}

/// The newest published items that whoever asks may see.
async fn newest(
    site: &Site,
    session: &Cx,
    which: Condition,
) -> Result<Vec<crate::subsystems::item::Item>, Error> {
    let listing = Listing {
        conditions: vec![Condition::Flag(Column::Published, true), which],
        sort: vec![Sort {
            by: Column::Created,
            descending: true,
        }],
        after: None,
        limit: ENTRIES,
    };
    Ok(site.services().items.list(session, listing).await?.items)
}
