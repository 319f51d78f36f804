//! Taking a form: the token, the answers, the handler's checks, the handler.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::show::{BUILD, STEP, Showing};
use super::{Answered, Owned, Run};
use crate::request::{Message, Tone};
use crate::subsystems::form::asking::Asking;
use crate::subsystems::form::body::Reader;
use crate::subsystems::form::coerce::coerce;
use crate::subsystems::form::handler::{Outcome, Redirect};
use crate::subsystems::form::input::Input;
use crate::subsystems::form::press::Press;
use crate::subsystems::form::state::{SIZE_LIMIT, State};
use crate::subsystems::form::store::Ended;
use crate::subsystems::form::submission::Submission;
use crate::subsystems::form::ticket::Ticket;
use crate::subsystems::form::{Errors, Form, Kind, Values, press, reference};
use crate::web::Error;

/// How often, and how many times, it is asked whether a submission that another request has begun is at its end.
const ASK: Duration = Duration::from_millis(50);
const ASKED: u32 = 200;
/// What can't stand in the address of a redirect.
const LOCATION: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\');

const EXPIRED: &str = "This form was open for too long. Nothing is lost: please check what you have typed and send it \
                       again.";
const SENT_BEFORE: &str = "This form was sent already.";

impl Run<'_> {
    pub(super) async fn receive(&self, submission: Submission) -> Result<Answered, Error> {
        let (reader, mut input) = Reader::begin(&submission.headers, submission.body).await?;
        let ticket = self.ticket(&input)?;
        self.forms.prune().await;
        let owned = Owned::new(self, ticket.build)?;
        let known = self.forms.builds.load(owned.build()).await?;
        if let Some(ended) = known.ended {
            return Ok(Answered::Response(self.lead(ended)));
        }
        let mut state = known.state.unwrap_or_default();
        let expired = self.forms.is_expired(ticket.build) || !state.has_reached(&ticket.step);
        state.go_to(if state.has_reached(&ticket.step) {
            &ticket.step
        } else {
            ""
        });
        state.set_typed(input.clone());
        state.set_submission(ticket.build);
        let form = self.build(&state).await?;
        let too_large = reader
            .finish(&form, &mut input, &self.forms.uploads, &self.forms.ids)
            .await?;
        self.keeper()?.take_up(&form, &mut input);
        input.restore_disabled(&form);
        let wants = press::press(&form, &mut input);
        if let Press::Suggest(path) = &wants {
            return self.suggest(&form, &input, path).await;
        }
        if let Press::Part(path) = &wants {
            return self.changed(state, input, ticket, path, submission.part).await;
        }
        if expired {
            return self.expired(form, input, &state);
        }
        let sent = Sent {
            form,
            input,
            ticket,
            state,
            owned,
        };
        match wants {
            Press::Back => self.back(sent).await,
            Press::Submit { button, checks } => self.submit(sent, button, checks, &too_large).await,
            Press::Part(_) | Press::Suggest(_) => Err(Error::NotFound),
        }
    }

    fn ticket(&self, input: &Input) -> Result<Ticket, Error> {
        let request = self.cx.request();
        let name = self.handler.name();
        Ticket::of(input, &self.forms.secrets, request.binding.key(), name).map_err(|reason| {
            tracing::warn!(
                request.id = %request.id,
                "the form '{name}' at {} was refused, perhaps a forged request: {reason}",
                request.path
            );
            Error::Foreign
        })
    }

    /// Rows or a part have changed: nothing is checked. A script gets the part, a browser without one the form.
    async fn changed(
        &self,
        mut state: State,
        input: Input,
        ticket: Ticket,
        path: &str,
        part: bool,
    ) -> Result<Answered, Error> {
        // What depends on an answer is built with the answer.
        state.set_typed(input.clone());
        let showing = Showing {
            form: self.build(&state).await?,
            ticket,
            input,
            errors: Errors::default(),
        };
        if part {
            self.part(&showing, path)
        } else {
            self.page(&showing, StatusCode::OK)
        }
    }

    /// Records that could be meant by what is typed, as JSON for a script.
    async fn suggest(&self, form: &Form, input: &Input, path: &str) -> Result<Answered, Error> {
        let kind = press::at(form, path).map(|element| &element.kind);
        let Some(Kind::Reference { source }) = kind else {
            return Err(Error::NotFound);
        };
        let typed = input.first(path).unwrap_or_default();
        let found = reference::suggest(self.cx, source, typed).await?;
        let headers = [(header::CACHE_CONTROL, "no-store")];
        Ok(Answered::Response((headers, axum::Json(found)).into_response()))
    }

    fn expired(&self, form: Form, input: Input, state: &State) -> Result<Answered, Error> {
        let showing = Showing {
            form,
            input,
            ticket: Ticket {
                build: self.forms.ids.next(),
                step: state.step().to_owned(),
            },
            errors: Errors::of("", EXPIRED),
        };
        self.page(&showing, StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The step before, with what was answered there; what was typed here is kept as far as it makes sense.
    async fn back(&self, mut sent: Sent) -> Result<Answered, Error> {
        let (values, _) = coerce(&sent.form, &sent.input);
        sent.state.keep_answers(for_keeping(&sent.form, values));
        sent.state.go_back();
        self.keep(&sent).await?;
        Ok(Answered::Response(self.to_step(&sent)))
    }

    async fn submit(
        &self,
        mut sent: Sent,
        button: String,
        checks: bool,
        too_large: &[String],
    ) -> Result<Answered, Error> {
        let (mut values, mut errors) = coerce(&sent.form, &sent.input);
        values.button = button;
        reference::resolve(self.cx, &sent.form, &sent.input, &mut values, &mut errors).await?;
        for path in too_large {
            errors.add(path.as_str(), too_large_message(&sent.form, path));
        }
        if checks {
            let own = own_answers(&sent.form, values.clone());
            self.handler.checked(self.cx, &own, &mut errors).await?;
            let mut asking = self.asking(&sent.form, &sent.ticket, &values, &mut sent.state, false);
            asking.check(self.cx, &mut errors).await;
        } else {
            errors = Errors::default();
        }
        if !errors.is_empty() {
            return self.again(sent, errors);
        }
        if sent.form.repeatable {
            return self.act(sent, values).await;
        }
        match self.claim(&sent.owned).await? {
            Some(ended) => Ok(Answered::Response(self.lead(ended))),
            None => {
                let build = sent.owned.id;
                let result = self.act(sent, values).await;
                if result.is_err() {
                    self.forms.builds.release(build).await?;
                }
                result
            }
        }
    }

    /// Makes the submission this request's alone, or waits for what comes of the request that has it.
    async fn claim(&self, owned: &Owned) -> Result<Option<Ended>, Error> {
        let builds = &self.forms.builds;
        for _ in 0..ASKED {
            if builds.claim(owned.build()).await? {
                return Ok(None);
            }
            let known = builds.load(owned.build()).await?;
            if known.ended.is_some() {
                return Ok(known.ended);
            }
            if known.is_claimed {
                tokio::time::sleep(ASK).await;
            }
        }
        Err(Error::Unavailable(format!(
            "the form '{}' is being worked on by another request for too long",
            self.handler.name()
        )))
    }

    async fn act(&self, mut sent: Sent, values: Values) -> Result<Answered, Error> {
        let mut asking = self.asking(&sent.form, &sent.ticket, &values, &mut sent.state, true);
        if let Err(errors) = asking.announce(self.cx, self.handler.plugin()).await {
            return self.refused(sent, errors).await;
        }
        let kept = for_keeping(&sent.form, values.clone());
        let own = own_answers(&sent.form, values);
        match self.handler.done(self.cx, own, &mut sent.state).await? {
            Outcome::Redirect(redirect) => self.redirect(&sent, redirect).await,
            Outcome::Next(step) => {
                sent.state.keep_answers(kept);
                sent.state.go_to(&step);
                self.keep(&sent).await?;
                sent.input.release_files();
                Ok(Answered::Response(self.to_step(&sent)))
            }
            Outcome::Again => {
                self.keep(&sent).await?;
                self.changed(sent.state, sent.input, sent.ticket, "", false).await
            }
            Outcome::Invalid(errors) => self.refused(sent, errors).await,
            Outcome::Conflict(errors) => self.conflict(sent, errors).await,
            Outcome::Page(page) => {
                let ended = Ended {
                    to: self.action(&sent.form),
                    messages: vec![Message::new(Tone::Warning, SENT_BEFORE)],
                };
                self.finish(&sent, &ended).await?;
                let mut response = page.into_response();
                let private = HeaderValue::from_static("no-store");
                response.headers_mut().insert(header::CACHE_CONTROL, private);
                Ok(Answered::Response(response))
            }
        }
    }

    fn asking<'s>(
        &'s self,
        form: &'s Form,
        ticket: &Ticket,
        values: &'s Values,
        state: &'s mut State,
        acts: bool,
    ) -> Asking<'s> {
        Asking {
            id: self.handler.name(),
            build: ticket.build,
            form,
            values,
            state,
            acts,
            subject: self.handler.about(),
        }
    }

    /// It could not be taken after all: it is shown again and can be sent again.
    async fn refused(&self, sent: Sent, errors: Errors) -> Result<Answered, Error> {
        if !sent.form.repeatable {
            self.forms.builds.release(sent.owned.id).await?;
        }
        self.again(sent, errors)
    }

    /// What is stored has changed: the form is shown as it is built now, with what was typed, and can be sent again.
    async fn conflict(&self, mut sent: Sent, errors: Errors) -> Result<Answered, Error> {
        self.keep(&sent).await?;
        sent.state.set_typed(sent.input.clone());
        let showing = Showing {
            form: self.build(&sent.state).await?,
            ticket: sent.ticket,
            input: sent.input,
            errors,
        };
        self.page(&showing, StatusCode::CONFLICT)
    }

    async fn redirect(&self, sent: &Sent, redirect: Redirect) -> Result<Answered, Error> {
        let ended = Ended {
            to: redirect.to,
            messages: redirect.messages,
        };
        self.finish(sent, &ended).await?;
        let mut response = self.lead(ended);
        response.headers_mut().extend(redirect.headers);
        Ok(Answered::Response(response))
    }

    async fn finish(&self, sent: &Sent, ended: &Ended) -> Result<(), Error> {
        // Who wants a file any longer has taken it.
        sent.input.release_files();
        if sent.form.repeatable {
            return Ok(());
        }
        let json = serde_json::to_value(ended).map_err(Error::internal)?;
        Ok(self.forms.builds.finish(sent.owned.build(), &json).await?)
    }

    /// Goes where the form led.
    fn lead(&self, ended: Ended) -> Response {
        for message in ended.messages {
            self.cx.request().messages.say(message.tone, &message.text);
        }
        see_other(&ended.to)
    }

    async fn keep(&self, sent: &Sent) -> Result<(), Error> {
        let json = serde_json::to_value(&sent.state).map_err(Error::internal)?;
        if json.to_string().len() > SIZE_LIMIT {
            return Err(Error::TooLarge);
        }
        Ok(self.forms.builds.keep(sent.owned.build(), &json).await?)
    }

    fn to_step(&self, sent: &Sent) -> Response {
        let action = self.action(&sent.form);
        let between = if action.contains('?') { '&' } else { '?' };
        let step = form_urlencoded::Serializer::new(String::new())
            .append_pair(BUILD, &sent.ticket.build.to_string())
            .append_pair(STEP, sent.state.step())
            .finish();
        see_other(&format!("{action}{between}{step}"))
    }

    /// The form with what was typed and all that is wrong with it. It can be sent again.
    fn again(&self, sent: Sent, errors: Errors) -> Result<Answered, Error> {
        let showing = Showing {
            form: sent.form,
            ticket: sent.ticket,
            input: sent.input,
            errors,
        };
        self.page(&showing, StatusCode::UNPROCESSABLE_ENTITY)
    }
}

/// A form that was sent.
struct Sent {
    form: Form,
    input: Input,
    ticket: Ticket,
    state: State,
    owned: Owned,
}

/// The answers to what the form's owner has asked, without what plugins have added.
fn own_answers(form: &Form, mut values: Values) -> Values {
    let added = |name: &str| form.find(name).is_none_or(|element| element.owner.is_some());
    values.retain(|name| !added(name));
    values.each_row(|row| row.retain(|name| !added(name)));
    values
}

/// The answers that may be kept: no passwords, no files.
fn for_keeping(form: &Form, mut values: Values) -> Values {
    values.retain(|name| {
        let kind = form.find(name).map(|element| &element.kind);
        !matches!(
            kind,
            None | Some(Kind::Password { .. } | Kind::File(_) | Kind::Hidden)
        )
    });
    values.each_row(|row| *row = for_keeping(form, std::mem::take(row)));
    values
}

fn too_large_message(form: &Form, path: &str) -> String {
    let element = press::at(form, path);
    match element.map(|element| (element.name_for_people(), &element.kind)) {
        Some((name, Kind::File(rules))) => {
            let most = rules.most_bytes as f64 / f64::from(1 << 20);
            format!("{name}: a file may have {most:.1} MiB at most.")
        }
        _ => "The file is too large.".to_owned(),
    }
}

/// After a POST the browser asks for the next page by GET (RFC 9110, 15.4.4). It never leaves this site.
fn see_other(to: &str) -> Response {
    let local = to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\");
    let to = if local { to } else { "/" };
    let location = utf8_percent_encode(to, LOCATION).to_string();
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
