//! Items that a made-up kernel keeps.

use super::with;
use crate::value::{FieldValue, FormattedText, Id, NOBODY, Timestamp};
use crate::wit::item::{Field, ItemRecord};

/// An item of a made-up kernel, behind a handle as in a component.
#[derive(Debug)]
pub struct Item(u32);

/// What is behind the handle.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub item: ItemRecord,
    pub revision: Id,
}

#[allow(
    missing_docs,
    reason = "as the handle of components, whose functions the WIT package describes"
)]
impl Item {
    /// A new item, which is not stored yet.
    pub(super) fn make(item_type: &str, title: &str) -> Self {
        let handle = with("Item::make", |state| {
            let handle = u32::try_from(state.items.len()).unwrap_or(u32::MAX);
            let item = ItemRecord {
                id: format!("018c0000-0000-7000-8000-{handle:012x}"),
                item_type: item_type.to_owned(),
                title: title.to_owned(),
                author: state.user.0.clone(),
                published: true,
                created: state.now,
                changed: state.now,
                fields: Vec::new(),
            };
            let revision = NOBODY.to_owned();
            state.items.insert(handle, Record { item, revision });
            handle
        });
        Self(handle)
    }

    /// A handle on an item that is stored.
    pub(super) fn of(record: &Record) -> Self {
        Self(with("Item::of", |state| {
            let handle = u32::try_from(state.items.len()).unwrap_or(u32::MAX);
            state.items.insert(handle, record.clone());
            handle
        }))
    }

    /// Stores the item as it is now, and answers its revision.
    pub(super) fn keep(&self) -> Id {
        with("Item::save", |state| {
            let revision = format!("018c0000-0000-7000-9000-{:012x}", state.stored.len() + 1);
            let Some(record) = state.items.get_mut(&self.0) else {
                return revision;
            };
            record.revision.clone_from(&revision);
            record.item.changed = state.now;
            let record = record.clone();
            state.stored.insert(record.item.id.clone(), record);
            revision
        })
    }

    /// What is behind the handle now.
    pub(super) fn record(&self) -> Record {
        self.read(|record| record.clone())
    }

    /// As generated code hands an item over.
    #[doc(hidden)]
    #[must_use]
    pub fn from_handle(handle: u32) -> Self {
        Self(handle)
    }

    #[doc(hidden)]
    #[must_use]
    pub fn take_handle(&self) -> u32 {
        self.0
    }

    #[doc(hidden)]
    #[must_use]
    pub fn handle(&self) -> u32 {
        self.0
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "this is how tests fail")]
    fn read<R>(&self, read: impl FnOnce(&mut Record) -> R) -> R {
        with("Item", |state| match state.items.get_mut(&self.0) {
            Some(record) => read(record),
            None => panic!("this item is not of the kernel of this test"),
        })
    }

    pub fn id(&self) -> Id {
        self.read(|record| record.item.id.clone())
    }

    pub fn item_type(&self) -> String {
        self.read(|record| record.item.item_type.clone())
    }

    pub fn title(&self) -> String {
        self.read(|record| record.item.title.clone())
    }

    pub fn author(&self) -> Id {
        self.read(|record| record.item.author.clone())
    }

    pub fn published(&self) -> bool {
        self.read(|record| record.item.published)
    }

    pub fn created(&self) -> Timestamp {
        self.read(|record| record.item.created)
    }

    pub fn changed(&self) -> Timestamp {
        self.read(|record| record.item.changed)
    }

    pub fn revision(&self) -> Id {
        self.read(|record| record.revision.clone())
    }

    // A made-up kernel has no home page, no paths and no schedule.
    pub fn promoted(&self) -> bool {
        self.read(|_| false)
    }

    pub fn sticky(&self) -> bool {
        self.read(|_| false)
    }

    pub fn alias(&self) -> Option<String> {
        self.read(|_| None)
    }

    pub fn publish_on(&self) -> Option<Timestamp> {
        self.read(|_| None)
    }

    pub fn unpublish_on(&self) -> Option<Timestamp> {
        self.read(|_| None)
    }

    pub fn number(&self) -> u32 {
        self.0
    }

    pub fn text(&self, field: &str) -> Option<String> {
        match self.first(field)? {
            FieldValue::Text(text) | FieldValue::Decimal(text) | FieldValue::Json(text) => Some(text),
            FieldValue::Formatted(text) => Some(text.value),
            _ => None,
        }
    }

    pub fn integer(&self, field: &str) -> Option<i64> {
        match self.first(field)? {
            FieldValue::Integer(number) => Some(number),
            _ => None,
        }
    }

    pub fn integer_or(&self, field: &str, otherwise: i64) -> i64 {
        self.integer(field).unwrap_or(otherwise)
    }

    pub fn boolean(&self, field: &str) -> Option<bool> {
        match self.first(field)? {
            FieldValue::Boolean(value) => Some(value),
            _ => None,
        }
    }

    pub fn formatted(&self, field: &str) -> Option<FormattedText> {
        match self.first(field)? {
            FieldValue::Formatted(text) => Some(text),
            _ => None,
        }
    }

    pub fn values(&self, field: &str) -> Vec<FieldValue> {
        self.read(|record| {
            let found = record.item.fields.iter().find(|known| known.name == field);
            found.map(|field| field.values.clone()).unwrap_or_default()
        })
    }

    pub fn snapshot(&self) -> ItemRecord {
        self.read(|record| record.item.clone())
    }

    pub fn set_title(&self, title: &str) {
        self.read(|record| title.clone_into(&mut record.item.title));
    }

    pub fn set_published(&self, published: bool) {
        self.read(|record| record.item.published = published);
    }

    pub fn set_text(&self, field: &str, value: &str) {
        self.set_values(field, &[FieldValue::Text(value.to_owned())]);
    }

    pub fn set_integer(&self, field: &str, value: i64) {
        self.set_values(field, &[FieldValue::Integer(value)]);
    }

    pub fn set_values(&self, field: &str, values: &[FieldValue]) {
        self.read(|record| {
            let fields = &mut record.item.fields;
            fields.retain(|known| known.name != field);
            if !values.is_empty() {
                fields.push(Field {
                    name: field.to_owned(),
                    values: values.to_vec(),
                });
            }
        });
    }

    fn first(&self, field: &str) -> Option<FieldValue> {
        self.values(field).into_iter().next()
    }
}
