//! The site's own settings in the administration.

use axum::response::Response;
use axum::routing::get;
use serde_json::Value as Json;

use super::SITE;
use crate::subsystems::admin::{AdminPage, CONFIGURE};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session};
use crate::web::Error;

const PATH: &str = "/admin/config/site";
const NAME: &str = "site_name";
const SLOGAN: &str = "site_slogan";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(PATH, "Site", get(site).post(site))
            .description("The name of the site, and a sentence about it")
            .keywords("title name slogan tagline settings")
            .permission(CONFIGURE)
            .weight(-10),
    ]
}

async fn site(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Settings, submission).await
}

struct Settings;

impl Handler for Settings {
    fn id(&self) -> &str {
        "site_settings"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let variables = &cx.services().variables;
        Ok(Form::new("Site")
            .with(
                Element::text(NAME, "Name")
                    .required()
                    .max_length(100)
                    .default(variables.site_text(NAME, "Trovato"))
                    .help("It stands at the top of every page, in the titles of windows, and in feeds."),
            )
            .with(
                Element::text(SLOGAN, "Slogan")
                    .default(variables.site_text(SLOGAN, ""))
                    .help("A sentence about the site. May be empty."),
            )
            .with(Element::actions().with(Element::submit("save", "Save"))))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let variables = &cx.services().variables;
        for name in [NAME, SLOGAN] {
            let text = values.some_text(name).map(Json::from);
            variables.store(SITE, name, text).await?;
        }
        Ok(Outcome::redirect(PATH).message("The settings are saved."))
    }
}
