//! Tests of a Trovato plugin: its component, as it was built, in the real kernel, on a site that is thrown away.
//!
//! A test that wants a site goes into the folder `tests/` of the plugin:
//!
//! ```no_run
//! use trovato_sdk_test::{Site, on_each_database};
//!
//! #[test]
//! fn a_greeting_is_shown() {
//!     on_each_database(|site: &Site| {
//!         site.set("greeting", "Good morning");
//!         let page = site.get("/hello/my-plugin");
//!         assert_eq!(page.status, 200);
//!         assert!(page.text.contains("Good morning"), "{}", page.text);
//!     });
//! }
//! ```
//!
//! `trovato plugin test` builds the component and runs the tests of the crate, these and those that need no site. Each
//! site is a process of its own with an empty database: a SQLite file, and with `trovato plugin test --on URL` a
//! database on a Postgres server besides. The plugin is at work on it, with those that it depends on, and with all that
//! it asks for. The clock stands at 2023-11-14T22:13:20Z until [`Site::wait`] moves it.
//!
//! A plugin that fails where the site goes on regardless fails the test in the end, unless the test has read the
//! [`Site::log`].
//!
//! For unit tests of functions that call the host there is the [`MockKernel`], in the process of the test itself.

mod item;
mod pipe;
mod site;

pub use item::{Draft, Item, Value};
pub use site::{Entry, Page, Site, Who, on_each_database};
pub use trovato_sdk::mock::{Kernel as MockKernel, submission};
