//! The revisions of an item: listed, looked at, gone back to.

use uuid::Uuid;

use super::{Error, Item, Items, Operation, stored};
use crate::db::{FromRow, Json, sql};
use crate::subsystems::Session;
use crate::time::Timestamp;

/// A revision in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Past {
    /// The revision.
    pub id: Uuid,
    /// The title that it has.
    pub title: String,
    /// Whether it was published.
    pub published: bool,
    /// Who saved it, by name.
    pub author_name: String,
    /// When.
    pub created: Timestamp,
    /// What the person wrote about it.
    pub log_message: String,
}

#[derive(FromRow)]
struct Row {
    title: String,
    published: bool,
    fields: Json<serde_json::Value>,
    created: Timestamp,
}

impl Items {
    /// An item whose revisions whoever asks may see and go back to: one that they may edit.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    pub async fn editable(&self, session: &Session, id: Uuid) -> Result<Item, Error> {
        let item = Box::new(self.find(session, id).await?);
        match self.may(session, item, Operation::Edit).await {
            (item, true) => Ok(*item),
            _ => Err(Error::Denied("you may not edit this item".to_owned())),
        }
    }

    /// An item that whoever asks may delete.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Denied`].
    pub async fn deletable(&self, session: &Session, id: Uuid) -> Result<Item, Error> {
        let item = Box::new(self.find(session, id).await?);
        match self.may(session, item, Operation::Delete).await {
            (item, true) => Ok(*item),
            _ => Err(Error::Denied("you may not delete this item".to_owned())),
        }
    }

    /// The revisions of an item, newest first, by one query.
    ///
    /// # Errors
    /// [`Error::Db`].
    #[tracing::instrument(name = "item.history", level = "debug", skip_all, fields(item.id = %item.id))]
    pub async fn history(&self, item: &Item, offset: u32, limit: u32) -> Result<Vec<Past>, Error> {
        let statement = sql(
            "SELECT r.id, r.title, r.published, r.created, r.log_message, COALESCE(u.name, '') AS author_name \
             FROM (SELECT id, title, published, created, log_message, author_id FROM item_revision \
             WHERE item_id = $1 ORDER BY created DESC, id DESC LIMIT $2 OFFSET $3) r \
             LEFT JOIN users u ON u.id = r.author_id ORDER BY r.created DESC, r.id DESC",
            (item.id, i64::from(limit), i64::from(offset)),
        );
        Ok(self.db.fetch_all(statement.named("item.history")).await?)
    }

    /// An item as it was at a revision: title, fields and whether it was published. What belongs to no revision, such as
    /// its path, is as it is now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a revision of another item; [`Error::Db`].
    pub async fn at_revision(&self, item: &Item, revision: Uuid) -> Result<Item, Error> {
        let statement = sql(
            "SELECT title, published, fields, created FROM item_revision WHERE id = $1 AND item_id = $2",
            (revision, item.id),
        );
        let row: Option<Row> = self
            .db
            .fetch_optional(statement.named("item.at-revision"))
            .await?;
        let row = row.ok_or(Error::NotFound)?;
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let (fields, kept) = stored::decode(row.fields.0, &of);
        Ok(Item {
            title: row.title,
            published: row.published,
            changed: row.created,
            revision,
            fields,
            kept,
            ..item.clone()
        })
    }

    /// Makes a new revision with the title and the fields of an older one. Whether the item is published stays as it
    /// is now.
    ///
    /// # Errors
    /// As [`Items::save`].
    #[tracing::instrument(name = "item.revert", level = "debug", skip_all, fields(item.id = %item.id))]
    pub async fn revert(&self, session: &Session, item: Item, revision: Uuid) -> Result<Item, Error> {
        let past = self.at_revision(&item, revision).await?;
        let log = format!("Reverted to revision {revision}");
        let back = Item {
            title: past.title,
            fields: past.fields,
            kept: past.kept,
            ..item
        };
        let (item, saved) = self.save(session, Box::new(back), &log).await;
        saved.map(|_| *item)
    }
}
