//! From a request to an answer: what a form goes through when it is shown and when it is sent.

mod receive;
mod show;

use axum::http::Method;
use axum::response::Response;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::handler::{Erased, Handler};
use super::store::Build;
use super::submission::Submission;
use super::{AGE, Form, Forms, State, soundness};
use crate::subsystems::Session;
use crate::subsystems::theme::SafeHtml;
use crate::web::Error;

/// Shows the form, or takes it.
///
/// # Errors
/// What the handler says; [`Error::Foreign`] for a form that this site has not shown to this browser.
pub async fn answer(cx: &Session, handler: &impl Handler, submission: Submission) -> Result<Response, Error> {
    let run = Run::new(cx, handler);
    if matches!(submission.method, Method::GET | Method::HEAD) {
        run.show().await
    } else {
        run.receive(submission).await
    }
}

/// The form as a part of another page. It is sent to the address of its `action`.
///
/// # Errors
/// What the handler says.
pub async fn embed(cx: &Session, handler: &impl Handler) -> Result<SafeHtml, Error> {
    Run::new(cx, handler).embed().await
}

/// A form in a request.
struct Run<'a> {
    cx: &'a Session,
    forms: &'a Forms,
    handler: &'a dyn Erased,
}

impl<'a> Run<'a> {
    fn new(cx: &'a Session, handler: &'a dyn Erased) -> Self {
        Self {
            cx,
            forms: &cx.services().forms,
            handler,
        }
    }

    /// Builds the form.
    async fn build(&self, state: &State) -> Result<Form, Error> {
        let form = self.handler.built(self.cx, state).await?;
        soundness::check(&form)
            .map_err(|fault| Error::internal(format!("the form '{}': {fault}", self.handler.name())))?;
        Ok(form)
    }

    /// The key of the browser.
    fn binding(&self) -> Result<&str, Error> {
        key_of(self.cx)
    }
}

/// The key of the browser, which is made where it has none.
pub(super) fn key_of(cx: &Session) -> Result<&str, Error> {
    let binding = &cx.request().binding;
    if let Some(key) = binding.key() {
        return Ok(key);
    }
    let fresh = cx.services().forms.fresh_key().map_err(Error::internal)?;
    Ok(binding.or_make(|| fresh))
}

/// What names a build in the database.
struct Owned {
    id: Uuid,
    form: String,
    binding: String,
    expires: crate::time::Timestamp,
}

impl Owned {
    fn new(run: &Run<'_>, id: Uuid) -> Result<Self, Error> {
        let binding = Sha256::digest(run.binding()?.as_bytes());
        Ok(Self {
            id,
            form: run.handler.name().to_owned(),
            binding: binding.iter().map(|byte| format!("{byte:02x}")).collect(),
            expires: run.forms.clock.now().plus(AGE),
        })
    }

    fn build(&self) -> Build<'_> {
        Build {
            id: self.id,
            form: &self.form,
            binding: &self.binding,
            expires: self.expires,
        }
    }
}
