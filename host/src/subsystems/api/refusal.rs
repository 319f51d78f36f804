//! Why something was not done, as programs are told: statuses, and the places in the body that are wrong.

use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use super::etag::{Base, stale};
use crate::subsystems::Session;
use crate::subsystems::item::{self, FieldError};
use crate::subsystems::item_type::ItemType;
use crate::web::{Error, Problem};

/// What is wrong at one place of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What, and what would be right.
    pub detail: String,
}

impl Wrong {
    pub(super) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    /// A problem that the service has found.
    pub(super) fn of(problem: FieldError, of: Option<&ItemType>) -> Self {
        Self::new(pointer(&problem.path, of), problem.message)
    }
}

/// A name as a part of a pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The place in the body of a path that the service knows, such as `field_tags.0`.
fn pointer(path: &str, of: Option<&ItemType>) -> String {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let field = of.and_then(|of| of.field(first));
    if field.is_none() && !first.starts_with("field_") {
        let name = if first == "log-message" { "log" } else { first };
        return format!("/{}", escape(name));
    }
    let single = field.is_some_and(|field| field.cardinality == 1);
    let rest = rest
        .unwrap_or_default()
        .split('.')
        .filter(|part| !part.is_empty());
    let rest = rest.skip(usize::from(single));
    let mut pointer = format!("/fields/{}", escape(first));
    for part in rest {
        pointer.push('/');
        pointer.push_str(&escape(part));
    }
    pointer
}

/// 422, with every place that is wrong.
pub(super) fn invalid(wrong: Vec<Wrong>) -> Error {
    let detail = match wrong.as_slice() {
        [one] => one.detail.clone(),
        all => format!("{} things are wrong with this item.", all.len()),
    };
    let errors: Vec<Json> = wrong
        .into_iter()
        .map(|wrong| json!({ "pointer": format!("#{}", wrong.pointer), "detail": wrong.detail }))
        .collect();
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
        .with("errors", errors)
        .into()
}

/// Whoever asks may not do this: visitors are told to sign in, others why.
pub(super) fn denied(session: &Session, detail: impl Into<String>) -> Error {
    if session.request().account.id.is_nil() {
        Error::Unauthorised
    } else {
        Problem::new(StatusCode::FORBIDDEN, detail).into()
    }
}

/// What became of a save or a deletion.
pub(super) fn of_item(session: &Session, of: Option<&ItemType>, error: item::Error) -> Error {
    match error {
        item::Error::Denied(reason) => denied(session, sentence(&reason)),
        item::Error::Invalid(problems) => invalid(
            problems
                .into_iter()
                .map(|problem| Wrong::of(problem, of))
                .collect(),
        ),
        item::Error::UnknownType(_) => invalid(vec![Wrong::new("/type", sentence(&error.to_string()))]),
        item::Error::Refused {
            ref plugin,
            ref reason,
        } => {
            let detail = format!("The plugin '{plugin}' refuses this: {reason}");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
                .with("plugin", plugin.as_str())
                .into()
        }
        item::Error::Conflict => stale(StatusCode::CONFLICT, None),
        error => error.into(),
    }
}

/// What is answered where an item can't be changed from the version that was named.
pub(super) fn of_change(session: &Session, of: Option<&ItemType>, base: Base, error: item::Error) -> Error {
    match error {
        item::Error::Conflict if base == Base::Header => stale(StatusCode::PRECONDITION_FAILED, None),
        error => of_item(session, of, error),
    }
}

fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_uppercase().to_string());
    format!(
        "{}{}.",
        first.unwrap_or_default(),
        chars.as_str().trim_end_matches('.')
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subsystems::item_type::{Field, FieldType};

    #[test]
    fn a_path_of_the_service_becomes_a_place_in_the_body() {
        let of = ItemType::new(
            "t",
            "T",
            vec![
                Field::new("field_one", FieldType::Integer),
                Field::new("field_many", FieldType::Integer).with_cardinality(0),
            ],
        );
        let cases = [
            ("title", "/title"),
            ("path", "/path"),
            ("log-message", "/log"),
            ("field_one", "/fields/field_one"),
            ("field_one.0", "/fields/field_one"),
            ("field_one.0.value", "/fields/field_one/value"),
            ("field_many.3", "/fields/field_many/3"),
            ("field_none", "/fields/field_none"),
        ];
        for (path, expected) in cases {
            assert_eq!(pointer(path, Some(&of)), expected);
        }
    }
}
