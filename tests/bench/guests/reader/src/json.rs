//! The way through JSON text: the whole item in, what is set and shown out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{BODY, Read, SEEN, SUMMARY, VIEWS, seen};

/// An item, as far as it is looked at; the parser passes over the rest.
#[derive(Debug, Deserialize)]
pub struct Item {
    fields: BTreeMap<String, Vec<Value>>,
}

/// A value of a field.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    Integer(i64),
    Text(String),
    Formatted { value: String, format: String },
}

/// What the plugin answers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The fields that are replaced.
    pub set: BTreeMap<String, Vec<Value>>,
    /// What is shown.
    pub tree: Vec<Node>,
}

/// A node of a tree.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Node {
    Text(String),
    Element {
        tag: String,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        attributes: BTreeMap<String, String>,
        children: Vec<Node>,
    },
}

pub(crate) fn answer(item: &str) -> serde_json::Result<String> {
    let read = read(serde_json::from_str(item)?);
    let set = BTreeMap::from([(SEEN.to_owned(), vec![Value::Text(seen(&read))])]);
    serde_json::to_string(&Answer {
        set,
        tree: part(&read),
    })
}

fn read(mut item: Item) -> Read {
    let mut first = |field| {
        item.fields
            .remove(field)
            .and_then(|values| values.into_iter().next())
    };
    let text = |value| match value {
        Some(Value::Text(text) | Value::Formatted { value: text, .. }) => text,
        _ => String::new(),
    };
    Read {
        summary: text(first(SUMMARY)),
        views: match first(VIEWS) {
            Some(Value::Integer(views)) => views,
            _ => 0,
        },
        body: text(first(BODY)),
    }
}

/// The tree of [`crate::part`].
fn part(read: &Read) -> Vec<Node> {
    let end = read.body.find("\n\n").unwrap_or(read.body.len());
    let lead = read.body.get(..end).unwrap_or_default();
    let mut part = element(
        "div",
        vec![
            element("h2", vec![Node::Text(read.summary.clone())]),
            element("p", vec![Node::Text(lead.to_owned())]),
            element("small", vec![Node::Text(format!("Seen {} times", read.views))]),
        ],
    );
    if let Node::Element { attributes, .. } = &mut part {
        attributes.insert("class".to_owned(), "bench".to_owned());
    }
    vec![part]
}

fn element(tag: &str, children: Vec<Node>) -> Node {
    Node::Element {
        tag: tag.to_owned(),
        attributes: BTreeMap::new(),
        children,
    }
}
