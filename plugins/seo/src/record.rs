//! The table `seo_item`: what somebody has said about an item.

use std::time::Duration;

use trovato_sdk::prelude::*;

const TABLE: &str = "seo_item";
/// Where records are kept for the pages of their items: most say nothing, and are asked for all the time.
const BIN: &str = "records";
/// Another process may change one, whose word may not come.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// Between the parts of a kept record, none of which contains it.
const BETWEEN: char = '\0';

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

impl Record {
    /// The record as one text; nothing for one that says nothing.
    fn to_text(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let noindex = if self.noindex { "noindex" } else { "" };
        let parts = [
            self.title.as_str(),
            self.description.as_str(),
            self.picture.as_str(),
            noindex,
        ];
        parts.join(&BETWEEN.to_string())
    }

    fn from_text(text: &str) -> Self {
        let mut parts = text.split(BETWEEN);
        let mut next = || parts.next().unwrap_or_default().to_owned();
        Self {
            title: next(),
            description: next(),
            picture: next(),
            noindex: !next().is_empty(),
        }
    }
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

/// What is said about an item, as it is kept for its page.
pub fn kept(item: &str) -> Result<Record> {
    let entry = cache::bin(BIN).entry(item).tag(item).keep_for(KEPT_FOR);
    let text = entry.get_or_compute(|| Ok(of(item)?.to_text()))?;
    Ok(Record::from_text(&text))
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
    cache::invalidate(item);
    Ok(())
}

/// Nothing is said any more.
pub fn forget(item: &str) -> Result<()> {
    delete(TABLE).filter("item", Operator::Eq, db::id(item)).run()?;
    cache::invalidate(item);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_as_it_was_kept() {
        let says = Record {
            title: "A title".into(),
            description: String::new(),
            picture: "/a.png".into(),
            noindex: true,
        };
        for record in [Record::default(), says] {
            assert_eq!(Record::from_text(&record.to_text()), record);
        }
    }
}
