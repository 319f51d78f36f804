//! Says how long an item takes to read.
//!
//! It answers `item-view-alter`, which sees what the item and all plugins have built and may change it. This one
//! only adds a line near the top. The line is a template, so that a theme can say it in other words.

use trovato_sdk::prelude::*;

/// Before the fields and most parts of other plugins.
const NEAR_THE_TOP: i32 = -4;

#[tap]
fn item_view_alter(item: Item, mode: ViewMode, tree: BuiltTree) -> Result<Option<Changes>> {
    if !matches!(mode, ViewMode::Full | ViewMode::Teaser) {
        return Ok(None);
    }
    let field: String = variables::get("field")?;
    let Some(text) = item.text(&field) else {
        return Ok(None);
    };
    let minutes = minutes(count_words(&text), variables::get("words_per_minute")?);
    let line = template("reading-time.html")
        .with("minutes", minutes)
        .weight(NEAR_THE_TOP);
    Ok(Some(tree.changes().insert(line)))
}

/// Words as people count them: what is between spaces, except marks without a letter or digit such as `-` or `##`.
fn count_words(text: &str) -> u32 {
    let words = text
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    u32::try_from(words).unwrap_or(u32::MAX)
}

/// Rounded up, so that it is at least a minute.
fn minutes(words: u32, words_per_minute: u32) -> u32 {
    words.div_ceil(words_per_minute.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_no_words() {
        assert_eq!(count_words("## A *list*:\n\n- one\n- two — 3"), 5);
        assert_eq!(count_words(""), 0);
    }

    #[test]
    fn minutes_are_rounded_up() {
        assert_eq!(minutes(0, 220), 1);
        assert_eq!(minutes(220, 220), 1);
        assert_eq!(minutes(221, 220), 2);
    }
}
