//! Puts the variables of `preprocess` taps beside the host's own, which they can't take the place of.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Value;
use minijinja::value::{Serde, merge_maps};

use super::value::{NamedValue, TemplateValue};
use crate::subsystems::format::Formats;

/// Names that mean something in every template.
const RESERVED: &[&str] = &[
    "asset",
    "caller",
    "date",
    "datetime",
    "debug",
    "dict",
    "false",
    "loop",
    "namespace",
    "none",
    "range",
    "self",
    "super",
    "theme",
    "true",
    "truncate",
    "url",
    "varargs",
];

/// The variables that plugins add to a template; later plugins go before earlier ones.
#[derive(Debug, Clone, Default)]
pub struct Additions(Vec<(String, NamedValue)>);

/// A variable that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The plugin that wanted to add it.
    pub plugin: String,
    /// Its name.
    pub name: String,
    /// Why it was refused.
    pub reason: &'static str,
}

impl Additions {
    /// Adds what a plugin answered.
    pub fn add(&mut self, plugin: &str, variables: impl IntoIterator<Item = NamedValue>) {
        self.0.extend(
            variables
                .into_iter()
                .map(|variable| (plugin.to_owned(), variable)),
        );
    }

    /// Puts the additions beside the variables of a context. The second answer is what was refused, for the log.
    pub fn merge(&self, context: Value, formats: &Formats) -> (Value, Vec<Refused>) {
        if self.0.is_empty() {
            return (context, Vec::new());
        }
        let owned: BTreeSet<String> = context
            .try_iter()
            .into_iter()
            .flatten()
            .map(|name| name.to_string())
            .collect();
        let mut added = BTreeMap::<&str, &TemplateValue>::new();
        let mut refused = Vec::new();
        for (plugin, NamedValue { name, value }) in &self.0 {
            let reason = if owned.contains(name) || RESERVED.contains(&name.as_str()) {
                Some("the name is the host's own")
            } else if !is_variable_name(name) {
                Some("a name has only `a-z`, `0-9` and `_`, at most 64, and begins with a letter")
            } else {
                added.insert(name, value);
                None
            };
            refused.extend(reason.map(|reason| Refused {
                plugin: plugin.clone(),
                name: name.clone(),
                reason,
            }));
        }
        let added: BTreeMap<_, _> = added
            .into_iter()
            .map(|(name, value)| (name, value.to_template(formats)))
            .collect();
        (merge_maps([Value::from(Serde(added)), context]), refused)
    }
}

fn is_variable_name(name: &str) -> bool {
    let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(valid)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use minijinja::context;

    use super::*;

    #[test]
    fn the_host_s_names_are_refused_and_all_others_added() {
        let formats = Formats::built_in().unwrap();
        let mut additions = Additions::default();
        let text = |name: &str, text: &str| NamedValue {
            name: name.into(),
            value: TemplateValue::Text(text.into()),
        };
        additions.add(
            "blog",
            [
                text("reading_time", "5"),
                text("item", "mine"),
                text("Bad-name", "x"),
            ],
        );
        additions.add(
            "evil",
            [text("asset", "x"), text("reading_time", "6"), text("empty", "y")],
        );
        let context = context! { item => "host's", empty => () };
        let (merged, refused) = additions.merge(context, &formats);
        let get = |name: &str| merged.get_attr(name).unwrap().to_string();
        assert_eq!(
            (
                get("item").as_str(),
                get("reading_time").as_str(),
                get("empty").as_str()
            ),
            ("host's", "6", "None")
        );
        let refused: Vec<_> = refused
            .iter()
            .map(|refused| (refused.plugin.as_str(), refused.name.as_str()))
            .collect();
        assert_eq!(
            refused,
            [
                ("blog", "item"),
                ("blog", "Bad-name"),
                ("evil", "asset"),
                ("evil", "empty")
            ]
        );
    }
}
