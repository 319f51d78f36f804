//! The page of an account's protection: what is set up, and what can be taken away again.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::{PAGE, owner};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site, token};
use crate::time::Timestamp;
use crate::web::Error;

pub(super) fn routes() -> Router<Site> {
    Router::new().route(PAGE, get(overview).post(overview))
}

async fn overview(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Overview, submission).await
}

struct Overview;

impl Overview {
    async fn codes(cx: &Session, user: Uuid) -> Result<Element, Error> {
        let status = cx.services().two_factor.status(user).await?;
        let part = Element::fieldset("codes", "Codes of an authenticator app");
        Ok(match status.since {
            Some(since) => part
                .with(Element::note(
                    "codes_on",
                    format!(
                        "A code is asked for after the password, since {}. You have {} recovery codes.",
                        day(since),
                        status.recovery_codes
                    ),
                ))
                .with(Element::link(
                    "recovery",
                    "New recovery codes",
                    super::codes::RECOVERY,
                ))
                .with(Element::link("off", "Turn codes off", "/user/security/codes/off")),
            None => part
                .with(Element::note(
                    "codes_off",
                    "With codes, somebody who knows your password still can't log in.",
                ))
                .with(Element::link("set_up", "Set up codes", "/user/security/codes")),
        })
    }

    async fn passkeys(cx: &Session, user: Uuid) -> Result<Option<Element>, Error> {
        let passkeys = &cx.services().passkeys;
        if !passkeys.are_possible() {
            return Ok(None);
        }
        let mut part = Element::fieldset("passkeys", "Passkeys");
        let known = passkeys.list(user).await?;
        if known.is_empty() {
            let what = "A passkey is kept by your device. It logs you in without a password.";
            part = part.with(Element::note("passkeys_none", what));
        } else {
            let choices = known.into_iter().map(|key| {
                let used = match key.last_used {
                    Some(at) => format!("last used {}", day(at)),
                    None => "not used yet".to_owned(),
                };
                (
                    key.id.to_string(),
                    format!("{} (since {}, {used})", key.name, day(key.created)),
                )
            });
            part = part
                .with(Element::radios("passkey", "Your passkeys").choices(choices))
                .with(Element::submit("remove_passkey", "Remove the chosen passkey").danger());
        }
        if !super::is_recent(cx) {
            let again = super::again::href(PAGE);
            return Ok(Some(part.with(Element::link(
                "passkey_again",
                "Add a passkey",
                again,
            ))));
        }
        let button = super::keys::button(cx, "register", PAGE, "Add a passkey");
        Ok(Some(part.with(Element::markup("add_passkey", button))))
    }

    async fn tokens(cx: &Session, user: Uuid) -> Result<Option<Element>, Error> {
        let account = &cx.request().account;
        let known = cx.services().tokens.list(account, user).await?;
        if known.is_empty() && !account.may(token::USE) {
            return Ok(None);
        }
        let mut part = Element::fieldset("tokens", "Access tokens");
        if known.is_empty() {
            let what = "With an access token a program does in your name what you let it.";
            part = part.with(Element::note("tokens_none", what));
        } else {
            let choices = known.into_iter().map(|token| {
                let used = match token.last_used {
                    Some(at) => format!("last used {}", day(at)),
                    None => "not used yet".to_owned(),
                };
                let ends = match token.expires {
                    Some(at) => format!("ends {}", day(at)),
                    None => "does not end".to_owned(),
                };
                let label = format!("{} ({}; {used}, {ends})", token.name, token.scopes.join(", "));
                (token.id.to_string(), label)
            });
            part = part
                .with(Element::radios("token", "Your tokens").choices(choices))
                .with(Element::submit("revoke_token", "Revoke the chosen token").danger());
        }
        if account.may(token::USE) {
            part = part.with(Element::link("new_token", "New access token", super::tokens::NEW));
        }
        Ok(Some(part))
    }
}

impl Handler for Overview {
    fn id(&self) -> &str {
        "account-security"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = owner(cx).await?;
        let mut form = Form::new("Security of your account").with(
            Element::fieldset("password", "Password").with(Element::link(
                "change",
                "Change your password",
                format!("/user/{}/edit", user.id),
            )),
        );
        form = form.with(Self::codes(cx, user.id).await?);
        let parts = [
            Self::passkeys(cx, user.id).await?,
            Self::tokens(cx, user.id).await?,
        ];
        for part in parts.into_iter().flatten() {
            form = form.with(part);
        }
        let sessions = Element::fieldset("sessions", "Sessions").with(Element::link(
            "see_sessions",
            "See and end your sessions",
            format!("/user/{}/sessions", user.id),
        ));
        Ok(form.with(sessions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let user = owner(cx).await?;
        let services = cx.services();
        let chosen = |name: &str| Uuid::try_parse(values.text(name)).ok();
        match values.button.as_str() {
            "remove_passkey" => {
                let Some(id) = chosen("passkey") else {
                    return Ok(Outcome::invalid("passkey", "Choose the passkey to remove."));
                };
                let Some(name) = services.passkeys.remove(user.id, id).await? else {
                    return Ok(Outcome::redirect(PAGE));
                };
                let change = format!("the passkey '{name}' was removed");
                services
                    .security
                    .note(cx, &user, "passkey.remove", &change)
                    .await?;
                Ok(Outcome::redirect(PAGE).message("The passkey is removed."))
            }
            "revoke_token" => {
                let Some(id) = chosen("token") else {
                    return Ok(Outcome::invalid("token", "Choose the token to revoke."));
                };
                match services.tokens.revoke(cx, user.id, id).await {
                    Ok(()) | Err(token::Error::NotFound) => {}
                    Err(error) => return Err(error.into()),
                }
                Ok(Outcome::redirect(PAGE).message("The token is revoked."))
            }
            _ => Ok(Outcome::redirect(PAGE)),
        }
    }
}

/// The day of a moment, in UTC.
fn day(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map(|at| at.strftime("%-d %B %Y").to_string())
        .unwrap_or_default()
}
