//! Named locks between nodes: a row that belongs to one holder for a time.
//!
//! A lease that isn't renewed ends by itself, so a node that dies blocks nobody for longer than its term. A holder
//! that was paused may not notice that its lease has ended: what it writes outside this database carries the
//! [token](Lease::token), which grows with every holder, and whoever receives it refuses a smaller one.
//!
//! Names come from a bounded set (`cron`, `search.rebuild`): the row stays when a lease ends, or tokens would begin
//! anew. The times are those of the nodes' clocks, which should agree to well within a term.

use std::time::Duration;

use uuid::Uuid;

use super::{Db, Result, sql};
use crate::time::Timestamp;

/// A lock that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What is locked.
    pub name: String,
    /// Who holds it: an id that was made for this holder.
    pub owner: Uuid,
    /// Grows with every holder of this name.
    pub token: i64,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
}

/// Takes the lock `name` for `owner` until `now` plus `term`. A holder can't take it twice: it renews.
///
/// # Returns
/// The lease, or none while another is in force.
pub async fn acquire(
    db: &Db,
    name: &str,
    owner: Uuid,
    now: Timestamp,
    term: Duration,
) -> Result<Option<Lease>> {
    let expires_at = now.plus(term);
    let take = sql(
        "INSERT INTO lease (name, owner, token, expires_at) VALUES ($1, $2, 1, $3) \
         ON CONFLICT (name) DO UPDATE \
         SET owner = excluded.owner, token = lease.token + 1, expires_at = excluded.expires_at \
         WHERE lease.expires_at <= $4 RETURNING token",
        (name, owner, expires_at, now),
    );
    let token = db.fetch_optional::<(i64,)>(take.named("lease.acquire")).await?;
    Ok(token.map(|(token,)| Lease {
        name: name.to_owned(),
        owner,
        token,
        expires_at,
    }))
}

/// Extends a lease until `now` plus `term`.
///
/// # Returns
/// The extended lease, or none if it has ended: its holder must stop what it does.
pub async fn renew(db: &Db, lease: &Lease, now: Timestamp, term: Duration) -> Result<Option<Lease>> {
    let expires_at = now.plus(term);
    let extend = sql(
        "UPDATE lease SET expires_at = $1 WHERE name = $2 AND owner = $3 AND token = $4 AND expires_at > $5",
        (expires_at, lease.name.as_str(), lease.owner, lease.token, now),
    );
    let renewed = db.execute(extend.named("lease.renew")).await?;
    Ok((renewed > 0).then(|| Lease {
        expires_at,
        ..lease.clone()
    }))
}

/// Ends a lease. One that has ended or is another's by now stays as it is.
pub async fn release(db: &Db, lease: &Lease) -> Result<()> {
    let end = sql(
        "UPDATE lease SET expires_at = 0 WHERE name = $1 AND owner = $2 AND token = $3",
        (lease.name.as_str(), lease.owner, lease.token),
    );
    db.execute(end.named("lease.release")).await.map(drop)
}
