//! Tests in a browser: a real Chromium before a site that is served on a port of its own.
//!
//! ```ignore
//! in_browser! {
//!     async fn a_reader_finds_the_blog(reader: Visitor) {
//!         reader.visit("/").await;
//!         reader.follow("Blog").await;
//!         reader.sees_heading("Blog").await;
//!         reader.finds_no_barrier_anywhere().await;
//!     }
//! }
//! ```
//!
//! Each function becomes two tests, as with [`crate::both!`]. A test fails as well for whatever a page complains about
//! in its console, such as a script that its policy forbids, and leaves pictures of what its visitors saw last in
//! `target/browser`.
#![allow(
    clippy::indexing_slicing,
    reason = "what JSON does not hold is null, and a test that can't go on fails"
)]
#![allow(
    clippy::print_stderr,
    reason = "the runner of tests shows it where a test fails"
)]

mod authenticator;
mod axe;
mod focus;
mod house;
mod keys;
mod look;
mod run;
mod tab;
mod tree;
mod visitor;
mod watch;
mod wire;

pub use authenticator::Authenticator;
pub use run::run;
pub use visitor::{Guest, Owner, Visitor};

/// Makes two tests of each function: one on SQLite, one on Postgres. Once in a module.
#[macro_export]
macro_rules! in_browser {
    ($($(#[$attribute:meta])* async fn $name:ident($visitor:ident: $type:ident) $body:block)*) => {
        $($(#[$attribute])* async fn $name($visitor: $type) $body)*

        mod browser {
            mod sqlite {
                $(#[test] fn $name() {
                    let name = concat!(module_path!(), "::", stringify!($name));
                    $crate::chromium::run($crate::Database::Sqlite, name, super::super::$name);
                })*
            }

            mod postgres {
                $(#[test] fn $name() {
                    let name = concat!(module_path!(), "::", stringify!($name));
                    $crate::chromium::run($crate::Database::Postgres, name, super::super::$name);
                })*
            }
        }
    };
}
