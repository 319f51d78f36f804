//! Items saved and deleted: what is checked and asked before, and who is told afterwards.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::super::audit::Entry;
use super::super::{Plugin, Session};
use super::{Error, FieldError, Item, Items, Operation, WithItem, access, declared, store, validate};
use crate::kernel::{Failure, Tap};
use crate::taps;
use crate::wit;
use crate::wit::saving::SaveOperation;

impl Items {
    /// Stores an item as a new revision: validates it, asks the `item-presave` taps, writes everything in one
    /// transaction, then tells the `item-insert` or `item-update` taps. Gives the item back, with what the taps
    /// changed, also where it was refused.
    ///
    /// An item carries the revision that it was loaded at; one that was saved by somebody else since is a
    /// [`Error::Conflict`].
    #[tracing::instrument(name = "item.save", level = "debug", skip_all, fields(item.id = %item.id))]
    pub async fn save(
        &self,
        session: &Session,
        item: Box<Item>,
        log_message: &str,
    ) -> (Box<Item>, Result<Uuid, Error>) {
        let operation = if item.revision.is_nil() {
            SaveOperation::Insert
        } else {
            SaveOperation::Update
        };
        if let Some(problem) = wrong_log(log_message) {
            return (item, Err(Error::Invalid(vec![problem])));
        }
        let (mut item, ready) = self.prepare(session, item, operation).await;
        let stored = match ready {
            Ok(stored) => stored,
            Err(error) => return (item, Err(error)),
        };
        let base = std::mem::replace(&mut item.revision, self.ids.next());
        item.changed = self.clock.now();
        if let Err(error) = self
            .write(session, &mut item, stored.as_deref(), log_message)
            .await
        {
            item.revision = base;
            return (item, Err(error));
        }
        let revision = item.revision;
        let item = match operation {
            SaveOperation::Insert => self.notify::<taps::ItemInsert>(session, item).await,
            SaveOperation::Update => self.notify::<taps::ItemUpdate>(session, item).await,
        };
        (item, Ok(revision))
    }

    /// Everything of a save before something is written. Gives what is stored so far.
    async fn prepare(
        &self,
        session: &Session,
        item: Box<Item>,
        operation: SaveOperation,
    ) -> (Box<Item>, Result<Option<Box<Item>>, Error>) {
        let stored = match self.may_save(session, &item, operation).await {
            Ok(stored) => stored,
            Err(error) => return (item, Err(error)),
        };
        if let Err(error) = self.validate(session, &item, stored.as_deref()).await {
            return (item, Err(error));
        }
        if !session.has::<taps::ItemPresave>() {
            return (item, Ok(stored));
        }
        let (item, verdict) = presave(session, item, operation).await;
        let valid = match verdict {
            Ok(()) => self.validate(session, &item, stored.as_deref()).await,
            refused => refused,
        };
        (item, valid.map(|()| stored))
    }

    /// Whether whoever asks may save this: a new item by its type, another by what is stored of it, since the copy at
    /// hand may say anything. One that was saved by somebody else since is a conflict. Gives what is stored.
    async fn may_save(
        &self,
        session: &Session,
        item: &Item,
        operation: SaveOperation,
    ) -> Result<Option<Box<Item>>, Error> {
        let (stored, allowed) = match operation {
            SaveOperation::Insert => (
                None,
                access::may_create(&session.request().account, &item.item_type),
            ),
            SaveOperation::Update => {
                let stored = self.load(session, item.id).await?.ok_or(Error::NotFound)?;
                let (stored, allowed) = self.may(session, Box::new(stored), Operation::Edit).await;
                (Some(stored), allowed)
            }
        };
        if !allowed {
            let denied = format!("you may not save content of the type '{}'", item.item_type);
            return Err(Error::Denied(denied));
        }
        match stored {
            Some(stored) if stored.revision != item.revision => Err(Error::Conflict),
            stored => Ok(stored),
        }
    }

    /// Everything that is wrong with an item, for whoever asks.
    ///
    /// # Errors
    /// [`Error::Invalid`] with all of it; [`Error::UnknownType`]; [`Error::Db`].
    pub async fn validate(&self, session: &Session, item: &Item, stored: Option<&Item>) -> Result<(), Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let formats: BTreeSet<String> = self.formats.names();
        let usable = self.formats.usable(&session.request().account);
        let known = validate::Known {
            formats: &formats,
            usable: &usable,
            stored,
        };
        let mut problems = validate::problems(item, &of, known);
        problems.extend(declared::problems(session, item, &of, &problems).await?);
        problems.extend(self.broken(session, item, &of, stored).await?);
        problems.extend(self.locked(session, item, stored).await?);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(problems))
        }
    }

    /// One transaction of at most eight statements, its beginning and end included.
    async fn write(
        &self,
        session: &Session,
        item: &mut Item,
        stored: Option<&Item>,
        log_message: &str,
    ) -> Result<(), Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let request = session.request();
        let mut tx = self.db.begin().await?;
        match stored {
            None => store::insert(&mut tx, item, &of, request.stage).await?,
            Some(stored) if !store::update(&mut tx, item, &of, stored.revision).await? => {
                return Err(Error::Conflict);
            }
            Some(_) => {}
        }
        if stored.is_some_and(|stored| stored.published) != item.published {
            let entry = if item.published {
                "item.publish"
            } else {
                "item.unpublish"
            };
            let entry = Entry::new(entry).on("item", item.id, item.title.as_str());
            self.audit.record_in(&mut tx, request, entry).await?;
        }
        store::insert_revision(&mut tx, item, &of, request.account.id, log_message).await?;
        match &item.alias {
            None if stored.is_none() => item.alias = self.aliases.make(&mut tx, item, &of).await?,
            Some(alias)
                if stored.is_none_or(|stored| stored.alias.as_ref() != Some(alias))
                    && !self.aliases.set(&mut tx, alias, item.id).await? =>
            {
                let taken = format!("the path /{alias} is taken or belongs to the site itself");
                return Err(Error::Invalid(vec![FieldError::new("path", taken)]));
            }
            _ => {}
        }
        let recorded = self.cache.record(&mut tx, &item.cache_tags()).await?;
        tx.commit().await?;
        self.aliases.forget(item);
        self.cache.take_effect(recorded).await;
        session.memory().items.clear();
        Ok(())
    }

    /// Deletes an item with all its revisions and paths, then tells the `item-delete` taps.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    pub async fn delete(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        self.delete_at(session, id, None).await
    }

    /// Deletes an item as [`Items::delete`] does, if it is still at a revision.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is at another, [`Error::NotFound`] and [`Error::Denied`].
    #[tracing::instrument(name = "item.delete", level = "debug", skip_all, fields(item.id = %id))]
    pub async fn delete_at(&self, session: &Session, id: Uuid, base: Option<Uuid>) -> Result<(), Error> {
        let item = Box::new(self.find(session, id).await?);
        let (item, allowed) = self.may(session, item, Operation::Delete).await;
        if !allowed {
            return Err(Error::Denied("you may not delete this item".to_owned()));
        }
        let mut tx = self.db.begin().await?;
        if !store::delete(&mut tx, id, base).await? {
            return Err(base.map_or(Error::NotFound, |_| Error::Conflict));
        }
        let entry = Entry::new("item.delete").on("item", id, item.title.as_str());
        self.audit.record_in(&mut tx, session.request(), entry).await?;
        let recorded = self.cache.record(&mut tx, &item.cache_tags()).await?;
        tx.commit().await?;
        self.aliases.forget(&item);
        self.cache.take_effect(recorded).await;
        session.memory().items.clear();
        self.notify::<taps::ItemDelete>(session, item).await;
        Ok(())
    }

    /// Tells every plugin that answers the tap; what goes wrong there is logged and undoes nothing.
    async fn notify<T>(&self, session: &Session, item: Box<Item>) -> Box<Item>
    where
        T: Tap<Params = (wasmtime::component::Resource<wit::ItemHandle>,), Return = ()>,
    {
        if !session.has::<T>() {
            return item;
        }
        // A plugin's changes to its copy are nobody's business: the item is stored.
        let mut input = WithItem::new(item.clone(), |handle| (handle,));
        session.collect::<T>(&mut input).await;
        item
    }
}

fn wrong_log(message: &str) -> Option<FieldError> {
    if message.contains('\0') {
        Some(FieldError::new("log-message", validate::NUL))
    } else if message.chars().count() > validate::LOG_LIMIT {
        let most = validate::LOG_LIMIT;
        Some(FieldError::new(
            "log-message",
            format!("the message has at most {most} characters"),
        ))
    } else {
        None
    }
}

/// Asks the `item-presave` taps. One that fails refuses, like one that says so.
async fn presave(
    session: &Session,
    item: Box<Item>,
    operation: SaveOperation,
) -> (Box<Item>, Result<(), Error>) {
    let untouched = item.clone();
    let mut input = WithItem::new(item, |handle| (handle, operation));
    let judge = |plugin: &Arc<Plugin>, answer: Result<_, Failure>| {
        let refused = |reason: String| Error::Refused {
            plugin: plugin.manifest.name.clone(),
            reason,
        };
        match answer {
            Ok((Ok(()),)) => Ok(()),
            Ok((Err(wit::types::Error::Invalid(problems)),)) => Err(Error::Invalid(
                problems
                    .into_iter()
                    .map(|problem| FieldError::new(problem.path, problem.message))
                    .collect(),
            )),
            Ok((Err(error),)) => Err(refused(error.in_words())),
            Err(failure) => Err(refused(format!("it failed: {failure}"))),
        }
    };
    let verdict = session.veto::<taps::ItemPresave, Error>(&mut input, judge).await;
    (input.into_item().unwrap_or(untouched), verdict)
}
