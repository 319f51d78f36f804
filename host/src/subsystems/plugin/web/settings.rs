//! The settings of an installed plugin.

use axum::extract::{Path, State};
use axum::response::Response;

use super::page_of;
use crate::subsystems::form::{self, PluginSettings, Submission};
use crate::subsystems::{Cx, Site};
use crate::web::Error;

pub(super) async fn settings(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let plugin = site.services().plugins.glance_at(&site, &name).await?;
    // A plugin at work knows the settings of its own version, whatever else is found.
    let running = site.registry().get(&name).map(|plugin| plugin.manifest.clone());
    let found = plugin.package.map(|package| package.manifest);
    let manifest = running.or(found).filter(|_| plugin.record.is_some());
    let form = PluginSettings::new(manifest.ok_or(Error::NotFound)?, page_of(&name));
    if !form.has_any() {
        return Err(Error::NotFound);
    }
    form::answer(&session, &form, submission).await
}
