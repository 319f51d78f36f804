//! Items to measure with.

use std::collections::BTreeMap;
use std::sync::Arc;

use bench_reader::{BODY, SUMMARY, VIEWS};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use trovato::subsystems::item::{Item, Value};
use trovato::time::Timestamp;
use uuid::Uuid;

/// Bytes of the long text.
const BODY_LENGTH: usize = 2048;

/// An item with so many fields: a long text of 2 KiB, a short one, a number, and further short texts.
pub fn item(fields: usize) -> Item {
    let mut values = BTreeMap::from([
        (
            SUMMARY.to_owned(),
            vec![Value::from("What the wind said to the harbour master")],
        ),
        (VIEWS.to_owned(), vec![Value::Integer(1234)]),
        (
            BODY.to_owned(),
            vec![Value::Formatted {
                value: body(),
                format: "markdown".to_owned(),
            }],
        ),
    ]);
    for number in values.len()..fields {
        let text = format!("The value of the field number {number}, one line of plain text");
        values.insert(format!("field_extra_{number:03}"), vec![Value::Text(text)]);
    }
    Item {
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001),
        item_type: Arc::from("bench"),
        title: "A day at the harbour".to_owned(),
        author: Uuid::nil(),
        published: true,
        promoted: false,
        sticky: false,
        created: Timestamp::from_millis(1_700_000_000_000),
        changed: Timestamp::from_millis(1_700_000_000_000),
        revision: Uuid::nil(),
        publish_on: None,
        unpublish_on: None,
        kept: Default::default(),
        fields: values,
        author_name: String::new(),
        alias: None,
    }
}

/// Plain text in paragraphs.
pub fn body() -> String {
    const SENTENCE: &str = "The ships lay at the quay and waited for the tide, as ships have always done. ";
    let mut body = String::with_capacity(BODY_LENGTH + 2 * SENTENCE.len());
    while body.len() < BODY_LENGTH {
        body.push_str(SENTENCE);
        if body.len() % (3 * SENTENCE.len()) < SENTENCE.len() {
            body.push_str("\n\n");
        }
    }
    body.truncate(BODY_LENGTH);
    body
}

/// An item as JSON, written straight from the host's own record.
pub struct AsJson<'a>(pub &'a Item);

impl Serialize for AsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let item = self.0;
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("id", &item.id)?;
        map.serialize_entry("type", &*item.item_type)?;
        map.serialize_entry("title", &item.title)?;
        map.serialize_entry("author", &item.author)?;
        map.serialize_entry("published", &item.published)?;
        map.serialize_entry("created", &item.created)?;
        map.serialize_entry("changed", &item.changed)?;
        map.serialize_entry("fields", &Fields(&item.fields))?;
        map.end()
    }
}

struct Fields<'a>(&'a BTreeMap<String, Vec<Value>>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, values)| (name, Values(values))))
    }
}

struct Values<'a>(&'a [Value]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for value in self.0 {
            list.serialize_element(&One(value))?;
        }
        list.end()
    }
}

struct One<'a>(&'a Value);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "kebab-case")]
        enum Form<'a> {
            Integer(i64),
            Text(&'a str),
            Formatted { value: &'a str, format: &'a str },
        }
        match self.0 {
            Value::Integer(value) => Form::Integer(*value).serialize(serializer),
            Value::Formatted { value, format } => Form::Formatted { value, format }.serialize(serializer),
            other => Form::Text(other.as_text().unwrap_or_default()).serialize(serializer),
        }
    }
}
