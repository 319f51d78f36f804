//! The plugins in the administration.

mod list;
mod show;

use axum::routing::get;

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
