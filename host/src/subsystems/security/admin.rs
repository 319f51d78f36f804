//! Which roles require a second factor.

use axum::response::Response;
use axum::routing::get;

use crate::subsystems::access::ANONYMOUS;
use crate::subsystems::admin::AdminPage;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, user};
use crate::web::Error;

const PATH: &str = "/admin/people/two-factor";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(PATH, "Two-factor", get(page).post(page))
            .description("Which roles require a second factor")
            .keywords("2fa totp codes passkeys security")
            .permission(user::ADMINISTER)
            .weight(40),
    ]
}

async fn page(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Required, submission).await
}

struct Required;

impl Handler for Required {
    fn id(&self) -> &str {
        "two-factor-roles"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let services = cx.services();
        let requiring = services.two_factor.requirement().roles();
        let choices = services
            .access
            .roles()
            .iter()
            .filter(|role| role.id != ANONYMOUS)
            .map(|role| (role.id.to_string(), role.label.clone()))
            .collect::<Vec<_>>();
        let chosen: Vec<String> = requiring.iter().map(ToString::to_string).collect();
        Ok(Form::new("Two-factor")
            .with(Element::note(
                "what",
                "Who has one of these roles gives a code or uses a passkey after the password. Who has neither sets codes \
                 up at the next login; who is logged in by a password alone has to log in again.",
            ))
            .with(Element::checkboxes("roles", "Roles that require a second factor").choices(choices).default(chosen))
            .with(Element::actions().with(Element::submit("save", "Save"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let services = cx.services();
        let chosen = values.list("roles");
        for role in services.access.roles().iter().filter(|role| role.id != ANONYMOUS) {
            let required = chosen.contains(&role.id.to_string());
            let requirement = services.two_factor.requirement();
            requirement.set(cx.request(), role.id, required).await?;
        }
        Ok(Outcome::redirect(PATH).message("Saved."))
    }
}
