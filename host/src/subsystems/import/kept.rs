//! Comments that imports have found: kept with their items, and shown nowhere, until the site has a place for them.

use std::collections::HashMap;

use uuid::Uuid;

use super::Records;
use crate::db::{self, FromRow, Tx, sql};
use crate::time::Timestamp;

/// A comment that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is known by where it comes from; no two of an item are known by the same.
    pub key: String,
    /// The key of the comment that it answers.
    pub parent: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// The name of whoever wrote it.
    pub author: String,
    /// Their mail address.
    pub mail: Option<String>,
    /// The address of their site.
    pub url: Option<String>,
    /// When it was written.
    pub created: Option<Timestamp>,
    /// Whether it was shown; otherwise it waits for somebody to decide.
    pub approved: bool,
    /// What it says, word for word. Strangers wrote it: whatever looks like HTML in it is to be trusted no more than they.
    pub body: String,
}

/// What a comment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Somebody wrote it.
    Comment,
    /// Another site says that it links here.
    Pingback,
    /// Another site says that it writes about this.
    Trackback,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Comment, Self::Pingback, Self::Trackback];

    fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::Pingback => "pingback",
            Self::Trackback => "trackback",
        }
    }
}

const APPROVED: &str = "approved";
const WAITING: &str = "waiting";

#[derive(FromRow)]
struct Row {
    source_key: String,
    parent: Option<String>,
    kind: String,
    author: String,
    mail: Option<String>,
    url: Option<String>,
    created: Option<Timestamp>,
    state: String,
    body: String,
}

impl From<Row> for Kept {
    fn from(row: Row) -> Self {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == row.kind);
        Self {
            key: row.source_key,
            parent: row.parent,
            kind: kind.unwrap_or(Kind::Comment),
            author: row.author,
            mail: row.mail,
            url: row.url,
            created: row.created,
            approved: row.state == APPROVED,
            body: row.body,
        }
    }
}

impl Records {
    /// The comments that are kept of an item, the oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn kept(&self, item: Uuid) -> db::Result<Vec<Kept>> {
        let statement = sql(
            "SELECT source_key, parent, kind, author, mail, url, created, state, body FROM kept_comment \
             WHERE item_id = $1 ORDER BY COALESCE(created, 0), source_key",
            (item,),
        );
        let rows: Vec<Row> = self.db.fetch_all(statement.named("import.kept")).await?;
        Ok(rows.into_iter().map(Kept::from).collect())
    }

    /// Keeps comments of an item, and none of those with the other keys. What is kept and in neither stays. Says how many
    /// are new or other than before.
    pub(super) async fn keep(
        &self,
        item: Uuid,
        comments: &[Kept],
        gone: impl Iterator<Item = &str> + Send,
    ) -> db::Result<usize> {
        let before = self.kept(item).await?;
        let before: HashMap<&str, &Kept> = before.iter().map(|kept| (kept.key.as_str(), kept)).collect();
        let is_other = |comment: &&Kept| before.get(comment.key.as_str()) != Some(comment);
        let changed: Vec<&Kept> = comments.iter().filter(is_other).collect();
        let gone: Vec<&str> = gone.filter(|key| before.contains_key(key)).collect();
        if changed.is_empty() && gone.is_empty() {
            return Ok(0);
        }
        let mut tx = self.db.begin().await?;
        for key in &gone {
            let statement = sql(
                "DELETE FROM kept_comment WHERE item_id = $1 AND source_key = $2",
                (item, *key),
            );
            tx.execute(statement.named("import.drop-kept")).await?;
        }
        for comment in &changed {
            put(&mut tx, item, comment).await?;
        }
        tx.commit().await?;
        Ok(changed.len() + gone.len())
    }
}

async fn put(tx: &mut Tx, item: Uuid, comment: &Kept) -> db::Result<()> {
    let statement = sql(
        "INSERT INTO kept_comment (item_id, source_key, parent, kind, author, mail, url, created, state, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (item_id, source_key) DO UPDATE SET \
         parent = excluded.parent, kind = excluded.kind, author = excluded.author, mail = excluded.mail, \
         url = excluded.url, created = excluded.created, state = excluded.state, body = excluded.body",
        (
            item,
            comment.key.as_str(),
            comment.parent.as_deref(),
            comment.kind.name(),
            comment.author.as_str(),
            comment.mail.as_deref(),
            comment.url.as_deref(),
            comment.created,
            if comment.approved { APPROVED } else { WAITING },
            comment.body.as_str(),
        ),
    );
    tx.execute(statement.named("import.put-kept")).await.map(drop)
}
