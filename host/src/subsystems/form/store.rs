//! What is remembered of forms, in the database.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::State;
use crate::db::{self, Db, FromRow, sql};
use crate::request::Message;
use crate::time::Timestamp;

/// How long one that is at work may take before another may try.
const LEASE: Duration = Duration::from_secs(60);
/// Rows that are pruned at once.
const PRUNED: i64 = 200;

/// What came of a form that was sent: where a second sending leads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ended {
    pub to: String,
    pub messages: Vec<Message>,
}

/// What is remembered of a build.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub state: Option<State>,
    pub is_claimed: bool,
    pub ended: Option<Ended>,
}

/// A build of a form that was shown to a browser.
#[derive(Clone, Copy, Debug)]
pub(super) struct Build<'a> {
    pub id: Uuid,
    pub form: &'a str,
    /// A digest of the browser's key.
    pub binding: &'a str,
    pub expires: Timestamp,
}

#[derive(FromRow)]
struct Row {
    state: Option<db::Json<Json>>,
    claimed: Option<i64>,
    outcome: Option<db::Json<Json>>,
}

pub(super) async fn load(db: &Db, build: Build<'_>, now: Timestamp) -> db::Result<Known> {
    let statement = sql(
        "SELECT state, claimed, outcome FROM form_state \
         WHERE build_id = $1 AND form_id = $2 AND binding = $3 AND expires > $4",
        (build.id, build.form, build.binding, now),
    );
    let row: Option<Row> = db.fetch_optional(statement.named("form.load")).await?;
    // What another version of the program has written and this one can't read is as if it were not there.
    Ok(row.map_or_else(Known::default, |row| Known {
        state: row.state.and_then(|state| serde_json::from_value(state.0).ok()),
        is_claimed: row
            .claimed
            .is_some_and(|claimed| claimed > now.minus(LEASE).as_millis()),
        ended: row.outcome.and_then(|ended| serde_json::from_value(ended.0).ok()),
    }))
}

/// Makes the submission this caller's alone; false where another has it, or has ended it.
pub(super) async fn claim(db: &Db, build: Build<'_>, now: Timestamp) -> db::Result<bool> {
    let statement = sql(
        "INSERT INTO form_state (build_id, form_id, binding, claimed, expires) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (build_id) DO UPDATE SET claimed = excluded.claimed \
         WHERE form_state.outcome IS NULL AND (form_state.claimed IS NULL OR form_state.claimed <= $6)",
        (
            build.id,
            build.form,
            build.binding,
            now,
            build.expires,
            now.minus(LEASE),
        ),
    );
    Ok(db.execute(statement.named("form.claim")).await? > 0)
}

/// Keeps the state for the next page, and gives the claim back.
pub(super) async fn keep(db: &Db, build: Build<'_>, state: &Json) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO form_state (build_id, form_id, binding, state, expires) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (build_id) DO UPDATE SET state = excluded.state, claimed = NULL, expires = excluded.expires",
        (build.id, build.form, build.binding, state.clone(), build.expires),
    );
    db.execute(statement.named("form.keep")).await.map(drop)
}

/// Gives the claim back.
pub(super) async fn release(db: &Db, build: Uuid) -> db::Result<()> {
    let statement = sql(
        "UPDATE form_state SET claimed = NULL WHERE build_id = $1",
        (build,),
    );
    db.execute(statement.named("form.release")).await.map(drop)
}

/// Writes down what came of it. The state is not needed any more.
pub(super) async fn finish(db: &Db, build: Uuid, ended: &Json) -> db::Result<()> {
    let statement = sql(
        "UPDATE form_state SET outcome = $2, state = NULL WHERE build_id = $1",
        (build, ended.clone()),
    );
    db.execute(statement.named("form.finish")).await.map(drop)
}

/// Removes some of what has expired, and says how many rows that were.
pub(super) async fn prune(db: &Db, now: Timestamp) -> db::Result<u64> {
    let statement = sql(
        "DELETE FROM form_state WHERE build_id IN \
         (SELECT build_id FROM form_state WHERE expires <= $1 ORDER BY expires LIMIT $2)",
        (now, PRUNED),
    );
    db.execute(statement.named("form.prune")).await
}
