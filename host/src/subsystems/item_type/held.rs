//! Content types changed together with other things, in a transaction of whoever changes them.

use std::sync::Arc;

use tokio::sync::MutexGuard;

use super::{Error, Field, ItemType, ItemTypes, Stored, store};
use crate::db::Tx;
use crate::subsystems::Session;
use crate::subsystems::cache::Recorded;
use crate::subsystems::item::FieldError;

/// Content types that nobody else changes meanwhile.
pub struct Held<'a> {
    types: &'a ItemTypes,
    _changing: MutexGuard<'a, ()>,
}

impl ItemTypes {
    /// Holds the content types until the transaction is over. To be asked for before the transaction begins.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn hold(&self, session: &Session) -> Result<Held<'_>, Error> {
        Ok(Held {
            _changing: self.begin(session).await?,
            types: self,
        })
    }

    /// A content type as it is when it comes in the place of the one of its name: fields that it has no more wait to be
    /// purged, and those that wait and are wanted again come back with their values.
    ///
    /// # Errors
    /// [`Error::Invalid`] where something of it is being purged, or waits with another type.
    pub fn in_place(&self, of: ItemType) -> Result<ItemType, Error> {
        let name = of.name.clone();
        Ok(match self.known().types.get(&name) {
            Some(present) => take_over(present, of)?,
            None => of,
        })
    }
}

fn take_over(present: &Stored, mut of: ItemType) -> Result<ItemType, Error> {
    let old = &present.of;
    if old.purging.contains(&old.name) {
        return Err(invalid(
            "name",
            "a type of this name is being purged; wait until that is done",
        ));
    }
    let is_wanted = |field: &&Field| of.field(&field.name).is_some();
    for field in old.removed.iter().filter(is_wanted) {
        if old.purging.contains(&field.name) {
            let place = format!("{}.name", field.name);
            return Err(invalid(
                &place,
                "a field of this name is being purged; wait until that is done",
            ));
        }
    }
    // What the deleted type holds in its fields comes back with it.
    let hidden = old.fields.iter().filter(|_| present.deleted.is_some());
    for field in hidden.chain(&old.removed).filter(is_wanted) {
        let kind = of.field(&field.name).map(|wanted| wanted.base().key());
        if kind != Some(field.base().key()) {
            let place = format!("{}.type", field.name);
            return Err(invalid(
                &place,
                "a field of this name and another type was removed, and its values are kept; purge it first, or choose \
                 another name",
            ));
        }
    }
    let gone = old.removed.iter().chain(&old.fields);
    let gone: Vec<Field> = gone.filter(|field| !is_wanted(field)).cloned().collect();
    of.purging = old.purging.clone();
    of.removed = gone;
    Ok(of)
}

fn invalid(place: &str, words: &str) -> Error {
    Error::Invalid(vec![FieldError::new(place, words)])
}

impl Held<'_> {
    /// Stores a content type: a new one, or one in the place of that of its name.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub async fn put(&self, tx: &mut Tx, session: &Session, of: ItemType) -> Result<Recorded, Error> {
        let name = of.name.clone();
        let of = Arc::new(self.types.in_place(of)?);
        let present = self.types.known().types.get(&name).cloned();
        let verb = match &present {
            None => "item-type.create",
            Some(present) if present.deleted.is_some() => "item-type.restore",
            Some(_) => "item-type.change",
        };
        let stored = Stored {
            of,
            owner: present.as_ref().and_then(|present| present.owner.clone()),
            declared: present.and_then(|present| present.declared),
            deleted: None,
        };
        self.types.put_in(tx, session, &stored, verb).await
    }

    /// Deletes a content type. Its items are kept until it is purged.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete(&self, tx: &mut Tx, session: &Session, name: &str) -> Result<Recorded, Error> {
        let mut stored = self.types.find(name).ok_or(Error::NotFound)?;
        stored.deleted = Some(self.types.clock.now());
        self.types.put_in(tx, session, &stored, "item-type.delete").await
    }

    /// Has what was stored hold, when the transaction is committed.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn take_effect(self) -> Result<(), Error> {
        self.types.take_up(store::load(&self.types.db).await?);
        self.types.changes.tell().await;
        Ok(())
    }
}
