//! The administration: its pages as one list, what surrounds them, tables, notices, the palette, the dashboard.
//!
//! Subsystems say by [`Subsystem::admin_pages`] which pages they have. From that list come the routes with their checks,
//! the navigation, the breadcrumbs, the section pages and the command palette. It must not know what the pages are about.

mod dashboard;
mod guard;
mod map;
mod notice;
mod page;
mod palette;
mod reports;
mod routes;
mod shell;
mod table;

use std::sync::Arc;

use super::access::{Group, Permission};
use super::{Site, Subsystem};
use crate::db::migrate::Migrations;
use crate::db::{Backend, Db};
use crate::recent::Recent;
use crate::redis::Redis;
use crate::time::Clock;

pub use guard::{is_below, keep_out};
pub use map::{Map, Place};
pub use notice::{Level, Notice};
pub use page::{About, AdminPage, ENTER, Icon, Kind};
pub use routes::{render, routes};
pub use shell::Shell;
pub use table::{Asked, Cell, Column, Empty, Filter, Row, RowAction, Table};

/// The theme of the administration.
pub const THEME: &str = "admin";
/// The dashboard.
pub const HOME: &str = "/admin";
/// The menu into which plugins put links to their own admin pages.
pub const MENU: &str = "admin";
/// Who may read what the site has logged, and how it fares.
pub const SEE_REPORTS: &str = "access site reports";
/// Who may change the site's own settings.
pub const CONFIGURE: &str = "administer site configuration";

/// The administration.
pub struct Admin {
    map: Map,
    db: Db,
    clock: Clock,
    recent: Recent,
    has_address: bool,
    development: bool,
}

/// What [`Admin`] works with.
pub struct Parts {
    /// All admin pages.
    pub pages: Vec<AdminPage>,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// What this process has warned of.
    pub recent: Recent,
    /// Whether the site knows the address under which visitors reach it.
    pub has_address: bool,
    /// Whether pages explain how they were made.
    pub development: bool,
}

impl Admin {
    /// The service.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self {
            map: Map::new(parts.pages.into_iter().map(|page| page.about).collect()),
            db: parts.db,
            clock: parts.clock,
            recent: parts.recent,
            has_address: parts.has_address,
            development: parts.development,
        }
    }

    /// The pages in their places.
    #[must_use]
    pub fn map(&self) -> &Map {
        &self.map
    }

    /// Whether a path is shown in the administration's theme: it lies below `/admin`, or the list has it.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        is_below(path) || self.map.find(path).is_some()
    }

    async fn database(&self) -> Notice {
        match self.db.ping().await {
            Ok(()) => {
                let name = match self.db.backend() {
                    Backend::Sqlite => "SQLite",
                    Backend::Postgres => "Postgres",
                };
                Notice::fine("Database", format!("{name} answers."))
            }
            Err(error) => Notice::problem("Database", format!("It does not answer: {error}."))
                .hint("See that its server runs."),
        }
    }

    async fn migrations(&self) -> Notice {
        match Migrations::kernel().pending(&self.db).await {
            Ok(pending) if pending.is_empty() => Notice::fine("Schema", "It is up to date."),
            Ok(pending) => Notice::problem(
                "Schema",
                format!("{} migrations have not been run.", pending.len()),
            )
            .hint("Run `trovato migrate`."),
            Err(error) => Notice::problem("Schema", error.to_string()),
        }
    }
}

impl Subsystem for Admin {
    fn admin_pages() -> Vec<AdminPage> {
        let mut pages = dashboard::pages();
        pages.extend(palette::pages());
        pages.extend(reports::pages());
        pages.push(
            AdminPage::section("/admin/structure", "Structure")
                .description("What the site is made of")
                .icon(Icon::Structure)
                .weight(30),
        );
        pages.push(
            AdminPage::section("/admin/config", "Configuration")
                .description("How the site behaves")
                .icon(Icon::Config)
                .weight(60),
        );
        pages
    }

    fn permissions(&self) -> Option<Group> {
        Some(Group::new(
            "Administration",
            vec![
                Permission::new(
                    ENTER,
                    "Enter the administration; what can be done there needs more",
                ),
                Permission::new(CONFIGURE, "Change the name of the site and how it behaves").restricted(),
                Permission::new(SEE_REPORTS, "See how the site fares, and what it has warned of"),
            ],
        ))
    }

    async fn notices(&self, site: &Site) -> Vec<Notice> {
        let mut notices = vec![self.database().await, self.migrations().await];
        notices.extend(site.services().redis.as_ref().map(redis));
        notices.push(if self.has_address {
            Notice::fine(
                "Address",
                "The site knows the address by which visitors reach it.",
            )
        } else {
            Notice::warning(
                "Address",
                "The site does not know the address by which visitors reach it.",
            )
            .hint("Set `public-url` in trovato.toml: feeds, canonical links and mail need it.")
        });
        if self.development {
            notices.push(
                Notice::warning(
                    "Development mode",
                    "Pages tell in their source how they were made.",
                )
                .hint("Start without --development where visitors come."),
            );
        }
        notices.push(reports::notice(&self.recent, self.clock.now()));
        notices
    }
}

fn redis(redis: &Redis) -> Notice {
    if redis.is_up() {
        return Notice::fine("Redis", "It answers.");
    }
    let text = "It does not answer; pages are served from the database meanwhile.";
    let hint = "See that its server runs; it is found again by itself.";
    match redis.cause() {
        Some(cause) => Notice::problem("Redis", text).hint(format!("{hint} The last attempt: {cause}.")),
        None => Notice::problem("Redis", text).hint(hint),
    }
}

/// The service by which routes find pages.
pub(super) fn of(site: &Site) -> &Arc<Admin> {
    &site.services().admin
}
