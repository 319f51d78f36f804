//! The table `related_term`: which item has which term.

use std::collections::HashMap;

use trovato_sdk::prelude::*;

use crate::list;

const TABLE: &str = "related_term";
/// Terms of an item that count; more would relate everything to everything.
const MOST_TERMS: usize = 50;
/// How many of the newest items with a term are looked at, however many there are.
const NEWEST: u32 = 50;

/// An item that shares terms with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub id: Id,
    pub title: String,
}

/// Replaces what is known of an item by the terms that it has now, all or nothing. Of an item that is not published
/// nothing is known.
pub fn remember(item: &Item) -> Result<()> {
    let id = item.id();
    let terms = if item.published() {
        terms_of(item)?
    } else {
        Vec::new()
    };
    db::transaction(|statements| {
        statements.add(delete(TABLE).filter("item", Operator::Eq, db::id(&id)));
        if !terms.is_empty() {
            let rows = insert(TABLE).columns(["item", "term"]);
            let rows = terms
                .into_iter()
                .fold(rows, |rows, term| rows.row([db::id(&id), term.into()]));
            statements.add(rows);
        }
    })?;
    list::forget_all();
    Ok(())
}

/// Removes what is known of an item.
pub fn forget(item: &Item) -> Result<()> {
    delete(TABLE)
        .filter("item", Operator::Eq, db::id(item.id()))
        .run()?;
    list::forget_all();
    Ok(())
}

/// The published items that share the most terms with this one, the newest first among equals.
pub fn related(item: &Item) -> Result<Vec<Related>> {
    let terms = terms_of(item)?;
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let limit: usize = variables::get::<u32>("limit")?.try_into().unwrap_or_default();
    // Items with the same terms share the list. One more than is shown, since the item itself is in it.
    let mut related = list::kept(&terms, limit, || share_most(&terms, limit + 1))?;
    let id = item.id();
    related.retain(|other| other.id != id);
    related.truncate(limit);
    Ok(related)
}

/// The items that share the most of these terms. Identifiers of items grow with time.
fn share_most(terms: &[String], limit: usize) -> Result<Vec<Related>> {
    let mut shared: HashMap<Id, usize> = HashMap::new();
    for term in terms {
        let newest = select(TABLE)
            .columns(["item"])
            .filter("term", Operator::Eq, term)
            .order_by("item", Direction::Descending)
            .limit(NEWEST);
        for row in newest.fetch()? {
            *shared.entry(row.get("item")?).or_default() += 1;
        }
    }
    let mut most: Vec<_> = shared.into_iter().map(|(item, terms)| (terms, item)).collect();
    most.sort_unstable_by(|one, other| other.cmp(one));
    most.truncate(limit);
    with_titles(most.into_iter().map(|(_, item)| item).collect())
}

/// The items with their titles, in the same order.
fn with_titles(items: Vec<Id>) -> Result<Vec<Related>> {
    let published = select("published_item")
        .columns(["id", "title"])
        .one_of("id", items.iter().map(db::id))
        .fetch()?;
    let mut titles = HashMap::new();
    for row in published {
        titles.insert(row.get::<Id>("id")?, row.get::<String>("title")?);
    }
    let related = items.into_iter().filter_map(|id| {
        let title = titles.remove(&id)?;
        Some(Related { id, title })
    });
    Ok(related.collect())
}

fn terms_of(item: &Item) -> Result<Vec<String>> {
    let field: String = variables::get("field")?;
    Ok(distinct(item.texts(&field)))
}

/// The terms in lower case, each once.
fn distinct(terms: Vec<String>) -> Vec<String> {
    let mut distinct: Vec<_> = terms.iter().map(|term| term.trim().to_lowercase()).collect();
    distinct.retain(|term| !term.is_empty());
    distinct.sort();
    distinct.dedup();
    distinct.truncate(MOST_TERMS);
    distinct
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_count_once_whatever_their_case() {
        let terms = ["Rust", " rust ", "Wasm", ""].map(String::from);
        assert_eq!(distinct(terms.into()), ["rust", "wasm"]);
    }

    #[test]
    fn the_terms_of_an_item_are_bounded() {
        let terms = (0..200).map(|number| format!("term {number}"));
        assert_eq!(distinct(terms.collect()).len(), MOST_TERMS);
    }
}
