//! Every function of every interface: what it does, what it refuses, and how it fails. The `prober` calls them.

mod cache;
mod context;
mod db;
mod item;
mod items;
mod log;
mod plugins;
mod pure;
mod raw_sql;
mod users;
mod variables;

use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp};

/// Enables the prober.
async fn with_prober(app: &TestApp) {
    app.with(Package::fixture("prober")).await;
}

/// Calls a function of the prober that works.
async fn probe(app: &TestApp, function: &str, argument: &str) -> String {
    match app.ask("prober", function, argument).await {
        Ok(answer) => answer,
        Err(error) => panic!("{function} {argument}: {error:?}"),
    }
}

/// Calls a function of the prober that is refused.
async fn refusal(app: &TestApp, function: &str, argument: &str) -> Error {
    match app.ask("prober", function, argument).await {
        Ok(answer) => panic!("{function} {argument} was expected to be refused and answers {answer}"),
        Err(error) => error,
    }
}

/// The problems of an `invalid` answer as `path: message`.
fn problems(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(problems) => problems
            .into_iter()
            .map(|problem| format!("{}: {}", problem.path, problem.message))
            .collect(),
        other => panic!("{other:?} instead of problems with the input"),
    }
}
