//! The parameters of a query: each known, and given once.

use std::collections::BTreeMap;

use crate::kernel::suggest;
use crate::request::Request;
use crate::web::Error;

/// Items of a page where nothing is said.
const LIMIT: u32 = 25;
/// Items of a page at most.
pub(super) const LIMIT_MOST: u32 = 100;

/// The parameters of a request, by name.
pub(super) struct Params<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Params<'a> {
    /// The parameters, which have these names or begin so.
    ///
    /// # Errors
    /// One is given twice or is none of these.
    pub(super) fn of(request: &'a Request, names: &[&str], beginnings: &[&str]) -> Result<Self, Error> {
        let mut params = BTreeMap::new();
        for (name, value) in &request.query {
            let known =
                names.contains(&name.as_str()) || beginnings.iter().any(|first| name.starts_with(first));
            if !known {
                return Err(unknown("parameter", name, names.iter().copied()));
            }
            if value.contains('\0') {
                return Err(Error::Bad(format!("The parameter '{name}' has a NUL character.")));
            }
            if params.insert(name.as_str(), value.as_str()).is_some() {
                return Err(Error::Bad(format!("The parameter '{name}' is given twice.")));
            }
        }
        Ok(Self(params))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().map(|(name, value)| (*name, *value))
    }

    /// How many of a page.
    ///
    /// # Errors
    /// No number from 1 to 100.
    pub(super) fn limit(&self) -> Result<u32, Error> {
        let Some(limit) = self.get("limit") else {
            return Ok(LIMIT);
        };
        let limit = limit
            .parse()
            .ok()
            .filter(|limit| (1..=LIMIT_MOST).contains(limit));
        limit.ok_or_else(|| Error::Bad(format!("limit is a whole number from 1 to {LIMIT_MOST}.")))
    }
}

/// Something that is not known, and what was perhaps meant.
pub(super) fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let shown: String = name.chars().take(80).collect();
    let hint = suggest(name, known).map_or_else(String::new, |known| format!(" Did you mean '{known}'?"));
    Error::Bad(format!("There is no {what} '{shown}' here.{hint}"))
}
