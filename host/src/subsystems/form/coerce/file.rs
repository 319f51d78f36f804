//! Uploaded files.

use super::{Checked, nothing};
use crate::subsystems::form::model::{Element, FileRules};
use crate::subsystems::form::{Upload, Value};

pub(super) fn files(element: &Element, rules: &FileRules, sent: &[Upload]) -> Checked {
    if sent.is_empty() {
        return nothing(element);
    }
    if let Some(wrong) = sent.iter().find(|file| !is_accepted(rules, file)) {
        return Err(format!(
            "{}: '{}' is of another kind than {}.",
            element.name_for_people(),
            wrong.name,
            rules.accept.join(", ")
        ));
    }
    Ok(Value::Files(sent.to_vec()))
}

/// By what the browser claims: a help for people, not a protection. Whoever stores a file looks into it.
fn is_accepted(rules: &FileRules, file: &Upload) -> bool {
    let claimed = file.claimed_type.split(';').next().unwrap_or_default().trim();
    let fits = |rule: &String| match rule.strip_suffix("/*") {
        Some(kind) => claimed.split('/').next() == Some(kind),
        None if rule.starts_with('.') => file.name.to_lowercase().ends_with(&rule.to_lowercase()),
        None => claimed.eq_ignore_ascii_case(rule),
    };
    rules.accept.is_empty() || rules.accept.iter().any(fits)
}
