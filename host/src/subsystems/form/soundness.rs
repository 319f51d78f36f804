//! Whether a form makes sense: what a handler builds always does, what plugins make of it is checked.

use std::collections::HashSet;

use super::coerce;
use super::model::{Element, Form, Kind};

/// Elements of a form, and how deep they may lie in each other.
const MOST: usize = 500;
const DEPTH: usize = 8;
/// Characters of an element's name, of its labels, and its choices.
const NAME: usize = 64;
const WORDS: usize = 10_000;
const CHOICES: usize = 5_000;

/// Names that the form itself sends.
pub const RESERVED: [&str; 5] = ["form_id", "form_build_id", "form_token", "form_step", "form_op"];

/// What is wrong with the form, for whoever wrote it.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(form: &Form) -> Result<(), String> {
    let mut names = HashSet::new();
    elements(&form.elements, 0, &mut names)?;
    if names.len() > MOST {
        return Err(format!("the form has more than {MOST} elements"));
    }
    let mut parts = form.all().filter_map(|element| element.refreshes.as_deref());
    match parts.find(|part| !names.contains(part)) {
        Some(part) => Err(format!("there is no element '{part}' that could be shown anew")),
        None => Ok(()),
    }
}

fn elements<'a>(list: &'a [Element], depth: usize, names: &mut HashSet<&'a str>) -> Result<(), String> {
    if depth > DEPTH {
        return Err(format!("elements lie more than {DEPTH} deep in each other"));
    }
    for element in list {
        check_one(element)?;
        if !names.insert(&element.name) {
            return Err(format!("there are two elements '{}'", element.name));
        }
        elements(&element.children, depth + 1, names)?;
    }
    Ok(())
}

fn check_one(element: &Element) -> Result<(), String> {
    let name = &element.name;
    if !is_name(name) || RESERVED.contains(&name.as_str()) {
        return Err(format!(
            "'{name}' can't be an element's name: lower-case letters, digits and `_`, a letter first, at most {NAME}"
        ));
    }
    let holds = element.kind.is_layout() || matches!(element.kind, Kind::Group(_));
    if !holds && !element.children.is_empty() {
        return Err(format!("'{name}' can't hold other elements"));
    }
    if let Some(pattern) = &element.rules.pattern {
        coerce::compile(pattern).map_err(|error| format!("the pattern of '{name}' is none: {error}"))?;
    }
    let words = [
        &element.label,
        &element.help,
        &element.placeholder,
        &element.rules.pattern_help,
    ];
    if words.iter().any(|words| words.len() > WORDS) || element.choices.len() > CHOICES {
        return Err(format!("'{name}' has more words or choices than a form can show"));
    }
    let mut choices = HashSet::new();
    match element
        .choices
        .iter()
        .find(|choice| !choices.insert(&choice.value))
    {
        Some(twice) => Err(format!("'{name}' has the choice '{}' twice", twice.value)),
        None => Ok(()),
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= NAME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_')
}
