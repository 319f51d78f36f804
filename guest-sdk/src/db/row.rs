//! Reading rows.

use std::rc::Rc;

use super::Value;
use crate::error::{Error, Result};

/// A row of a result; its columns go by the names that were selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    columns: Rc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// The rows of an answer to a query for these columns.
    pub(super) fn all(columns: Vec<String>, rows: Vec<Vec<Value>>) -> Vec<Self> {
        let columns: Rc<[String]> = columns.into();
        rows.into_iter()
            .map(|values| Self {
                columns: Rc::clone(&columns),
                values,
            })
            .collect()
    }

    /// The value of a column, such as `word` or `count(word)`; an error names a column that was not selected or a
    /// value of another kind.
    pub fn get<T: FromColumn>(&self, column: &str) -> Result<T> {
        let index = self.columns.iter().position(|name| name == column);
        let value = index
            .and_then(|index| self.values.get(index))
            .ok_or_else(|| Error::Other(format!("the column `{column}` was not selected")))?;
        T::from_column(value.clone()).map_err(|error| Error::Other(format!("the column `{column}`: {error}")))
    }
}

/// A Rust type that a column can be read as.
pub trait FromColumn: Sized {
    /// Reads the value; an error names what was expected and what was found.
    fn from_column(value: Value) -> Result<Self>;
}

macro_rules! columns {
    ($($rust:ty, $kind:literal, $($case:ident)|+;)+) => {$(
        impl FromColumn for $rust {
            fn from_column(value: Value) -> Result<Self> {
                match value {
                    $(Value::$case(value) => Ok(value),)+
                    other => Err(Error::Other(format!(
                        "expected a value of kind {}, found {}", $kind, other.kind(),
                    ))),
                }
            }
        }
    )+};
}

columns! {
    bool, "boolean", Boolean;
    i64, "integer", Integer | Moment;
    f64, "floating", Floating;
    String, "text", Text | Id | Json;
    Vec<u8>, "bytes", Bytes;
}

impl FromColumn for Value {
    fn from_column(value: Value) -> Result<Self> {
        Ok(value)
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_column(value: Value) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_column(value).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn columns_are_read_by_name_and_type() {
        let rows = Row::all(
            vec!["word".into(), "count".into()],
            vec![vec!["a".into(), Value::Null]],
        );
        let row = rows.first().unwrap();
        assert_eq!(row.get::<String>("word").unwrap(), "a");
        assert_eq!(row.get::<Option<i64>>("count").unwrap(), None);
        assert_eq!(
            row.get::<i64>("word").unwrap_err().to_string(),
            "the column `word`: expected a value of kind integer, found text"
        );
        assert!(row.get::<i64>("total").is_err());
    }
}
