//! The tables on both databases: what a plugin asks for, and what it is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod migrations;
mod queries;
mod raw;
mod refusals;
mod writes;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::PluginTables;
use crate::db::{Db, Options};
use crate::kernel::Manifest;
use crate::wit::db::{
    Aggregate, Clause, Comparison, Insert, Operator, Ordering as Step, Outcome, Rows, Select, Selection,
    Statement, Value,
};
use crate::wit::types::Error;

/// A plugin with a table of every kind of column and one beside it.
const NOTES: &str = r#"
name = "notes"
version = "1.0.0"
wit = "0.1"

[[migrations]]
version = 1

[[migrations.create-table]]
name = "notes_note"
primary-key = ["key"]
columns = [
    { name = "key", type = "integer" },
    { name = "slug", type = "text" },
    { name = "done", type = "boolean", null = true },
    { name = "weight", type = "floating", null = true },
    { name = "body", type = "bytes", null = true },
    { name = "author", type = "id", null = true },
    { name = "made", type = "moment", null = true },
    { name = "data", type = "json", null = true },
]
indexes = [{ columns = ["slug"], unique = true }, { columns = ["author", "made"] }]

[[migrations.create-table]]
name = "notes_tag"
primary-key = ["note", "tag"]
columns = [{ name = "note", type = "integer" }, { name = "tag", type = "text" }]
"#;

fn manifest(text: &str) -> Arc<Manifest> {
    Arc::new(Manifest::parse(Path::new("plugin.toml"), text, &[]).unwrap())
}

/// A database of its own.
struct Bench {
    db: Db,
    tables: PluginTables,
}

/// A folder that goes with the test, also when it fails.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs a test on an empty database of either kind.
async fn on_both(test: impl AsyncFn(&Bench)) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "plugin_table_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );

    let folder = Folder(std::env::temp_dir().join(&name));
    let file = folder.0.join("test.db");
    let db = Db::connect(&format!("sqlite:{}", file.display()), &Options::default())
        .await
        .unwrap();
    on_one(&db, &test).await;

    let url = std::env::var("TROVATO_TEST_POSTGRES_URL").expect("TROVATO_TEST_POSTGRES_URL names a Postgres");
    let server = Db::connect(&url, &Options::default()).await.unwrap();
    server
        .raw_execute(format!("CREATE SCHEMA {name}"), vec![])
        .await
        .unwrap();
    let between = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{between}options[search_path]={name}");
    let db = Db::connect(
        &url,
        &Options {
            max_connections: 2,
            ..Options::default()
        },
    )
    .await
    .unwrap();
    on_one(&db, &test).await;
    server
        .raw_execute(format!("DROP SCHEMA {name} CASCADE"), vec![])
        .await
        .unwrap();
    server.close().await;
}

async fn on_one(db: &Db, test: &impl AsyncFn(&Bench)) {
    test(&Bench {
        db: db.clone(),
        tables: PluginTables::new(db.clone()),
    })
    .await;
    db.close().await;
}

impl Bench {
    /// Makes the tables of a plugin.
    async fn enable(&self, text: &str) -> Arc<Manifest> {
        let manifest = manifest(text);
        let mut tx = self.db.begin().await.unwrap();
        self.tables.apply(&manifest, 0, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        manifest
    }

    /// The notes 1 to 5, of which 4 and 5 have little.
    async fn with_notes(&self) -> Arc<Manifest> {
        let plugin = self.enable(NOTES).await;
        let author = |last: u8| Value::Id(format!("00000000-0000-7000-8000-00000000000{last}"));
        let note = |key, slug: &str, done, weight, author, made| {
            vec![
                Value::Integer(key),
                text(slug),
                Value::Boolean(done),
                Value::Floating(weight),
                author,
                Value::Moment(made),
            ]
        };
        let mut notes = insert(
            &["key", "slug", "done", "weight", "author", "made"],
            vec![
                note(1, "first-note", true, 0.5, author(1), 10),
                note(2, "Second_Note", false, 1.5, author(1), 20),
                note(3, "100%", true, -2.0, author(2), 30),
            ],
        );
        notes
            .rows
            .extend(["four", "five"].iter().zip(4..).map(|(slug, key)| {
                vec![
                    Value::Integer(key),
                    text(slug),
                    Value::Null,
                    Value::Null,
                    Value::Null,
                    Value::Null,
                ]
            }));
        let tags = Insert {
            table: "notes_tag".to_owned(),
            columns: strings(&["note", "tag"]),
            rows: vec![],
            upsert: None,
        };
        let tag = |note, tag: &str| vec![Value::Integer(note), text(tag)];
        let tags = Insert {
            rows: vec![tag(1, "a"), tag(1, "b"), tag(2, "a")],
            ..tags
        };
        let run = self
            .tables
            .run(&plugin, vec![Statement::Insert(notes), Statement::Insert(tags)])
            .await;
        assert_eq!(run, Ok(vec![Outcome::Count(5), Outcome::Count(3)]));
        plugin
    }

    /// The keys of the notes that a comparison finds.
    async fn keys(&self, plugin: &Arc<Manifest>, clauses: Vec<Clause>) -> Result<Vec<i64>, Error> {
        let select = Select {
            where_: clauses,
            order_by: vec![ascending("key")],
            ..select(&["key"])
        };
        Ok(integers(self.tables.query(plugin, select).await?))
    }
}

fn integers(rows: Rows) -> Vec<i64> {
    let integer = |row: Vec<Value>| match row[0] {
        Value::Integer(value) => value,
        ref other => panic!("{other:?} is no integer"),
    };
    rows.into_iter().map(integer).collect()
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn selection(column: &str, aggregate: Aggregate) -> Selection {
    Selection {
        column: column.to_owned(),
        aggregate,
    }
}

/// A query of the notes.
fn select(columns: &[&str]) -> Select {
    Select {
        table: "notes_note".to_owned(),
        joins: vec![],
        columns: columns
            .iter()
            .map(|column| selection(column, Aggregate::None))
            .collect(),
        where_: vec![],
        group_by: vec![],
        order_by: vec![],
        limit: 0,
        offset: 0,
    }
}

/// An insert of notes.
fn insert(columns: &[&str], rows: Vec<Vec<Value>>) -> Insert {
    Insert {
        table: "notes_note".to_owned(),
        columns: strings(columns),
        rows,
        upsert: None,
    }
}

fn ascending(column: &str) -> Step {
    Step {
        column: column.to_owned(),
        descending: false,
    }
}

fn is(column: &str, operator: Operator, values: Vec<Value>) -> Comparison {
    Comparison {
        column: column.to_owned(),
        operator,
        values,
    }
}

fn only(comparison: Comparison) -> Vec<Clause> {
    vec![Clause {
        any_of: vec![comparison],
    }]
}
