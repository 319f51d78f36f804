//! Paths made from the pattern of a content type.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::DateTime};

use super::PATH_LIMIT;
use crate::subsystems::item::Item;

/// Fills a pattern such as `blog/[yyyy]/[mm]/[title]`. None where nothing is left of it.
pub(super) fn fill(pattern: &str, item: &Item) -> Option<String> {
    let made = Timestamp::from_millisecond(item.created.as_millis()).ok()?;
    let made = made.to_zoned(TimeZone::UTC).datetime();
    let segments = pattern
        .split('/')
        .map(|segment| fill_segment(segment, item, made));
    let path = segments
        .filter(|segment| !segment.is_empty())
        .collect::<Vec<_>>()
        .join("/");
    let path: String = path.chars().take(PATH_LIMIT - 5).collect();
    (!path.is_empty()).then_some(path)
}

fn fill_segment(segment: &str, item: &Item, made: DateTime) -> String {
    let filled = segment
        .replace("[yyyy]", &format!("{:04}", made.year()))
        .replace("[mm]", &format!("{:02}", made.month()))
        .replace("[dd]", &format!("{:02}", made.day()))
        .replace("[type]", &item.item_type)
        .replace("[id]", &item.id.to_string());
    if filled.contains("[title]") {
        filled.replace("[title]", &slug(&item.title))
    } else {
        filled
    }
}

/// The path with a number at its end; none for 0.
pub(super) fn numbered(path: &str, number: u32) -> String {
    if number == 0 {
        path.to_owned()
    } else {
        format!("{path}-{}", number + 1)
    }
}

/// Letters and digits in lower case, dashes between the words.
fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for char in title.chars() {
        if char.is_alphanumeric() {
            slug.extend(char.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() && char != '\'' && char != '’' {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_keeps_letters_of_every_script_and_joins_words_by_single_dashes() {
        assert_eq!(slug("Announcing Rust 1.94.1!"), "announcing-rust-1-94-1");
        assert_eq!(slug("  Don't  panic — Größe "), "dont-panic-größe");
        assert_eq!(slug("日本語"), "日本語");
        assert_eq!(slug("***"), "");
    }

    #[test]
    fn the_first_path_has_no_number_and_the_second_is_2() {
        assert_eq!(numbered("blog/a", 0), "blog/a");
        assert_eq!(numbered("blog/a", 1), "blog/a-2");
    }
}
