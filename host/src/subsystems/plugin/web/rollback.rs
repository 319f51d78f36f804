//! Going back to a version that was at work before.

use axum::extract::{Path, State};
use axum::response::Response;

use super::page_of;
use crate::subsystems::form::{self, Element, Form, Handler, Submission, Values};
use crate::subsystems::plugin::{Error, Outcome, PastVersion, Record};
use crate::subsystems::{Cx, Session, Site};
use crate::web;

pub(super) async fn rollback(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    let plugins = &site.services().plugins;
    let record = plugins.record(&name).await?.ok_or(web::Error::NotFound)?;
    let earlier = plugins.earlier(&record, None).await.ok();
    let mut versions = plugins.versions(&name).await?;
    versions.retain(|version| version.digest != record.digest);
    let going = GoingBack {
        site: site.clone(),
        record,
        versions,
        earlier,
    };
    form::answer(&session, &going, submission).await
}

/// The question which version it is to be.
struct GoingBack {
    site: Site,
    record: Record,
    /// Those that were at work before.
    versions: Vec<PastVersion>,
    /// The one that was at work last.
    earlier: Option<PastVersion>,
}

impl Handler for GoingBack {
    fn id(&self) -> &str {
        "plugin_rollback"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, web::Error> {
        let name = &self.record.name;
        let form = Form::new(format!("Put another version of {name} to work"));
        let cancel = Element::link("cancel", "Cancel", page_of(name));
        if self.versions.is_empty() {
            let none = "No other version of this plugin was at work before.";
            return Ok(form
                .with(Element::note("none", none))
                .with(Element::actions().with(cancel)));
        }
        let what = format!(
            "Version {} is at work. What was agreed to for the version that you choose holds again, and the plugin's \
             data stays as it is.",
            self.record.version
        );
        let choices = self.versions.iter().map(|version| {
            let gone_back_from = match version.withdrawn {
                Some(_) => ", which somebody has gone back from",
                None => "",
            };
            (
                version.digest.clone(),
                format!("{}{gone_back_from}", version.in_words()),
            )
        });
        let chosen = self.earlier.as_ref().map(|version| version.digest.clone());
        Ok(form
            .with(Element::note("what", what))
            .with(
                Element::radios("version", "Version")
                    .required()
                    .choices(choices)
                    .default(chosen.unwrap_or_default()),
            )
            .with(
                Element::actions()
                    .with(Element::submit("roll_back", "Put it to work"))
                    .with(cancel),
            ))
    }

    async fn submit(
        &self,
        _: &Session,
        values: Values,
        _: &mut form::State,
    ) -> Result<form::Outcome, web::Error> {
        let name = &self.record.name;
        let plugins = &self.site.services().plugins;
        match plugins
            .rollback(&self.site, name, Some(values.text("version")))
            .await
        {
            Ok(done) => {
                let said = match done.outcome {
                    Outcome::Unchanged => format!("{name} was at work in {} already.", done.to.in_words()),
                    _ => format!("{name} is at work in {}.", done.to.in_words()),
                };
                Ok(form::Outcome::redirect(page_of(name)).message(&said))
            }
            Err(Error::Db(error)) => Err(error.into()),
            Err(error) => Ok(form::Outcome::invalid("", error.to_string())),
        }
    }
}
