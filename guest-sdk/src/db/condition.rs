//! Which rows a statement is about.

use super::{Operator, Value};
use crate::wit::db::{Clause, Comparison};

/// One comparison, for [`Where::any_of`].
#[derive(Debug, Clone, PartialEq)]
pub struct Condition(Comparison);

impl Condition {
    /// The column compared with a value.
    pub fn new(column: impl Into<String>, operator: Operator, value: impl Into<Value>) -> Self {
        Self::with_values(column, operator, vec![value.into()])
    }

    fn with_values(column: impl Into<String>, operator: Operator, values: Vec<Value>) -> Self {
        Self(Comparison {
            column: column.into(),
            operator,
            values,
        })
    }
}

/// What selects, updates and deletes have in common. Every condition that is given must hold.
pub trait Where: Sized {
    #[doc(hidden)]
    fn clauses(&mut self) -> &mut Vec<Clause>;

    /// Only rows whose column compares so with the value.
    fn filter(self, column: impl Into<String>, operator: Operator, value: impl Into<Value>) -> Self {
        self.any_of([Condition::new(column, operator, value)])
    }

    /// Only rows whose column has one of the values.
    fn one_of<V: Into<Value>>(self, column: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.any_of([Condition::with_values(column, Operator::OneOf, values)])
    }

    /// Only rows whose column has none of the values.
    fn none_of<V: Into<Value>>(self, column: impl Into<String>, values: impl IntoIterator<Item = V>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.any_of([Condition::with_values(column, Operator::NoneOf, values)])
    }

    /// Only rows whose column has no value.
    fn null(self, column: impl Into<String>) -> Self {
        self.any_of([Condition::with_values(column, Operator::IsNull, Vec::new())])
    }

    /// Only rows whose column has a value.
    fn not_null(self, column: impl Into<String>) -> Self {
        self.any_of([Condition::with_values(column, Operator::IsNotNull, Vec::new())])
    }

    /// Only rows for which at least one of the conditions holds.
    fn any_of(mut self, conditions: impl IntoIterator<Item = Condition>) -> Self {
        let any_of = conditions.into_iter().map(|condition| condition.0).collect();
        self.clauses().push(Clause { any_of });
        self
    }
}
