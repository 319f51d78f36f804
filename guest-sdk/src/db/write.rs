//! Inserts, updates and deletes.

use super::{Value, Where, transaction};
use crate::error::Result;
use crate::wit::db::{self, Assignment, Clause, Outcome, Statement, Upsert};

/// Starts an insert.
pub fn insert(table: impl Into<String>) -> Insert {
    Insert(db::Insert {
        table: table.into(),
        columns: Vec::new(),
        rows: Vec::new(),
        upsert: None,
    })
}

/// Starts an update.
pub fn update(table: impl Into<String>) -> Update {
    Update(db::Update {
        table: table.into(),
        set: Vec::new(),
        where_: Vec::new(),
    })
}

/// Starts a delete.
pub fn delete(table: impl Into<String>) -> Delete {
    Delete(db::Delete {
        table: table.into(),
        where_: Vec::new(),
    })
}

/// An insert in the making: one row by [`set`](Self::set), or many by [`columns`](Self::columns) and
/// [`row`](Self::row).
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an insert does nothing before `run`"]
pub struct Insert(db::Insert);

impl Insert {
    /// Gives a column of the one row its value.
    pub fn set(mut self, column: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.columns.push(column.into());
        match self.0.rows.first_mut() {
            Some(row) => row.push(value.into()),
            None => self.0.rows.push(vec![value.into()]),
        }
        self
    }

    /// Names the columns of the rows that follow.
    pub fn columns<C: Into<String>>(mut self, columns: impl IntoIterator<Item = C>) -> Self {
        self.0.columns = columns.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a row, its values in the order of the columns; at most 1,000.
    pub fn row(mut self, values: impl IntoIterator<Item = Value>) -> Self {
        self.0.rows.push(values.into_iter().collect());
        self
    }

    /// Where a row with the same key is there already, gives it the new values of these columns; of none to leave
    /// it as it is.
    pub fn or_update<K: Into<String>, C: Into<String>>(
        mut self,
        key: impl IntoIterator<Item = K>,
        columns: impl IntoIterator<Item = C>,
    ) -> Self {
        let names = |name: K| name.into();
        self.0.upsert = Some(Upsert {
            key: key.into_iter().map(names).collect(),
            update: columns.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Where a row with the same key is there already, leaves it as it is.
    pub fn or_keep<K: Into<String>>(self, key: impl IntoIterator<Item = K>) -> Self {
        self.or_update(key, [] as [String; 0])
    }

    /// Has the host do it; gives how many rows were written.
    pub fn run(self) -> Result<u64> {
        run(self.into())
    }
}

/// An update in the making.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an update does nothing before `run`"]
pub struct Update(db::Update);

impl Update {
    /// Gives a column a new value.
    pub fn set(mut self, column: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.set.push(Assignment {
            column: column.into(),
            value: value.into(),
        });
        self
    }

    /// Has the host do it; gives how many rows were written.
    pub fn run(self) -> Result<u64> {
        run(self.into())
    }
}

/// A delete in the making.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a delete does nothing before `run`"]
pub struct Delete(db::Delete);

impl Delete {
    /// Has the host do it; gives how many rows were removed.
    pub fn run(self) -> Result<u64> {
        run(self.into())
    }
}

fn run(statement: Statement) -> Result<u64> {
    let outcomes = transaction(|statements| statements.add(statement))?;
    Ok(outcomes
        .iter()
        .map(|outcome| {
            if let Outcome::Count(rows) = outcome {
                *rows
            } else {
                0
            }
        })
        .sum())
}

impl Where for Update {
    fn clauses(&mut self) -> &mut Vec<Clause> {
        &mut self.0.where_
    }
}

impl Where for Delete {
    fn clauses(&mut self) -> &mut Vec<Clause> {
        &mut self.0.where_
    }
}

impl From<Insert> for Statement {
    fn from(insert: Insert) -> Self {
        Self::Insert(insert.0)
    }
}

impl From<Update> for Statement {
    fn from(update: Update) -> Self {
        Self::Update(update.0)
    }
}

impl From<Delete> for Statement {
    fn from(delete: Delete) -> Self {
        Self::Delete(delete.0)
    }
}
