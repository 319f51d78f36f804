//! Items on the web.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use uuid::Uuid;

use super::{Error, ViewMode, edit};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Cx, Session, Site, alias, feed, menu};
use crate::web::{self, About, Page};

/// Characters of the description that search engines show.
const DESCRIPTION: usize = 160;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/item/{id}", get(view))
}

/// An item by its identifier: the page itself, or the way to its path.
async fn view(State(site): State<Site>, session: Cx, Path(id): Path<String>) -> Result<Response, web::Error> {
    let id = Uuid::parse_str(&id).map_err(|_| web::Error::NotFound)?;
    let item = site.services().items.find(&session, id).await?;
    if item.alias.is_some() {
        return Ok(alias::redirect(&item.path(), None));
    }
    Ok(show(&site, &session, item).await?.into_response())
}

/// The page of an item.
///
/// # Errors
/// It does not exist or may not be seen.
pub async fn page(site: &Site, session: &Session, id: Uuid) -> Result<Page, web::Error> {
    let item = site.services().items.find(session, id).await?;
    Ok(show(site, session, item).await?)
}

async fn show(site: &Site, session: &Session, item: super::Item) -> Result<Page, Error> {
    let items = &site.services().items;
    let item = items.visible(session, item).await;
    // Whoever has not signed in has nothing to do here but read, and pays nothing for it.
    let tabs = if session.request().account.id.is_nil() {
        SafeHtml::default()
    } else {
        edit::tabs(site, session, &item, "view").await
    };
    let shown = items.show(session, item, &ViewMode::Full).await?;
    let item = shown.item;
    let mut page = Page::new(item.title.clone(), format!("{tabs}{}", shown.html));
    page.description = items.excerpt(&item, DESCRIPTION);
    page.canonical = Some(menu::encoded(&item.path()));
    page.feeds = feed::of_type(site, &item.item_type);
    page.about = Some(About {
        kind: item.item_type.to_string(),
        author: if item.author.is_nil() {
            String::new()
        } else {
            item.author_name.clone()
        },
        created: item.created,
        changed: item.changed,
        picture: shown.picture,
    });
    page.body_classes = vec![format!("item-type-{}", item.item_type)];
    page.suggestions = vec!["item".to_owned(), item.item_type.to_string(), item.id.to_string()];
    page.item = Some(item.id);
    Ok(page)
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Denied(_) => Self::Denied,
            Error::Db(error) => error.into(),
            Error::Invalid(_) | Error::Conflict | Error::Refused { .. } | Error::UnknownType(_) => {
                Self::Bad(error.to_string())
            }
            Error::Theme(error) => Self::internal(error),
        }
    }
}
