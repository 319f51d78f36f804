//! Enabling and upgrading: what the plugin may do is shown first, and only what was shown is agreed to.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::page_of;
use crate::subsystems::admin::render;
use crate::subsystems::form::{self, Element, Form, Handler, Submission, Values};
use crate::subsystems::plugin::{Error, Outcome, Package, Record, State as PluginState};
use crate::subsystems::{Cx, Session, Site};
use crate::web;

/// A capability, and whether it was agreed to before.
#[derive(Serialize)]
struct Wish<'a> {
    text: &'a str,
    is_new: bool,
}

/// The variables of `admin/plugin-consent.html`.
#[derive(Serialize)]
struct Consent<'a> {
    name: &'a str,
    description: &'a str,
    version: String,
    /// The version that is at work; empty for none.
    replaces: &'a str,
    wishes: Vec<Wish<'a>>,
    /// What it was granted and asks for no more.
    gone: Vec<&'a str>,
    needs: Vec<String>,
    tables: bool,
}

/// The question whether a plugin may be put to work.
struct Asking {
    site: Site,
    package: Package,
    digest: String,
    wishes: Vec<String>,
    record: Option<Record>,
}

pub(super) async fn enable(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    let plugins = &site.services().plugins;
    let package = plugins.available().find(&name)?;
    let asking = Asking {
        digest: package.digest()?,
        wishes: plugins.wishes(&site, &package).await?,
        record: plugins.record(&name).await?,
        package,
        site: site.clone(),
    };
    form::answer(&session, &asking, submission).await
}

impl Asking {
    fn replaces(&self) -> Option<&Record> {
        self.record
            .as_ref()
            .filter(|record| record.state == PluginState::Enabled && record.digest != self.digest)
    }

    fn consent(&self) -> Consent<'_> {
        let manifest = &self.package.manifest;
        let agreed = self
            .record
            .as_ref()
            .map_or(&[][..], |record| &record.capabilities);
        Consent {
            name: &manifest.name,
            description: &manifest.description,
            version: manifest.version.to_string(),
            replaces: self.replaces().map_or("", |record| &record.version),
            wishes: self
                .wishes
                .iter()
                .map(|wish| Wish {
                    text: wish,
                    is_new: self.record.is_some() && !agreed.contains(wish),
                })
                .collect(),
            gone: agreed
                .iter()
                .filter(|wish| !self.wishes.contains(wish))
                .map(String::as_str)
                .collect(),
            needs: manifest
                .depends
                .iter()
                .map(|(name, range)| format!("{name} {range}"))
                .collect(),
            tables: !manifest.migrations.is_empty(),
        }
    }
}

impl Handler for Asking {
    fn id(&self) -> &str {
        "plugin_enable"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, web::Error> {
        let name = &self.package.manifest.name;
        let verb = if self.replaces().is_some() {
            "Upgrade"
        } else {
            "Enable"
        };
        let consent = render(&self.site, "admin/plugin-consent.html", &self.consent());
        Ok(Form::new(format!("{verb} {name}"))
            .with(Element::markup("consent", consent))
            .with(Element::hidden("digest", self.digest.as_str()))
            .with(
                Element::actions()
                    .with(Element::submit("enable", format!("{verb} {name}")))
                    .with(Element::link("cancel", "Cancel", page_of(name))),
            ))
    }

    async fn submit(
        &self,
        _: &Session,
        values: Values,
        _: &mut form::State,
    ) -> Result<form::Outcome, web::Error> {
        let name = &self.package.manifest.name;
        // Nobody agrees to what they have not seen.
        if values.text("digest") != self.digest {
            let changed = "The plugin has changed since this page was shown. Look at it again.";
            return Ok(form::Outcome::invalid("", changed));
        }
        let plugins = &self.site.services().plugins;
        match plugins
            .enable_package(&self.site, &self.package, &self.wishes)
            .await
        {
            Ok(outcome) => {
                let done = match outcome {
                    Outcome::Upgraded | Outcome::RolledBack => {
                        format!("{name} is at work in another version.")
                    }
                    Outcome::Unchanged => format!("{name} was at work already."),
                    Outcome::Installed | Outcome::Enabled => format!("{name} is at work."),
                };
                Ok(form::Outcome::redirect(page_of(name)).message(&done))
            }
            Err(Error::Db(error)) => Err(error.into()),
            Err(error) => Ok(form::Outcome::invalid("", error.to_string())),
        }
    }
}
