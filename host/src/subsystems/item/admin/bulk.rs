//! What can be done with the selected items.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::{FORM, LIST, selected, tell};
use crate::request::Tone;
use crate::subsystems::form::{self, Submission};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn act(
    State(site): State<Site>,
    session: Cx,
    submission: Submission,
) -> Result<Response, Error> {
    let input = form::take(&session, FORM, submission).await?;
    let ids = selected(input.all("row").iter().map(String::as_str));
    if ids.is_empty() {
        session
            .request()
            .messages
            .say(Tone::Warning, "Nothing was selected.");
        return Ok(back());
    }
    match input.first("action") {
        Some("publish") => publish(&site, &session, &ids, true).await?,
        Some("unpublish") => publish(&site, &session, &ids, false).await?,
        Some("delete") => {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(ids.iter().map(|id| ("row", id.to_string())));
            return Ok(Redirect::to(&format!("{LIST}/delete?{}", query.finish())).into_response());
        }
        _ => {
            return Err(Error::Bad(
                "There is nothing of that name to do with items.".to_owned(),
            ));
        }
    }
    Ok(back())
}

fn back() -> Response {
    Redirect::to(LIST).into_response()
}

/// Publishes or unpublishes what whoever asks may edit, and says what was left.
async fn publish(site: &Site, session: &Session, ids: &[uuid::Uuid], publish: bool) -> Result<(), Error> {
    let items = &site.services().items;
    let (verb, note) = if publish {
        ("published", "Published")
    } else {
        ("unpublished", "Unpublished")
    };
    let (mut done, mut refused) = (0, Vec::new());
    for mut item in items.find_many(session, ids).await? {
        if item.published == publish {
            continue;
        }
        item.published = publish;
        let (item, saved) = items.save(session, Box::new(item), note).await;
        match saved {
            Ok(_) => done += 1,
            Err(crate::subsystems::item::Error::Db(error)) => return Err(error.into()),
            Err(error) => refused.push(format!("“{}” was not {verb}: {error}", item.title)),
        }
    }
    tell(session, done, verb, &refused);
    Ok(())
}
