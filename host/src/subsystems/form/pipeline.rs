//! From a request to an answer: what a form goes through when it is shown and when it is sent.

mod receive;
mod show;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::handler::{Erased, Handler};
use super::kept::Keeper;
use super::store::Build;
use super::submission::Submission;
use super::{AGE, Errors, Form, Forms, State, Values, asking, soundness};
use crate::subsystems::Session;
use crate::subsystems::theme::SafeHtml;
use crate::web::{Error, Page};

/// Shows the form, or takes it.
///
/// # Errors
/// What the handler says; [`Error::Foreign`] for a form that this site has not shown to this browser.
pub async fn answer(cx: &Session, handler: &impl Handler, submission: Submission) -> Result<Response, Error> {
    let answered = answer_within(cx, handler, submission).await?;
    Ok(match answered {
        Answered::Response(response) => response,
        Answered::Form { title, html, status } => {
            let mut page = Page::new(title, html.to_string());
            page.status = status;
            keep_private(page.into_response())
        }
    })
}

/// What a form answers.
#[derive(Debug)]
pub enum Answered {
    /// A redirect, a part, or a page of its own.
    Response(Response),
    /// The form, for the page that it stands in.
    Form {
        /// Its title.
        title: String,
        /// The form.
        html: SafeHtml,
        /// The status of the page.
        status: StatusCode,
    },
}

/// Shows the form, or takes it, as [`answer`] does; a form that is shown is left to the page around it, which is
/// [private](keep_private).
///
/// # Errors
/// As [`answer`].
pub async fn answer_within(
    cx: &Session,
    handler: &impl Handler,
    submission: Submission,
) -> Result<Answered, Error> {
    let run = Run::new(cx, handler);
    if matches!(submission.method, Method::GET | Method::HEAD) {
        run.show().await
    } else {
        run.receive(submission).await
    }
}

/// A page with a form carries a token of one browser, and what somebody has typed.
#[must_use]
pub fn keep_private(mut response: Response) -> Response {
    let private = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, private);
    response
}

/// The form as a part of another page. It is sent to the address of its `action`.
///
/// # Errors
/// What the handler says.
pub async fn embed(cx: &Session, handler: &impl Handler) -> Result<SafeHtml, Error> {
    Run::new(cx, handler).embed().await
}

/// What is asked for by a form that only asks, such as the filters of a listing.
#[derive(Debug)]
pub struct Asked {
    /// The form, with what is asked for.
    pub html: SafeHtml,
    /// The answers; what is wrong is not among them.
    pub values: Values,
    /// What is wrong; the form says it as well.
    pub errors: Errors,
}

/// Reads a [filter](Form::filter) out of the address. It has no token, since it changes nothing; its handler is not
/// asked to submit.
///
/// # Errors
/// What the handler says.
pub async fn ask(cx: &Session, handler: &impl Handler) -> Result<Asked, Error> {
    Run::new(cx, handler).ask().await
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
        Ok(asking::altered(self.cx, self.handler, state.step(), form).await)
    }

    /// What keeps the browser's files while the form comes back.
    fn keeper(&self) -> Result<Keeper<'_>, Error> {
        Ok(Keeper {
            forms: self.forms,
            binding: self.binding()?,
            form: self.handler.name(),
        })
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
