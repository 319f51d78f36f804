//! The list of cases: `cases/*.toml` beside the guests, which other hosts read as well.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::{EMBEDDED, Error, Result};

/// The cases of one interface.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    /// The interface, by its name in the package.
    pub interface: String,
    /// Its cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// One thing that a host must do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it must do, as a sentence.
    pub name: String,
    /// What the case proves.
    pub proves: Proves,
    /// The functions that it is about.
    pub covers: Vec<String>,
    /// The guests that it needs besides the prober.
    #[serde(default)]
    pub plugins: Vec<String>,
    /// Settings of these guests that differ from their defaults.
    #[serde(default)]
    pub settings: BTreeMap<String, BTreeMap<String, toml::Value>>,
    /// Whether all steps belong to one request; else each is one of its own.
    #[serde(default)]
    pub together: bool,
    /// Who asks.
    #[serde(default, rename = "as")]
    pub who: Who,
    /// What is called, in this order.
    pub steps: Vec<Step>,
}

/// What a case proves.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Proves {
    /// That it works.
    Success,
    /// That wrong or forbidden calls get an error as their answer.
    Refusal,
    /// That what goes wrong ends the call and nothing else.
    Failure,
}

impl Proves {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Refusal => "refusal",
            Self::Failure => "failure",
        }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The site itself, which may do anything.
    #[default]
    Site,
    /// A visitor.
    Visitor,
}

/// A call of a guest's `invoke` tap, or one of its forms that is sent, and what must come of it: one of `answer`, `contains`, `refused` and `fails`; any
/// answer where there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The guest.
    #[serde(default = "prober")]
    pub plugin: String,
    /// The function; of a form, the button.
    pub call: String,
    /// The form that is sent, if the step is about one: its only answer is the argument, to the element `text`.
    pub form: Option<String>,
    /// The item that the form is about, by its identifier; filled in as the argument is.
    pub about: Option<String>,
    /// Its argument. `{name}` stands for what was kept under that name, `{x*3}` for `xxx`.
    #[serde(default)]
    pub with: String,
    /// The whole answer.
    pub answer: Option<String>,
    /// A part of the answer.
    pub contains: Option<String>,
    /// The kind of the error that it is answered with.
    pub refused: Option<String>,
    /// A part of the failure that ends the call.
    pub fails: Option<String>,
    /// A part of the error's words.
    pub says: Option<String>,
    /// A name under which the answer is kept for later steps.
    pub keep: Option<String>,
}

fn prober() -> String {
    "prober".to_owned()
}

/// Reads the cases that are part of the program.
///
/// # Errors
/// Which file is wrong, and how.
pub fn embedded() -> Result<Vec<Suite>> {
    EMBEDDED.iter().map(|(name, text)| parse(name, text)).collect()
}

/// Reads all cases of a folder.
///
/// # Errors
/// Which file is wrong, and how.
pub fn read(folder: &Path) -> Result<Vec<Suite>> {
    let unreadable = |error: std::io::Error| {
        Error::set_up(format!(
            "{} can't be read: {error}; `cargo xtask conformance` makes the folder of fixtures",
            folder.display()
        ))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    files.sort();
    let suites = files.iter().map(|path| {
        let text = fs::read_to_string(path).map_err(unreadable)?;
        parse(&path.display().to_string(), &text)
    });
    suites.collect()
}

fn parse(file: &str, text: &str) -> Result<Suite> {
    toml::from_str(text).map_err(|error| Error::set_up(format!("{file}: {error}")))
}

/// An argument with its gaps filled.
pub fn filled(text: &str, kept: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, next)) = after.split_once('}').filter(|(name, _)| is_gap(name, kept)) else {
            filled.push('{');
            rest = after;
            continue;
        };
        match name.split_once('*') {
            Some((piece, times)) => filled.push_str(&piece.repeat(times.parse().unwrap_or(0))),
            None => filled.push_str(kept.get(name).map_or("", String::as_str)),
        }
        rest = next;
    }
    filled.push_str(rest);
    filled
}

fn is_gap(name: &str, kept: &BTreeMap<String, String>) -> bool {
    kept.contains_key(name)
        || name
            .split_once('*')
            .is_some_and(|(_, times)| times.parse::<usize>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_and_other_braces_stay() {
        let kept = BTreeMap::from([("id".to_owned(), "7".to_owned())]);
        assert_eq!(filled("a {id}|{ab*2}{", &kept), "a 7|abab{");
        assert_eq!(filled("{\"a\":{}}", &kept), "{\"a\":{}}");
    }

    #[test]
    fn the_cases_can_be_read_and_cover_every_function_of_the_contract() {
        let uncovered = crate::cli::conformance::host::uncovered(&embedded().unwrap());
        assert!(uncovered.is_empty(), "no case is about {uncovered:?}");
    }
}
