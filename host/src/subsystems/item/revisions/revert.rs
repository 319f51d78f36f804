//! Going back to a revision: asked first.

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::edit::Zone;
use super::{Item, past};
use crate::subsystems::form::{self, Element, Errors, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::item::Error as Refusal;
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn ask(
    State(site): State<Site>,
    session: Cx,
    Path((id, revision)): Path<(String, String)>,
    submission: Submission,
) -> Result<Response, Error> {
    let (item, past) = past(&site, &session, &id, &revision).await?;
    form::answer(&session, &Reverting { site, item, past }, submission).await
}

struct Reverting {
    site: Site,
    item: Item,
    past: Item,
}

impl Handler for Reverting {
    fn id(&self) -> &str {
        "item_revert"
    }

    async fn build(&self, cx: &Session, _: &form::State) -> Result<Form, Error> {
        let when = Zone::of(cx.request()).show(self.past.changed).replace('T', " ");
        let note = "Title and fields become what they were then, as a new revision. What is there now stays among the \
                    revisions.";
        Ok(
            Form::new(format!("Revert “{}” to the revision of {when}?", self.item.title))
                .with(Element::note("what", note))
                .with(
                    Element::actions()
                        .with(Element::submit("revert", "Revert"))
                        .with(Element::link(
                            "cancel",
                            "Cancel",
                            format!("/item/{}/revisions", self.item.id),
                        )),
                ),
        )
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let items = &self.site.services().items;
        match items.revert(cx, self.item.clone(), self.past.revision).await {
            Ok(item) => Ok(Outcome::redirect(item.path()).message("It is as it was then.")),
            Err(Refusal::Invalid(problems)) => {
                let mut errors = Errors::default();
                for problem in problems {
                    errors.add(
                        "",
                        format!("{} can't go back: {}.", problem.path, problem.message),
                    );
                }
                Ok(Outcome::Invalid(errors))
            }
            Err(Refusal::Refused { reason, .. }) => Ok(Outcome::invalid("", reason)),
            Err(error @ Refusal::Conflict) => Ok(Outcome::invalid("", format!("{error}."))),
            Err(error) => Err(error.into()),
        }
    }
}
