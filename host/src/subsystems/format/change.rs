//! Text formats changed by those who administer the site.

use std::sync::Arc;

use super::{ADMINISTER, Definition, Error, Formats, PLAIN, store};
use crate::db::{self, Db, Tx};
use crate::subsystems::Session;
use crate::subsystems::audit::{Audit, Entry};
use crate::subsystems::change::Changes;
use crate::time::Clock;
use crate::web;

/// What formats that can be changed work with.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The word to other nodes.
    pub changes: Arc<Changes>,
    /// Where changes are recorded.
    pub audit: Arc<Audit>,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Parts")
    }
}

/// Why a text format was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Whoever asks may not do this.
    #[error("this needs the permission '{ADMINISTER}'")]
    Denied,
    /// There is none of this name.
    #[error("there is no such text format")]
    NotFound,
    /// The definition is unsafe or makes no sense.
    #[error(transparent)]
    Definition(#[from] Error),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<Refusal> for web::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Denied => Self::Denied,
            Refusal::NotFound => Self::NotFound,
            Refusal::Db(error) => error.into(),
            Refusal::Definition(_) => Self::Bad(refusal.to_string()),
        }
    }
}

impl Formats {
    /// The formats of a site: the built-in ones, and those that it has changed or added.
    ///
    /// # Errors
    /// The database failed, or a stored format is unsafe.
    pub async fn start(parts: Parts) -> Result<Self, Refusal> {
        let mut formats = Self::built_in()?;
        formats.parts = Some(parts.clone());
        formats.take_up(store::load(&parts.db).await?)?;
        Ok(formats)
    }

    fn take_up(&self, (generation, stored): (i64, Vec<Definition>)) -> Result<(), Error> {
        let mut all = Definition::built_in();
        all.retain(|built_in| stored.iter().all(|stored| stored.name != built_in.name));
        all.extend(stored);
        self.replace(all)?;
        self.generation
            .store(generation, std::sync::atomic::Ordering::Release);
        Ok(())
    }

    /// Takes up what other nodes have changed.
    ///
    /// # Errors
    /// The database failed, or a stored format is unsafe: then those before stay.
    pub async fn follow(&self) -> Result<(), Refusal> {
        let Some(parts) = &self.parts else { return Ok(()) };
        if store::generation(&parts.db).await? != self.generation.load(std::sync::atomic::Ordering::Acquire) {
            self.take_up(store::load(&parts.db).await?)?;
        }
        Ok(())
    }

    /// Stores a format: a new one, or one in the place of that of its name.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn save(&self, session: &Session, format: Definition) -> Result<(), Refusal> {
        let mut tx = self.parts(session)?.db.begin().await?;
        self.save_in(&mut tx, session, &format).await?;
        tx.commit().await?;
        self.take_effect().await
    }

    /// As [`Formats::save`], together with what else the transaction does. Whoever commits it has it take effect.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn save_in(&self, tx: &mut Tx, session: &Session, format: &Definition) -> Result<(), Refusal> {
        let parts = self.parts(session)?;
        format.check()?;
        store::advance(tx).await?;
        store::save(tx, format, parts.clock.now()).await?;
        let entry = Entry::new("format.save").on("text-format", &format.name, format.label.as_str());
        Ok(parts.audit.record_in(tx, session.request(), entry).await?)
    }

    /// Removes a format that the site has added, or brings a built-in one back to what it was. Text in a format that is
    /// gone is shown as it was typed, escaped.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn remove(&self, session: &Session, name: &str) -> Result<(), Refusal> {
        let mut tx = self.parts(session)?.db.begin().await?;
        self.remove_in(&mut tx, session, name).await?;
        tx.commit().await?;
        self.take_effect().await
    }

    /// As [`Formats::remove`], together with what else the transaction does. Whoever commits it has it take effect.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn remove_in(&self, tx: &mut Tx, session: &Session, name: &str) -> Result<(), Refusal> {
        let parts = self.parts(session)?;
        store::advance(tx).await?;
        if !store::delete(tx, name).await? {
            return Err(Refusal::NotFound);
        }
        let entry = Entry::new("format.remove").on("text-format", name, name);
        Ok(parts.audit.record_in(tx, session.request(), entry).await?)
    }

    fn parts(&self, session: &Session) -> Result<&Parts, Refusal> {
        if !session.request().account.may(ADMINISTER) {
            return Err(Refusal::Denied);
        }
        self.parts.as_ref().ok_or(Refusal::NotFound)
    }

    /// Has what was stored hold, here and then on the other nodes.
    ///
    /// # Errors
    /// The database failed, or a stored format is unsafe: then those before stay.
    pub async fn take_effect(&self) -> Result<(), Refusal> {
        let Some(parts) = &self.parts else { return Ok(()) };
        self.take_up(store::load(&parts.db).await?)?;
        parts.changes.tell().await;
        Ok(())
    }

    /// Whether a format is one of those that every site has.
    #[must_use]
    pub fn is_built_in(name: &str) -> bool {
        name == PLAIN || Definition::built_in().iter().any(|format| format.name == name)
    }
}
