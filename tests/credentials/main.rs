//! Mail, and what proves who somebody is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod mail;
mod passkey;
mod smtp;
mod two_factor;

use trovato::db::sql;
use trovato_tests::TestApp;
use uuid::Uuid;

/// An account as it lies in the database, for services that don't ask how it came there.
async fn person(app: &TestApp, name: &str) -> Uuid {
    let id = app.services().ids.next();
    let (key, mail) = (
        name.to_lowercase(),
        format!("{}@example.com", name.to_lowercase()),
    );
    let statement = sql(
        "INSERT INTO users (id, name, name_key, mail, active, created, changed) VALUES ($1, $2, $3, $4, TRUE, 0, 0)",
        (id, name, key, mail),
    );
    app.services().db.execute(statement).await.unwrap();
    id
}
