//! What all services are made of, and why they can't be.

use super::{cache, file, format, mail, plugin, theme, user};
use crate::db::Db;
use crate::redis::Redis;
use crate::time::{Clock, Ids};
use crate::web::{Entrance, Rules};

/// What services are made of.
pub struct Base {
    /// The database.
    pub db: Db,
    /// What nodes share and may lose, where it is configured.
    pub redis: Option<Redis>,
    /// The time.
    pub clock: Clock,
    /// Where identifiers come from.
    pub ids: Ids,
    /// The machine name of the theme of the public pages.
    pub theme: String,
    /// The folder of themes beside the site.
    pub themes: std::path::PathBuf,
    /// The folder of uploaded files.
    pub files: std::path::PathBuf,
    /// The folder of what is being uploaded.
    pub uploads: std::path::PathBuf,
    /// The folder where plugins are found.
    pub plugins: std::path::PathBuf,
    /// The folder where enabled plugins are kept.
    pub kept_plugins: std::path::PathBuf,
    /// The plugins that are part of the program.
    pub embedded: &'static [plugin::Embedded],
    /// The address under which visitors reach the site; empty where it is not known.
    pub public_url: String,
    /// How requests reach the site.
    pub entrance: Entrance,
    /// How often whoever asks may do what.
    pub rate_limits: Rules,
    /// How much memory the cache may use.
    pub cache: cache::Sizes,
    /// What the site's keys are made of.
    pub secret: Vec<u8>,
    /// How mail is sent.
    pub mail: mail::Options,
    /// Whether the site is only there to try plugins out.
    pub throw_away: bool,
    /// Whether pages explain how they were made.
    pub development: bool,
    /// What this process has warned of.
    pub recent: crate::recent::Recent,
    /// What hashing a password takes.
    pub password_cost: user::Cost,
}

/// Why the services can't start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] crate::db::Error),
    /// People's accounts can't be used.
    #[error(transparent)]
    User(#[from] user::Error),
    /// The themes can't be used.
    #[error(transparent)]
    Theme(#[from] theme::Error),
    /// The text formats can't be used.
    #[error(transparent)]
    Format(#[from] format::Refusal),
    /// The file store can't be used.
    #[error(transparent)]
    File(#[from] file::Error),
    /// Mail can't be sent as it is set up.
    #[error(transparent)]
    Mail(#[from] mail::Error),
}
