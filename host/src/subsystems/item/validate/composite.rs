//! Values of several things under names.

use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::bounds;
use crate::subsystems::item::error::FieldError;
use crate::subsystems::item_type::Settings;

/// Characters of what a picture shows.
const ALT: usize = 500;

/// Whether a text is a day of the calendar (RFC 3339, `full-date`).
pub(super) fn day(text: &str) -> Result<jiff::civil::Date, String> {
    let wrong = || {
        format!(
            "'{}' is no day such as 2024-01-31",
            text.chars().take(40).collect::<String>()
        )
    };
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return Err(wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// What is wrong with two days.
pub(super) fn date_range(json: &Json, settings: &Settings) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let Some(members) = object(json, &["from", "to"], &mut problems) else {
        return problems;
    };
    let mut days = Vec::new();
    for name in ["from", "to"] {
        let text = members.get(name).and_then(Json::as_str).unwrap_or_default();
        match day(text) {
            Err(wrong) => problems.push(FieldError::new(name, wrong)),
            Ok(found) => {
                days.push(found);
                problems.extend(bounds::day(text, settings).map(|wrong| FieldError::new(name, wrong)));
            }
        }
    }
    if let [from, to] = days.as_slice()
        && to < from
    {
        problems.push(FieldError::new("to", "the last day is before the first"));
    }
    problems
}

/// What is wrong with a picture. Whether the file is there and a picture is asked elsewhere.
pub(super) fn image(json: &Json) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let Some(members) = object(json, &["target_id", "alt"], &mut problems) else {
        return problems;
    };
    if target(members).is_none() {
        problems.push(FieldError::new(
            "target_id",
            "the identifier of a file was expected",
        ));
    }
    problems.extend(alt(members).map(|wrong| FieldError::new("alt", wrong)));
    problems
}

/// The file that something shows.
pub(super) fn target(members: &Map<String, Json>) -> Option<Uuid> {
    Uuid::parse_str(members.get("target_id")?.as_str()?).ok()
}

/// What is wrong with the words for a picture. They may be empty where it only decorates, but must be there.
pub(super) fn alt(members: &Map<String, Json>) -> Option<String> {
    match members.get("alt").and_then(Json::as_str) {
        None => {
            Some("what the picture shows has to be said; an empty text where it only decorates".to_owned())
        }
        Some(alt) if alt.chars().count() > ALT => Some(format!("at most {ALT} characters")),
        Some(_) => None,
    }
}

fn object<'a>(
    json: &'a Json,
    known: &[&str],
    problems: &mut Vec<FieldError>,
) -> Option<&'a Map<String, Json>> {
    let Some(members) = json.as_object() else {
        problems.push(FieldError::new(
            "",
            format!("an object with {} was expected", known.join(" and ")),
        ));
        return None;
    };
    for name in members.keys().filter(|name| !known.contains(&name.as_str())) {
        problems.push(FieldError::new(
            name.as_str(),
            format!("there is no '{name}' in it; it has {}", known.join(" and ")),
        ));
    }
    Some(members)
}
