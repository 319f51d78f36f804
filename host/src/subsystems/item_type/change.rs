//! Content types changed by those who administer them.
//!
//! What goes is not lost at once: a deleted type and a field that was taken out keep their data until somebody purges it.
//! Purging is work of the background, done by parts.

use std::sync::Arc;

use super::{ADMINISTER, Error, Field, ItemType, ItemTypes, Stored, check, store};
use crate::db::Tx;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry;
use crate::subsystems::cache::Recorded;
use crate::subsystems::item::{ANY_ITEM, FieldError};

/// Rows that one step of purging changes.
const STEP: u32 = 200;

/// How much content there is of a type or with a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Items.
    pub items: u64,
    /// Revisions.
    pub revisions: u64,
}

impl ItemTypes {
    /// Makes a content type.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::Invalid`], [`Error::Taken`].
    pub async fn create(&self, session: &Session, of: ItemType) -> Result<(), Error> {
        let _changing = self.begin(session).await?;
        if self.known().types.contains_key(&of.name) {
            return Err(Error::Taken(of.name));
        }
        let stored = Stored {
            of: Arc::new(of),
            owner: None,
            declared: None,
            deleted: None,
        };
        self.put(session, stored, "item-type.create").await
    }

    /// Changes a content type. A later declaration of its plugin leaves alone what was changed.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`], [`Error::Invalid`].
    pub async fn change(
        &self,
        session: &Session,
        name: &str,
        change: impl FnOnce(&mut ItemType) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let _changing = self.begin(session).await?;
        let mut stored = self.find(name).ok_or(Error::NotFound)?;
        let of = Arc::make_mut(&mut stored.of);
        change(of)?;
        of.name = name.to_owned();
        self.put(session, stored, "item-type.change").await
    }

    /// Takes a field out of a content type. Its values are kept until they are purged.
    ///
    /// # Errors
    /// As [`ItemTypes::change`].
    pub async fn remove_field(&self, session: &Session, name: &str, field: &str) -> Result<(), Error> {
        let take = |of: &mut ItemType| {
            let at = of
                .fields
                .iter()
                .position(|known| known.name == field)
                .ok_or(Error::NotFound)?;
            let gone = of.fields.remove(at);
            of.removed.push(gone);
            Ok(())
        };
        self.change(session, name, take).await
    }

    /// Puts a field back that was taken out, with the values that items had.
    ///
    /// # Errors
    /// As [`ItemTypes::change`].
    pub async fn restore_field(&self, session: &Session, name: &str, field: &str) -> Result<(), Error> {
        let put = |of: &mut ItemType| {
            let gone = removed(of, field)?;
            of.purging.retain(|name| name != field);
            of.fields.push(gone);
            Ok(())
        };
        self.change(session, name, put).await
    }

    /// Has the values of a field that was taken out removed from all items and revisions, for good.
    ///
    /// # Errors
    /// As [`ItemTypes::change`].
    pub async fn purge_field(&self, session: &Session, name: &str, field: &str) -> Result<(), Error> {
        let mark = |of: &mut ItemType| {
            let known = of.removed.iter().any(|gone| gone.name == field);
            if !known {
                return Err(Error::NotFound);
            }
            if !of.purging.iter().any(|name| name == field) {
                of.purging.push(field.to_owned());
            }
            Ok(())
        };
        self.change(session, name, mark).await
    }

    /// Deletes a content type. Its items are not shown any more; they are kept until the type is purged.
    ///
    /// # Errors
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn delete(&self, session: &Session, name: &str) -> Result<(), Error> {
        let _changing = self.begin(session).await?;
        let mut stored = self.find(name).ok_or(Error::NotFound)?;
        stored.deleted = Some(self.clock.now());
        self.put(session, stored, "item-type.delete").await
    }

    /// Takes a deletion back.
    ///
    /// # Errors
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn restore(&self, session: &Session, name: &str) -> Result<(), Error> {
        let _changing = self.begin(session).await?;
        let mut stored = self.deleted(name)?;
        stored.deleted = None;
        Arc::make_mut(&mut stored.of)
            .purging
            .retain(|purged| purged != name);
        self.put(session, stored, "item-type.restore").await
    }

    /// Has a deleted content type removed with all its items, for good.
    ///
    /// # Errors
    /// [`Error::Denied`] and [`Error::NotFound`].
    pub async fn purge(&self, session: &Session, name: &str) -> Result<(), Error> {
        let _changing = self.begin(session).await?;
        let mut stored = self.deleted(name)?;
        Arc::make_mut(&mut stored.of).purging.push(name.to_owned());
        self.put(session, stored, "item-type.purge").await
    }

    fn deleted(&self, name: &str) -> Result<Stored, Error> {
        let known = self.known();
        let stored = known.types.get(name).filter(|stored| stored.deleted.is_some());
        stored.cloned().ok_or(Error::NotFound)
    }

    /// The deleted types that are not being purged yet.
    #[must_use]
    pub fn trash(&self) -> Vec<Arc<ItemType>> {
        let known = self.known();
        let gone = known.types.values().filter(|stored| stored.deleted.is_some());
        gone.map(|stored| stored.of.clone()).collect()
    }

    /// How much there is of a content type.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn usage(&self, name: &str) -> Result<Usage, Error> {
        Ok(store::usage(&self.db, name).await?)
    }

    /// How much there is with a field.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn usage_of_field(&self, name: &str, field: &str) -> Result<Usage, Error> {
        Ok(store::usage_of_field(&self.db, name, field).await?)
    }

    /// How many items there are of each type.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn counts(&self) -> Result<std::collections::BTreeMap<String, u64>, Error> {
        Ok(store::counts(&self.db).await?)
    }

    pub(super) async fn begin(&self, session: &Session) -> Result<tokio::sync::MutexGuard<'_, ()>, Error> {
        if !session.request().account.may(ADMINISTER) {
            return Err(Error::Denied);
        }
        let changing = self.changing.lock().await;
        // Another node may have been faster.
        self.take_up(store::load(&self.db).await?);
        Ok(changing)
    }

    async fn put(&self, session: &Session, stored: Stored, verb: &'static str) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let dropped = self.put_in(&mut tx, session, &stored, verb).await?;
        tx.commit().await?;
        self.take_up(store::load(&self.db).await?);
        self.cache.take_effect(dropped).await;
        self.changes.tell().await;
        Ok(())
    }

    /// Stores a type and records that, together with what else the transaction does.
    pub(super) async fn put_in(
        &self,
        tx: &mut Tx,
        session: &Session,
        stored: &Stored,
        verb: &'static str,
    ) -> Result<Recorded, Error> {
        let problems: Vec<FieldError> = check::problems(&stored.of);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        store::advance(tx).await?;
        store::save(tx, stored, self.clock.now()).await?;
        let entry = Entry::new(verb).on("item-type", &stored.of.name, stored.of.label.as_str());
        self.audit.record_in(tx, session.request(), entry).await?;
        Ok(self.cache.record(tx, &tags(&stored.of.name)).await?)
    }

    /// Goes on with purging: a step for everything that is to be purged. Any node may do it at any time.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn work(&self) -> Result<(), Error> {
        let known = self.known();
        for stored in known.types.values() {
            for name in &stored.of.purging {
                if *name == stored.of.name && stored.deleted.is_some() {
                    self.purge_type(stored).await?;
                } else {
                    self.purge_values(stored, name).await?;
                }
            }
        }
        Ok(())
    }

    async fn purge_type(&self, stored: &Stored) -> Result<(), Error> {
        let name = &stored.of.name;
        if store::delete_items(&self.db, name, STEP).await? > 0 {
            self.cache.invalidate(&tags(name)).await;
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        let mut tx = self.db.begin().await?;
        store::advance(&mut tx).await?;
        store::delete(&mut tx, name).await?;
        tx.commit().await?;
        self.take_up(store::load(&self.db).await?);
        Ok(())
    }

    async fn purge_values(&self, stored: &Stored, field: &str) -> Result<(), Error> {
        if store::strip(&self.db, &stored.of.name, field, STEP).await? > 0 {
            return Ok(());
        }
        let _changing = self.changing.lock().await;
        let Some(mut stored) = self.find(&stored.of.name) else {
            return Ok(());
        };
        let of = Arc::make_mut(&mut stored.of);
        of.purging.retain(|purged| purged != field);
        of.removed.retain(|gone| gone.name != field);
        Ok(self.store(vec![stored]).await?)
    }
}

/// What is invalid when a content type changes.
fn tags(item_type: &str) -> [String; 2] {
    [format!("item-type:{item_type}"), ANY_ITEM.to_owned()]
}

fn removed(of: &mut ItemType, field: &str) -> Result<Field, Error> {
    let at = of
        .removed
        .iter()
        .position(|gone| gone.name == field)
        .ok_or(Error::NotFound)?;
    Ok(of.removed.remove(at))
}
