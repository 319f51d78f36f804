//! What tables a plugin has: its migrations added up, and the views that it was granted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Error;
use crate::db::migrate::Migrations;
use crate::db::{Backend, ColumnKind};
use crate::kernel::{self, ColumnType, CreateTable, Manifest, Migration};

/// The views that a plugin can be granted, with their columns.
const VIEWS: &[(&str, &[(&str, ColumnKind)])] = &[(
    "published_item",
    &[
        ("id", ColumnKind::Id),
        ("item_type", ColumnKind::Text),
        ("title", ColumnKind::Text),
        ("author", ColumnKind::Id),
        ("created", ColumnKind::Moment),
        ("changed", ColumnKind::Moment),
    ],
)];

/// The tables and views that a plugin's statements may name.
#[derive(Debug)]
pub struct Schema {
    plugin: String,
    backend: Backend,
    tables: BTreeMap<String, Table>,
}

/// A table or a view.
#[derive(Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The sets of columns that no two rows agree in, the primary key first.
    pub keys: Vec<BTreeSet<String>>,
    /// Whether it is a table; a view is only read.
    pub writable: bool,
}

/// A column.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: ColumnKind,
    /// Whether it may have no value.
    pub null: bool,
}

/// Why a name is none of a table that the plugin may use.
pub enum Unknown {
    /// It would be one of the plugin's own, if it were there.
    Own,
    /// It is a view that the plugin was not granted.
    Ungranted,
    /// It is somebody else's.
    Foreign,
}

impl Schema {
    /// What all migrations of a manifest add up to, with the granted views.
    pub fn of(manifest: &Manifest) -> Result<Self, Error> {
        let mut schema = Self::at(manifest, u32::MAX)?;
        for view in &manifest.grants.views {
            let table = granted(view).ok_or_else(|| Error::UnknownView {
                plugin: manifest.name.clone(),
                view: view.clone(),
                known: views().collect::<Vec<_>>().join(", "),
            })?;
            schema.tables.insert(view.clone(), table);
        }
        Ok(schema)
    }

    /// The tables that a manifest drops for good, as they were.
    pub fn outgrown(manifest: &Manifest) -> Result<Self, Error> {
        let (mut all, now) = (Self::at(manifest, 0)?, Self::at(manifest, u32::MAX)?);
        for step in manifest
            .migrations
            .iter()
            .filter(|step| !step.drop_table.is_empty())
        {
            let before = Self::at(manifest, step.version.saturating_sub(1))?;
            let dropped = before
                .tables
                .into_iter()
                .filter(|(name, _)| step.drop_table.contains(name));
            all.tables.extend(dropped);
        }
        all.tables.retain(|name, _| !now.tables.contains_key(name));
        Ok(all)
    }

    /// These tables and those of another schema.
    pub fn and(mut self, more: Self) -> Self {
        self.tables.extend(more.tables);
        self
    }

    /// The same tables in another database.
    pub fn on(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// The database that the tables are in.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// The plugin's own tables after the migrations up to `version`.
    pub fn at(manifest: &Manifest, version: u32) -> Result<Self, Error> {
        let mut schema = Self {
            plugin: manifest.name.clone(),
            backend: Backend::Sqlite,
            tables: BTreeMap::new(),
        };
        for migration in manifest
            .migrations
            .iter()
            .filter(|migration| migration.version <= version)
        {
            schema.take_step(migration).map_err(|problem| Error::History {
                plugin: manifest.name.clone(),
                version: migration.version,
                problem,
            })?;
        }
        Ok(schema)
    }

    fn take_step(&mut self, migration: &Migration) -> Result<(), String> {
        for table in &migration.create_table {
            self.create(table)?;
        }
        for add in &migration.add_column {
            let table = self
                .tables
                .get_mut(&add.table)
                .ok_or_else(|| missing(&add.table))?;
            if !add.column.null {
                return Err(format!(
                    "the column '{}' is added to '{}', so it must allow null",
                    add.column.name, add.table
                ));
            }
            table.add(&add.column, &[])?;
        }
        for name in &migration.drop_table {
            self.tables.remove(name).ok_or_else(|| missing(name))?;
        }
        Ok(())
    }

    fn create(&mut self, create: &CreateTable) -> Result<(), String> {
        let name = &create.name;
        if KERNEL_TABLES.contains(name) {
            return Err(format!("the table '{name}' is the site's own"));
        }
        if self.tables.contains_key(name) {
            return Err(format!("the table '{name}' is there already"));
        }
        let unique = create
            .indexes
            .iter()
            .filter(|index| index.unique)
            .map(|index| &index.columns);
        let keys = std::iter::once(&create.primary_key).chain(unique);
        let mut table = Table {
            name: name.clone(),
            columns: Vec::new(),
            keys: keys.map(|key| key.iter().cloned().collect()).collect(),
            writable: true,
        };
        for column in &create.columns {
            table.add(column, &create.primary_key)?;
        }
        self.tables.insert(name.clone(), table);
        Ok(())
    }

    /// Why these tables can't serve a plugin that takes them for `wanted`: what has become of its table. Columns that
    /// it does not know are no hindrance where they may have no value.
    pub fn falls_short_of(&self, wanted: &Self) -> Option<String> {
        wanted.tables.values().find_map(|table| {
            let name = &table.name;
            let Some(found) = self.tables.get(name) else {
                return Some(format!("drops the table '{name}'"));
            };
            let lost = table
                .columns
                .iter()
                .find(|column| !found.columns.contains(column));
            if let Some(column) = lost {
                return Some(format!(
                    "changes the column '{}' of the table '{name}'",
                    column.name
                ));
            }
            let unknown = |column: &&Column| !column.null && table.column(&column.name).is_none();
            if let Some(column) = found.columns.iter().find(unknown) {
                return Some(format!(
                    "makes the table '{name}' need its column '{}'",
                    column.name
                ));
            }
            (found.keys != table.keys).then(|| format!("changes the keys of the table '{name}'"))
        })
    }

    /// The name of the plugin.
    pub fn plugin(&self) -> &str {
        &self.plugin
    }

    /// The names of the tables and views.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// A table or view.
    pub fn table(&self, name: &str) -> Result<&Table, Unknown> {
        self.tables.get(name).ok_or_else(|| {
            let prefix = format!("{}_", self.plugin.replace('-', "_"));
            match () {
                () if views().any(|view| view == name) => Unknown::Ungranted,
                () if name.starts_with(&prefix) && !KERNEL_TABLES.contains(name) => Unknown::Own,
                () => Unknown::Foreign,
            }
        })
    }
}

impl Table {
    fn add(&mut self, column: &kernel::Column, primary_key: &[String]) -> Result<(), String> {
        if self.column(&column.name).is_some() {
            return Err(format!(
                "the table '{}' has a column '{}' already",
                self.name, column.name
            ));
        }
        let null = column.null && !primary_key.contains(&column.name);
        self.columns.push(Column {
            name: column.name.clone(),
            kind: kind_of(column.kind),
            null,
        });
        Ok(())
    }

    /// A column.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The names of the columns, for a message.
    pub fn column_names(&self) -> String {
        self.columns
            .iter()
            .map(|column| column.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn missing(table: &str) -> String {
    format!("there is no table '{table}' at that point")
}

fn views() -> impl Iterator<Item = &'static str> {
    VIEWS.iter().map(|(name, _)| *name)
}

fn granted(view: &str) -> Option<Table> {
    let (name, columns) = VIEWS.iter().find(|(name, _)| *name == view)?;
    let columns = columns.iter().map(|(name, kind)| Column {
        name: (*name).to_owned(),
        kind: *kind,
        null: false,
    });
    Some(Table {
        name: (*name).to_owned(),
        columns: columns.collect(),
        keys: Vec::new(),
        writable: false,
    })
}

/// What a column of a manifest holds, in the words of the database.
pub fn kind_of(column: ColumnType) -> ColumnKind {
    match column {
        ColumnType::Boolean => ColumnKind::Boolean,
        ColumnType::Integer => ColumnKind::Integer,
        ColumnType::Floating => ColumnKind::Floating,
        ColumnType::Text => ColumnKind::Text,
        ColumnType::Bytes => ColumnKind::Bytes,
        ColumnType::Id => ColumnKind::Id,
        ColumnType::Moment => ColumnKind::Moment,
        ColumnType::Json => ColumnKind::Json,
    }
}

/// The site's own tables and views, read from its migrations: a plugin named `item` could else say that it has made
/// `item_revision`.
static KERNEL_TABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let steps = Migrations::kernel();
    let words = steps
        .steps()
        .iter()
        .flat_map(|step| step.sqlite.split_whitespace().map(str::to_owned));
    let words: Vec<String> = words.collect();
    let made = words.windows(3).filter_map(|window| match window {
        [create, what, name] if create == "CREATE" && (what == "TABLE" || what == "VIEW") => {
            Some(name.clone())
        }
        _ => None,
    });
    made.chain(["schema_migration".to_owned()]).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_own_tables_are_found_in_its_migrations() {
        for table in [
            "item",
            "item_revision",
            "users",
            "published_item",
            "schema_migration",
            "lease",
        ] {
            assert!(
                KERNEL_TABLES.contains(table),
                "{table} is not among {:?}",
                *KERNEL_TABLES
            );
        }
    }
}
