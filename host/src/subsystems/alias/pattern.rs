//! Paths made from the pattern of a content type, such as `blog/[yyyy]/[mm]/[title]`.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil::DateTime};

use super::PATH_LIMIT;
use crate::kernel::suggest;
use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::ItemType;

/// The tokens that every content type has, besides `[field_…]`.
pub const TOKENS: [(&str, &str); 9] = [
    ("title", "the title"),
    ("type", "the machine name of the content type"),
    ("id", "the identifier of the item"),
    ("author", "the name of the author"),
    ("yyyy", "the year in which it was made"),
    ("mm", "the month, two digits"),
    ("dd", "the day, two digits"),
    ("hh", "the hour, two digits"),
    ("min", "the minute, two digits"),
];
/// Behind a token: in letters that every keyboard has.
const ASCII: &str = "ascii";
/// Characters that one token may become.
const TOKEN_LIMIT: usize = 100;

/// What is wrong with a pattern for a content type.
///
/// # Errors
/// Words for whoever wrote it.
pub fn check(pattern: &str, of: &ItemType) -> Result<(), String> {
    if pattern.trim_matches('/') != pattern || pattern.is_empty() || pattern.contains("//") {
        return Err("a pattern neither begins nor ends with a slash, and has no two in a row".to_owned());
    }
    if pattern.chars().count() > PATH_LIMIT
        || pattern.contains(|char: char| char.is_control() || "\\?#".contains(char))
    {
        return Err(format!(
            "a pattern has at most {PATH_LIMIT} characters, and no \\, ? or #"
        ));
    }
    for part in parts(pattern) {
        let Part::Token(token) = part else { continue };
        let (name, form) = split(token);
        let known = TOKENS.iter().any(|(known, _)| *known == name) || of.field(name).is_some();
        if !known {
            let names = TOKENS.iter().map(|(known, _)| *known);
            let fields = of.fields.iter().map(|field| field.name.as_str());
            let hint = suggest(name, names.chain(fields)).map(|known| format!("; did you mean [{known}]?"));
            return Err(format!("there is no token [{name}]{}", hint.unwrap_or_default()));
        }
        if form.is_some_and(|form| form != ASCII) {
            return Err(format!("behind a token there may be :{ASCII}, nothing else"));
        }
    }
    let first = pattern.split('/').next().unwrap_or_default();
    if super::RESERVED.contains(&first) {
        return Err(format!(
            "paths that begin with {first}/ belong to the site itself"
        ));
    }
    Ok(())
}

/// Fills a pattern. None where nothing is left of it.
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
    let path = path.trim_end_matches(['/', '-']);
    (!path.is_empty()).then(|| path.to_owned())
}

enum Part<'a> {
    Text(&'a str),
    Token(&'a str),
}

/// What a pattern is made of. A bracket that is not closed is text.
fn parts(pattern: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('[') {
        let Some((token, after)) = after.split_once(']') else {
            break;
        };
        parts.push(Part::Text(before));
        parts.push(Part::Token(token));
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}

fn split(token: &str) -> (&str, Option<&str>) {
    token
        .split_once(':')
        .map_or((token, None), |(name, form)| (name, Some(form)))
}

fn fill_segment(segment: &str, item: &Item, made: DateTime) -> String {
    let mut filled = String::new();
    for part in parts(segment) {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Token(token) => {
                let (name, form) = split(token);
                let value = value(name, item, made);
                let value = if form == Some(ASCII) {
                    deunicode::deunicode(&value)
                } else {
                    value
                };
                filled.push_str(&slug(&value));
            }
        }
    }
    filled.trim_matches('-').to_owned()
}

fn value(name: &str, item: &Item, made: DateTime) -> String {
    match name {
        "title" => item.title.clone(),
        "type" => item.item_type.to_string(),
        "id" => item.id.to_string(),
        "author" => item.author_name.clone(),
        "yyyy" => format!("{:04}", made.year()),
        "mm" => format!("{:02}", made.month()),
        "dd" => format!("{:02}", made.day()),
        "hh" => format!("{:02}", made.hour()),
        "min" => format!("{:02}", made.minute()),
        field => match item.first(field) {
            Some(Value::Integer(number)) => number.to_string(),
            Some(value) => value.as_text().unwrap_or_default().to_owned(),
            None => String::new(),
        },
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

/// Whether a path is this one, or this one with a number at its end.
pub(super) fn is_numbered(path: &str, of: &str) -> bool {
    path.strip_prefix(of).is_some_and(|rest| {
        let number = rest
            .strip_prefix('-')
            .and_then(|number| number.parse::<u32>().ok());
        rest.is_empty() || number.is_some_and(|number| number > 1 && rest == format!("-{number}"))
    })
}

/// Letters and digits in lower case, dashes between the words.
fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for char in title.chars() {
        if char.is_alphanumeric() || char == '_' {
            slug.extend(char.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() && char != '\'' && char != '’' {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(TOKEN_LIMIT).collect();
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use uuid::Uuid;

    use super::*;
    use crate::subsystems::item_type::{Field, FieldType};

    fn item(title: &str) -> Item {
        Item {
            id: Uuid::from_u128(1),
            item_type: "blog_post".into(),
            title: title.to_owned(),
            author: Uuid::nil(),
            published: true,
            promoted: false,
            sticky: false,
            created: crate::time::Timestamp(1_700_000_000_000),
            changed: crate::time::Timestamp(0),
            revision: Uuid::nil(),
            fields: BTreeMap::from([("field_team".to_owned(), vec![Value::Text("Core Team".to_owned())])]),
            author_name: "Ada L.".to_owned(),
            alias: None,
            publish_on: None,
            unpublish_on: None,
            kept: Default::default(),
        }
    }

    #[test]
    fn a_slug_keeps_letters_of_every_script_and_joins_words_by_single_dashes() {
        assert_eq!(slug("Announcing Rust 1.94.1!"), "announcing-rust-1-94-1");
        assert_eq!(slug("  Don't  panic — Größe "), "dont-panic-größe");
        assert_eq!(slug("日本語"), "日本語");
        assert_eq!(slug("***"), "");
    }

    #[test]
    fn tokens_become_what_the_item_has() {
        let cases = [
            (
                "[type]/[yyyy]/[mm]/[dd]/[hh][min]/[title]",
                "blog_post/2023/11/14/2213/größe-æ",
            ),
            ("[title:ascii]", "grosse-ae"),
            ("by/[author]/[field_team]", "by/ada-l/core-team"),
            ("a/[field_none]/b", "a/b"),
            ("x-[field_none]", "x"),
            ("[id]", "00000000-0000-0000-0000-000000000001"),
            ("open[title", "open[title"),
        ];
        for (pattern, path) in cases {
            assert_eq!(
                fill(pattern, &item("Größe æ")).as_deref(),
                Some(path),
                "{pattern}"
            );
        }
        assert_eq!(
            fill("[title:ascii]", &item("Привет 日本")).as_deref(),
            Some("privet-ri-ben")
        );
        assert_eq!(fill("[title]", &item("***")), None);
    }

    #[test]
    fn a_pattern_is_checked_before_it_is_used() {
        let of = ItemType::new(
            "blog",
            "Blog",
            vec![Field::new("field_team", FieldType::Text(10))],
        );
        for right in ["blog/[yyyy]/[title]", "[field_team]/[title:ascii]", "a"] {
            assert_eq!(check(right, &of), Ok(()), "{right}");
        }
        for (wrong, why) in [
            ("", "neither begins nor ends"),
            ("/a", "neither begins nor ends"),
            ("a//b", "two in a row"),
            ("[titel]", "did you mean [title]?"),
            ("[field_none]", "no token [field_none]"),
            ("[title:upper]", ":ascii, nothing else"),
            ("admin/[title]", "belong to the site"),
            ("a?b", "no \\, ? or #"),
        ] {
            let said = check(wrong, &of).unwrap_err();
            assert!(said.contains(why), "{wrong}: {said}");
        }
    }

    #[test]
    fn the_first_path_has_no_number_and_the_second_is_2() {
        assert_eq!(numbered("blog/a", 0), "blog/a");
        assert_eq!(numbered("blog/a", 1), "blog/a-2");
        for (path, fits) in [
            ("a", true),
            ("a-2", true),
            ("a-1", false),
            ("a-02", false),
            ("a-b", false),
            ("ab", false),
        ] {
            assert_eq!(is_numbered(path, "a"), fits, "{path}");
        }
    }
}
