//! Items in the making.

use trovato::subsystems::Session;
use trovato::subsystems::item::{Error, Item, Value};

use crate::TestApp;

/// An item that is not stored yet.
pub struct Draft<'a> {
    app: &'a TestApp,
    item: Item,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(app: &'a TestApp, item_type: &str, title: &str) -> Self {
        let item = app
            .services()
            .items
            .blank(&app.system(), item_type, title.to_owned());
        Self {
            app,
            item: item.unwrap(),
        }
    }

    /// Gives a field one value.
    #[must_use]
    pub fn with(self, field: &str, value: impl Into<Value>) -> Self {
        self.with_all(field, [value])
    }

    /// Gives a field several values.
    #[must_use]
    pub fn with_all<V: Into<Value>>(mut self, field: &str, values: impl IntoIterator<Item = V>) -> Self {
        self.item
            .fields
            .insert(field.to_owned(), values.into_iter().map(Into::into).collect());
        self
    }

    /// Leaves it unpublished.
    #[must_use]
    pub fn unpublished(mut self) -> Self {
        self.item.published = false;
        self
    }

    /// Puts it on the home page.
    #[must_use]
    pub fn promoted(mut self) -> Self {
        self.item.promoted = true;
        self
    }

    /// Names its author.
    #[must_use]
    pub fn by(mut self, author: uuid::Uuid) -> Self {
        self.item.author = author;
        self
    }

    /// Stores it.
    pub async fn save(self) -> Item {
        let (item, saved) = self.try_save().await;
        saved.unwrap();
        item
    }

    /// Stores it, or says why not.
    pub async fn try_save(self) -> (Item, Result<uuid::Uuid, Error>) {
        let session = self.app.system();
        self.try_save_in(&session).await
    }

    /// Stores it in a request that goes on.
    pub async fn try_save_in(self, session: &Session) -> (Item, Result<uuid::Uuid, Error>) {
        let (item, saved) = self
            .app
            .services()
            .items
            .save(session, Box::new(self.item), "")
            .await;
        (*item, saved)
    }
}
