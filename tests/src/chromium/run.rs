//! Running a test in a browser: a place, an app, a server, a visitor, and a look at what they have to complain about.

use std::future::Future;
use std::panic::{AssertUnwindSafe, resume_unwind};

use futures_util::FutureExt;
use tokio::net::TcpListener;

use crate::run::within_runtime;
use crate::{Database, Place, TestApp};

use super::Visitor;
use super::house::{House, url_of};
use super::visitor::Guest;

/// Runs a test with a visitor before an app of its own.
pub fn run<G: Guest, F: Future<Output = ()>>(database: Database, name: &str, test: impl FnOnce(G) -> F) {
    within_runtime(async |log| {
        let place = Place::make(database).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = url_of(&listener);
        let app = TestApp::start_at(place.clone(), log, |config| config.public_url = Some(url)).await;
        if !G::COMES_FIRST {
            app.make_people().await;
        }
        let house = House::open(app, listener).await;
        let visitor = Visitor::new(house.clone(), house.open_tab().await);
        visitor.at_a_desk().await;
        visitor.in_the_light().await;
        let outcome = AssertUnwindSafe(test(G::come(visitor))).catch_unwind().await;
        let complaints = house.complaints();
        if outcome.is_err() || !complaints.is_empty() {
            eprintln!("{}", house.keep_pictures(name).await);
        }
        house.close().await;
        place.remove().await;
        if let Err(panic) = outcome {
            if !complaints.is_empty() {
                eprintln!("the pages complained:\n{}", complaints.join("\n"));
            }
            resume_unwind(panic);
        }
        assert!(
            complaints.is_empty(),
            "the pages complained:\n{}",
            complaints.join("\n")
        );
    });
}
