//! The head of a page: what search engines and those who share its address are told.
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! #[tap]
//! fn page_head(page: PageFacts) -> Option<Head> {
//!     let item = page.item?;
//!     let article = Data::new("Article").text("headline", &page.title).text("dateCreated", iso8601(item.created));
//!     Some(Head::new().meta("twitter:card", "summary").data(article))
//! }
//! ```

use std::fmt::Write as _;

pub use crate::wit::head::{Crumb, Entry, ItemFacts, PageFacts, Picture};
use crate::wit::head::{Link, Meta};

/// Entries in the making.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "entries do nothing until a tap returns them"]
pub struct Head(Vec<Entry>);

impl Head {
    /// No entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// The title of the window, and of a result of a search.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with(Entry::Title(title.into()))
    }

    /// A sentence or two about the page.
    pub fn description(self, description: impl Into<String>) -> Self {
        self.with(Entry::Description(description.into()))
    }

    /// The address that it should be known by: a path of this site, or a URL.
    pub fn canonical(self, address: impl Into<String>) -> Self {
        self.with(Entry::Canonical(address.into()))
    }

    /// What robots may do with it, such as `noindex`.
    pub fn robots(self, may: impl Into<String>) -> Self {
        self.with(Entry::Robots(may.into()))
    }

    /// A `meta` element with a `name`, such as `twitter:card`.
    pub fn meta(self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.with(Entry::Meta(Meta {
            name: name.into(),
            content: content.into(),
        }))
    }

    /// A `meta` element with a `property`, such as `og:title`.
    pub fn property(self, name: impl Into<String>, content: impl Into<String>) -> Self {
        self.with(Entry::Property(Meta {
            name: name.into(),
            content: content.into(),
        }))
    }

    /// A `link` element.
    pub fn link(self, rel: impl Into<String>, href: impl Into<String>) -> Self {
        self.with(Entry::Link(Link {
            rel: rel.into(),
            href: href.into(),
        }))
    }

    /// Structured data about the page.
    pub fn data(self, data: Data) -> Self {
        let context = quoted("@context");
        let schema = quoted("https://schema.org");
        self.with(Entry::Data(format!("{{{context}:{schema},{}}}", data.members)))
    }

    /// Any entry.
    pub fn with(mut self, entry: Entry) -> Self {
        self.0.push(entry);
        self
    }
}

impl From<Head> for Vec<Entry> {
    fn from(head: Head) -> Self {
        head.0
    }
}

/// A thing in the words of schema.org, as JSON-LD.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "data does nothing until it is put into a head"]
pub struct Data {
    members: String,
}

impl Data {
    /// A thing of a type, such as `Article`.
    pub fn new(kind: &str) -> Self {
        Self {
            members: format!("{}:{}", quoted("@type"), quoted(kind)),
        }
    }

    /// With a text; an empty one says nothing.
    pub fn text(self, name: &str, text: impl AsRef<str>) -> Self {
        match text.as_ref() {
            "" => self,
            text => self.member(name, &quoted(text)),
        }
    }

    /// With a whole number.
    pub fn number(self, name: &str, number: i64) -> Self {
        self.member(name, &number.to_string())
    }

    /// With another thing.
    pub fn thing(self, name: &str, thing: Self) -> Self {
        let thing = format!("{{{}}}", thing.members);
        self.member(name, &thing)
    }

    /// With several other things.
    pub fn things(self, name: &str, things: impl IntoIterator<Item = Self>) -> Self {
        let things: Vec<String> = things
            .into_iter()
            .map(|thing| format!("{{{}}}", thing.members))
            .collect();
        self.member(name, &format!("[{}]", things.join(",")))
    }

    fn member(mut self, name: &str, json: &str) -> Self {
        self.members.push(',');
        self.members.push_str(&quoted(name));
        self.members.push(':');
        self.members.push_str(json);
        self
    }
}

/// A text as JSON has it (RFC 8259, 7).
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            // Writing to a String can't fail.
            char if char.is_control() => drop(write!(quoted, "\\u{:04x}", u32::from(char))),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// A moment as structured data has it (ISO 8601, UTC), such as `2023-11-14T22:13:20Z`.
pub fn iso8601(moment: crate::value::Timestamp) -> String {
    let (year, month, day) = civil(moment.div_euclid(86_400_000));
    let seconds = moment.rem_euclid(86_400_000) / 1000;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{:02}Z",
        seconds % 60
    )
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: years are counted from March, so that
/// the leap day is the last of one.
fn civil(days: i64) -> (i64, i64, i64) {
    let since = days + 719_468;
    let (era, of_era) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structured_data_is_json_whatever_its_texts_are() {
        let data = Data::new("Article")
            .text("headline", "A \"B\"\n\\")
            .text("nothing", "")
            .number("position", 1)
            .thing("author", Data::new("Person").text("name", "Ada"));
        let expected = "{\"@context\":\"https://schema.org\",\"@type\":\"Article\",\
                        \"headline\":\"A \\\"B\\\"\\u000a\\\\\",\"position\":1,\
                        \"author\":{\"@type\":\"Person\",\"name\":\"Ada\"}}";
        assert_eq!(Head::new().data(data), Head(vec![Entry::Data(expected.into())]));
    }

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(iso8601(1_700_000_000_000), "2023-11-14T22:13:20Z");
        assert_eq!(iso8601(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso8601(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso8601(-1), "1969-12-31T23:59:59Z");
    }
}
