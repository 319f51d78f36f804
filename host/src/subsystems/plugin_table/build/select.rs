//! Queries.

use sea_query::{Expr, ExprTrait, Func, JoinType, NullOrdering, Order, Query, SelectStatement};

use super::path::{At, all, both};
use super::scope::{self, Found, Scope};
use super::value::in_words;
use super::{MOST_COLUMNS, MOST_JOINS, MOST_ROWS, Read, at_most, filter};
use crate::db::{ColumnKind, Statement};
use crate::subsystems::plugin_table::schema::Schema;
use crate::wit::db::{Aggregate, Join, JoinKind, Ordering, Select, Selection};
use crate::wit::types::Error;

/// Builds a query.
pub fn select(schema: &Schema, at: At<'_>, select: Select) -> Result<Read, Error> {
    at_most(MOST_JOINS, select.joins.len(), "joins")?;
    at_most(MOST_COLUMNS, select.columns.len(), "columns")?;
    at_most(MOST_COLUMNS, select.group_by.len(), "columns to group by")?;
    at_most(MOST_COLUMNS, select.order_by.len(), "steps of the order")?;
    let table = scope::table(schema, at.field("table"), &select.table)?;
    let mut query = Query::select().from(table.name.clone()).take();
    let mut scope = Scope::of(schema, table);
    for (index, joined) in select.joins.iter().enumerate() {
        join(
            schema,
            &mut scope,
            at.field("joins").index(index),
            joined,
            &mut query,
        )?;
    }
    let columns = both(
        columns(&scope, at.field("columns"), &select.columns),
        grouping(&scope, at.field("group-by"), &select.group_by),
    );
    let rows = filter::condition(&scope, at.field("where"), select.where_);
    let ((columns, groups), condition) = both(columns, rows)?;
    let shape = Shape {
        columns: &columns,
        groups: &groups,
    };
    shape.check(at.field("columns"))?;
    let steps = select.order_by.iter().enumerate();
    let order = all(steps.map(|(index, step)| shape.step(&scope, at.field("order-by").index(index), step)))?;

    query.cond_where(condition);
    query.exprs(columns.iter().map(Output::expr));
    query.add_group_by(groups.iter().map(Found::expr));
    for step in order {
        step.apply(&mut query);
    }
    query.limit(limit(select.limit)?).offset(select.offset.into());
    let kinds = columns.iter().map(Output::kind).collect();
    Ok(Read {
        statement: Statement::from(query).named("plugin_table.select"),
        kinds,
    })
}

fn limit(asked: u32) -> Result<u64, Error> {
    match asked {
        0 => Ok(MOST_ROWS as u64),
        asked if asked as usize <= MOST_ROWS => Ok(asked.into()),
        asked => Err(Error::Limit(format!(
            "{asked} rows; a result has at most {MOST_ROWS}"
        ))),
    }
}

fn join<'s>(
    schema: &'s Schema,
    scope: &mut Scope<'s>,
    at: At<'_>,
    join: &Join,
    query: &mut SelectStatement,
) -> Result<(), Error> {
    let table = scope::table(schema, at.field("table"), &join.table)?;
    let left = scope.comparable(at.field("left"), &join.left);
    let right = scope::column_of(table, at.field("right"), &join.right);
    let (left, right) = both(left, right)?;
    if left.kind != right.kind {
        let (left, right) = (in_words(left.kind), in_words(right.kind));
        return Err(at.field("right").invalid(format!(
            "column '{}' holds {right}, '{}' {left}",
            join.right, join.left
        )));
    }
    let kind = match join.kind {
        JoinKind::Inner => JoinType::InnerJoin,
        JoinKind::Left => JoinType::LeftJoin,
    };
    scope.join(at.field("alias"), &join.alias, table, join.kind == JoinKind::Left)?;
    let on = left
        .expr()
        .eq(Expr::col((join.alias.clone(), right.name.clone())));
    query.join_as(kind, table.name.clone(), join.alias.clone(), on);
    Ok(())
}

/// A column of the result.
struct Output<'s> {
    found: Found<'s>,
    aggregate: Aggregate,
}

impl Output<'_> {
    fn is_plain(&self) -> bool {
        self.aggregate == Aggregate::None
    }

    fn expr(&self) -> Expr {
        let column = self.found.expr();
        match self.aggregate {
            Aggregate::None => column,
            Aggregate::Count => column.count(),
            // Postgres adds whole numbers up to a NUMERIC.
            Aggregate::Sum if self.found.kind == ColumnKind::Integer => {
                Func::cast_as(column.sum(), "bigint").into()
            }
            Aggregate::Sum => column.sum(),
            Aggregate::Min => column.min(),
            Aggregate::Max => column.max(),
        }
    }

    fn kind(&self) -> ColumnKind {
        if self.aggregate == Aggregate::Count {
            ColumnKind::Integer
        } else {
            self.found.kind
        }
    }

    fn may_be_null(&self) -> bool {
        self.found.null || matches!(self.aggregate, Aggregate::Sum | Aggregate::Min | Aggregate::Max)
    }
}

fn columns<'s>(scope: &Scope<'s>, at: At<'_>, selections: &[Selection]) -> Result<Vec<Output<'s>>, Error> {
    if selections.is_empty() {
        return Err(at.invalid("a query names at least one column"));
    }
    all(selections.iter().enumerate().map(|(index, selection)| {
        let at = at.index(index);
        let found = scope.column(at.field("column"), &selection.column)?;
        let (name, kinds): (_, &[ColumnKind]) = match selection.aggregate {
            Aggregate::None | Aggregate::Count => {
                return Ok(Output {
                    found,
                    aggregate: selection.aggregate,
                });
            }
            Aggregate::Sum => ("sum", &[ColumnKind::Integer, ColumnKind::Floating]),
            Aggregate::Min => ("min", ORDERED),
            Aggregate::Max => ("max", ORDERED),
        };
        if kinds.contains(&found.kind) {
            return Ok(Output {
                found,
                aggregate: selection.aggregate,
            });
        }
        let kind = in_words(found.kind);
        let kinds = kinds
            .iter()
            .map(|kind| in_words(*kind))
            .collect::<Vec<_>>()
            .join(", ");
        Err(at.field("aggregate").invalid(format!(
            "{name} takes {kinds}; column '{}' holds {kind}",
            selection.column
        )))
    }))
}

/// What has a least and a greatest on both databases.
const ORDERED: &[ColumnKind] = &[
    ColumnKind::Integer,
    ColumnKind::Floating,
    ColumnKind::Text,
    ColumnKind::Moment,
];

fn grouping<'s>(scope: &Scope<'s>, at: At<'_>, columns: &[String]) -> Result<Vec<Found<'s>>, Error> {
    all(columns
        .iter()
        .enumerate()
        .map(|(index, name)| scope.comparable(at.index(index), name)))
}

/// What the rows of the result are: rows of the tables, or one for each group of them.
struct Shape<'a, 's> {
    columns: &'a [Output<'s>],
    groups: &'a [Found<'s>],
}

impl<'s> Shape<'_, 's> {
    fn is_grouped(&self) -> bool {
        !self.groups.is_empty() || self.columns.iter().any(|column| !column.is_plain())
    }

    /// Every row of a group must agree in what is shown of it.
    fn require_grouped(&self, at: At<'_>, found: &Found<'s>) -> Result<(), Error> {
        if !self.is_grouped() || self.groups.contains(found) {
            return Ok(());
        }
        Err(at.invalid(format!(
            "column '{}' is neither in an aggregate nor in group-by",
            found.name
        )))
    }

    fn check(&self, at: At<'_>) -> Result<(), Error> {
        let plain = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.is_plain());
        all(plain.map(|(index, column)| self.require_grouped(at.index(index).field("column"), &column.found)))
            .map(drop)
    }

    fn step(&self, scope: &Scope<'s>, at: At<'_>, step: &Ordering) -> Result<Step, Error> {
        let at = at.field("column");
        let order = if step.descending { Order::Desc } else { Order::Asc };
        if let Some(number) = step.column.strip_prefix('#') {
            let output = number
                .parse::<usize>()
                .ok()
                .and_then(|number| self.columns.get(number.checked_sub(1)?));
            let output = output.ok_or_else(|| {
                let count = self.columns.len();
                at.invalid(format!(
                    "there is no selection '{}'; there is #1 to #{count}",
                    step.column
                ))
            })?;
            if output.kind() == ColumnKind::Json {
                return Err(at.invalid(format!(
                    "column '{}' holds JSON, which is not sorted",
                    output.found.name
                )));
            }
            return Ok(Step {
                expr: output.expr(),
                order,
                null: output.may_be_null(),
            });
        }
        let found = scope.comparable(at, &step.column)?;
        self.require_grouped(at, &found)?;
        Ok(Step {
            expr: found.expr(),
            order,
            null: found.null,
        })
    }
}

/// A step of the order.
struct Step {
    expr: Expr,
    order: Order,
    null: bool,
}

impl Step {
    /// Where there are no nulls their place isn't told: an index then serves the order.
    fn apply(self, query: &mut SelectStatement) {
        if self.null {
            query.order_by_expr_with_nulls(self.expr, self.order, NullOrdering::Last);
        } else {
            query.order_by_expr(self.expr, self.order);
        }
    }
}
