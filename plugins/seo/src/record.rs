//! The table `seo_item`: what somebody has said about an item.

use trovato_sdk::prelude::*;

const TABLE: &str = "seo_item";

/// What is said about an item. What is empty is not said.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Another title than that of the item.
    pub title: String,
    /// A sentence or two.
    pub description: String,
    /// A picture: a path of this site, or a web address.
    pub picture: String,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
}

/// What is said about an item.
pub fn of(item: &str) -> Result<Record> {
    let row = select(TABLE)
        .columns(["title", "description", "picture", "noindex"])
        .filter("item", Operator::Eq, db::id(item))
        .fetch_first()?;
    let Some(row) = row else {
        return Ok(Record::default());
    };
    Ok(Record {
        title: row.get("title")?,
        description: row.get("description")?,
        picture: row.get("picture")?,
        noindex: row.get("noindex")?,
    })
}

/// Replaces what is said about an item.
pub fn store(item: &str, record: &Record) -> Result<()> {
    if *record == Record::default() {
        return forget(item);
    }
    insert(TABLE)
        .set("item", db::id(item))
        .set("title", &record.title)
        .set("description", &record.description)
        .set("picture", &record.picture)
        .set("noindex", record.noindex)
        .or_update(["item"], ["title", "description", "picture", "noindex"])
        .run()?;
    Ok(())
}

/// Nothing is said any more.
pub fn forget(item: &str) -> Result<()> {
    delete(TABLE).filter("item", Operator::Eq, db::id(item)).run()?;
    Ok(())
}
