//! The tables `editorial_item`, where an item is, and `editorial_step`, how it came there.

use trovato_sdk::prelude::*;

const ITEMS: &str = "editorial_item";
const STEPS: &str = "editorial_step";
/// Steps that are shown of an item.
const SHOWN: u32 = 10;

/// A transition that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub from: String,
    pub to: String,
    /// The name of who made it.
    pub who: String,
    pub at: Timestamp,
    /// What was said about it.
    pub note: String,
}

/// An item in the list of what waits.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub item: Id,
    pub state: String,
    pub since: Timestamp,
    pub title: String,
    pub item_type: String,
    pub author: String,
}

/// The state of an item, as it was written down.
pub fn state_of(item: &str) -> Result<Option<String>> {
    let row = select(ITEMS)
        .columns(["state"])
        .filter("item", Operator::Eq, db::id(item))
        .fetch_first()?;
    row.map(|row| row.get("state")).transpose()
}

/// Writes down where an item is, and the step by which it came there, both or nothing.
pub fn remember(listed: &Listed, step: Option<&Step>) -> Result<()> {
    let number = match step {
        Some(_) => next_number(&listed.item)?,
        None => 0,
    };
    db::transaction(|statements| {
        // Where it has not moved it is there since it was.
        let mut changes = vec!["title", "item_type", "author"];
        if step.is_some() {
            changes.extend(["state", "since"]);
        }
        statements.add(
            insert(ITEMS)
                .set("item", db::id(&listed.item))
                .set("state", &listed.state)
                .set("since", db::moment(listed.since))
                .set("title", &listed.title)
                .set("item_type", &listed.item_type)
                .set("author", &listed.author)
                .or_update(["item"], changes),
        );
        if let Some(step) = step {
            statements.add(
                insert(STEPS)
                    .set("item", db::id(&listed.item))
                    .set("number", number)
                    .set("came_from", &step.from)
                    .set("went_to", &step.to)
                    .set("who", &step.who)
                    .set("at", db::moment(step.at))
                    .set("note", &step.note),
            );
        }
    })?;
    Ok(())
}

fn next_number(item: &str) -> Result<i64> {
    let row = select(STEPS)
        .max("number")
        .filter("item", Operator::Eq, db::id(item))
        .fetch_first()?;
    let last: Option<i64> = match row {
        Some(row) => row.get("max(number)")?,
        None => None,
    };
    Ok(last.unwrap_or(0) + 1)
}

/// Removes all that is known of an item.
pub fn forget(item: &str) -> Result<()> {
    db::transaction(|statements| {
        for table in [ITEMS, STEPS] {
            statements.add(delete(table).filter("item", Operator::Eq, db::id(item)));
        }
    })?;
    Ok(())
}

/// The last steps of an item, the newest first.
pub fn steps_of(item: &str) -> Result<Vec<Step>> {
    let rows = select(STEPS)
        .columns(["came_from", "went_to", "who", "at", "note"])
        .filter("item", Operator::Eq, db::id(item))
        .order_by("number", Direction::Descending)
        .limit(SHOWN)
        .fetch()?;
    rows.iter()
        .map(|row| {
            Ok(Step {
                from: row.get("came_from")?,
                to: row.get("went_to")?,
                who: row.get("who")?,
                at: row.get("at")?,
                note: row.get("note")?,
            })
        })
        .collect()
}

/// The items of some types that were left in some states, the one that waits longest first, and how many there are.
pub fn waiting(types: &[String], states: &[&str], page: u32, per_page: u32) -> Result<(Vec<Listed>, u64)> {
    if types.is_empty() || states.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let those = || {
        select(ITEMS)
            .one_of("item_type", types.iter().map(String::as_str))
            .one_of("state", states.iter().copied())
    };
    let count = those().count("item").fetch_first()?;
    let total: i64 = match count {
        Some(row) => row.get("count(item)")?,
        None => 0,
    };
    let rows = those()
        .columns(["item", "state", "since", "title", "item_type", "author"])
        .order_by("since", Direction::Ascending)
        .order_by("item", Direction::Ascending)
        .limit(per_page)
        .offset(page.saturating_mul(per_page))
        .fetch()?;
    let listed: Result<Vec<Listed>> = rows
        .iter()
        .map(|row| {
            Ok(Listed {
                item: row.get("item")?,
                state: row.get("state")?,
                since: row.get("since")?,
                title: row.get("title")?,
                item_type: row.get("item_type")?,
                author: row.get("author")?,
            })
        })
        .collect();
    Ok((listed?, u64::try_from(total).unwrap_or_default()))
}
