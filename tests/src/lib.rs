//! What tests of a running site are written with: an app on a database of its own, fixture guests, and a log that
//! must not hold an error that nobody expected.
//!
//! ```ignore
//! both! {
//!     async fn the_health_page_says_that_all_is_well(app: TestApp) {
//!         assert_eq!(app.get("/health").await.status, 200);
//!     }
//! }
//! ```
//!
//! Each function becomes two tests, `sqlite::…` and `postgres::…`. Those on Postgres need the server that
//! `cargo xtask test` starts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod answer;
mod app;
mod ask;
mod authenticator;
mod browser;
pub mod chromium;
mod draft;
mod filling;
mod furnish;
mod html;
mod kinds;
mod letter;
mod logged;
mod package;
mod people;
mod place;
mod redis;
mod run;
mod wire;

pub use answer::Answer;
pub use app::TestApp;
pub use authenticator::Authenticator;
pub use browser::Browser;
pub use draft::Draft;
pub use filling::Filling;
pub use furnish::shown_field;
pub use kinds::Seen;
pub use letter::ReceivedLetter;
pub use package::Package;
pub use people::PASSWORD;
pub use place::{Database, Place};
pub use redis::{Authority, RedisCluster, RedisSentinels, RedisServer};
pub use run::run;
pub use wire::{Wire, redis_url};

/// Makes a test of each function, on SQLite: for what no database has a part in. Once in a module.
#[macro_export]
macro_rules! on_sqlite {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: $type:ident) $body:block)*) => {
        $($(#[$attribute])* async fn $name($app: $type) $body)*

        mod sqlite {
            $(#[test] fn $name() { $crate::run($crate::Database::Sqlite, super::$name); })*
        }
    };
}

/// Makes two tests of each function: one on SQLite, one on Postgres. Once in a module.
#[macro_export]
macro_rules! both {
    ($($(#[$attribute:meta])* async fn $name:ident($app:ident: $type:ident) $body:block)*) => {
        $($(#[$attribute])* async fn $name($app: $type) $body)*

        mod sqlite {
            $(#[test] fn $name() { $crate::run($crate::Database::Sqlite, super::$name); })*
        }

        mod postgres {
            $(#[test] fn $name() { $crate::run($crate::Database::Postgres, super::$name); })*
        }
    };
}
