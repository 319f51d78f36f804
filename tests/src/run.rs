//! Running a test: a place, an app in it, a log that is looked through at the end.

use std::future::Future;

use crate::logged::Log;
use crate::{Database, Place, TestApp};

/// Runs a test on an app of its own, and fails it for an error in the log that it did not expect.
pub fn run<F: Future<Output = ()>>(database: Database, test: impl FnOnce(TestApp) -> F) {
    within_runtime(async |log| {
        let place = Place::make(database).await;
        let app = TestApp::start(place.clone(), log).await;
        app.make_people().await;
        test(app).await;
        place.remove().await;
    });
}

/// Runs something that logs, and fails for an error in the log that nobody expected.
pub(crate) fn within_runtime(work: impl AsyncFnOnce(Log)) {
    let log = Log::capture();
    let of_threads = log.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .on_thread_start(move || of_threads.install())
        .build()
        .unwrap();
    runtime.block_on(work(log.clone()));
    drop(runtime);
    log.finish();
}
