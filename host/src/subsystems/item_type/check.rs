//! Whether a content type makes sense.

use std::collections::BTreeSet;

use super::declare::is_name;
use super::{DeclaredType, Field, FieldType, ItemType, Settings};
use crate::subsystems::form;
use crate::subsystems::item::FieldError;

/// Characters of a label.
pub const LABEL_LIMIT: usize = 255;
/// Characters of a machine name of a content type.
pub const NAME_LIMIT: usize = 32;
/// Characters of a machine name of a field.
pub const FIELD_LIMIT: usize = 64;
/// Fields of a content type.
const FIELDS: usize = 200;
/// Values that a field may be limited to.
const VALUES: u32 = 1000;

/// Everything that is wrong with a content type; empty when nothing is.
#[must_use]
pub fn problems(of: &ItemType) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let mut say = |path: String, message: String| problems.push(FieldError::new(path, message));
    if !is_name(&of.name, NAME_LIMIT) {
        say("name".to_owned(), name_rule(NAME_LIMIT));
    }
    for (path, label) in [("label", &of.label), ("title_label", &of.title_label)] {
        if let Some(wrong) = wrong_label(label) {
            say(path.to_owned(), wrong);
        }
    }
    if of.fields.len() > FIELDS {
        say(
            "fields".to_owned(),
            format!("a content type has at most {FIELDS} fields"),
        );
    }
    let mut seen = BTreeSet::new();
    for field in &of.fields {
        if !seen.insert(field.name.as_str()) || of.removed.iter().any(|gone| gone.name == field.name) {
            say(
                format!("{}.name", field.name),
                "there is, or was, a field of this name".to_owned(),
            );
        }
        for (part, message) in wrong_field(field) {
            say(format!("{}.{part}", field.name), message);
        }
    }
    let mut modes = BTreeSet::new();
    for mode in of.view_modes() {
        if !is_name(&mode.name, NAME_LIMIT) || !modes.insert(mode.name.clone()) {
            say(
                format!("modes.{}", mode.name),
                "the name of a view mode is its own, and ".to_owned() + &name_rule(NAME_LIMIT),
            );
        }
    }
    problems
}

fn name_rule(most: usize) -> String {
    format!("lower-case letters, digits and underscores, a letter first, {most} in all")
}

fn wrong_label(label: &str) -> Option<String> {
    if label.trim().is_empty() {
        Some("it needs a name".to_owned())
    } else if label.chars().count() > LABEL_LIMIT || label.chars().any(char::is_control) {
        Some(format!("at most {LABEL_LIMIT} characters on one line"))
    } else {
        None
    }
}

fn wrong_field(field: &Field) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    if !field.name.starts_with("field_") || !is_name(&field.name, FIELD_LIMIT) {
        wrong.push(("name", format!("field_ and then {}", name_rule(FIELD_LIMIT))));
    }
    wrong.extend(wrong_label(&field.label).map(|message| ("label", message)));
    if field.cardinality > VALUES {
        wrong.push((
            "cardinality",
            format!("at most {VALUES} values, or 0 for any number"),
        ));
    }
    match field.base() {
        FieldType::Choice(choices) if choices.is_empty() => {
            wrong.push(("choices", "there must be something to choose from".to_owned()));
        }
        FieldType::Choice(choices) if choices.iter().collect::<BTreeSet<_>>().len() < choices.len() => {
            wrong.push(("choices", "each value stands there once".to_owned()));
        }
        FieldType::Text(0) => wrong.push(("max", "at least one character".to_owned())),
        _ => {}
    }
    if let FieldType::Declared(of) = &field.field_type {
        wrong.extend(wrong_declared(of).map(|message| ("type", message)));
    }
    wrong.extend(wrong_settings(&field.settings, field.base()));
    wrong
}

/// A type of a plugin need not be known here, but it must be one that a plugin could declare.
fn wrong_declared(of: &DeclaredType) -> Option<String> {
    let of_plugin = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    if of.plugin().is_empty() || !of.plugin().chars().all(of_plugin) || !is_name(of.short_name(), NAME_LIMIT)
    {
        return Some(format!(
            "'{}' is no type of a plugin; one is named plugin.type",
            of.name
        ));
    }
    (!of.base.is_base()).then(|| {
        let bases: Vec<String> = FieldType::bases().collect();
        format!(
            "a type of a plugin can't be based on '{}'; it can be on {}",
            of.base.name(),
            bases.join(", ")
        )
    })
}

fn wrong_settings(settings: &Settings, kind: &FieldType) -> Vec<(&'static str, String)> {
    let mut wrong = Vec::new();
    if let Some(Err(error)) = settings.pattern.as_deref().map(form::compile) {
        let first = error.lines().last().unwrap_or_default().to_owned();
        wrong.push(("pattern", format!("no regular expression: {first}")));
    }
    let bounds = [("min", &settings.min), ("max", &settings.max)];
    let mut read = Vec::new();
    for (part, bound) in bounds {
        if let Some(bound) = bound {
            match measure(bound, kind) {
                Some(number) => read.push(number),
                None => wrong.push((part, format!("'{bound}' is no {}", unit(kind)))),
            }
        }
    }
    if let [least, most] = read.as_slice()
        && settings.min.is_some()
        && least > most
    {
        wrong.push(("max", "it lies below the least".to_owned()));
    }
    wrong
}

/// A bound as a number by which bounds are compared; none if it is no bound.
fn measure(bound: &str, kind: &FieldType) -> Option<f64> {
    match kind {
        FieldType::Integer => bound.parse::<i64>().ok().map(|number| number as f64),
        FieldType::Decimal | FieldType::Floating => {
            bound.parse::<f64>().ok().filter(|number| number.is_finite())
        }
        FieldType::Date | FieldType::DateRange | FieldType::Moment => {
            let day: jiff::civil::Date = bound.parse().ok()?;
            Some(f64::from(day.year()) * 400.0 + f64::from(day.day_of_year()))
        }
        _ => bound.parse::<u32>().ok().map(f64::from),
    }
}

fn unit(kind: &FieldType) -> &'static str {
    match kind {
        FieldType::Integer => "whole number",
        FieldType::Decimal | FieldType::Floating => "number",
        FieldType::Date | FieldType::DateRange | FieldType::Moment => "day such as 2024-01-31",
        _ => "number of characters",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(of: &ItemType) -> Vec<String> {
        problems(of).into_iter().map(|problem| problem.path).collect()
    }

    #[test]
    fn everything_that_is_wrong_with_a_type_is_told() {
        let settings = |min: &str, max: &str, pattern: &str| Settings {
            min: Some(min.to_owned()),
            max: Some(max.to_owned()),
            pattern: Some(pattern.to_owned()),
            ..Settings::default()
        };
        let mut of = ItemType::new(
            "Bad Name",
            "",
            vec![
                Field::new("body", FieldType::LongText),
                Field::new("field_a", FieldType::Choice(Vec::new())),
                Field::new("field_b", FieldType::Integer).with_settings(settings("9", "1", "(")),
                Field::new("field_c", FieldType::Date).with_settings(settings("soon", "2024-01-01", "a")),
                Field::new("field_c", FieldType::Integer).with_cardinality(5000),
            ],
        );
        of.modes.push(super::super::ViewMode {
            name: "full".to_owned(),
            label: "Full".to_owned(),
        });
        let expected = [
            "name",
            "label",
            "body.name",
            "field_a.choices",
            "field_b.pattern",
            "field_b.max",
            "field_c.min",
            "field_c.name",
            "field_c.cardinality",
            "modes.full",
        ];
        assert_eq!(paths(&of), expected);
        let declared = |name: &str, base| {
            let name = name.to_owned();
            let kind = FieldType::Declared(Box::new(DeclaredType { name, base }));
            ItemType::new("event", "Event", vec![Field::new("field_a", kind)])
        };
        assert!(paths(&declared("my-rating.stars", FieldType::Integer)).is_empty());
        for odd in ["stars", ".stars", "rating.", "rating.Big stars", "Rating.stars"] {
            assert_eq!(
                paths(&declared(odd, FieldType::Integer)),
                ["field_a.type"],
                "{odd}"
            );
        }
        assert_eq!(
            paths(&declared("rating.stars", FieldType::Blocks)),
            ["field_a.type"]
        );
        assert!(
            paths(&ItemType::new(
                "event",
                "Event",
                vec![Field::new("field_a", FieldType::Blocks)]
            ))
            .is_empty()
        );
    }
}
