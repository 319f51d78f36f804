//! How people come by accounts, in the administration.

use axum::response::Response;
use axum::routing::get;
use serde_json::Value as Json;

use super::{ADMINISTER, confirm, register};
use crate::subsystems::admin::AdminPage;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::variable::SITE;
use crate::subsystems::{Cx, Session};
use crate::web::Error;

const PATH: &str = "/admin/people/settings";

pub(super) fn page() -> AdminPage {
    AdminPage::new(PATH, "Registering", get(settings).post(settings))
        .description("Who may make an account, and whether e-mail addresses are confirmed")
        .keywords("register sign up accounts confirm mail settings")
        .permission(ADMINISTER)
        .weight(50)
}

async fn settings(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Settings, submission).await
}

struct Settings;

impl Handler for Settings {
    fn id(&self) -> &str {
        "user_settings"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let services = cx.services();
        let present = services.variables.site_text(register::SETTING, "off");
        Ok(Form::new("Registering")
            .with(
                Element::radios("register", "Who may make an account")
                    .required()
                    .choices([
                        ("off", "Only those who administer people"),
                        ("approval", "Anybody; somebody approves each account"),
                        ("open", "Anybody"),
                    ])
                    .default(present),
            )
            .with(
                Element::checkbox("confirm", "Confirm e-mail addresses by mail")
                    .default(services.users.confirms())
                    .help(
                        "A new account can be used, and another address of an account counts, once its owner has \
                         followed a link. An account that nobody confirms within a day is removed.",
                    ),
            )
            .with(Element::actions().with(Element::submit("save", "Save"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let variables = &cx.services().variables;
        let register_by = Json::from(values.text("register"));
        variables
            .store(SITE, register::SETTING, Some(register_by))
            .await?;
        let confirm = Json::from(values.flag("confirm"));
        variables.store(SITE, confirm::SETTING, Some(confirm)).await?;
        Ok(Outcome::redirect(PATH).message("The settings are saved."))
    }
}
