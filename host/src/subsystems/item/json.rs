//! The values of fields in their stored form, as programs read and write them.

use serde_json::{Map, Value as Json};

use super::error::FieldError;
use super::model::{Item, Kept, Value};
use super::{Items, Operation, access, stored};
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::item_type::{Field, ItemType};

impl Items {
    /// Whether whoever asks may make items of a content type.
    #[must_use]
    pub fn may_create(&self, session: &Session, item_type: &str) -> bool {
        access::may_create(&session.request().account, item_type)
    }

    /// Whether the permissions of an account, without the word of plugins, let it edit an item.
    #[must_use]
    pub fn permits_editing(&self, account: &Account, item: &Item) -> bool {
        access::permitted(account, item, Operation::Edit)
    }

    /// The values of the fields that the item's content type has, in their stored form.
    #[must_use]
    pub fn stored_fields(&self, item: &Item) -> Map<String, Json> {
        let Some(of) = self.types.get(&item.item_type) else {
            return Map::new();
        };
        match stored::encode(&item.fields, &Kept::default(), &of) {
            Json::Object(mut fields) => {
                fields.retain(|name, _| of.field(name).is_some());
                fields
            }
            _ => Map::new(),
        }
    }

    /// Reads the values of a field from their stored form; `null` is none. Whether they fit the field is judged when
    /// the item is saved.
    ///
    /// # Errors
    /// Everything that is no value, each at its path.
    pub fn read_field(
        &self,
        of: &ItemType,
        field: &Field,
        json: Json,
    ) -> Result<Vec<Value>, Vec<FieldError>> {
        let given = match json {
            Json::Null => return Ok(Vec::new()),
            Json::Array(values) => values,
            single => vec![single],
        };
        let mut problems = Vec::new();
        let mut values = Vec::with_capacity(given.len());
        for (index, json) in given.into_iter().enumerate() {
            match read_value(of, field, json) {
                Some(value) => values.push(value),
                None => {
                    let kind = field.base().name();
                    let message = format!("{}: this is no value of the kind {kind}", field.label);
                    problems.push(FieldError::new(format!("{}.{index}", field.name), message));
                }
            }
        }
        if problems.is_empty() {
            Ok(values)
        } else {
            Err(problems)
        }
    }
}

/// One value; none for what would not come back as it was given.
fn read_value(of: &ItemType, field: &Field, given: Json) -> Option<Value> {
    let one = Json::Object(Map::from_iter([(
        field.name.clone(),
        Json::Array(vec![given.clone()]),
    )]));
    let mut values = stored::decode(one, of).0.remove(&field.name)?;
    let value = values.pop()?;
    let fields = [(field.name.clone(), vec![value])].into();
    let back = stored::encode(&fields, &Kept::default(), of)
        .get_mut(&field.name)
        .map(Json::take)?;
    let back = match back {
        Json::Array(mut values) if field.cardinality != 1 => values.pop()?,
        single => single,
    };
    if !is_same(&given, &back) {
        return None;
    }
    fields.into_values().next()?.pop()
}

/// Whether two values say the same; 2 and 2.0 are one number.
fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| is_same(value, other)))
        }
        _ => one == other,
    }
}
