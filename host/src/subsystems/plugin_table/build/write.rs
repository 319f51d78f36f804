//! Statements that write.

use std::collections::{BTreeSet, HashMap};

use sea_query::{Expr, OnConflict, Query, Value};

use super::path::{At, all, both};
use super::scope::{self, Scope};
use super::value::stored;
use super::{MOST_COLUMNS, MOST_ROWS, MOST_VALUES, Plan, at_most, filter};
use crate::db::Statement;
use crate::subsystems::plugin_table::schema::{Column, Schema, Table};
use crate::wit::db::{self, Assignment, Delete, Insert, Update, Upsert};
use crate::wit::types::Error;

/// Builds an insert.
pub fn insert(schema: &Schema, at: At<'_>, insert: Insert) -> Result<Plan, Error> {
    at_most(MOST_COLUMNS, insert.columns.len(), "columns")?;
    at_most(MOST_ROWS, insert.rows.len(), "rows")?;
    at_most(MOST_VALUES, insert.rows.iter().map(Vec::len).sum(), "values")?;
    let table = scope::writable(schema, at.field("table"), &insert.table)?;
    let columns = inserted(table, at.field("columns"), &insert.columns)?;
    let place = at.field("rows");
    let rows = insert.rows.into_iter().enumerate();
    let rows = all(rows.map(|(index, values)| row(&columns, place.index(index), values)));
    let upsert = insert.upsert.map(|upsert| {
        let at = at.field("upsert");
        check_upsert(table, &columns, at, &upsert).map(|()| upsert)
    });
    let (rows, upsert) = both(rows, upsert.transpose())?;
    if rows.is_empty() {
        return Ok(Plan::Nothing);
    }
    let mut statement = Query::insert()
        .into_table(table.name.clone())
        .columns(columns.iter().map(|column| column.name.clone()))
        .take();
    if let Some(upsert) = upsert {
        check_distinct(&columns, place, &rows, &upsert)?;
        statement.on_conflict(on_conflict(upsert));
    }
    for row in rows {
        let row = row.into_iter().map(Expr::val);
        statement
            .values(row)
            .map_err(|error| Error::Other(error.to_string()))?;
    }
    Ok(Plan::Write(
        Statement::from(statement).named("plugin_table.insert"),
    ))
}

/// The columns of an insert: each once, and all that must have a value.
fn inserted<'s>(table: &'s Table, at: At<'_>, names: &[String]) -> Result<Vec<&'s Column>, Error> {
    let mut seen = BTreeSet::new();
    let columns = all(names.iter().enumerate().map(|(index, name)| {
        let at = at.index(index);
        let column = scope::column_of(table, at, name)?;
        if seen.insert(name) {
            Ok(column)
        } else {
            Err(at.invalid(format!("column '{name}' is named twice")))
        }
    }))?;
    let absent = table
        .columns
        .iter()
        .filter(|column| !column.null && !seen.contains(&column.name));
    all(absent.map(|column| {
        Err::<(), _>(at.invalid(format!(
            "column '{}' of table '{}' must have a value",
            column.name, table.name
        )))
    }))?;
    Ok(columns)
}

fn row(columns: &[&Column], at: At<'_>, values: Vec<db::Value>) -> Result<Vec<Value>, Error> {
    if values.len() != columns.len() {
        return Err(at.invalid(format!("{} values for {} columns", values.len(), columns.len())));
    }
    all(columns
        .iter()
        .zip(values)
        .enumerate()
        .map(|(index, (column, value))| {
            stored(at.index(index), &column.name, column.kind, column.null, value)
        }))
}

fn check_upsert(table: &Table, columns: &[&Column], at: At<'_>, upsert: &Upsert) -> Result<(), Error> {
    let key: BTreeSet<String> = upsert.key.iter().cloned().collect();
    let known = if table.keys.contains(&key) {
        Ok(())
    } else {
        let list =
            |key: &BTreeSet<String>| format!("({})", key.iter().cloned().collect::<Vec<_>>().join(", "));
        let keys = table.keys.iter().map(list).collect::<Vec<_>>().join(", ");
        Err(at
            .field("key")
            .invalid(format!("table '{}' has no such key; it has: {keys}", table.name)))
    };
    let place = at.field("update");
    let updated = all(upsert.update.iter().enumerate().map(|(index, name)| {
        if columns.iter().any(|column| &column.name == name) {
            return Ok(());
        }
        Err(place
            .index(index)
            .invalid(format!("column '{name}' is not among those that are inserted")))
    }));
    both(known, updated).map(drop)
}

/// Two rows of one insert with the same key: SQLite would keep the last one, Postgres refuses them.
fn check_distinct(
    columns: &[&Column],
    at: At<'_>,
    rows: &[Vec<Value>],
    upsert: &Upsert,
) -> Result<(), Error> {
    if upsert.update.is_empty() {
        return Ok(());
    }
    let mut seen = HashMap::new();
    all(rows.iter().enumerate().map(|(index, row)| {
        let key = columns
            .iter()
            .zip(row)
            .filter(|(column, _)| upsert.key.contains(&column.name));
        // Null equals nothing, so a key with a null is nobody else's.
        let key: Option<Vec<String>> = key
            .map(|(_, value)| (*value != value.as_null()).then(|| format!("{value:?}")))
            .collect();
        match key.and_then(|key| seen.insert(key, index)) {
            Some(earlier) => Err(at
                .index(index)
                .invalid(format!("it has the same key as row {earlier}"))),
            None => Ok(()),
        }
    }))
    .map(drop)
}

fn on_conflict(upsert: Upsert) -> OnConflict {
    let mut on_conflict = OnConflict::columns(upsert.key);
    if upsert.update.is_empty() {
        on_conflict.do_nothing()
    } else {
        on_conflict.update_columns(upsert.update)
    };
    on_conflict
}

/// Builds a change.
pub fn update(schema: &Schema, at: At<'_>, update: Update) -> Result<Plan, Error> {
    at_most(MOST_COLUMNS, update.set.len(), "columns")?;
    let table = scope::writable(schema, at.field("table"), &update.table)?;
    let set = assignments(table, at.field("set"), update.set);
    let condition = filter::condition(&Scope::of(schema, table), at.field("where"), update.where_);
    let (set, condition) = both(set, condition)?;
    let mut statement = Query::update()
        .table(table.name.clone())
        .cond_where(condition)
        .take();
    for (column, value) in set {
        statement.value(column.to_owned(), value);
    }
    Ok(Plan::Write(
        Statement::from(statement).named("plugin_table.update"),
    ))
}

fn assignments<'s>(
    table: &'s Table,
    at: At<'_>,
    set: Vec<Assignment>,
) -> Result<Vec<(&'s str, Value)>, Error> {
    if set.is_empty() {
        return Err(at.invalid("a change sets at least one column"));
    }
    let mut seen = BTreeSet::new();
    all(set.into_iter().enumerate().map(|(index, assignment)| {
        let at = at.index(index);
        let column = scope::column_of(table, at.field("column"), &assignment.column)?;
        if !seen.insert(&column.name) {
            return Err(at
                .field("column")
                .invalid(format!("column '{}' is set twice", column.name)));
        }
        let value = stored(
            at.field("value"),
            &column.name,
            column.kind,
            column.null,
            assignment.value,
        )?;
        Ok((column.name.as_str(), value))
    }))
}

/// Builds a removal.
pub fn delete(schema: &Schema, at: At<'_>, delete: Delete) -> Result<Plan, Error> {
    let table = scope::writable(schema, at.field("table"), &delete.table)?;
    let condition = filter::condition(&Scope::of(schema, table), at.field("where"), delete.where_)?;
    let statement = Query::delete()
        .from_table(table.name.clone())
        .cond_where(condition)
        .take();
    Ok(Plan::Write(
        Statement::from(statement).named("plugin_table.delete"),
    ))
}
