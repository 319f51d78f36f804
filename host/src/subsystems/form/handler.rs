//! What a form of the site is made of in code: how it is built, checked, and acted on.

use std::future::Future;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use futures_util::future::BoxFuture;

use super::{Errors, Form, State, Values};
use crate::request::{Message, Tone};
use crate::subsystems::Session;
use crate::subsystems::item::Item;
use crate::web::{Error, Page};

/// A form of the site. What it needs to know, such as the record that it changes, is in the type that implements it:
/// nothing of that comes from the browser.
pub trait Handler: Send + Sync {
    /// Its machine name, such as `profile`: plugins and templates know it by that.
    fn id(&self) -> &str;

    /// The plugin whose form it is; none for those of the site.
    fn owner(&self) -> Option<&str> {
        None
    }

    /// The item that it makes, changes or deletes: plugins can ask for it while they change, check and take the form.
    fn subject(&self) -> Option<Arc<Item>> {
        None
    }

    /// Builds it, for showing and for each time that it is sent. Whether whoever asks may use it at all is decided
    /// here or before.
    ///
    /// # Errors
    /// The page that is shown instead.
    fn build(&self, cx: &Session, state: &State) -> impl Future<Output = Result<Form, Error>> + Send;

    /// Finds what is wrong besides what the elements themselves say. It runs even where they have found something,
    /// so that everything is told at once.
    ///
    /// # Errors
    /// The page that is shown instead.
    fn validate(
        &self,
        cx: &Session,
        values: &Values,
        errors: &mut Errors,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (cx, values, errors);
        async { Ok(()) }
    }

    /// Does what the form is for. It has the answers of the elements that [`Handler::build`] has made, no others.
    ///
    /// # Errors
    /// The page that is shown instead; the form can be sent again.
    fn submit(
        &self,
        cx: &Session,
        values: Values,
        state: &mut State,
    ) -> impl Future<Output = Result<Outcome, Error>> + Send;
}

/// What comes of a form that was sent.
#[derive(Debug)]
pub enum Outcome {
    /// It is done.
    Redirect(Redirect),
    /// The form goes on with another step; the answers are kept until it is finished.
    Next(String),
    /// The form is shown again as it is built now, with what was typed.
    Again,
    /// It can't be done: the form is shown again with what is wrong.
    Invalid(Errors),
    /// Somebody else was faster: the form is built anew and shown with what was typed and with this, under the status
    /// 409. It can be sent again.
    Conflict(Errors),
    /// A page that is shown once, such as one with a secret that is never shown again.
    Page(Box<Page>),
}

/// Where to go on.
#[derive(Debug)]
pub struct Redirect {
    /// A path of this site.
    pub to: String,
    /// What is said there.
    pub messages: Vec<Message>,
    /// Headers of the answer, such as cookies.
    pub headers: HeaderMap,
}

impl Outcome {
    /// Done; goes on at a path of this site.
    #[must_use]
    pub fn redirect(to: impl Into<String>) -> Self {
        Self::Redirect(Redirect {
            to: to.into(),
            messages: Vec::new(),
            headers: HeaderMap::new(),
        })
    }

    /// It can't be done because of this.
    #[must_use]
    pub fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(Errors::of(path, message))
    }

    /// Goes on with another step.
    #[must_use]
    pub fn next(step: impl Into<String>) -> Self {
        Self::Next(step.into())
    }

    /// With something to say on the next page.
    #[must_use]
    pub fn message(self, text: &str) -> Self {
        self.say(Tone::Status, text)
    }

    /// With something to say in some tone.
    #[must_use]
    pub fn say(mut self, tone: Tone, text: &str) -> Self {
        if let Self::Redirect(redirect) = &mut self {
            redirect.messages.push(Message::new(tone, text));
        }
        self
    }

    /// With a header, such as a cookie.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        if let Self::Redirect(redirect) = &mut self {
            redirect.headers.append(name, value);
        }
        self
    }
}

/// A handler of any type, so that the pipeline is compiled once.
pub(super) trait Erased: Send + Sync {
    fn name(&self) -> &str;
    fn plugin(&self) -> Option<&str>;
    fn about(&self) -> Option<Arc<Item>>;
    fn built<'a>(&'a self, cx: &'a Session, state: &'a State) -> BoxFuture<'a, Result<Form, Error>>;
    fn checked<'a>(
        &'a self,
        cx: &'a Session,
        values: &'a Values,
        errors: &'a mut Errors,
    ) -> BoxFuture<'a, Result<(), Error>>;
    fn done<'a>(
        &'a self,
        cx: &'a Session,
        values: Values,
        state: &'a mut State,
    ) -> BoxFuture<'a, Result<Outcome, Error>>;
}

impl<H: Handler> Erased for H {
    fn name(&self) -> &str {
        self.id()
    }

    fn plugin(&self) -> Option<&str> {
        self.owner()
    }

    fn about(&self) -> Option<Arc<Item>> {
        self.subject()
    }

    fn built<'a>(&'a self, cx: &'a Session, state: &'a State) -> BoxFuture<'a, Result<Form, Error>> {
        Box::pin(self.build(cx, state))
    }

    fn checked<'a>(
        &'a self,
        cx: &'a Session,
        values: &'a Values,
        errors: &'a mut Errors,
    ) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(self.validate(cx, values, errors))
    }

    fn done<'a>(
        &'a self,
        cx: &'a Session,
        values: Values,
        state: &'a mut State,
    ) -> BoxFuture<'a, Result<Outcome, Error>> {
        Box::pin(self.submit(cx, values, state))
    }
}
