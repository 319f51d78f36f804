//! Whether the values of a plugin's field types are what the plugin takes.

use super::super::error::{Error, FieldError};
use super::super::model::{Item, Value};
use super::asked;
use crate::kernel::Plain;
use crate::subsystems::Session;
use crate::subsystems::item_type::{Field, ItemType};
use crate::taps;
use crate::wit::fields::ValueProblem;

/// Problems of one field that are told.
const PROBLEMS: usize = 100;
/// Characters of a message.
const MESSAGE: usize = 500;
/// Characters of a place within a value.
const PLACE: usize = 200;

/// What plugins find wrong. They are asked about fields in which the site has found nothing wrong itself.
///
/// # Errors
/// [`Error::Refused`] where a plugin gives no answer: what could not be checked is not stored.
pub(in super::super) async fn problems(
    session: &Session,
    item: &Item,
    of: &ItemType,
    found: &[FieldError],
) -> Result<Vec<FieldError>, Error> {
    let mut problems = Vec::new();
    for field in &of.fields {
        let Some((plugin, told)) = asked::<taps::FieldValidate>(session, &of.name, field) else {
            continue;
        };
        let values = item.values(&field.name);
        let is_here = |problem: &FieldError| problem.path.split('.').next() == Some(field.name.as_str());
        if values.is_empty() || found.iter().any(is_here) {
            continue;
        }
        let refused = |why: &str| Error::Refused {
            plugin: plugin.manifest.name.clone(),
            reason: format!(
                "plugin '{}' can't check {}: {why}",
                plugin.manifest.name, field.label
            ),
        };
        let mut input = Plain(|| (told.clone(), values.iter().map(Into::into).collect()));
        match session.call::<taps::FieldValidate>(plugin, &mut input).await {
            Ok((Ok(wrong),)) => {
                let wrong = wrong.into_iter().take(PROBLEMS);
                problems.extend(wrong.map(|wrong| told_at(field, values, &wrong)));
            }
            Ok((Err(error),)) => return Err(refused(&error.in_words())),
            // What failed is in the log, with where.
            Err(_) => return Err(refused("it failed")),
        }
    }
    Ok(problems)
}

/// A problem at its place, in the way in which the site tells its own.
fn told_at(field: &Field, values: &[Value], wrong: &ValueProblem) -> FieldError {
    let index = wrong.index.filter(|index| (*index as usize) < values.len());
    let within = cut(&wrong.path, PLACE);
    let path = match (index, within.as_str()) {
        (None, _) => field.name.clone(),
        (Some(index), "") => format!("{}.{index}", field.name),
        (Some(index), within) => format!("{}.{index}.{within}", field.name),
    };
    let message = match cut(&wrong.message, MESSAGE) {
        message if message.is_empty() => "this is not taken".to_owned(),
        message => message,
    };
    FieldError::new(path, format!("{}: {message}", field.label))
}

/// One line of at most so many characters.
fn cut(text: &str, most: usize) -> String {
    let line = text.trim().chars().take(most);
    line.map(|char| if char.is_control() { ' ' } else { char })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::model::Value;
    use super::*;
    use crate::subsystems::item_type::FieldType;

    fn told(index: Option<u32>, path: &str, message: &str) -> (String, String) {
        let wrong = ValueProblem {
            index,
            path: path.to_owned(),
            message: message.to_owned(),
        };
        let field = Field::new("field_a", FieldType::Integer);
        let told = told_at(&field, &[Value::Integer(1), Value::Integer(2)], &wrong);
        (told.path, told.message)
    }

    #[test]
    fn a_problem_is_told_at_its_place_and_in_few_words() {
        assert_eq!(
            told(Some(1), "", "too\nfew"),
            ("field_a.1".to_owned(), "field_a: too few".to_owned())
        );
        assert_eq!(told(Some(0), "lines.2", "x").0, "field_a.0.lines.2");
        assert_eq!(told(Some(2), "", "x").0, "field_a", "there is no such value");
        assert_eq!(
            told(None, "ignored", " "),
            ("field_a".to_owned(), "field_a: this is not taken".to_owned())
        );
        assert_eq!(
            told(None, "", &"x".repeat(9000)).1.len(),
            "field_a: ".len() + MESSAGE
        );
    }
}
