use super::{NOW, Scratch, on_both};
use crate::db::migrate::{Migration, MigrationError, Migrations};
use crate::db::{Backend, Db, Error, sql};

fn step(version: i64, script: &'static str) -> Migration {
    let name = format!("step{version}").into();
    Migration {
        version,
        name,
        sqlite: script.into(),
        postgres: script.into(),
    }
}

fn two() -> Vec<Migration> {
    vec![
        step(2, "INSERT INTO a VALUES ('x'); INSERT INTO a VALUES ('y');"),
        step(1, "CREATE TABLE a (b TEXT); CREATE INDEX a_b ON a (b);"),
    ]
}

async fn versions(db: &Db, migrations: &Migrations) -> Vec<i64> {
    migrations
        .run(db, NOW)
        .await
        .unwrap()
        .iter()
        .map(|applied| applied.version)
        .collect()
}

#[tokio::test]
async fn migrations_run_in_order_and_only_once() {
    on_both(async |db| {
        let migrations = Migrations::of("blog", two());
        let pending = migrations.pending(&db).await.unwrap();
        assert_eq!(
            pending.iter().map(|step| step.version).collect::<Vec<_>>(),
            [1, 2]
        );
        assert_eq!(versions(&db, &migrations).await, [1, 2]);
        assert_eq!(versions(&db, &migrations).await, Vec::<i64>::new());
        assert!(migrations.pending(&db).await.unwrap().is_empty());
        assert_eq!(
            db.fetch_all::<(String,)>("SELECT b FROM a").await.unwrap().len(),
            2
        );
        let noted = sql(
            "SELECT name, applied_at FROM schema_migration WHERE owner = $1 ORDER BY version",
            ("blog",),
        );
        let rows: Vec<(String, i64)> = db.fetch_all(noted).await.unwrap();
        assert_eq!(rows, [("step1".to_owned(), NOW.0), ("step2".to_owned(), NOW.0)]);
    })
    .await;
}

#[tokio::test]
async fn owners_do_not_get_in_each_others_way() {
    on_both(async |db| {
        Migrations::kernel().run(&db, NOW).await.unwrap();
        assert_eq!(versions(&db, &Migrations::of("blog", two())).await, [1, 2]);
        assert!(Migrations::kernel().pending(&db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind_and_those_before_it_stay() {
    on_both(async |db| {
        let mut steps = two();
        steps.push(step(
            3,
            "CREATE TABLE c (d TEXT); INSERT INTO nowhere VALUES (1);",
        ));
        let error = Migrations::of("blog", steps).run(&db, NOW).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("migration 0003_step3 (blog) failed and was undone: "),
            "{error}"
        );
        assert!(db.execute("SELECT * FROM c").await.is_err());
        assert!(
            Migrations::of("blog", two())
                .pending(&db)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_database_from_a_newer_version_is_refused_with_advice() {
    on_both(async |db| {
        Migrations::of("kernel", two()).run(&db, NOW).await.unwrap();
        let older = Migrations::of("kernel", vec![two().remove(1)]);
        for error in [older.run(&db, NOW).await.unwrap_err(), older.pending(&db).await.unwrap_err()] {
            assert!(matches!(error, Error::Migration(MigrationError::Newer { found: 2, known: 1, .. })));
            assert_eq!(
                error.to_string(),
                "the database is from a newer version: its schema (kernel) is at 2, this version knows 1; install \
                 the newer version again or restore a backup from before the upgrade"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_was_changed_afterwards_is_refused_with_advice() {
    on_both(async |db| {
        Migrations::of("blog", two()).run(&db, NOW).await.unwrap();
        let mut steps = two();
        steps[1] = step(1, "CREATE TABLE a (b TEXT, c TEXT);");
        let error = Migrations::of("blog", steps).run(&db, NOW).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "migration 0001_step1 (blog) was changed after it was run on this database; restore its file and put the \
             change into a new migration"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_at_once_run_each_migration_once() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let scratch = Scratch::new(backend).await;
        let mut nodes = Vec::new();
        for _ in 0..4 {
            let db = scratch.open().await;
            nodes.push(tokio::spawn(async move {
                let applied = Migrations::of("blog", two()).run(&db, NOW).await;
                db.close().await;
                applied
            }));
        }
        let mut applied = Vec::new();
        for node in nodes {
            applied.extend(
                node.await
                    .unwrap()
                    .unwrap()
                    .into_iter()
                    .map(|applied| applied.version),
            );
        }
        applied.sort_unstable();
        assert_eq!(applied, [1, 2]);
        scratch.remove().await;
    }
}
