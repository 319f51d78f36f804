//! Trying a suspended plugin again at once.

use axum::extract::{Path, State};
use axum::response::Response;

use super::page_of;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web;

/// The button that does it.
pub(super) struct Resuming {
    pub site: Site,
    pub name: String,
}

pub(super) async fn resume(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    form::answer(&session, &Resuming { site, name }, submission).await
}

impl Handler for Resuming {
    fn id(&self) -> &str {
        "plugin_resume"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, web::Error> {
        let action = format!("{}/resume", page_of(&self.name));
        Ok(Form::new(format!("Try {} again", self.name))
            .action(action)
            .with(Element::actions().with(Element::submit("resume", "Try again now").quiet())))
    }

    async fn submit(&self, _: &Session, _: Values, _: &mut form::State) -> Result<Outcome, web::Error> {
        let was_suspended = self.site.services().plugins.resume(&self.site, &self.name)?;
        let done = if was_suspended {
            format!("{} is tried again.", self.name)
        } else {
            format!("{} was not suspended any more.", self.name)
        };
        Ok(Outcome::redirect(page_of(&self.name)).message(&done))
    }
}
