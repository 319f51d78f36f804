//! Disabling and uninstalling: what that means is said first.

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::{LIST, page_of};
use crate::subsystems::admin::render;
use crate::subsystems::form::{self, Element, Form, Handler, Submission, Values};
use crate::subsystems::plugin::{Error, Record, State as PluginState};
use crate::subsystems::{Cx, Session, Site};
use crate::web;

/// The variables of `admin/plugin-leave.html`.
#[derive(Serialize)]
struct Leaving {
    name: String,
    /// Enabled plugins that need it.
    needed_by: Vec<String>,
    /// Its content types: their items stay.
    types: Vec<String>,
    /// Its tables with their numbers of rows, which go.
    tables: Vec<(String, u64)>,
    /// How many of its settings were changed from their defaults.
    settings: usize,
    uninstalls: bool,
}

/// The question whether a plugin is to be disabled or uninstalled.
struct Asking {
    site: Site,
    leaving: Leaving,
}

pub(super) async fn disable(
    state: State<Site>,
    session: Cx,
    name: Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    leave(state, session, name, submission, PluginState::Enabled).await
}

pub(super) async fn uninstall(
    state: State<Site>,
    session: Cx,
    name: Path<String>,
    submission: Submission,
) -> Result<Response, web::Error> {
    leave(state, session, name, submission, PluginState::Disabled).await
}

/// The page for a plugin in a state; where it is in another there is nothing to ask.
async fn leave(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
    state: PluginState,
) -> Result<Response, web::Error> {
    let record = site.services().plugins.record(&name).await?;
    let record = record
        .filter(|record| record.state == state)
        .ok_or(web::Error::NotFound)?;
    let asking = Asking {
        leaving: leaving(&site, &record).await?,
        site,
    };
    form::answer(&session, &asking, submission).await
}

async fn leaving(site: &Site, record: &Record) -> Result<Leaving, web::Error> {
    let services = site.services();
    let name = &record.name;
    let uninstalls = record.state == PluginState::Disabled;
    let package = services.plugins.installed(record).ok();
    let mut leaving = Leaving {
        needed_by: services.plugins.dependants(site, name),
        types: services.item_types.labels_of(name),
        tables: Vec::new(),
        settings: 0,
        name: name.clone(),
        uninstalls,
    };
    if let Some(package) = package.filter(|_| uninstalls) {
        let sizes = services
            .plugin_tables
            .sizes(&package.manifest, record.migration)
            .await;
        leaving.tables = sizes.map_err(web::Error::internal)?;
        let settings = package.manifest.config.keys();
        leaving.settings = settings
            .filter(|setting| services.variables.stored(name, setting).is_some())
            .count();
    }
    Ok(leaving)
}

impl Handler for Asking {
    fn id(&self) -> &str {
        "plugin_leave"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, web::Error> {
        let Leaving { name, uninstalls, .. } = &self.leaving;
        let verb = if *uninstalls { "Uninstall" } else { "Disable" };
        let mut actions = Element::actions();
        if self.leaving.needed_by.is_empty() {
            actions = actions.with(Element::submit("leave", format!("{verb} {name}")).danger());
        }
        let facts = render(&self.site, "admin/plugin-leave.html", &self.leaving);
        Ok(Form::new(format!("{verb} {name}"))
            .with(Element::markup("facts", facts))
            .with(actions.with(Element::link("cancel", "Cancel", page_of(name)))))
    }

    async fn submit(&self, _: &Session, _: Values, _: &mut form::State) -> Result<form::Outcome, web::Error> {
        let Leaving { name, uninstalls, .. } = &self.leaving;
        let plugins = &self.site.services().plugins;
        let (left, done) = if *uninstalls {
            let done = format!("{name} is uninstalled.");
            (
                plugins.uninstall(&self.site, name).await,
                form::Outcome::redirect(LIST).message(&done),
            )
        } else {
            let done = format!("{name} is disabled. Its tables and settings are kept.");
            (
                plugins.disable(&self.site, name).await,
                form::Outcome::redirect(page_of(name)).message(&done),
            )
        };
        match left {
            Ok(()) => Ok(done),
            Err(Error::Db(error)) => Err(error.into()),
            Err(error) => Ok(form::Outcome::invalid("", error.to_string())),
        }
    }
}
