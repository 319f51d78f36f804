use std::time::Duration;

use uuid::Uuid;

use super::sample::{Sample, count, fill, insert, sample};
use super::{Scratch, on_both};
use crate::db::{Backend, ColumnKind, Db, Error, Options, Tx, sql};

#[tokio::test]
async fn a_transaction_is_all_or_nothing() {
    on_both(async |db| {
        fill(&db, 0).await;
        let mut tx = db.begin().await.unwrap();
        tx.execute(insert(&sample(1))).await.unwrap();
        assert_eq!(
            tx.fetch_one::<(i64,)>("SELECT count(*) FROM sample")
                .await
                .unwrap(),
            (1,)
        );
        assert_eq!(count(&db).await, 0, "others don't see it yet");
        drop(tx);
        assert_eq!(count(&db).await, 0, "dropped");

        let mut tx = db.begin().await.unwrap();
        tx.execute(insert(&sample(1))).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(count(&db).await, 0, "rolled back");

        let mut tx = db.begin().await.unwrap();
        tx.execute(insert(&sample(1))).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count(&db).await, 1, "committed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_that_come_at_once_wait_for_each_other() {
    on_both(async |db| {
        fill(&db, 1).await;
        db.execute("UPDATE sample SET amount = 0").await.unwrap();
        let add = |db: Db| async move {
            for _ in 0..25 {
                let mut tx: Tx = db.begin().await?;
                let text = "SELECT amount FROM sample";
                let lock = if tx.backend() == Backend::Postgres {
                    "SELECT amount FROM sample FOR UPDATE"
                } else {
                    text
                };
                let (amount,): (i64,) = tx.fetch_one(lock).await?;
                tx.execute(sql("UPDATE sample SET amount = $1", (amount + 1,)))
                    .await?;
                tx.commit().await?;
                db.fetch_all::<(i64,)>(text).await?;
            }
            Ok::<_, Error>(())
        };
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(add(db.clone()))).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(
            db.fetch_one::<(i64,)>("SELECT amount FROM sample").await.unwrap(),
            (200,)
        );
    })
    .await;
}

#[tokio::test]
async fn a_second_process_waits_for_the_lock_of_a_sqlite_file() {
    let scratch = Scratch::new(Backend::Sqlite).await;
    let (one, two) = (scratch.open().await, scratch.open().await);
    fill(&one, 0).await;
    let mut tx = one.begin().await.unwrap();
    let (first, second) = (sample(1), sample(2));
    let other = two.execute(insert(&second));
    let end = async {
        tx.execute(insert(&first)).await.unwrap();
        tokio::task::yield_now().await;
        tx.commit().await
    };
    let (written, committed) = tokio::join!(other, end);
    committed.unwrap();
    assert_eq!(written.unwrap(), 1);
    assert_eq!(count(&two).await, 2);
    one.close().await;
    two.close().await;
    scratch.remove().await;
}

#[tokio::test]
async fn a_turn_that_does_not_come_in_time_is_busy() {
    let scratch = Scratch::new(Backend::Sqlite).await;
    let options = Options {
        acquire_timeout: Duration::from_secs(1),
        ..Options::default()
    };
    let db = Db::connect(&scratch.url, &options).await.unwrap();
    let tx = db.begin().await.unwrap();
    assert!(matches!(db.begin().await, Err(Error::Busy(_))));
    drop(tx);
    db.begin().await.unwrap().commit().await.unwrap();
    db.close().await;
    scratch.remove().await;
}

#[tokio::test]
async fn broken_constraints_are_named_alike() {
    on_both(async |db| {
        fill(&db, 1).await;
        let unique = |result| match result {
            Err(Error::Unique { constraint }) => constraint,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            unique(
                db.execute(insert(&Sample {
                    name: "x".into(),
                    ..sample(1)
                }))
                .await
            ),
            "sample.id"
        );
        assert_eq!(
            unique(
                db.execute(insert(&Sample {
                    id: Uuid::from_u128(2),
                    ..sample(1)
                }))
                .await
            ),
            "sample.name"
        );
        db.execute("CREATE UNIQUE INDEX sample_pair ON sample (amount, yes)")
            .await
            .unwrap();
        assert_eq!(unique(db.execute(insert(&sample(3))).await), "sample.amount,yes");
        db.execute("DROP INDEX sample_pair").await.unwrap();
        db.execute("CREATE UNIQUE INDEX sample_folded ON sample (lower(name))")
            .await
            .unwrap();
        let folded = Sample {
            name: "SAMPLE 1".into(),
            ..sample(4)
        };
        assert_eq!(unique(db.execute(insert(&folded)).await), "sample_folded");

        let orphan = sql("UPDATE sample SET parent = $1", (Uuid::from_u128(77),));
        assert!(matches!(db.execute(orphan).await, Err(Error::ForeignKey { .. })));
    })
    .await;
}

/// Counts to ten thousand million.
const ENDLESS: &str = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS bigint) UNION ALL SELECT i + 1 FROM n \
                       WHERE i < 10000000000) SELECT COUNT(*) FROM n";

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let scratch = Scratch::new(backend).await;
        let options = Options {
            statement_timeout: Duration::from_millis(200),
            ..Options::default()
        };
        let db = Db::connect(&scratch.url, &options).await.unwrap();
        assert!(matches!(db.execute(ENDLESS).await, Err(Error::Timeout)));
        assert!(matches!(
            db.fetch_dynamic(ENDLESS, &[ColumnKind::Integer]).await,
            Err(Error::Timeout)
        ));
        assert!(matches!(
            db.raw_query(ENDLESS.to_owned(), Vec::new(), 1).await,
            Err(Error::Timeout)
        ));
        assert!(matches!(
            db.raw_execute(format!("CREATE TABLE counted AS {ENDLESS}"), Vec::new())
                .await,
            Err(Error::Timeout)
        ));
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(tx.execute(ENDLESS).await, Err(Error::Timeout)));
        drop(tx);
        // The time of one statement is not that of the next.
        let mut tx = db.begin().await.unwrap();
        for _ in 0..3 {
            tx.execute("SELECT 1").await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        tx.commit().await.unwrap();
        db.ping().await.unwrap();
        db.close().await;
        scratch.remove().await;
    }
}

#[tokio::test]
async fn a_closed_database_is_unavailable() {
    on_both(async |db| {
        db.ping().await.unwrap();
        db.close().await;
        assert!(matches!(db.ping().await, Err(Error::Unavailable(_))));
    })
    .await;
}
