//! The part *Moderation* of the form of an item: where it is, where it may go, and how it came there.

use std::cell::RefCell;

use trovato_sdk::form::{Field, fault};
use trovato_sdk::prelude::*;
use trovato_sdk::tree::html::time;
use trovato_sdk::value::NOBODY;

use crate::dates;
use crate::rules::{Rules, State};
use crate::store::{self, Step};

const STATE: &str = "editorial_state";
const NOTE: &str = "editorial_note";
/// Behind the fields of the item, before its buttons.
const PLACE: i32 = 40;
const BUTTONS: i32 = 100;

/// What somebody has chosen in the form of an item.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    item: Id,
    pub state: String,
    pub note: String,
}

thread_local! {
    /// What was chosen. The same instance is asked for the whole request, and for no other one.
    static CHOSEN: RefCell<Option<Chosen>> = const { RefCell::new(None) };
}

/// The moderated item that a form makes or changes.
pub fn subject(form: &str) -> Result<Option<(Item, Rules)>> {
    if !form.starts_with("item_edit_") {
        return Ok(None);
    }
    let Some(item) = form::subject() else {
        return Ok(None);
    };
    let rules = Rules::of(&item.item_type())?;
    Ok(rules.map(|rules| (item, rules)))
}

fn is_new(item: &Item) -> bool {
    item.revision() == NOBODY
}

/// The state of an item that is stored, or is about to be for the first time.
pub fn state_of<'a>(item: &Item, rules: &'a Rules) -> Result<&'a State> {
    if is_new(item) {
        return rules.first();
    }
    let written = store::state_of(&item.id())?;
    rules.current(written.as_deref(), item.published())
}

/// The form with the part. Whether the item is published follows from its state, so it is not asked.
pub fn extend(form: BuiltForm, item: &Item, rules: &Rules) -> Result<FormChanges> {
    let current = state_of(item, rules)?;
    let ways = rules.ways(current, users::may);
    let steps = if is_new(item) {
        Vec::new()
    } else {
        store::steps_of(&item.id())?
    };
    let mut changes = form
        .changes()
        .append(part(current, &ways, history(&steps, rules)))
        .weigh("actions", BUTTONS)
        .remove("published");
    if !dates::may_publish(rules, current, item) {
        changes = changes.remove(dates::PUBLISH);
    }
    if !dates::may_unpublish(rules) {
        changes = changes.remove(dates::UNPUBLISH);
    }
    Ok(changes)
}

fn part(current: &State, ways: &[&State], history: Option<Tree>) -> Field {
    let mut part = form::details("editorial_part", "Moderation").weight(PLACE);
    if ways.is_empty() {
        let told = format!("It is: {}. You can't take it further.", current.label);
        part = part.with(form::markup("editorial_told", paragraph().text(told)));
    } else {
        let stay = (current.name.clone(), format!("{} (as it is)", current.label));
        let go = ways.iter().map(|state| (state.name.clone(), state.label.clone()));
        part = part
            .with(
                form::select(STATE, "State")
                    .required()
                    .choices(std::iter::once(stay).chain(go))
                    .initial(&current.name),
            )
            .with(
                form::textarea(NOTE, "Note")
                    .max_length(1000)
                    .help("What the others should know about this step."),
            );
    }
    match history {
        Some(history) => part.with(form::markup("editorial_history", history)),
        None => part,
    }
}

/// How the item came where it is; none for one that has not moved.
fn history(steps: &[Step], rules: &Rules) -> Option<Tree> {
    if steps.is_empty() {
        return None;
    }
    let label = |name: &str| {
        rules
            .state(name)
            .map_or_else(|| name.to_owned(), |state| state.label.clone())
    };
    let line = |step: &Step| {
        let moment = iso8601(step.at);
        let shown = moment.replace('T', " ").replace('Z', " UTC");
        let way = if step.from.is_empty() {
            format!("{}, by {}, ", label(&step.to), step.who)
        } else {
            format!("{} → {}, by {}, ", label(&step.from), label(&step.to), step.who)
        };
        let when = time()
            .with(trovato_sdk::tree::Attribute::Datetime(moment))
            .text(shown);
        let line = span().text(way).child(when);
        if step.note.is_empty() {
            line
        } else {
            line.text(format!(": {}", step.note))
        }
    };
    let lines = ul()
        .class("editorial-history")
        .children(steps.iter().map(|step| li().child(line(step))));
    Some(tree().child(heading(3, "What was done")).child(lines))
}

/// What is wrong with what was chosen.
pub fn faults(item: &Item, rules: &Rules, submission: &Submission) -> Vec<FieldError> {
    let chosen = submission.text(STATE);
    let current = match state_of(item, rules) {
        Ok(current) => current,
        Err(error) => return vec![fault("", error.to_string())],
    };
    let wants_note = rules
        .state(chosen)
        .is_some_and(|to| rules.wants_note(current, to));
    if wants_note && submission.text(NOTE).trim().is_empty() {
        return vec![fault(NOTE, "Say why it goes back.")];
    }
    Vec::new()
}

/// Remembers what was chosen until the item is saved.
pub fn keep(item: &Item, submission: &Submission) {
    let state = submission.text(STATE);
    CHOSEN.set((!state.is_empty()).then(|| Chosen {
        item: item.id(),
        state: state.to_owned(),
        note: submission.text(NOTE).trim().to_owned(),
    }));
}

/// What was chosen for an item; none where it is not saved by its form.
pub fn chosen(item: &str) -> Option<Chosen> {
    CHOSEN.with_borrow_mut(|chosen| chosen.take_if(|chosen| chosen.item == item))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_take_it_further_is_told_where_it_is() {
        let rules = Rules::sample();
        let review = rules.state("review");
        let shown = review.map(|review| part(review, &[], None));
        let told = paragraph().text("It is: In review. You can't take it further.");
        let expected = form::details("editorial_part", "Moderation")
            .weight(PLACE)
            .with(form::markup("editorial_told", told));
        assert_eq!(shown, Some(expected));
    }

    #[test]
    fn an_item_that_has_not_moved_has_no_history() {
        assert_eq!(history(&[], &Rules::sample()), None);
    }
}
