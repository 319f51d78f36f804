//! Choices.

use super::{Checked, nothing};
use crate::subsystems::form::Value;
use crate::subsystems::form::model::Element;

pub(super) fn one(element: &Element, sent: &str) -> Checked {
    if sent.is_empty() && !offers(element, "") {
        return nothing(element);
    }
    if offers(element, sent) {
        Ok(Value::Text(sent.to_owned()))
    } else {
        Err(unknown(element))
    }
}

pub(super) fn several(element: &Element, sent: &[String]) -> Checked {
    let mut chosen: Vec<String> = Vec::new();
    for value in sent.iter().filter(|value| !value.is_empty()) {
        if !offers(element, value) {
            return Err(unknown(element));
        }
        if !chosen.contains(value) {
            chosen.push(value.clone());
        }
    }
    if chosen.is_empty() {
        nothing(element)?;
    }
    Ok(Value::List(chosen))
}

pub(super) fn flag(element: &Element, sent: &str) -> Checked {
    let ticked = !matches!(sent, "" | "0");
    if element.required && !ticked {
        return Err(format!("{} must be ticked.", element.name_for_people()));
    }
    Ok(Value::Flag(ticked))
}

fn offers(element: &Element, value: &str) -> bool {
    element.choices.iter().any(|choice| choice.value == value)
}

fn unknown(element: &Element) -> String {
    format!("{}: choose from what is listed.", element.name_for_people())
}
