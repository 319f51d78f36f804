//! An entry of an export, as it stands there.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::comment::Comments;
use super::menus::Leads;
use crate::time::Timestamp;

/// A post, a page, or whatever else a site has exported.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// The line in which it begins.
    pub(super) line: usize,
    /// The number that WordPress gave it.
    pub(super) number: String,
    pub(super) title: String,
    pub(super) link: String,
    pub(super) guid: String,
    /// The login name of who wrote it.
    pub(super) creator: String,
    pub(super) content: String,
    pub(super) excerpt: String,
    /// When it was published, as RFC 2822 has it.
    pub(super) published: String,
    /// When it was written, by the clock of its site.
    pub(super) written: String,
    /// When it was written, in UTC.
    pub(super) written_utc: String,
    pub(super) status: String,
    pub(super) kind: String,
    pub(super) password: String,
    pub(super) sticky: bool,
    /// Names of categories and tags.
    pub(super) terms: Vec<String>,
    /// Where the file of an attachment is.
    pub(super) attachment: String,
    /// The number of the attachment that is its picture.
    pub(super) picture: Option<String>,
    pub(super) comments: Comments,
    /// The menu in which it is a link: the name in addresses, and the one for people.
    pub(super) menu: Option<(String, String)>,
    /// Its place in this menu.
    pub(super) order: i64,
    /// Where it leads from there.
    pub(super) leads: Leads,
}

/// What becomes of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It becomes an item.
    Post,
    /// It becomes an item of the other type.
    Page,
    /// Others point to it.
    Attachment,
    /// It is a link of a menu.
    Link,
    /// It is left out.
    Skip(String),
}

impl Entry {
    /// What becomes of it.
    pub(super) fn fate(&self) -> Fate {
        match self.status.as_str() {
            "trash" => return Fate::Skip("it was in the trash".to_owned()),
            "auto-draft" => return Fate::Skip("it is a draft that was never saved".to_owned()),
            _ => {}
        }
        match self.kind.as_str() {
            "post" | "" => Fate::Post,
            "page" => Fate::Page,
            "attachment" => Fate::Attachment,
            "nav_menu_item" if matches!(self.status.as_str(), "publish" | "") => Fate::Link,
            "nav_menu_item" => Fate::Skip("it was the draft of a link".to_owned()),
            "revision" => Fate::Skip("older revisions are not imported".to_owned()),
            other => Fate::Skip(format!("entries of the type '{other}' are not imported")),
        }
    }

    /// What it is remembered by: the identifier that WordPress never changes, else its address.
    pub(super) fn key(&self) -> &str {
        if self.guid.is_empty() {
            &self.link
        } else {
            &self.guid
        }
    }

    /// What it is called in reports.
    pub(super) fn name(&self) -> &str {
        if self.title.is_empty() {
            self.key()
        } else {
            &self.title
        }
    }

    /// Whether everyone could read it, and what is to be said where not.
    pub(super) fn is_public(&self) -> (bool, Option<&'static str>) {
        match self.status.as_str() {
            "publish" | "" if self.password.is_empty() => (true, None),
            "publish" | "" => (false, Some("it had a password: it is imported unpublished")),
            "private" => (false, Some("it was private: it is imported unpublished")),
            "future" => (
                false,
                Some("it was still to be published: it is imported unpublished"),
            ),
            _ => (false, None),
        }
    }

    /// When it was written.
    pub(super) fn date(&self) -> Option<Timestamp> {
        let published = || jiff::fmt::rfc2822::parse(self.published.trim()).ok();
        at_utc(&self.written_utc)
            .or_else(|| published().and_then(|zoned| some(zoned.timestamp())))
            .or_else(|| at_utc(&self.written))
    }
}

/// A moment of which WordPress has written the date and the time, as those of UTC.
pub(super) fn at_utc(text: &str) -> Option<Timestamp> {
    let moment: DateTime = text.trim().parse().ok()?;
    some(moment.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// WordPress writes the year 0 where there is no date, and its feeds say 30 November of the year before.
fn some(moment: jiff::Timestamp) -> Option<Timestamp> {
    (moment.as_second() > -10_000_000_000).then(|| Timestamp::from_millis(moment.as_millisecond()))
}
