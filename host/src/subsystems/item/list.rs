//! Listings that are read from one position to the next: what comes in between or goes away meanwhile neither repeats
//! nor hides anything else.

mod store;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{Item, Revision};
use super::{Error, Items, Operation, access, store as items};
use crate::subsystems::Session;
use crate::taps;
use crate::time::Timestamp;

/// How often a page is filled up after items were left out that may not be seen.
const ROUNDS: usize = 5;

/// How a value compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Equal,
    /// Another.
    NotEqual,
    /// Smaller, or earlier.
    Less,
    /// Not greater.
    AtMost,
    /// Greater, or later.
    Greater,
    /// Not smaller.
    AtLeast,
}

/// What is asked of an item; all conditions of a listing must hold.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// It is one of these.
    Id(Vec<Uuid>),
    /// It is of one of these content types.
    Type(Vec<String>),
    /// One of these wrote it.
    Author(Vec<Uuid>),
    /// A mark of it is so.
    Flag(Column, bool),
    /// A moment of it compares so.
    Moment(Column, Comparison, Timestamp),
    /// Its title is one of these.
    Title(Vec<String>),
    /// Its title has this text, whatever its case.
    TitleContains(String),
    /// A field has one of these texts among its values.
    Text(String, Vec<String>),
    /// A number, or a moment in milliseconds, of a field of one value compares so.
    Number(String, Comparison, f64),
    /// A field of one value is so.
    Boolean(String, bool),
    /// A field refers to one of these.
    Reference(String, Vec<Uuid>),
}

/// What items can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Column {
    /// When it was made.
    Created,
    /// When it was last saved.
    Changed,
    /// The title, by code points.
    Title,
    /// The machine name of the content type.
    Type,
    /// Whether it is published; yes is greater than no.
    Published,
    /// Whether it appears on the home page.
    Promoted,
    /// Whether it stays at the top.
    Sticky,
}

/// A step of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    /// By what.
    pub by: Column,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// What an item has in a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Moment(i64),
    /// A text.
    Text(String),
}

/// A place in a listing: behind the item that has these keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// What it has in each column of the order.
    pub keys: Vec<Key>,
    /// The item.
    pub id: Uuid,
}

/// Which items, in which order, from where on.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// What is asked of them.
    pub conditions: Vec<Condition>,
    /// The order; ties by identifier, in the direction of the last step.
    pub sort: Vec<Sort>,
    /// Behind what; none for the beginning.
    pub after: Option<Position>,
    /// At most so many.
    pub limit: u32,
}

/// A part of a listing.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The items.
    pub items: Vec<Item>,
    /// Where the next part begins; none at the end.
    pub next: Option<Position>,
}

/// What became of the paths of some items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Renewed {
    /// Items that were looked at.
    pub seen: u32,
    /// Items that have another path now.
    pub changed: u32,
    /// The last of them, behind which the next begin; none at the end.
    pub last: Option<Uuid>,
}

/// A place among the revisions of an item: behind this one, which was made then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionPosition {
    /// When.
    pub created: i64,
    /// The revision.
    pub id: Uuid,
}

impl Condition {
    /// The field that it looks at.
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(field, _)
            | Self::Number(field, ..)
            | Self::Boolean(field, _)
            | Self::Reference(field, _) => Some(field),
            _ => None,
        }
    }
}

impl Items {
    /// The items of a part of a listing that whoever asks may see. A part is shorter than asked for where many may not
    /// be seen, and still says where the next begins.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.list", level = "debug", skip_all)]
    pub async fn list(&self, session: &Session, mut listing: Listing) -> Result<Part, Error> {
        let request = session.request();
        let mut part = Part::default();
        if !request.account.may(access::SEE) || listing.limit == 0 {
            return Ok(part);
        }
        let sees = access::sees(&request.account);
        let wanted = listing.limit as usize;
        for _ in 0..ROUNDS {
            let missing = wanted - part.items.len();
            listing.limit = u32::try_from(missing).unwrap_or(u32::MAX);
            let mut rows = store::part(&self.db, &self.types, &listing, sees, request.stage).await?;
            let more = rows.len() > missing;
            rows.truncate(missing);
            let (mut positions, items): (Vec<Position>, Vec<Option<Item>>) = rows.into_iter().unzip();
            let found = self.seen(session, items.into_iter().flatten().collect()).await;
            part.items
                .extend(self.openly_found(session, found, &listing).await);
            part.next = positions.pop().filter(|_| more);
            if part.items.len() >= wanted || part.next.is_none() {
                break;
            }
            listing.after.clone_from(&part.next);
        }
        Ok(part)
    }

    /// Those of several items of which whoever asks may see every field that was asked about: else a condition would
    /// tell what a hidden field holds.
    async fn openly_found(&self, session: &Session, items: Vec<Item>, listing: &Listing) -> Vec<Item> {
        let fields: Vec<&str> = listing.conditions.iter().filter_map(Condition::field).collect();
        if fields.is_empty() || !session.has::<taps::FieldAccess>() {
            return items;
        }
        let mut open = Vec::with_capacity(items.len());
        for item in items {
            let (item, closed) = self.closed_fields(session, Box::new(item), Operation::View).await;
            if !fields.iter().any(|field| closed.contains(*field)) {
                open.push(*item);
            }
        }
        open
    }

    /// Revisions of an item that whoever asks may edit, newest first, and where the next begin.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    pub async fn revisions_after(
        &self,
        session: &Session,
        id: Uuid,
        after: Option<RevisionPosition>,
        limit: u32,
    ) -> Result<(Vec<Revision>, Option<RevisionPosition>), Error> {
        let item = Box::new(self.find(session, id).await?);
        if !self.may(session, item, Operation::Edit).await.1 {
            let denied = "you may not see the revisions of this item";
            return Err(Error::Denied(denied.to_owned()));
        }
        let mut found = store::revisions(&self.db, id, after, limit.saturating_add(1)).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let last = found.last().filter(|_| more).map(|last| RevisionPosition {
            created: last.created.as_millis(),
            id: last.id,
        });
        Ok((found, last))
    }

    /// Gives some items of a type the paths that its pattern makes now, in the order of their identifiers. The paths
    /// that they have had lead on. Whoever calls has asked whether this may be done.
    ///
    /// # Errors
    /// [`Error::UnknownType`] and [`Error::Db`].
    #[tracing::instrument(name = "item.renew-paths", level = "debug", skip_all)]
    pub async fn renew_paths(
        &self,
        session: &Session,
        item_type: &str,
        after: Option<Uuid>,
        limit: u32,
    ) -> Result<Renewed, Error> {
        let of = self
            .types
            .get(item_type)
            .ok_or_else(|| Error::UnknownType(item_type.to_owned()))?;
        let stage = session.request().stage;
        let after = after.unwrap_or_default();
        let ids = store::ids_after(&self.db, item_type, stage, after, limit).await?;
        let mut renewed = Renewed {
            seen: u32::try_from(ids.len()).unwrap_or(u32::MAX),
            changed: 0,
            last: ids.last().copied().filter(|_| ids.len() >= limit as usize),
        };
        if ids.is_empty() {
            return Ok(renewed);
        }
        let loaded = items::load_many(&self.db, &self.types, &ids, stage).await?;
        for item in loaded {
            let mut tx = self.db.begin().await?;
            if self.aliases.renew(&mut tx, &item, &of).await?.is_none() {
                continue;
            }
            tx.commit().await?;
            self.aliases.forget(&item);
            self.cache.invalidate(&item.cache_tags()).await;
            renewed.changed += 1;
        }
        Ok(renewed)
    }
}
