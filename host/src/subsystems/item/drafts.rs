//! What somebody has typed into an item's form and not saved: theirs alone, kept until they save or drop it.

use std::time::Duration;

use uuid::Uuid;

use super::{Error, Items};
use crate::db::{FromRow, Json, sql};
use crate::subsystems::Session;
use crate::subsystems::form::{Value, Values};
use crate::time::Timestamp;

/// Bytes of a draft, as JSON.
const SIZE_LIMIT: usize = 4 << 20;
/// How long a draft is kept.
const AGE: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// What somebody has typed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The revision that they began with; nil for a new item.
    pub base: Uuid,
    /// What they typed.
    pub typed: Values,
    /// When it was kept.
    pub saved: Timestamp,
}

/// Files don't outlast the request that they came with.
fn without_files(mut typed: Values) -> Values {
    fn strip(values: &mut Values) {
        let files = values
            .iter()
            .filter(|(_, value)| matches!(value, Value::Files(_)));
        let names: Vec<String> = files.map(|(name, _)| name.to_owned()).collect();
        values.retain(|name| !names.iter().any(|file| file == name));
    }
    strip(&mut typed);
    typed.each_row(strip);
    typed
}

#[derive(FromRow)]
struct Row {
    base: Uuid,
    typed: Json<Values>,
    saved: Timestamp,
}

impl Items {
    /// Keeps what whoever asks has typed about a subject: an item's identifier, or `add:` and a content type. It takes
    /// the place of what was kept before. Nothing is kept for visitors who are not signed in.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it is too large; [`Error::Db`].
    pub async fn keep_draft(
        &self,
        session: &Session,
        subject: &str,
        base: Uuid,
        typed: &Values,
    ) -> Result<(), Error> {
        let account = &session.request().account;
        if account.id.is_nil() {
            return Ok(());
        }
        let json = serde_json::to_value(without_files(typed.clone()))
            .map_err(|error| crate::db::Error::Other(error.into()))?;
        if json.to_string().len() > SIZE_LIMIT {
            let message = format!("a draft has at most {} MiB", SIZE_LIMIT >> 20);
            return Err(Error::Invalid(vec![super::FieldError::new("", message)]));
        }
        let statement = sql(
            "INSERT INTO item_draft (user_id, subject, base, typed, saved) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (user_id, subject) DO UPDATE SET base = excluded.base, typed = excluded.typed, \
             saved = excluded.saved",
            (account.id, subject, base, json, self.clock.now()),
        );
        self.db.execute(statement.named("item.keep-draft")).await?;
        Ok(())
    }

    /// What whoever asks has kept about a subject.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn draft(&self, session: &Session, subject: &str) -> Result<Option<Draft>, Error> {
        let statement = sql(
            "SELECT base, typed, saved FROM item_draft WHERE user_id = $1 AND subject = $2",
            (session.request().account.id, subject),
        );
        let row: Option<Row> = self.db.fetch_optional(statement.named("item.draft")).await?;
        Ok(row.map(|row| Draft {
            base: row.base,
            typed: row.typed.0,
            saved: row.saved,
        }))
    }

    /// Drops what whoever asks has kept about a subject.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn drop_draft(&self, session: &Session, subject: &str) -> Result<(), Error> {
        let statement = sql(
            "DELETE FROM item_draft WHERE user_id = $1 AND subject = $2",
            (session.request().account.id, subject),
        );
        self.db.execute(statement.named("item.drop-draft")).await?;
        Ok(())
    }

    /// Drops drafts that nobody came back to.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn prune_drafts(&self) -> Result<(), Error> {
        let statement = sql(
            "DELETE FROM item_draft WHERE saved < $1",
            (self.clock.now().minus(AGE),),
        );
        self.db.execute(statement.named("item.prune-drafts")).await?;
        Ok(())
    }
}
