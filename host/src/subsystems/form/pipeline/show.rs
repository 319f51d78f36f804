//! Showing a form.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use uuid::Uuid;

use super::{Answered, Asked, Owned, Run};
use crate::subsystems::form::coerce::coerce;
use crate::subsystems::form::input::Input;
use crate::subsystems::form::ticket::Ticket;
use crate::subsystems::form::view::Painter;
use crate::subsystems::form::{Errors, Form, State, press, reference};
use crate::subsystems::theme::SafeHtml;
use crate::web::Error;

/// The parameter of the address of a further step that names the build.
pub(super) const BUILD: &str = "form";
/// The parameter that names the step.
pub(super) const STEP: &str = "step";

/// A form with what is typed into it.
pub(super) struct Showing {
    pub form: Form,
    pub ticket: Ticket,
    pub input: Input,
    pub errors: Errors,
}

impl Run<'_> {
    pub(super) async fn show(&self) -> Result<Answered, Error> {
        let (build, state) = self.resume().await?;
        let showing = self.fresh(build, &state).await?;
        self.page(&showing, StatusCode::OK)
    }

    pub(super) async fn embed(&self) -> Result<SafeHtml, Error> {
        let (build, state) = self.resume().await?;
        let showing = self.fresh(build, &state).await?;
        self.html(&showing)
    }

    pub(super) async fn ask(&self) -> Result<Asked, Error> {
        let mut sent = Input::default();
        for (name, text) in &self.cx.request().query {
            sent.push(name.as_str(), text.as_str());
        }
        let mut state = State::default();
        state.set_typed(sent.clone());
        let form = self.build(&state).await?;
        let is_asked = form.all().any(|element| !sent.all(&element.name).is_empty());
        let input = if is_asked {
            sent
        } else {
            Input::of_defaults(&form, None)
        };
        let (mut values, mut errors) = coerce(&form, &input);
        reference::resolve(self.cx, &form, &input, &mut values, &mut errors).await?;
        self.handler.checked(self.cx, &values, &mut errors).await?;
        let ticket = Ticket {
            build: Uuid::nil(),
            step: String::new(),
        };
        let mut showing = Showing {
            form,
            ticket,
            input,
            errors,
        };
        if !is_asked {
            // Nobody has been asked yet.
            showing.errors = Errors::default();
        }
        Ok(Asked {
            html: self.html(&showing)?,
            values,
            errors: showing.errors,
        })
    }

    /// The form as it stands before anybody types: with its defaults, or what was answered before.
    pub(super) async fn fresh(&self, build: Uuid, state: &State) -> Result<Showing, Error> {
        let form = self.build(state).await?;
        let mut input = Input::of_defaults(&form, state.answers_of(state.step()));
        reference::name(self.cx, &form, &mut input).await?;
        Ok(Showing {
            input,
            ticket: Ticket {
                build,
                step: state.step().to_owned(),
            },
            errors: Errors::default(),
            form,
        })
    }

    /// The build and state that the address names, if this browser has them; else a form that begins.
    async fn resume(&self) -> Result<(Uuid, State), Error> {
        let request = self.cx.request();
        let begins = (self.forms.ids.next(), State::default());
        let named = request.query(BUILD).and_then(|build| Uuid::parse_str(build).ok());
        let Some(build) = named.filter(|build| !self.forms.is_expired(*build)) else {
            return Ok(begins);
        };
        let owned = Owned::new(self, build)?;
        let known = self.forms.builds.load(owned.build()).await?;
        let Some(mut state) = known.state.filter(|_| known.ended.is_none()) else {
            return Ok(begins);
        };
        let step = request.query(STEP).unwrap_or_default();
        if state.has_reached(step) {
            state.go_to(step);
        }
        Ok((build, state))
    }

    pub(super) fn page(&self, showing: &Showing, status: StatusCode) -> Result<Answered, Error> {
        Ok(Answered::Form {
            title: showing.form.title.clone(),
            html: self.html(showing)?,
            status,
        })
    }

    /// The part of the form that has changed, for a script that puts it in its place.
    pub(super) fn part(&self, showing: &Showing, path: &str) -> Result<Answered, Error> {
        let element = press::at(&showing.form, path).ok_or(Error::NotFound)?;
        let html = self.painter(showing)?.part(element, path);
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        Ok(Answered::Response((headers, html.to_string()).into_response()))
    }

    fn html(&self, showing: &Showing) -> Result<SafeHtml, Error> {
        Ok(self.painter(showing)?.form())
    }

    fn painter<'s>(&'s self, showing: &'s Showing) -> Result<Painter<'s>, Error> {
        let name = self.handler.name();
        let token = if showing.form.asks {
            String::new()
        } else {
            showing.ticket.token(&self.forms.secrets, self.binding()?, name)
        };
        Ok(Painter {
            themes: &self.forms.themes,
            formats: &self.forms.formats,
            theme: &self.cx.request().theme,
            name,
            form: &showing.form,
            input: &showing.input,
            errors: &showing.errors,
            ticket: &showing.ticket,
            token,
            action: self.action(&showing.form),
            nonce: self.forms.random.nonce(self.cx.request()),
            keeper: match showing.form.asks {
                true => None,
                false => Some(self.keeper()?),
            },
        })
    }

    /// Where the form is sent: to the address that was asked for, without what names its build.
    pub(super) fn action(&self, form: &Form) -> String {
        if let Some(action) = &form.action {
            return action.clone();
        }
        let request = self.cx.request();
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !form.asks {
            let kept = request
                .query
                .iter()
                .filter(|(name, _)| name != BUILD && name != STEP);
            query.extend_pairs(kept);
        }
        match query.finish() {
            query if query.is_empty() => request.path.clone(),
            query => format!("{}?{query}", request.path),
        }
    }
}
