//! Which rows a statement is about.

use sea_query::{BinOper, Condition, Expr, ExprTrait};

use super::path::{At, all};
use super::scope::{Found, Scope};
use super::value::compared;
use super::{MOST_COMPARISONS, MOST_VALUES, at_most};
use crate::db::{Backend, ColumnKind, dialect};
use crate::wit::db::{Clause, Comparison, Operator, Value};
use crate::wit::types::Error;

/// All of the clauses, each of which holds if one of its comparisons does.
pub fn condition(scope: &Scope<'_>, at: At<'_>, clauses: Vec<Clause>) -> Result<Condition, Error> {
    let comparisons = || clauses.iter().flat_map(|clause| &clause.any_of);
    at_most(
        MOST_COMPARISONS,
        clauses.len().max(comparisons().count()),
        "comparisons",
    )?;
    at_most(
        MOST_VALUES,
        comparisons().map(|comparison| comparison.values.len()).sum(),
        "values",
    )?;
    let clauses = clauses.into_iter().enumerate().map(|(index, clause)| {
        let (at, count) = (at.index(index), clause.any_of.len());
        let at = at.field("any-of");
        let alternatives = clause
            .any_of
            .into_iter()
            .enumerate()
            .map(|(index, one)| comparison(scope, at.index(index), one));
        let any = all(alternatives)?
            .into_iter()
            .fold(Condition::any(), Condition::add);
        // Of no alternatives none holds.
        Ok(if count == 0 {
            any.add(Expr::Constant(false.into()))
        } else {
            any
        })
    });
    Ok(all(clauses)?.into_iter().fold(Condition::all(), Condition::add))
}

fn comparison(scope: &Scope<'_>, at: At<'_>, comparison: Comparison) -> Result<Expr, Error> {
    let Comparison {
        column,
        operator,
        values,
    } = comparison;
    let takes_json = matches!(operator, Operator::IsNull | Operator::IsNotNull);
    let place = at.field("column");
    let found = if takes_json {
        scope.column(place, &column)
    } else {
        scope.comparable(place, &column)
    }?;
    let operand = Operand {
        backend: scope.backend,
        at: at.field("values"),
        found,
        values,
    };
    match operator {
        Operator::IsNull => operand.none().map(Expr::is_null),
        Operator::IsNotNull => operand.none().map(Expr::is_not_null),
        Operator::Eq => operand.one(BinOper::Equal),
        Operator::Ne => operand.one(BinOper::NotEqual),
        Operator::Lt => operand.one(BinOper::SmallerThan),
        Operator::Le => operand.one(BinOper::SmallerThanOrEqual),
        Operator::Gt => operand.one(BinOper::GreaterThan),
        Operator::Ge => operand.one(BinOper::GreaterThanOrEqual),
        Operator::OneOf => operand.list().map(|(column, values)| column.is_in(values)),
        Operator::NoneOf => operand.list().map(|(column, values)| column.is_not_in(values)),
        Operator::Contains => operand.search(dialect::contains),
        Operator::StartsWith => operand.search(dialect::starts_with),
    }
}

/// A column and what it is compared with.
struct Operand<'a> {
    backend: Backend,
    at: At<'a>,
    found: Found<'a>,
    values: Vec<Value>,
}

impl Operand<'_> {
    fn none(self) -> Result<Expr, Error> {
        if self.values.is_empty() {
            Ok(self.found.expr())
        } else {
            Err(self.at.invalid("this operator takes no value"))
        }
    }

    fn one(self, operator: BinOper) -> Result<Expr, Error> {
        let (column, value) = self.single()?;
        Ok(column.binary(operator, value))
    }

    fn list(self) -> Result<(Expr, Vec<sea_query::Value>), Error> {
        let Self {
            at, found, values, ..
        } = self;
        let values = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| compared(at.index(index), found.name, found.kind, value));
        Ok((found.expr(), all(values)?))
    }

    fn search(self, search: fn(Backend, Expr, &str) -> Expr) -> Result<Expr, Error> {
        if self.found.kind != ColumnKind::Text {
            return Err(self
                .at
                .invalid(format!("column '{}' holds no text to search in", self.found.name)));
        }
        let backend = self.backend;
        let (column, value) = self.single()?;
        Ok(match value {
            sea_query::Value::String(Some(text)) => search(backend, column, &text),
            _ => Expr::Constant(false.into()),
        })
    }

    fn single(self) -> Result<(Expr, sea_query::Value), Error> {
        let Self {
            at, found, values, ..
        } = self;
        let count = values.len();
        match <[Value; 1]>::try_from(values) {
            Ok([value]) => Ok((
                found.expr(),
                compared(at.index(0), found.name, found.kind, value)?,
            )),
            Err(_) => Err(at.invalid(format!("this operator takes one value, not {count}"))),
        }
    }
}
