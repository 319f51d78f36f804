//! The two folders of migrations make the same schema. What one backend needs for full text (virtual tables of
//! SQLite; `tsvector` columns and GIN indexes of Postgres) is left out.

use std::collections::BTreeSet;

use super::{NOW, Scratch};
use crate::db::migrate::Migrations;
use crate::db::{Backend, Statement};

/// Table or view, column, class of its type, whether it must have a value.
type Column = (String, String, String, bool);
/// Table, name, whether it is unique, its columns, `?` for an expression.
type Index = (String, String, bool, String);

const SQLITE_COLUMNS: &str = "\
    SELECT l.name, c.name, CASE \
        WHEN c.type IN ('BIGINT', 'BOOLEAN', 'INTEGER') THEN 'integer' WHEN c.type = 'TEXT' THEN 'text' \
        WHEN c.type = 'BLOB' THEN 'bytes' WHEN c.type = 'DOUBLE PRECISION' THEN 'double' ELSE c.type END, \
    c.\"notnull\" = 1 \
    FROM pragma_table_list AS l, pragma_table_xinfo(l.name) AS c \
    WHERE l.schema = 'main' AND l.type IN ('table', 'view') AND l.name NOT LIKE 'sqlite%'";

const POSTGRES_COLUMNS: &str = "\
    SELECT CAST(table_name AS text), CAST(column_name AS text), CASE \
        WHEN data_type IN ('bigint', 'boolean') THEN 'integer' WHEN data_type IN ('text', 'jsonb') THEN 'text' \
        WHEN data_type IN ('bytea', 'uuid') THEN 'bytes' WHEN data_type = 'double precision' THEN 'double' \
        ELSE CAST(data_type AS text) END, is_nullable = 'NO' \
    FROM information_schema.columns WHERE table_schema = 'public' AND data_type <> 'tsvector'";

const SQLITE_INDEXES: &str = "\
    SELECT l.name, i.name, i.\"unique\" = 1, \
        (SELECT group_concat(coalesce(c.name, '?'), ',' ORDER BY c.seqno) FROM pragma_index_info(i.name) AS c) \
    FROM pragma_table_list AS l, pragma_index_list(l.name) AS i \
    WHERE l.schema = 'main' AND l.type = 'table' AND i.origin = 'c'";

const POSTGRES_INDEXES: &str = "\
    SELECT CAST(t.relname AS text), CAST(i.relname AS text), x.indisunique, \
        (SELECT string_agg(coalesce(CAST(a.attname AS text), '?'), ',' ORDER BY k.place) \
         FROM unnest(CAST(x.indkey AS smallint[])) WITH ORDINALITY AS k (number, place) \
         LEFT JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0) \
    FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid \
    JOIN pg_namespace AS n ON n.oid = t.relnamespace JOIN pg_am AS m ON m.oid = i.relam \
    WHERE n.nspname = 'public' AND m.amname <> 'gin' \
    AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = x.indexrelid)";

async fn schema(backend: Backend) -> (BTreeSet<Column>, BTreeSet<Index>) {
    let scratch = Scratch::new(backend).await;
    let db = scratch.open().await;
    Migrations::kernel().run(&db, NOW).await.unwrap();
    let (columns, indexes) = match backend {
        Backend::Sqlite => (SQLITE_COLUMNS, SQLITE_INDEXES),
        Backend::Postgres => (POSTGRES_COLUMNS, POSTGRES_INDEXES),
    };
    let columns: Vec<Column> = db.fetch_all(Statement::from(columns)).await.unwrap();
    let indexes: Vec<Index> = db.fetch_all(Statement::from(indexes)).await.unwrap();
    db.close().await;
    scratch.remove().await;
    (columns.into_iter().collect(), indexes.into_iter().collect())
}

#[tokio::test]
async fn both_backends_get_the_same_tables_columns_and_indexes() {
    let sqlite = schema(Backend::Sqlite).await;
    let postgres = schema(Backend::Postgres).await;
    assert!(sqlite.0.iter().any(|(table, ..)| table == "lease"));
    let only = |a: &BTreeSet<Column>, b: &BTreeSet<Column>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&sqlite.0, &postgres.0), [], "columns only on SQLite");
    assert_eq!(only(&postgres.0, &sqlite.0), [], "columns only on Postgres");
    let only = |a: &BTreeSet<Index>, b: &BTreeSet<Index>| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&sqlite.1, &postgres.1), [], "indexes only on SQLite");
    assert_eq!(only(&postgres.1, &sqlite.1), [], "indexes only on Postgres");
}

#[test]
fn the_two_folders_have_the_same_files_numbered_without_a_gap() {
    let files = |folder: &str| -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder);
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(files("migrations-sqlite"), files("migrations-pg"));
    let embedded: Vec<String> = Migrations::kernel()
        .steps()
        .iter()
        .map(|step| format!("{:04}_{}.sql", step.version, step.name))
        .collect();
    assert_eq!(embedded, files("migrations-pg"));
    let versions: Vec<i64> = Migrations::kernel()
        .steps()
        .iter()
        .map(|step| step.version)
        .collect();
    assert_eq!(versions, (1..).take(versions.len()).collect::<Vec<i64>>());
}
