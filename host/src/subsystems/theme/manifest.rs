//! Reads `theme.toml`: what a theme is called, what it builds on and what it brings.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Error;

/// What a theme says of itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// The machine name: that of its folder.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// What it is for, in a sentence.
    #[serde(default)]
    pub description: String,
    /// The version, for people.
    #[serde(default)]
    pub version: String,
    /// The theme whose templates and files stand in for those that this one lacks.
    pub parent: Option<String>,
    /// The regions that tiles can be placed in, in the order of the page.
    #[serde(default)]
    pub slots: Vec<String>,
    /// Settings with their defaults; templates see them as `theme.settings`.
    #[serde(default)]
    pub settings: BTreeMap<String, toml::Value>,
    /// The files that every page links to.
    #[serde(default)]
    pub libraries: Libraries,
}

/// Files below `static/` that every page of a theme links to, after those of its parent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Libraries {
    /// Style sheets, in their order.
    #[serde(default)]
    pub css: Vec<String>,
    /// Scripts, in their order.
    #[serde(default)]
    pub js: Vec<String>,
}

impl Manifest {
    /// Reads a manifest; `file` is how errors name it, `folder` the name that it must have.
    ///
    /// # Errors
    /// [`Error::Manifest`] with the line; for an unknown key with the one that was probably meant.
    pub fn parse(text: &str, file: &str, folder: &str) -> Result<Self, Error> {
        let error = |line, message| Error::Manifest {
            file: file.to_owned(),
            line,
            message,
        };
        let manifest: Self = toml::from_str(text).map_err(|problem| {
            let at = problem.span().map_or(0, |span| span.start);
            let line = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            error(line, with_suggestion(problem.message()))
        })?;
        let line_of = |key: &str| {
            text.lines()
                .position(|line| line.trim_start().starts_with(key))
                .unwrap_or(0)
                + 1
        };
        if manifest.name != folder {
            return Err(error(
                line_of("name"),
                format!("the name is `{}`, but the folder is `{folder}`", manifest.name),
            ));
        }
        match manifest.slots.iter().find(|slot| !is_machine_name(slot)) {
            Some(slot) => Err(error(
                line_of("slots"),
                format!("`{slot}` can't be the name of a slot: use `a-z`, `0-9`, `_`"),
            )),
            None => Ok(manifest),
        }
    }
}

/// Whether a name begins with a letter and has only `a-z`, `0-9`, `_` and `-`, at most 64.
pub fn is_machine_name(name: &str) -> bool {
    let valid = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-');
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.bytes().all(valid)
}

/// Adds what was probably meant to a message about an unknown key, which names the key and then those that exist.
fn with_suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let nearest = quoted
        .next()
        .filter(|_| message.starts_with("unknown field"))
        .and_then(|written| {
            let near = quoted.map(|known| (distance(written, known), known)).min()?;
            (near.0 <= 1 + written.len() / 3).then_some(near.1)
        });
    match nearest {
        Some(known) => format!("{message}; did you mean `{known}`?"),
        None => message.to_owned(),
    }
}

/// How many letters have to be put in, taken out or replaced to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((to, above), pair) in b.iter().zip(row.iter().skip(1)).zip(row.iter()) {
            let left = next.last().copied().unwrap_or(0);
            next.push((pair + usize::from(from != *to)).min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_whole_manifest_is_read() {
        let text = "name = \"a\"\nlabel = \"A\"\nparent = \"b\"\nslots = [\"side\"]\n[settings]\nwide = true\n\
                    [libraries]\ncss = [\"a.css\"]\n";
        let manifest = Manifest::parse(text, "a/theme.toml", "a").unwrap();
        assert_eq!(manifest.parent.as_deref(), Some("b"));
        assert_eq!(manifest.libraries.css, ["a.css"]);
        assert_eq!(manifest.settings.get("wide"), Some(&toml::Value::Boolean(true)));
    }

    #[test]
    fn an_unknown_key_is_refused_with_line_and_suggestion() {
        let refused = Manifest::parse(
            "name = \"a\"\nlabel = \"A\"\nparrent = \"b\"\n",
            "a/theme.toml",
            "a",
        )
        .unwrap_err();
        let message = refused.to_string();
        assert!(
            message.starts_with("a/theme.toml:3: unknown field `parrent`"),
            "{message}"
        );
        assert!(message.ends_with("did you mean `parent`?"), "{message}");
        let refused = Manifest::parse(
            "name = \"a\"\nlabel = \"A\"\n\n[libraries]\ncs = []\n",
            "a/theme.toml",
            "a",
        )
        .unwrap_err();
        assert!(refused.to_string().starts_with("a/theme.toml:5:"), "{refused}");
        assert!(refused.to_string().ends_with("did you mean `css`?"), "{refused}");
    }

    #[test]
    fn broken_manifests_name_their_line() {
        for (text, line) in [
            ("name = \"a\"\nlabel = \n", 2),
            ("label = \"A\"\nname = \"b\"\n", 2),
            ("name = 1\n", 1),
        ] {
            let refused = Manifest::parse(text, "t", "a").unwrap_err();
            assert!(
                matches!(refused, Error::Manifest { line: found, .. } if found == line),
                "{refused}"
            );
        }
    }
}
