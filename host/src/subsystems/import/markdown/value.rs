//! Values of front matter that are written in more than one way.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::date;
use crate::subsystems::alias::PATH_LIMIT;
use crate::time::Timestamp;

/// Nothing, one value, or a list of values.
#[derive(Debug)]
pub(super) struct List<T>(pub(super) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a text or a list of texts")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(List::default())
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(List::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        T::deserialize(serde::de::value::StrDeserializer::new(text)).map(|value| List(vec![value]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(List(values))
    }
}

/// A date, as text or as a date of TOML.
#[derive(Debug)]
pub(super) struct Moment(pub(super) Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl<'de> Visitor<'de> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a date")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        let wrong = || {
            E::custom(format!(
                "'{text}' is no date such as 2018-01-02 or 2018-01-02T10:00:00Z"
            ))
        };
        date::parse(text).map(Moment).ok_or_else(wrong)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Moment, A::Error> {
        let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&date.to_string())
    }
}

/// A path of the site, without slashes at its ends.
#[derive(Debug)]
pub(super) struct SitePath(pub(super) String);

impl<'de> Deserialize<'de> for SitePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let path = text.trim().trim_matches('/');
        let whole = |segment: &str| !segment.trim().is_empty() && segment != "." && segment != "..";
        let odd = |char: char| char.is_control() || matches!(char, '?' | '#' | '\\');
        if !path.split('/').all(whole) || path.contains(odd) || path.chars().count() > PATH_LIMIT {
            return Err(D::Error::custom(format!(
                "'{}' is no path of a page",
                text.escape_debug()
            )));
        }
        Ok(Self(path.to_owned()))
    }
}
