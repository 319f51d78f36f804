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
pub(super) const LEASE: Duration = Duration::from_secs(60);
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
    /// Grows with each state that is kept.
    written: Timestamp,
}

impl Known {
    /// Together with what is known elsewhere.
    pub fn or(self, other: Self) -> Self {
        let (newer, older) = if other.written > self.written {
            (other, self)
        } else {
            (self, other)
        };
        Self {
            state: newer.state.or(older.state),
            is_claimed: newer.is_claimed || older.is_claimed,
            ended: newer.ended.or(older.ended),
            written: newer.written,
        }
    }
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

/// What was written of a build, wherever.
pub(super) struct Row {
    pub state: Option<Json>,
    pub claimed: Option<i64>,
    pub outcome: Option<Json>,
    pub expires: Timestamp,
}

impl Row {
    /// What another version of the program has written and this one can't read is as if it were not there.
    pub fn known(self, now: Timestamp) -> Known {
        Known {
            state: self.state.and_then(|state| serde_json::from_value(state).ok()),
            is_claimed: self
                .claimed
                .is_some_and(|claimed| claimed > now.minus(LEASE).as_millis()),
            ended: self.outcome.and_then(|ended| serde_json::from_value(ended).ok()),
            written: self.expires,
        }
    }
}

#[derive(FromRow)]
struct Stored {
    state: Option<db::Json<Json>>,
    claimed: Option<i64>,
    outcome: Option<db::Json<Json>>,
    expires: Timestamp,
}

pub(super) async fn load(db: &Db, build: Build<'_>, now: Timestamp) -> db::Result<Known> {
    let statement = sql(
        "SELECT state, claimed, outcome, expires FROM form_state \
         WHERE build_id = $1 AND form_id = $2 AND binding = $3 AND expires > $4",
        (build.id, build.form, build.binding, now),
    );
    let stored: Option<Stored> = db.fetch_optional(statement.named("form.load")).await?;
    let known = stored.map(|stored| {
        let row = Row {
            state: stored.state.map(|state| state.0),
            claimed: stored.claimed,
            outcome: stored.outcome.map(|outcome| outcome.0),
            expires: stored.expires,
        };
        row.known(now)
    });
    Ok(known.unwrap_or_default())
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
pub(super) async fn finish(db: &Db, build: Build<'_>, ended: &Json) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO form_state (build_id, form_id, binding, outcome, expires) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (build_id) DO UPDATE SET outcome = excluded.outcome, state = NULL",
        (build.id, build.form, build.binding, ended.clone(), build.expires),
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
