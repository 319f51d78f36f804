//! Letters that wait, in the database: what was taken to be sent survives the end of the process.
//!
//! Whoever sends a letter holds its row for a time and holds on as long as it tries. A row that nobody holds any more
//! belongs to a process that is gone; whoever finds it goes on. So a letter may be sent twice, and is never lost.

use uuid::Uuid;

use crate::db::{self, Db, FromRow, sql};
use crate::time::Timestamp;

/// Rows that are taken over at once.
const AT_ONCE: i64 = 50;

/// A letter that waits.
#[derive(Clone, Debug, FromRow)]
pub(super) struct Parcel {
    pub id: Uuid,
    /// As RFC 5322 has it.
    pub message: Vec<u8>,
    /// The address that complaints go to.
    pub sender: String,
    /// The address that gets it.
    pub recipient: String,
    /// How often it was tried.
    pub tries: i64,
}

pub(super) async fn insert(db: &Db, parcel: &Parcel, now: Timestamp, until: Timestamp) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO mail_queue (id, message, sender, recipient, tries, created, held_until) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        (
            parcel.id,
            parcel.message.clone(),
            parcel.sender.as_str(),
            parcel.recipient.as_str(),
            parcel.tries,
            now,
            until,
        ),
    );
    db.execute(statement.named("mail.queue")).await.map(drop)
}

/// Holds a letter for longer, and notes how often it was tried.
pub(super) async fn hold(db: &Db, id: Uuid, tries: i64, until: Timestamp) -> db::Result<()> {
    let statement = sql(
        "UPDATE mail_queue SET tries = $2, held_until = $3 WHERE id = $1",
        (id, tries, until),
    );
    db.execute(statement.named("mail.hold")).await.map(drop)
}

pub(super) async fn remove(db: &Db, id: Uuid) -> db::Result<()> {
    let statement = sql("DELETE FROM mail_queue WHERE id = $1", (id,));
    db.execute(statement.named("mail.done")).await.map(drop)
}

/// Takes letters over that nobody holds any more, the oldest first.
pub(super) async fn take_over(db: &Db, now: Timestamp, until: Timestamp) -> db::Result<Vec<Parcel>> {
    let statement = sql(
        "UPDATE mail_queue SET held_until = $2 WHERE held_until <= $1 AND id IN \
         (SELECT id FROM mail_queue WHERE held_until <= $1 ORDER BY created, id LIMIT $3) \
         RETURNING id, message, sender, recipient, tries",
        (now, until, AT_ONCE),
    );
    db.fetch_all(statement.named("mail.take-over")).await
}

/// How many wait on all nodes together.
pub(super) async fn waiting(db: &Db) -> db::Result<i64> {
    let (count,): (i64,) = db
        .fetch_one(sql("SELECT COUNT(*) FROM mail_queue", ()).named("mail.waiting"))
        .await?;
    Ok(count)
}
