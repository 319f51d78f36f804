//! The tables of one statement, and what its names of columns mean.

use sea_query::Expr;

use super::path::At;
use crate::db::{Backend, ColumnKind};
use crate::kernel::suggest;
use crate::subsystems::plugin_table::schema::{Column, Schema, Table, Unknown};
use crate::wit::types::Error;

/// Finds a table that a statement names.
pub fn table<'s>(schema: &'s Schema, at: At<'_>, name: &str) -> Result<&'s Table, Error> {
    schema.table(name).map_err(|unknown| {
        let plugin = schema.plugin();
        match unknown {
            Unknown::Own => {
                let known: Vec<&str> = schema.names().collect();
                let hint = suggest(name, known.iter().copied())
                    .map(|near| format!("; did you mean '{near}'?"))
                    .unwrap_or_default();
                at.invalid(format!("there is no table '{name}'; there is: {}{hint}", known.join(", ")))
            }
            Unknown::Ungranted => Error::Denied(format!(
                "the plugin '{plugin}' was not granted the view '{name}'; add it to `views` in `[grants]` of its \
                 plugin.toml"
            )),
            Unknown::Foreign => Error::Denied(format!("the table '{name}' is not one of the plugin '{plugin}'")),
        }
    })
}

/// Finds a table that a statement writes.
pub fn writable<'s>(schema: &'s Schema, at: At<'_>, name: &str) -> Result<&'s Table, Error> {
    let table = table(schema, at, name)?;
    if table.writable {
        Ok(table)
    } else {
        Err(Error::Denied(format!("the view '{name}' can only be read")))
    }
}

/// Finds a column of one table by its bare name.
pub fn column_of<'s>(table: &'s Table, at: At<'_>, name: &str) -> Result<&'s Column, Error> {
    table.column(name).ok_or_else(|| {
        at.invalid(format!(
            "table '{}' has no column '{name}'; it has: {}",
            table.name,
            table.column_names()
        ))
    })
}

/// The tables of a statement by the names that they go by.
pub struct Scope<'s> {
    /// The database in whose words the statement is built.
    pub backend: Backend,
    sources: Vec<Source<'s>>,
}

struct Source<'s> {
    alias: String,
    table: &'s Table,
    /// Whether its columns may have no value because there may be no row.
    optional: bool,
}

/// A column of a table in a statement.
#[derive(Clone)]
pub struct Found<'s> {
    pub alias: String,
    pub name: &'s str,
    pub kind: ColumnKind,
    /// Whether it may have no value here.
    pub null: bool,
}

impl PartialEq for Found<'_> {
    fn eq(&self, other: &Self) -> bool {
        (&self.alias, self.name) == (&other.alias, other.name)
    }
}

impl Found<'_> {
    /// The column as an expression.
    pub fn expr(&self) -> Expr {
        Expr::col((self.alias.clone(), self.name.to_owned()))
    }
}

impl<'s> Scope<'s> {
    /// A statement's table, which goes by its own name.
    pub fn of(schema: &Schema, table: &'s Table) -> Self {
        Self {
            backend: schema.backend(),
            sources: vec![Source {
                alias: table.name.clone(),
                table,
                optional: false,
            }],
        }
    }

    /// Adds a joined table.
    pub fn join(&mut self, at: At<'_>, alias: &str, table: &'s Table, optional: bool) -> Result<(), Error> {
        let fits = (1..=60).contains(&alias.len())
            && alias
                .chars()
                .all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_');
        if !fits {
            return Err(at.invalid(format!(
                "'{alias}' is no alias: use up to 60 lower-case letters, digits and _"
            )));
        }
        if self.source(alias).is_some() {
            return Err(at.invalid(format!("a table goes by the name '{alias}' already")));
        }
        self.sources.push(Source {
            alias: alias.to_owned(),
            table,
            optional,
        });
        Ok(())
    }

    fn source(&self, alias: &str) -> Option<&Source<'s>> {
        self.sources.iter().find(|source| source.alias == alias)
    }

    /// Finds a column by `alias.column`, or by its bare name where there is only one table.
    pub fn column(&self, at: At<'_>, name: &str) -> Result<Found<'s>, Error> {
        let (source, bare) = match (name.split_once('.'), self.sources.as_slice()) {
            (Some((alias, bare)), sources) => {
                let source = self.source(alias).ok_or_else(|| {
                    let aliases: Vec<&str> = sources.iter().map(|source| source.alias.as_str()).collect();
                    at.invalid(format!(
                        "no table goes by the name '{alias}'; there is: {}",
                        aliases.join(", ")
                    ))
                })?;
                (source, bare)
            }
            (None, [source]) => (source, name),
            (None, _) => {
                return Err(at.invalid(format!(
                    "a statement with joins names a column as alias.column, not '{name}'"
                )));
            }
        };
        let column = column_of(source.table, at, bare)?;
        let null = column.null || source.optional;
        Ok(Found {
            alias: source.alias.clone(),
            name: &column.name,
            kind: column.kind,
            null,
        })
    }

    /// Finds a column whose values are compared, sorted or grouped, which JSON can't be.
    pub fn comparable(&self, at: At<'_>, name: &str) -> Result<Found<'s>, Error> {
        let found = self.column(at, name)?;
        if found.kind == ColumnKind::Json {
            return Err(at.invalid(format!(
                "column '{name}' holds JSON, which is neither compared, sorted nor grouped"
            )));
        }
        Ok(found)
    }
}
