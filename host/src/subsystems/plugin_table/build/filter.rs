//! Which rows a statement is about.

use sea_query::{BinOper, Condition, Expr, ExprTrait, Func};

use super::path::{At, all};
use super::scope::{Found, Scope};
use super::value::compared;
use super::{MOST_COMPARISONS, MOST_VALUES, at_most};
use crate::db::ColumnKind;
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
        Operator::Contains => operand.like(|text| format!("%{text}%")),
        Operator::StartsWith => operand.like(|text| format!("{text}%")),
    }
}

/// A column and what it is compared with.
struct Operand<'a> {
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
        let Self { at, found, values } = self;
        let values = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| compared(at.index(index), found.name, found.kind, value));
        Ok((found.expr(), all(values)?))
    }

    /// Both sides are lowered by the database: what is a capital, it alone decides.
    fn like(self, pattern: impl FnOnce(String) -> String) -> Result<Expr, Error> {
        if self.found.kind != ColumnKind::Text {
            return Err(self
                .at
                .invalid(format!("column '{}' holds no text to search in", self.found.name)));
        }
        let (column, value) = self.single()?;
        let sea_query::Value::String(Some(text)) = value else {
            return Ok(Expr::Constant(false.into()));
        };
        let pattern = Func::lower(Expr::val(pattern(escaped(&text))));
        let escape = Expr::from(pattern).binary(BinOper::Escape, Expr::Constant('\\'.into()));
        Ok(Expr::from(Func::lower(column)).binary(BinOper::Like, escape))
    }

    fn single(self) -> Result<(Expr, sea_query::Value), Error> {
        let Self { at, found, values } = self;
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

/// The text with what has a meaning in a pattern made plain.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for char in text.chars() {
        if matches!(char, '%' | '_' | '\\') {
            plain.push('\\');
        }
        plain.push(char);
    }
    plain
}
