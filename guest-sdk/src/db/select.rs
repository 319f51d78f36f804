//! Queries.

use super::{Row, Where};
use crate::error::Result;
use crate::wit::db::{self, Aggregate, Clause, Join, JoinKind, Ordering, Selection};

/// Starts a query of a table or view: all its rows, at most 100, until said otherwise.
pub fn select(table: impl Into<String>) -> Select {
    Select {
        statement: db::Select {
            table: table.into(),
            joins: Vec::new(),
            columns: Vec::new(),
            where_: Vec::new(),
            group_by: Vec::new(),
            order_by: Vec::new(),
            limit: 100,
            offset: 0,
        },
    }
}

/// A query in the making; see [`select`].
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a query does nothing before `fetch`"]
pub struct Select {
    statement: db::Select,
}

/// Which way a step of the order goes. Rows without a value come last either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Least first.
    Ascending,
    /// Greatest first.
    Descending,
}

impl Select {
    /// Selects columns: `name`, or `table.name` in a query with joins.
    pub fn columns<C: Into<String>>(self, columns: impl IntoIterator<Item = C>) -> Self {
        columns
            .into_iter()
            .fold(self, |select, column| select.selection(column, Aggregate::None))
    }

    /// Selects how many rows have a value in the column; goes by the name `count(column)`.
    pub fn count(self, column: impl Into<String>) -> Self {
        self.selection(column, Aggregate::Count)
    }

    /// Selects the sum of the column; goes by the name `sum(column)`.
    pub fn sum(self, column: impl Into<String>) -> Self {
        self.selection(column, Aggregate::Sum)
    }

    /// Selects the least value of the column; goes by the name `min(column)`.
    pub fn min(self, column: impl Into<String>) -> Self {
        self.selection(column, Aggregate::Min)
    }

    /// Selects the greatest value of the column; goes by the name `max(column)`.
    pub fn max(self, column: impl Into<String>) -> Self {
        self.selection(column, Aggregate::Max)
    }

    /// Makes one row of all that agree in the column.
    pub fn group_by(mut self, column: impl Into<String>) -> Self {
        self.statement.group_by.push(column.into());
        self
    }

    /// Joins the rows of another table whose column `right` equals `left`, a `table.column` of an earlier one.
    pub fn join(self, table: impl Into<String>, left: impl Into<String>, right: impl Into<String>) -> Self {
        self.joined(JoinKind::Inner, table.into(), left.into(), right.into())
    }

    /// As [`join`](Self::join), but keeps rows without a partner.
    pub fn left_join(
        self,
        table: impl Into<String>,
        left: impl Into<String>,
        right: impl Into<String>,
    ) -> Self {
        self.joined(JoinKind::Left, table.into(), left.into(), right.into())
    }

    /// Orders by a column or by a selected aggregate such as `count(word)`; further steps order what is equal.
    pub fn order_by(mut self, column: impl Into<String>, direction: Direction) -> Self {
        let column = column.into();
        let aggregate = self
            .statement
            .columns
            .iter()
            .position(|selection| selection.aggregate != Aggregate::None && name_of(selection) == column);
        self.statement.order_by.push(Ordering {
            column: aggregate.map_or(column, |index| format!("#{}", index + 1)),
            descending: direction == Direction::Descending,
        });
        self
    }

    /// At most so many rows; the host allows 1,000.
    pub fn limit(mut self, rows: u32) -> Self {
        self.statement.limit = rows;
        self
    }

    /// Leaves so many rows out at the start.
    pub fn offset(mut self, rows: u32) -> Self {
        self.statement.offset = rows;
        self
    }

    /// Asks the host.
    pub fn fetch(self) -> Result<Vec<Row>> {
        let rows = db::query(&self.statement)?;
        Ok(Row::all(
            self.statement.columns.iter().map(name_of).collect(),
            rows,
        ))
    }

    /// Asks the host for the first row.
    pub fn fetch_first(self) -> Result<Option<Row>> {
        Ok(self.limit(1).fetch()?.into_iter().next())
    }

    fn selection(mut self, column: impl Into<String>, aggregate: Aggregate) -> Self {
        self.statement.columns.push(Selection {
            column: column.into(),
            aggregate,
        });
        self
    }

    fn joined(mut self, kind: JoinKind, table: String, left: String, right: String) -> Self {
        self.statement.joins.push(Join {
            kind,
            alias: table.clone(),
            table,
            left,
            right,
        });
        self
    }
}

/// The name that a selection goes by in rows.
fn name_of(selection: &Selection) -> String {
    let column = &selection.column;
    match selection.aggregate {
        Aggregate::None => column.clone(),
        Aggregate::Count => format!("count({column})"),
        Aggregate::Sum => format!("sum({column})"),
        Aggregate::Min => format!("min({column})"),
        Aggregate::Max => format!("max({column})"),
    }
}

impl Where for Select {
    fn clauses(&mut self) -> &mut Vec<Clause> {
        &mut self.statement.where_
    }
}

impl From<Select> for db::Statement {
    fn from(select: Select) -> Self {
        Self::Select(select.statement)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_by_an_aggregate_names_its_selection() {
        let select = select("words")
            .columns(["word"])
            .count("item")
            .order_by("count(item)", Direction::Descending);
        let columns: Vec<_> = select
            .statement
            .order_by
            .iter()
            .map(|step| step.column.as_str())
            .collect();
        assert_eq!(columns, ["#2"]);
    }

    #[test]
    fn conditions_add_up() {
        let select = select("words")
            .filter("count", super::super::Operator::Gt, 3)
            .one_of("word", ["a", "b"]);
        assert_eq!(select.statement.where_.len(), 2);
        let values = select
            .statement
            .where_
            .last()
            .and_then(|clause| clause.any_of.first());
        assert_eq!(values.map(|comparison| comparison.values.len()), Some(2));
    }
}
