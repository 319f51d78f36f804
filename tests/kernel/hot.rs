//! Plugins come, change and go while requests run, and no request fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use trovato_tests::{Package, TestApp, both};

/// Asks for a page over and over, from many sides, until told to stop.
fn visitors(
    app: &Arc<TestApp>,
    path: &str,
    stop: &Arc<AtomicBool>,
    served: &Arc<AtomicUsize>,
) -> Vec<tokio::task::JoinHandle<()>> {
    let visitor = |_| {
        let (app, path, stop, served) = (app.clone(), path.to_owned(), stop.clone(), served.clone());
        tokio::spawn(async move {
            while !stop.load(Ordering::Relaxed) {
                let answer = app.get(&path).await;
                assert_eq!(answer.status, 200, "{}", answer.text);
                served.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    (0..20).map(visitor).collect()
}

/// Lets the visitors go on for so many more answers.
async fn after(served: &AtomicUsize, more: usize) {
    let until = served.load(Ordering::Relaxed) + more;
    while served.load(Ordering::Relaxed) < until {
        tokio::task::yield_now().await;
    }
}

both! {
    async fn plugins_come_change_and_go_without_a_failed_request(app: TestApp) {
        app.enable("page").await.unwrap();
        app.with(Package::tapper("alpha")).await;
        let item = app.item("page", "The title").save().await;
        let (app, stop, served) = (Arc::new(app), Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let visitors = visitors(&app, &item.path(), &stop, &served);
        for version in ["0.2.0", "0.3.0"] {
            after(&served, 20).await;
            app.with(Package::tapper("beta").version(version)).await;
            after(&served, 20).await;
            app.with(Package::tapper("alpha").version(version)).await;
            after(&served, 20).await;
            app.services().plugins.rollback(app.site(), "alpha", None).await.unwrap();
            after(&served, 20).await;
            app.services().plugins.rollback(app.site(), "alpha", Some(version)).await.unwrap();
            after(&served, 20).await;
            app.services().plugins.disable(app.site(), "beta").await.unwrap();
        }
        after(&served, 80).await;
        stop.store(true, Ordering::Relaxed);
        for visitor in visitors {
            visitor.await.unwrap();
        }
        assert!(served.load(Ordering::Relaxed) >= 200);
        let shown = app.get(&item.path()).await;
        assert!(shown.contains("alpha saw []") && !shown.contains("beta saw"), "{}", shown.text);
    }

    async fn a_request_that_runs_goes_on_with_the_version_that_it_began_with(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        let session = app.system();
        app.with(Package::tapper("alpha").version("0.2.0").setting("refuses_in", "invoke")).await;
        assert_eq!(app.ask_in(&session, "alpha", "upper", "a").await.unwrap(), "A");
        assert!(app.ask("alpha", "upper", "a").await.is_err());
        app.services().plugins.disable(app.site(), "alpha").await.unwrap();
        assert_eq!(app.ask_in(&session, "alpha", "upper", "a").await.unwrap(), "A");
    }

    async fn paths_and_files_change_together_with_their_plugin(app: TestApp) {
        let at = |path: &str, version: &str| Package::tapper("alpha").version(version).setting("path", path);
        app.with(at("/before", "0.1.0")).await;
        let leads = |session: &trovato::subsystems::Session, path: &str| {
            session.registry().noted().routes.resolve(path).is_some()
        };
        let before = app.system();
        app.with(at("/after", "0.2.0")).await;
        assert!(leads(&before, "/before") && !leads(&before, "/after"));
        let after = app.system();
        assert!(leads(&after, "/after") && !leads(&after, "/before"));
        assert_eq!((app.get("/before").await.status.as_u16(), app.get("/after").await.status.as_u16()), (404, 200));
    }
}
