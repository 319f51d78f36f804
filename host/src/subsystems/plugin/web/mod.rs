//! The plugins in the administration.

mod enable;
mod leave;
mod list;
mod resume;
mod rollback;
mod settings;
mod show;

use axum::routing::{get, post};

use super::Error;
use crate::subsystems::admin::{AdminPage, Icon};
use crate::web;

/// Who may enable, disable and remove plugins.
pub const ADMINISTER: &str = "administer plugins";
const LIST: &str = "/admin/plugins";

pub(super) fn pages() -> Vec<AdminPage> {
    let page = |path, title, answers| AdminPage::new(path, title, answers).permission(ADMINISTER);
    vec![
        page(LIST, "Plugins", get(list::list))
            .description("What extends the site, what it may do, and how it fares")
            .keywords("extensions modules enable disable install")
            .icon(Icon::Plugins)
            .weight(50),
        page("/admin/plugins/{name}", "Plugin", get(show::show)),
        page(
            "/admin/plugins/{name}/enable",
            "Enable",
            get(enable::enable).post(enable::enable),
        ),
        page(
            "/admin/plugins/{name}/disable",
            "Disable",
            get(leave::disable).post(leave::disable),
        ),
        page(
            "/admin/plugins/{name}/uninstall",
            "Uninstall",
            get(leave::uninstall).post(leave::uninstall),
        ),
        page(
            "/admin/plugins/{name}/settings",
            "Settings",
            get(settings::settings).post(settings::settings),
        ),
        page(
            "/admin/plugins/{name}/rollback",
            "Another version",
            get(rollback::rollback).post(rollback::rollback),
        ),
        page("/admin/plugins/{name}/resume", "Try again", post(resume::resume)),
    ]
}

/// The page of a plugin.
fn page_of(name: &str) -> String {
    format!("{LIST}/{name}")
}

/// What a plugin looks like in lists, and the word for it.
fn tone(standing: super::Standing) -> &'static str {
    use super::Standing::{AtWork, Disabled, Found};
    match standing {
        AtWork => "fine",
        Disabled | Found => "quiet",
        _ => "problem",
    }
}

impl From<Error> for web::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::NotFound,
            Error::Db(error) => error.into(),
            error => Self::Bad(error.to_string()),
        }
    }
}
