//! What a plugin declares anew, brought together with what the site has made of it.
//!
//! The plugin's last declaration is kept beside the definition. Where the definition still says what that did, it
//! follows the new one; what the site has changed stays. Fields and view modes are known by their names.

use serde_json::{Map, Value as Json};

use super::ItemType;

/// The stored definition with the changes from the declaration `before` to `declared`.
///
/// # Errors
/// The result is no content type: then something stored is damaged.
pub(super) fn merge(
    before: Option<&ItemType>,
    stored: &ItemType,
    declared: &ItemType,
) -> serde_json::Result<ItemType> {
    // Without an earlier declaration, what is stored stays as it is, and takes up fields.
    let before = serde_json::to_value(before.unwrap_or(&ItemType {
        fields: Vec::new(),
        ..declared.clone()
    }))?;
    let mut declared = declared.clone();
    // What was taken out stays out.
    declared
        .fields
        .retain(|field| stored.removed.iter().all(|gone| gone.name != field.name));
    let merged = three_ways(
        Some(&before),
        Some(&serde_json::to_value(stored)?),
        Some(&serde_json::to_value(&declared)?),
    );
    serde_json::from_value(merged.unwrap_or_default())
}

/// What a value of several kinds looks like says which kind it is: it is not put together of two.
const WHOLE: [&str; 2] = ["field_type", "default_values"];

fn three_ways(before: Option<&Json>, stored: Option<&Json>, declared: Option<&Json>) -> Option<Json> {
    if let (Some(Json::Object(stored)), Some(Json::Object(declared))) = (stored, declared) {
        let none = Map::new();
        let before = before.and_then(Json::as_object).unwrap_or(&none);
        let merged = members(&pairs(before), &pairs(stored), &pairs(declared));
        return Some(Json::Object(merged.into_iter().collect()));
    }
    if let (Some(stored), Some(declared)) = (named(stored), named(declared)) {
        let before = named(before).unwrap_or_default();
        let merged = members(&before, &stored, &declared).into_iter();
        return Some(Json::Array(merged.map(|(_, entry)| entry).collect()));
    }
    follow(before, stored, declared)
}

fn follow(before: Option<&Json>, stored: Option<&Json>, declared: Option<&Json>) -> Option<Json> {
    let follows = stored == before;
    if follows {
        declared.cloned()
    } else {
        stored.cloned()
    }
}

type Named<'a> = Vec<(&'a str, &'a Json)>;

/// In the order of what is stored, then what is new.
fn members(before: &Named<'_>, stored: &Named<'_>, declared: &Named<'_>) -> Vec<(String, Json)> {
    let get = |list: &Named<'_>, name: &str| {
        let found = list.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).clone())
    };
    let new = declared.iter().filter(|(name, _)| get(stored, name).is_none());
    let mut merged = Vec::new();
    for (name, _) in stored.iter().chain(new) {
        let (before, stored, declared) = (get(before, name), get(stored, name), get(declared, name));
        let way = if WHOLE.contains(name) { follow } else { three_ways };
        if let Some(value) = way(before.as_ref(), stored.as_ref(), declared.as_ref()) {
            merged.push(((*name).to_owned(), value));
        }
    }
    merged
}

fn pairs(object: &Map<String, Json>) -> Named<'_> {
    object
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect()
}

/// A list of things with names, by their names.
fn named(list: Option<&Json>) -> Option<Named<'_>> {
    list?.as_array()?.iter().map(pair).collect()
}

fn pair(entry: &Json) -> Option<(&str, &Json)> {
    let name = entry.get("name").or_else(|| entry.get("mode"))?;
    Some((name.as_str()?, entry))
}

#[cfg(test)]
mod tests {
    use super::super::{Field, FieldType};
    use super::*;

    fn declared(label: &str, help: &str, fields: &[&str]) -> ItemType {
        let field = |name: &&str| Field {
            help: help.to_owned(),
            ..Field::new(*name, FieldType::LongText)
        };
        ItemType::new("event", label, fields.iter().map(field).collect())
    }

    #[test]
    fn what_the_site_has_changed_stays_and_the_rest_follows_the_plugin() {
        let before = declared("Event", "old", &["field_a", "field_b"]);
        let mut stored = before.clone();
        stored.label = "Gathering".to_owned();
        stored.fields[0].required = true;
        stored.fields.push(Field::new("field_own", FieldType::Integer));
        let merged = merge(
            Some(&before),
            &stored,
            &declared("Meeting", "new", &["field_a", "field_b", "field_c"]),
        )
        .unwrap();
        assert_eq!(merged.label, "Gathering");
        let names: Vec<_> = merged.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!(names, ["field_a", "field_b", "field_own", "field_c"]);
        assert!(merged.fields[0].required && merged.fields[0].help == "new");
    }

    #[test]
    fn a_field_that_was_taken_out_does_not_come_back() {
        let before = declared("Event", "", &["field_a", "field_b"]);
        let mut stored = before.clone();
        let gone = stored.fields.remove(1);
        stored.removed.push(gone);
        let merged = merge(Some(&before), &stored, &before).unwrap();
        assert_eq!(merged, stored);
    }

    #[test]
    fn a_type_from_before_declarations_were_kept_takes_up_fields() {
        let stored = declared("Own words", "own", &["field_a"]);
        let merged = merge(None, &stored, &declared("Event", "new", &["field_a", "field_b"])).unwrap();
        assert_eq!((merged.label.as_str(), merged.fields.len()), ("Own words", 2));
        assert_eq!(merged.fields[0].help, "own");
    }
}
