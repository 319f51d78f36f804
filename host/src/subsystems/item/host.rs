//! Items as plugins see them.

use std::sync::Arc;

use wasmtime::component::Resource;

use super::Items;
use super::convert::{parse_id, value_from};
use super::model::{Query, Value};
use super::readers;
use crate::subsystems::{Service, View};
use crate::time::Timestamp;
use crate::wit::ItemHandle as Handle;
use crate::wit::{form_subject, item, items, types};

type Text = String;
type Answer<T> = wasmtime::Result<Result<T, types::Error>>;

impl item::Host for View<'_, Items> {}

impl form_subject::Host for View<'_, Items> {
    fn subject(&mut self) -> wasmtime::Result<Option<Resource<Handle>>> {
        let Some(item) = self.call.scope.form.subject.clone() else {
            return Ok(None);
        };
        let item = Box::new(Arc::unwrap_or_clone(item));
        let lent = self.call.scope.items.lend(item);
        let none_left = || wasmtime::Error::msg("it holds as many items as it may");
        lent.map(Some).ok_or_else(none_left)
    }
}

impl item::HostItem for View<'_, Items> {
    fn id(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Text> {
        Ok(self.call.scope.items.read(&handle)?.id.to_string())
    }

    fn item_type(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Text> {
        Ok(self.call.scope.items.read(&handle)?.item_type.to_string())
    }

    fn title(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Text> {
        Ok(self.call.scope.items.read(&handle)?.title.clone())
    }

    fn author(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Text> {
        Ok(self.call.scope.items.read(&handle)?.author.to_string())
    }

    fn published(&mut self, handle: Resource<Handle>) -> wasmtime::Result<bool> {
        Ok(self.call.scope.items.read(&handle)?.published)
    }

    fn created(&mut self, handle: Resource<Handle>) -> wasmtime::Result<i64> {
        Ok(self.call.scope.items.read(&handle)?.created.as_millis())
    }

    fn changed(&mut self, handle: Resource<Handle>) -> wasmtime::Result<i64> {
        Ok(self.call.scope.items.read(&handle)?.changed.as_millis())
    }

    fn revision(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Text> {
        Ok(self.call.scope.items.read(&handle)?.revision.to_string())
    }

    fn promoted(&mut self, handle: Resource<Handle>) -> wasmtime::Result<bool> {
        Ok(self.call.scope.items.read(&handle)?.promoted)
    }

    fn sticky(&mut self, handle: Resource<Handle>) -> wasmtime::Result<bool> {
        Ok(self.call.scope.items.read(&handle)?.sticky)
    }

    fn alias(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Option<Text>> {
        Ok(self.call.scope.items.read(&handle)?.alias.clone())
    }

    fn publish_on(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Option<i64>> {
        let moment = self.call.scope.items.read(&handle)?.publish_on;
        Ok(moment.map(Timestamp::as_millis))
    }

    fn unpublish_on(&mut self, handle: Resource<Handle>) -> wasmtime::Result<Option<i64>> {
        let moment = self.call.scope.items.read(&handle)?.unpublish_on;
        Ok(moment.map(Timestamp::as_millis))
    }

    fn number(&mut self, handle: Resource<Handle>) -> wasmtime::Result<u32> {
        self.call.scope.items.read(&handle)?;
        Ok(handle.rep())
    }

    // These four are linked in another way: see `readers`.
    fn text(&mut self, handle: Resource<Handle>, field: Text) -> wasmtime::Result<Option<Text>> {
        let item = self.call.scope.items.read(&handle)?;
        Ok(item.first(&field).and_then(readers::text))
    }

    fn integer(&mut self, handle: Resource<Handle>, field: Text) -> wasmtime::Result<Option<i64>> {
        let item = self.call.scope.items.read(&handle)?;
        Ok(item.first(&field).and_then(readers::integer))
    }

    fn integer_or(&mut self, handle: Resource<Handle>, field: Text, otherwise: i64) -> wasmtime::Result<i64> {
        let item = self.call.scope.items.read(&handle)?;
        Ok(item.first(&field).and_then(readers::integer).unwrap_or(otherwise))
    }

    fn boolean(&mut self, handle: Resource<Handle>, field: Text) -> wasmtime::Result<Option<bool>> {
        let item = self.call.scope.items.read(&handle)?;
        Ok(item.first(&field).and_then(readers::boolean))
    }

    fn formatted(
        &mut self,
        handle: Resource<Handle>,
        field: Text,
    ) -> wasmtime::Result<Option<types::FormattedText>> {
        Ok(match self.call.scope.items.read(&handle)?.first(&field) {
            Some(Value::Formatted { value, format }) => Some(types::FormattedText {
                value: value.clone(),
                format: format.clone(),
            }),
            _ => None,
        })
    }

    fn values(&mut self, handle: Resource<Handle>, field: Text) -> wasmtime::Result<Vec<types::FieldValue>> {
        Ok(self
            .call
            .scope
            .items
            .read(&handle)?
            .values(&field)
            .iter()
            .map(Into::into)
            .collect())
    }

    fn snapshot(&mut self, handle: Resource<Handle>) -> wasmtime::Result<item::ItemRecord> {
        let mut record: item::ItemRecord = self.call.scope.items.read(&handle)?.into();
        if let Some(of) = self.service().types.get(&record.item_type) {
            let place = |name: &str| of.fields.iter().position(|field| field.name == name);
            // Fields that the type does not have come last.
            record
                .fields
                .sort_by_key(|field| place(&field.name).unwrap_or(usize::MAX));
        }
        Ok(record)
    }

    fn set_title(&mut self, handle: Resource<Handle>, title: Text) -> wasmtime::Result<()> {
        self.call.scope.items.set_title(&handle, title)
    }

    fn set_published(&mut self, handle: Resource<Handle>, published: bool) -> wasmtime::Result<()> {
        self.call.scope.items.set_published(&handle, published)
    }

    fn set_text(&mut self, handle: Resource<Handle>, field: Text, value: Text) -> wasmtime::Result<()> {
        self.call
            .scope
            .items
            .set_field(&handle, field, vec![Value::Text(value)])
    }

    fn set_integer(&mut self, handle: Resource<Handle>, field: Text, value: i64) -> wasmtime::Result<()> {
        self.call
            .scope
            .items
            .set_field(&handle, field, vec![Value::Integer(value)])
    }

    fn set_values(
        &mut self,
        handle: Resource<Handle>,
        field: Text,
        values: Vec<types::FieldValue>,
    ) -> wasmtime::Result<()> {
        let read: Result<Vec<_>, String> = values.into_iter().map(value_from).collect();
        let values = read
            .map_err(|problem| wasmtime::Error::msg(format!("a value for '{field}' is wrong: {problem}")))?;
        self.call
            .scope
            .items
            .set_field(&handle, field, values.into_iter().flatten().collect())
    }

    fn drop(&mut self, handle: Resource<Handle>) -> wasmtime::Result<()> {
        self.call.scope.items.drop_handle(&handle);
        Ok(())
    }
}

impl View<'_, Items> {
    fn may_write(&self, item_type: &str) -> Result<(), types::Error> {
        if self
            .call
            .plugin
            .grants
            .write
            .iter()
            .any(|granted| granted == item_type)
        {
            return Ok(());
        }
        let name = &self.call.plugin.name;
        Err(types::Error::Denied(format!(
            "the plugin '{name}' was not granted to write '{item_type}' content; add it to `write` in `[grants]` of \
             its plugin.toml"
        )))
    }

    fn lend(&mut self, item: super::Item) -> Result<Resource<Handle>, types::Error> {
        let lent = self.call.scope.items.lend(Box::new(item));
        lent.ok_or_else(|| types::Error::Limit("a plugin may hold 1000 items at once".to_owned()))
    }
}

impl items::Host for View<'_, Items> {
    async fn load(&mut self, id: Text) -> Answer<Resource<Handle>> {
        let id = match parse_id(&id) {
            Ok(id) => id,
            Err(error) => return Ok(Err(error)),
        };
        let found = self.service().find(self.session(), id).await;
        Ok(found.map_err(Into::into).and_then(|item| self.lend(item)))
    }

    async fn query(&mut self, query: items::ItemQuery) -> Answer<items::ItemList> {
        let query = match Query::try_from(query) {
            Ok(query) => query,
            Err(error) => return Ok(Err(error)),
        };
        let page = self.service().query(self.session(), &query).await;
        Ok(page.map_err(Into::into).map(|page| items::ItemList {
            items: page.items.iter().map(ToString::to_string).collect(),
            total: page.total,
        }))
    }

    async fn create(&mut self, item_type: Text, title: Text) -> Answer<Resource<Handle>> {
        let item = self.service().blank(self.session(), &item_type, title);
        Ok(item.map_err(Into::into).and_then(|item| self.lend(item)))
    }

    async fn save(&mut self, handle: Resource<Handle>, log_message: Text) -> Answer<Text> {
        let item_type = self.call.scope.items.read(&handle)?.item_type.clone();
        if let Err(error) = self.may_write(&item_type) {
            return Ok(Err(error));
        }
        // While it is saved the item belongs to the taps of the save, not to this guest.
        let item = self.call.scope.items.borrow(&handle)?;
        let (item, saved) = self.service().save(self.session(), item, &log_message).await;
        self.call.scope.items.put_back(&handle, item);
        Ok(saved.map(|revision| revision.to_string()).map_err(Into::into))
    }

    async fn delete(&mut self, id: Text) -> Answer<()> {
        let result = async {
            let id = parse_id(&id)?;
            let item = self.service().find(self.session(), id).await?;
            self.may_write(&item.item_type)?;
            self.service().delete(self.session(), id).await?;
            Ok(())
        };
        Ok(result.await)
    }

    async fn revisions(&mut self, id: Text, offset: u32, limit: u32) -> Answer<Vec<items::Revision>> {
        let result = async {
            let id = parse_id(&id)?;
            let revisions = self
                .service()
                .revisions(self.session(), id, offset, limit.min(100))
                .await?;
            Ok(revisions.into_iter().map(Into::into).collect())
        };
        Ok(result.await)
    }
}
