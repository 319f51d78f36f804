//! The table `related_term`: which item has which term.

use trovato_sdk::prelude::*;

const TABLE: &str = "related_term";
/// Terms of an item that count; more would relate everything to everything.
const MOST_TERMS: usize = 50;

/// An item that shares terms with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    pub id: Id,
    pub title: String,
}

/// Replaces what is known of an item by the terms that it has now, all or nothing.
pub fn remember(item: &Item) -> Result<()> {
    let id = item.id();
    let terms = terms_of(item)?;
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
    Ok(())
}

/// Removes what is known of an item.
pub fn forget(item: &Item) -> Result<()> {
    delete(TABLE)
        .filter("item", Operator::Eq, db::id(item.id()))
        .run()?;
    Ok(())
}

/// The published items that share the most terms with this one, the newest first among equals.
pub fn related(item: &Item) -> Result<Vec<Related>> {
    let terms = terms_of(item)?;
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let limit = variables::get("limit")?;
    let rows = most_shared(&item.id(), terms, limit).fetch()?;
    rows.iter()
        .map(|row| {
            Ok(Related {
                id: row.get("published_item.id")?,
                title: row.get("published_item.title")?,
            })
        })
        .collect()
}

fn most_shared(item: &str, terms: Vec<String>, limit: u32) -> db::Select {
    select(TABLE)
        .join("published_item", "related_term.item", "id")
        .columns([
            "published_item.id",
            "published_item.title",
            "published_item.created",
        ])
        .count("related_term.term")
        .one_of("related_term.term", terms)
        .filter("related_term.item", Operator::Ne, db::id(item))
        .group_by("published_item.id")
        .group_by("published_item.title")
        .group_by("published_item.created")
        .order_by("count(related_term.term)", Direction::Descending)
        .order_by("published_item.created", Direction::Descending)
        .limit(limit)
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
