//! People's own pages: their profile, what they can change of it, and their sessions.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::http::header;
use axum::response::{Redirect, Response};
use axum::routing::get;
use uuid::Uuid;

use super::edit::Edit;
use super::{ADMINISTER, PROFILES, User};
use crate::subsystems::form::{self, Choice, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::item::parse_id;
use crate::subsystems::login::login_href;
use crate::subsystems::theme::suggestions;
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Action, Error, Page};

pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/user", get(own))
        .route("/user/{id}", get(profile))
        .route("/user/{id}/edit", get(edit).post(edit))
        .route("/user/{id}/sessions", get(sessions).post(sessions))
}

/// Everybody's own page, under one address.
async fn own(session: Cx) -> Redirect {
    let id = session.request().account.id;
    if id.is_nil() {
        Redirect::to(&login_href("/user"))
    } else {
        Redirect::to(&format!("/user/{id}"))
    }
}

/// The person of an address, for those who may see them. To others there is nobody.
async fn find(session: &Session, id: &str) -> Result<User, Error> {
    let id = parse_id(id).map_err(|_| Error::NotFound)?;
    let request = session.request();
    let own = !request.account.id.is_nil() && request.account.id == id;
    if id.is_nil() || !own && !request.account.may(PROFILES) && !request.account.may(ADMINISTER) {
        return Err(Error::NotFound);
    }
    Ok(session.services().users.find(&request.account, id).await?)
}

/// As [`find`], for those who may change them.
async fn find_to_change(session: &Session, id: &str) -> Result<User, Error> {
    let user = find(session, id).await?;
    let account = &session.request().account;
    if account.id == user.id || account.may(ADMINISTER) {
        Ok(user)
    } else {
        Err(Error::Denied)
    }
}

async fn profile(Extract(site): Extract<Site>, session: Cx, Path(id): Path<String>) -> Result<Page, Error> {
    let user = find(&session, &id).await?;
    let account = &session.request().account;
    let own = account.id == user.id;
    let links = own || account.may(ADMINISTER);
    let variables = minijinja::context! {
        user => minijinja::context! {
            id => user.id.to_string(),
            name => &user.name,
            active => user.active,
            mail => links.then_some(user.mail.as_deref()).flatten(),
            created => user.created.as_millis(),
            is_own => own,
            may_change => links,
        },
    };
    let names = suggestions::names("user", &[]);
    let theme = &session.request().theme;
    let content = site.services().themes.render_suggested(theme, &names, variables);
    let mut page = Page::new(user.name.as_str(), content.to_string());
    if links {
        page = page.action(Action::main("Edit", format!("/user/{}/edit", user.id)));
    }
    if session.request().account.id == user.id {
        page = page.action(Action::new("Security", crate::subsystems::security::PAGE));
    }
    Ok(page)
}

async fn edit(session: Cx, Path(id): Path<String>, submission: Submission) -> Result<Response, Error> {
    let user = find_to_change(&session, &id).await?;
    form::answer(&session, &Edit::of(&session, user), submission).await
}

async fn sessions(session: Cx, Path(id): Path<String>, submission: Submission) -> Result<Response, Error> {
    let user = find_to_change(&session, &id).await?;
    if user.is_admin && !session.request().account.is_admin {
        return Err(Error::Denied);
    }
    form::answer(&session, &Sessions { user }, submission).await
}

/// The sessions of a user, to be ended.
struct Sessions {
    user: User,
}

impl Handler for Sessions {
    fn id(&self) -> &str {
        "user_sessions"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let own = cx.request().session.as_ref().map(|own| own.id);
        let listed = cx.services().sessions.list(self.user.id).await?;
        let choices: Vec<Choice> = listed
            .into_iter()
            .map(|session| {
                let this = if Some(session.id) == own {
                    " (this one)"
                } else {
                    ""
                };
                let agent = if session.agent.is_empty() {
                    "Unknown browser"
                } else {
                    &session.agent
                };
                let label = format!(
                    "{agent}{this}, from {}, logged in {}, last used {}",
                    session.address,
                    moment(session.created),
                    moment(session.last_used),
                );
                Choice::from((session.id.to_string(), label))
            })
            .collect();
        let form = Form::new(format!("Sessions of {}", self.user.name));
        let back = Element::link("back", "Back", format!("/user/{}", self.user.id));
        if choices.is_empty() {
            let note = Element::note("none", "Nobody is logged in with this account.");
            return Ok(form.with(note).with(Element::actions().with(back)));
        }
        let actions = Element::actions()
            .with(Element::submit("end", "End the selected sessions").danger())
            .with(back);
        Ok(form
            .with(
                Element::checkboxes("sessions", "Where this account is logged in")
                    .required()
                    .choices(choices)
                    .help("A session that you don't know may be somebody else's: end it and change the password."),
            )
            .with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let own = cx.request().session.as_ref().map(|own| own.id);
        let mut ended = 0;
        let mut own_ended = false;
        for id in values
            .list("sessions")
            .iter()
            .filter_map(|id| Uuid::parse_str(id).ok())
        {
            if own == Some(id) {
                own_ended = true;
            } else if cx.services().sessions.end(self.user.id, id).await? {
                ended += 1;
            }
        }
        if own_ended {
            let cookies = cx.services().logins.sign_out(cx).await?;
            let done = Outcome::redirect("/").message("You are logged out.");
            return Ok(cookies
                .into_iter()
                .fold(done, |done, cookie| done.header(header::SET_COOKIE, cookie)));
        }
        let said = match ended {
            1 => "One session was ended.".to_owned(),
            ended => format!("{ended} sessions were ended."),
        };
        Ok(Outcome::redirect(format!("/user/{}/sessions", self.user.id)).message(&said))
    }
}

/// A moment in words, in coordinated universal time.
fn moment(at: crate::time::Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default()
}
