//! The page on which people make their own account, where the site lets them.

use axum::response::Response;

use super::edit::{mail_field, name_field, password_field};
use super::{NewUser, password};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::variable::SITE;
use crate::subsystems::{Cx, Services, Session};
use crate::web::Error;

/// The setting: `off`, `open`, or `approval` where somebody unblocks new accounts.
pub const SETTING: &str = "user_register";

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    Open,
    Approval,
}

fn policy(services: &Services) -> Option<Policy> {
    let set = services.variables.stored(SITE, SETTING)?;
    match set.as_str()? {
        "open" => Some(Policy::Open),
        "approval" => Some(Policy::Approval),
        _ => None,
    }
}

pub(super) async fn register(session: Cx, submission: Submission) -> Result<Response, Error> {
    let policy = policy(session.services()).ok_or(Error::NotFound)?;
    if !session.request().account.id.is_nil() {
        return Err(Error::NotFound);
    }
    form::answer(&session, &Register(policy), submission).await
}

/// Making one's own account.
struct Register(Policy);

impl Handler for Register {
    fn id(&self) -> &str {
        "user_register"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        let help = format!("At least {} characters.", password::LEAST);
        Ok(Form::new("Make an account")
            .with(name_field().help("Others see it."))
            .with(
                mail_field()
                    .required()
                    .help("Nobody sees it but those who run this site."),
            )
            .with(password_field("Password").required().help(help))
            .with(Element::actions().with(Element::submit("register", "Make the account"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let new = NewUser {
            name: values.text("name").to_owned(),
            mail: values.some_text("mail").map(str::to_owned),
            password: values.some_text("password").map(str::to_owned),
            active: self.0 == Policy::Open,
            ..NewUser::default()
        };
        match cx.services().users.register(cx, new).await {
            Ok((_, true)) => Ok(Outcome::redirect("/").message(
                "Your account is made. A link is on its way to your e-mail address: follow it within a day, and the \
                 account is yours.",
            )),
            Ok(_) if self.0 == Policy::Open => {
                Ok(Outcome::redirect("/user/login").message("Your account is made. You can log in now."))
            }
            Ok(_) => Ok(Outcome::redirect("/")
                .message("Your account is made. You can log in once somebody has looked at it.")),
            Err(error) => error.in_form(),
        }
    }
}
