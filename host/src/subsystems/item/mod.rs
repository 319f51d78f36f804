//! Items: everything that anyone may do with content.
//!
//! The one door for the web, plugins, the command line and imports. It must not know who knocks.

mod access;
mod admin;
mod authors;
mod convert;
mod declared;
mod diff;
mod drafts;
mod edit;
mod error;
mod full;
mod held;
mod history;
mod host;
mod json;
mod keyed;
mod lent;
pub mod list;
mod memory;
mod model;
mod names;
mod readers;
mod refer;
mod revisions;
mod routes;
mod rows;
mod save;
mod schedule;
mod store;
mod stored;
mod validate;
mod view;
mod words;

use std::sync::Arc;

use uuid::Uuid;

use super::access::Group;
use super::alias::Aliases;
use super::audit::Audit;
use super::cache::Cache;
use super::file::Files;
use super::format::Formats;
use super::item_type::ItemTypes;
use super::theme::Themes;
use super::user::Users;
use super::{Interface, Linked, Session, Subsystem};
use crate::db::Db;
use crate::time::{Clock, Ids};
use crate::wit;

pub use access::{Operation, may_view, permissions};
pub use authors::Written;
pub use convert::{parse_id, value_from};
pub use diff::{Difference, Part, differences};
pub use drafts::Draft;
pub use edit::{default_element, has_default, read_default};
pub use error::{Error, FieldError};
pub use full::Listed;
pub use held::Holder;
pub use history::Past;
pub use lent::{Lent, WithItem};
pub use memory::Memory;
pub use model::{ANY_ITEM, Item, Kept, Order, Page, Query, Revision, Value, ViewMode};
pub use names::Names;
pub use refer::{Pointer, pointers};
pub use routes::page;
pub use stored::{decode_field, encode_field};
pub use validate::{BLOCKS, Block, BlockKind, ITEM_LIMIT, LOG_LIMIT, Member, TITLE_LIMIT, VALUES_LIMIT};
pub use view::{FeedEntry, Shown};
pub use words::in_words;

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
    /// The people that items refer to.
    pub(super) users: Arc<Users>,
    /// The files that items refer to.
    pub(super) files: Arc<Files>,
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

    /// Those of several items that whoever asks may see, in the order asked; what the request has not found already is
    /// loaded by one query.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn find_many(&self, session: &Session, ids: &[Uuid]) -> Result<Vec<Item>, Error> {
        let mut visible: Vec<Item> = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            match session.memory().items.take(*id) {
                Some(item) => visible.push(item),
                // An item that is named twice is handed out once.
                None if ids.iter().take(at).any(|before| before == id) => {}
                None => missing.push(*id),
            }
        }
        if missing.is_empty() {
            return Ok(visible);
        }
        let loaded = store::load_many(&self.db, &self.types, &missing, session.request().stage).await?;
        let seen = self.seen(session, loaded).await;
        if visible.is_empty() {
            return Ok(seen);
        }
        visible.extend(seen);
        visible.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
        Ok(visible)
    }

    /// Those of several items that whoever asks may see.
    async fn seen(&self, session: &Session, items: Vec<Item>) -> Vec<Item> {
        let mut seen = Vec::with_capacity(items.len());
        for item in items {
            let (item, allowed) = self.may(session, Box::new(item), Operation::View).await;
            if allowed {
                seen.push(*item);
            }
        }
        seen
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
        let (fields, _) = stored::decode(serde_json::Value::Object(defaults.collect()), &of);
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
            publish_on: None,
            unpublish_on: None,
            fields,
            kept: Kept::default(),
            author_name: account.name.to_string(),
            alias: None,
        })
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
}

impl Subsystem for Items {
    fn interfaces() -> Vec<Interface> {
        vec![
            Interface::open("item", |linker| {
                wit::item::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())?;
                readers::link(linker)
            }),
            Interface::open("item-fields", |linker| {
                wit::item_fields::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
            }),
            Interface::open("form-subject", |linker| {
                wit::form_subject::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
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
        let mut pages = admin::pages();
        pages.extend(edit::pages());
        pages.extend(revisions::pages());
        pages
    }
}
