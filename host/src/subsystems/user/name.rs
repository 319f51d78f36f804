//! What a name may be, and when two are the same.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Characters of a name.
pub(super) const LIMIT: usize = 60;
/// Marks on one letter: more than any script needs, less than covers the lines above and below.
const MOST_MARKS: usize = 4;
/// What shows as nothing and is no mark or control: fillers, a joiner, variation selectors, an empty braille cell.
const BLANKS: &[char] = &[
    '\u{034f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{2800}', '\u{3164}', '\u{ffa0}',
];

/// The name as it is stored: in Unicode's composed form (NFC).
///
/// # Errors
/// What is wrong, for a person.
pub(super) fn check(name: &str) -> Result<String, String> {
    let name: String = name.nfc().collect();
    if name.is_empty() {
        return Err("A name is needed.".to_owned());
    }
    if name.chars().count() > LIMIT {
        return Err(format!("A name has at most {LIMIT} characters."));
    }
    if name.starts_with(' ') || name.ends_with(' ') || name.contains("  ") {
        return Err("A name has single spaces, and none at its ends.".to_owned());
    }
    if let Some(odd) = name.chars().find(|&c| is_odd(c)) {
        let code = u32::from(odd);
        return Err(format!(
            "A name has letters, digits, punctuation and spaces; U+{code:04X} is none."
        ));
    }
    let mut marks = 0;
    for (at, letter) in name.chars().enumerate() {
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        if marks > MOST_MARKS || marks > at {
            return Err("A name begins with a letter, and has at most four marks on each.".to_owned());
        }
    }
    if key(&name) == "anonymous" {
        return Err("That name stands for visitors.".to_owned());
    }
    Ok(name)
}

/// What has no place in a name: controls, what changes the direction of text or shows as nothing, what has no meaning.
fn is_odd(c: char) -> bool {
    use GeneralCategory as Is;
    let blank = BLANKS.contains(&c) || ('\u{fe00}'..='\u{fe0f}').contains(&c);
    blank
        || match c.general_category() {
            Is::Control | Is::Format | Is::Surrogate | Is::PrivateUse | Is::Unassigned => true,
            Is::LineSeparator | Is::ParagraphSeparator => true,
            Is::SpaceSeparator => c != ' ',
            _ => false,
        }
}

fn is_mark(c: char) -> bool {
    use GeneralCategory as Is;
    matches!(
        c.general_category(),
        Is::NonspacingMark | Is::SpacingMark | Is::EnclosingMark
    )
}

/// The form in which names are compared: without regard to case and to ways of writing the same letters (NFKC,
/// Unicode Standard Annex 15).
pub(super) fn key(name: &str) -> String {
    let plain: String = name.nfkc().collect();
    plain.to_uppercase().to_lowercase().nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_scripts_are_fine() {
        for name in [
            "Ada",
            "Zoë Müller",
            "李小龙",
            "O'Brien-Smith, Jr.",
            "Нина",
            "ada@example.com",
            "नमस्ते",
        ] {
            assert_eq!(check(name), Ok(name.nfc().collect()), "{name}");
        }
    }

    #[test]
    fn controls_directions_and_blanks_are_refused() {
        for name in [
            "",
            "a\0b",
            "a\nb",
            "a\tb",
            " ada",
            "ada ",
            "a  b",
            "a\u{a0}b",
            "ad\u{202e}a",
            "a\u{200b}da",
            "a\u{2066}b",
            "\u{feff}ada",
            "a\u{e000}",
            "\u{3164}",
            "a\u{fe0f}",
            "\u{301}a",
            "a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}",
            "ＡＮＯＮＹＭＯＵＳ",
        ] {
            assert!(check(name).is_err(), "{name:?}");
        }
        assert!(check(&"a".repeat(LIMIT)).is_ok());
        assert!(check(&"a".repeat(LIMIT + 1)).is_err());
    }

    #[test]
    fn names_that_look_or_sound_the_same_have_one_key() {
        for (one, other) in [
            ("Ada", "aDA"),
            ("Ada", "Ａｄａ"),
            ("Straße", "STRASSE"),
            ("Zoë", "Zoe\u{308}"),
            ("ﬁn", "FIN"),
        ] {
            assert_eq!(key(one), key(other), "{one} {other}");
        }
        assert_ne!(key("Ada"), key("Adä"));
    }
}
