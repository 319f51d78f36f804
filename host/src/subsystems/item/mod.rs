//! Items: everything that anyone may do with content.
//!
//! The one door for the web, plugins, the command line and imports. It must not know who knocks.

mod access;
mod admin;
mod authors;
mod convert;
mod error;
mod host;
mod lent;
mod model;
mod readers;
mod routes;
mod store;
mod stored;
mod validate;
mod view;

use std::sync::Arc;

use uuid::Uuid;

use super::access::Group;
use super::alias::Aliases;
use super::audit::{Audit, Entry};
use super::cache::Cache;
use super::format::Formats;
use super::item_type::ItemTypes;
use super::theme::Themes;
use super::{Interface, Linked, Session, Subsystem};
use crate::db::Db;
use crate::kernel::Tap;
use crate::taps;
use crate::time::{Clock, Ids};
use crate::wit;
use crate::wit::saving::SaveOperation;

pub use access::Operation;
pub use convert::{parse_id, value_from};
pub use error::{Error, FieldError};
pub use lent::{Lent, WithItem};
pub use model::{Item, Order, Page, Query, Revision, Value, ViewMode};
pub use routes::page;
pub use view::{FeedEntry, Shown};

/// The items of the site.
pub struct Items {
    /// Where items are stored.
    pub(super) db: Db,
    /// The time of saves.
    pub(super) clock: Clock,
    /// Where identifiers come from.
    pub(super) ids: Ids,
    /// The content types.
    pub(super) types: Arc<ItemTypes>,
    /// The paths of items.
    pub(super) aliases: Arc<Aliases>,
    /// Where the tags of saved items are invalidated.
    pub(super) cache: Arc<Cache>,
    /// The text formats of long text.
    pub(super) formats: Arc<Formats>,
    /// The templates of items.
    pub(super) themes: Arc<Themes>,
    /// Where publishing and deleting are recorded.
    pub(super) audit: Arc<Audit>,
}

impl Items {
    /// Loads an item that whoever asks may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that does not exist and for one that may not be seen.
    #[tracing::instrument(name = "item.find", level = "debug", skip_all, fields(item.id = %id))]
    pub async fn find(&self, session: &Session, id: Uuid) -> Result<Item, Error> {
        let item = self.load(session, id).await?.ok_or(Error::NotFound)?;
        let (item, allowed) = self.may(session, Box::new(item), Operation::View).await;
        if allowed { Ok(*item) } else { Err(Error::NotFound) }
    }

    /// Loads an item whoever asks, as the session's stage shows it.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn load(&self, session: &Session, id: Uuid) -> Result<Option<Item>, Error> {
        Ok(store::load(&self.db, &self.types, id, session.request().stage).await?)
    }

    /// Loads those of several items that whoever asks may see, in the order asked, by one query.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn find_many(&self, session: &Session, ids: &[Uuid]) -> Result<Vec<Item>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let loaded = store::load_many(&self.db, &self.types, ids, session.request().stage).await?;
        let mut visible = Vec::with_capacity(loaded.len());
        for item in loaded {
            let (item, allowed) = self.may(session, Box::new(item), Operation::View).await;
            if allowed {
                visible.push(*item);
            }
        }
        Ok(visible)
    }

    /// Lists items that whoever asks may see by their status; taps that deny single items are asked when those
    /// are loaded.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.query", level = "debug", skip_all)]
    pub async fn query(&self, session: &Session, query: &Query) -> Result<Page, Error> {
        let request = session.request();
        if !request.account.may("access content") {
            return Ok(Page::default());
        }
        Ok(store::query(&self.db, query, access::sees(&request.account), request.stage).await?)
    }

    /// A new item of a content type, with the type's defaults. Nothing is stored.
    ///
    /// # Errors
    /// [`Error::UnknownType`].
    pub fn blank(&self, session: &Session, item_type: &str, title: String) -> Result<Item, Error> {
        let of = self
            .types
            .get(item_type)
            .ok_or_else(|| Error::UnknownType(item_type.to_owned()))?;
        let account = &session.request().account;
        let now = self.clock.now();
        let defaults = of
            .fields
            .iter()
            .map(|field| (field.name.clone(), field.default_values.clone()));
        Ok(Item {
            id: self.ids.next(),
            item_type: Arc::from(item_type),
            title,
            author: account.id,
            published: of.published,
            promoted: of.promoted,
            sticky: false,
            created: now,
            changed: now,
            revision: Uuid::nil(),
            fields: stored::decode(serde_json::Value::Object(defaults.collect()), &of),
            author_name: account.name.to_string(),
            alias: None,
        })
    }

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
        if log_message.contains('\0') {
            let problem = FieldError::new("log-message", validate::NUL);
            return (item, Err(Error::Invalid(vec![problem])));
        }
        let (mut item, ready) = self.prepare(session, item, operation).await;
        if let Err(error) = ready {
            return (item, Err(error));
        }
        let base = std::mem::replace(&mut item.revision, self.ids.next());
        item.changed = self.clock.now();
        if let Err(error) = self.write(session, &mut item, base, log_message).await {
            item.revision = base;
            return (item, Err(error));
        }
        self.aliases.forget(&item);
        self.cache.invalidate(&item.cache_tags()).await;
        let revision = item.revision;
        let item = match operation {
            SaveOperation::Insert => self.notify::<taps::ItemInsert>(session, item).await,
            SaveOperation::Update => self.notify::<taps::ItemUpdate>(session, item).await,
        };
        (item, Ok(revision))
    }

    /// Everything of a save before something is written.
    async fn prepare(
        &self,
        session: &Session,
        item: Box<Item>,
        operation: SaveOperation,
    ) -> (Box<Item>, Result<(), Error>) {
        let allowed = self.may_save(session, &item, operation).await;
        if let Err(error) = allowed.and_then(|()| self.validate(&item)) {
            return (item, Err(error));
        }
        if !session.has::<taps::ItemPresave>() {
            return (item, Ok(()));
        }
        let (item, verdict) = presave(session, item, operation).await;
        let valid = verdict.and_then(|()| self.validate(&item));
        (item, valid)
    }

    /// Whether whoever asks may save this: a new item by its type, another by what is stored of it, since the copy at
    /// hand may say anything.
    async fn may_save(&self, session: &Session, item: &Item, operation: SaveOperation) -> Result<(), Error> {
        let allowed = match operation {
            SaveOperation::Insert => access::may_create(&session.request().account, &item.item_type),
            SaveOperation::Update => {
                let stored = self.load(session, item.id).await?.ok_or(Error::NotFound)?;
                self.may(session, Box::new(stored), Operation::Edit).await.1
            }
        };
        if allowed {
            Ok(())
        } else {
            let denied = format!("you may not save content of the type '{}'", item.item_type);
            Err(Error::Denied(denied))
        }
    }

    fn validate(&self, item: &Item) -> Result<(), Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let problems = validate::problems(item, &of);
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(problems))
        }
    }

    async fn write(
        &self,
        session: &Session,
        item: &mut Item,
        base: Uuid,
        log_message: &str,
    ) -> Result<(), Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let request = session.request();
        let mut tx = self.db.begin().await?;
        if base.is_nil() {
            store::insert(&mut tx, item, &of, request.stage).await?;
        } else if !store::update(&mut tx, item, &of, base).await? {
            return Err(Error::Conflict);
        }
        let was_published = !base.is_nil() && store::was_published(&mut tx, base).await?;
        if was_published != item.published {
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
            None if base.is_nil() => item.alias = self.aliases.make(&mut tx, item, &of).await?,
            Some(alias) if !self.aliases.set(&mut tx, alias, item.id).await? => {
                let taken = format!("the path /{alias} is taken or belongs to the site itself");
                return Err(Error::Invalid(vec![FieldError::new("path", taken)]));
            }
            _ => {}
        }
        tx.commit().await?;
        Ok(())
    }

    /// Deletes an item with all its revisions and paths, then tells the `item-delete` taps.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    #[tracing::instrument(name = "item.delete", level = "debug", skip_all, fields(item.id = %id))]
    pub async fn delete(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let item = Box::new(self.find(session, id).await?);
        let (item, allowed) = self.may(session, item, Operation::Delete).await;
        if !allowed {
            return Err(Error::Denied("you may not delete this item".to_owned()));
        }
        let mut tx = self.db.begin().await?;
        if !store::delete(&mut tx, id).await? {
            return Err(Error::NotFound);
        }
        let entry = Entry::new("item.delete").on("item", id, item.title.as_str());
        self.audit.record_in(&mut tx, session.request(), entry).await?;
        tx.commit().await?;
        self.aliases.forget(&item);
        self.cache.invalidate(&item.cache_tags()).await;
        self.notify::<taps::ItemDelete>(session, item).await;
        Ok(())
    }

    /// The revisions of an item that whoever asks may edit, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    pub async fn revisions(
        &self,
        session: &Session,
        id: Uuid,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<Revision>, Error> {
        let item = Box::new(self.find(session, id).await?);
        let (_, allowed) = self.may(session, item, Operation::Edit).await;
        if !allowed {
            return Err(Error::Denied(
                "you may not see the revisions of this item".to_owned(),
            ));
        }
        Ok(store::revisions(&self.db, id, offset, limit).await?)
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

/// Asks the `item-presave` taps. One that fails refuses, like one that says so.
async fn presave(
    session: &Session,
    item: Box<Item>,
    operation: SaveOperation,
) -> (Box<Item>, Result<(), Error>) {
    let untouched = item.clone();
    let mut input = WithItem::new(item, |handle| (handle, operation));
    let judge = |plugin: &Arc<super::Plugin>, answer: Result<_, crate::kernel::Failure>| {
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

impl Subsystem for Items {
    fn interfaces() -> Vec<Interface> {
        vec![
            Interface::open("item", |linker| {
                wit::item::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())?;
                readers::link(linker)
            }),
            Interface::granted(
                "items",
                "find and read the content that the current user may see",
                |linker| wit::items::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view()),
            ),
        ]
    }

    fn routes() -> axum::Router<super::Site> {
        routes::routes()
    }

    fn permissions(&self) -> Option<Group> {
        Some(Group::new("Content", access::permissions(&self.types.all())))
    }

    fn admin_pages() -> Vec<super::admin::AdminPage> {
        admin::pages()
    }
}
