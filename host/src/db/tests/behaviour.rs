use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt;
use sea_query::{Expr, ExprTrait, Query, Value};
use serde_json::json;
use uuid::Uuid;

use super::{NOW, Scratch, create_sample, on_both};
use crate::db::{Backend, Cell, ColumnKind, Db, Error, FromRow, Json, Observe, Options, Statement, Tx, sql};
use crate::time::Timestamp;

#[derive(Debug, PartialEq, FromRow)]
struct Sample {
    id: Uuid,
    name: String,
    amount: Option<i64>,
    yes: Option<bool>,
    ratio: Option<f64>,
    data: Option<Vec<u8>>,
    at: Option<Timestamp>,
    fields: Option<serde_json::Value>,
}

fn sample(number: u128) -> Sample {
    Sample {
        id: Uuid::from_u128(number),
        name: format!("sample {number}"),
        amount: Some(i64::MAX),
        yes: Some(true),
        ratio: Some(2.5),
        data: Some(vec![0, 255, 1]),
        at: Some(NOW),
        fields: Some(json!({"tags": ["a", "ü"], "price": 1.25})),
    }
}

fn insert(sample: &Sample) -> Statement {
    sql(
        "INSERT INTO sample (id, name, amount, yes, ratio, data, at, fields) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            sample.id,
            sample.name.as_str(),
            sample.amount,
            sample.yes,
            sample.ratio,
            sample.data.clone(),
            sample.at,
            sample.fields.clone(),
        ),
    )
}

async fn fill(db: &Db, count: u128) {
    db.execute(create_sample(db.backend())).await.unwrap();
    for number in 1..=count {
        assert_eq!(db.execute(insert(&sample(number))).await.unwrap(), 1);
    }
}

async fn count(db: &Db) -> i64 {
    db.fetch_one::<(i64,)>("SELECT count(*) FROM sample")
        .await
        .unwrap()
        .0
}

#[tokio::test]
async fn a_row_comes_back_as_it_was_written() {
    on_both(async |db| {
        fill(&db, 1).await;
        let bare = Sample {
            amount: None,
            yes: None,
            ratio: None,
            data: None,
            at: None,
            fields: None,
            ..sample(2)
        };
        db.execute(insert(&bare)).await.unwrap();
        let rows: Vec<Sample> = db.fetch_all("SELECT * FROM sample ORDER BY id").await.unwrap();
        assert_eq!(rows, vec![sample(1), bare]);
    })
    .await;
}

#[tokio::test]
async fn json_of_a_known_shape_is_read_through_json() {
    #[derive(FromRow)]
    struct Tagged {
        fields: Json<Fields>,
    }
    #[derive(serde::Deserialize)]
    struct Fields {
        tags: Vec<String>,
    }
    on_both(async |db| {
        fill(&db, 1).await;
        let row: Tagged = db.fetch_one("SELECT fields FROM sample").await.unwrap();
        assert_eq!(row.fields.tags, ["a", "ü"]);
    })
    .await;
}

#[tokio::test]
async fn trees_run_like_fixed_text() {
    on_both(async |db| {
        fill(&db, 3).await;
        let second = Uuid::from_u128(2);
        let changed = Query::update()
            .table("sample")
            .value("amount", 7)
            .and_where(Expr::col("id").eq(second))
            .take();
        assert_eq!(db.execute(changed).await.unwrap(), 1);
        let select = || {
            Query::select()
                .column("amount")
                .from("sample")
                .and_where(Expr::col("id").eq(second))
                .take()
        };
        assert_eq!(db.fetch_one::<(i64,)>(select()).await.unwrap(), (7,));
        db.execute(
            Query::delete()
                .from_table("sample")
                .and_where(Expr::col("id").eq(second)),
        )
        .await
        .unwrap();
        assert_eq!(db.fetch_optional::<(i64,)>(select()).await.unwrap(), None);
        assert!(matches!(
            db.fetch_one::<(i64,)>(select()).await,
            Err(Error::NotFound)
        ));
    })
    .await;
}

#[tokio::test]
async fn an_upsert_returns_the_row_on_both() {
    on_both(async |db| {
        fill(&db, 1).await;
        let upsert = "INSERT INTO sample (id, name, amount) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE \
                      SET amount = excluded.amount RETURNING id, amount";
        let params = (Uuid::from_u128(9), "sample 1", 5_i64);
        let row: (Uuid, i64) = db.fetch_one(sql(upsert, params)).await.unwrap();
        assert_eq!(row, (Uuid::from_u128(1), 5));
    })
    .await;
}

#[tokio::test]
async fn a_stream_brings_every_row_in_order_and_can_be_left() {
    on_both(async |db| {
        fill(&db, 20).await;
        let names: Vec<(String,)> = db
            .stream::<(String,)>("SELECT name FROM sample ORDER BY id")
            .try_collect()
            .await
            .unwrap();
        assert_eq!(names.len(), 20);
        assert_eq!(names[19].0, "sample 20");
        for _ in 0..20 {
            let mut rows = db.stream::<(String,)>("SELECT name FROM sample ORDER BY id");
            assert_eq!(rows.try_next().await.unwrap().unwrap().0, "sample 1");
        }
        db.ping().await.unwrap();
        let mistake: Result<Vec<(i64,)>, Error> = db
            .stream::<(i64,)>("SELECT nothing FROM sample")
            .try_collect()
            .await;
        assert!(matches!(mistake, Err(Error::Other(_))));
    })
    .await;
}

#[tokio::test]
async fn dynamic_rows_carry_every_kind_and_null() {
    use ColumnKind as Kind;
    let kinds = [
        Kind::Boolean,
        Kind::Integer,
        Kind::Floating,
        Kind::Text,
        Kind::Bytes,
        Kind::Id,
        Kind::Moment,
        Kind::Json,
    ];
    on_both(async |db| {
        fill(&db, 1).await;
        let text = "SELECT yes, amount, ratio, name, data, id, at, fields FROM sample ORDER BY id";
        let full = vec![
            Cell::Boolean(true),
            Cell::Integer(i64::MAX),
            Cell::Floating(2.5),
            Cell::Text("sample 1".into()),
            Cell::Bytes(vec![0, 255, 1]),
            Cell::Id(Uuid::from_u128(1)),
            Cell::Moment(NOW),
            Cell::Json(json!({"tags": ["a", "ü"], "price": 1.25})),
        ];
        assert_eq!(db.fetch_dynamic(text, &kinds).await.unwrap(), vec![full.clone()]);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(tx.fetch_dynamic(text, &kinds).await.unwrap(), vec![full]);
        drop(tx);

        let text = "SELECT yes, amount, ratio, NULL, data, parent, at, fields FROM sample";
        db.execute("UPDATE sample SET yes = NULL, amount = NULL, ratio = NULL, data = NULL, at = NULL, fields = NULL")
            .await
            .unwrap();
        assert_eq!(db.fetch_dynamic(text, &kinds).await.unwrap(), vec![vec![Cell::Null; 8]]);
    })
    .await;
}

#[tokio::test]
async fn a_dynamic_row_of_the_wrong_kind_or_too_few_columns_is_an_error() {
    on_both(async |db| {
        fill(&db, 1).await;
        let wrong = db
            .fetch_dynamic("SELECT name FROM sample", &[ColumnKind::Integer])
            .await;
        assert!(matches!(wrong, Err(Error::Other(_))));
        let few = db
            .fetch_dynamic("SELECT name FROM sample", &[ColumnKind::Text, ColumnKind::Text])
            .await;
        assert!(matches!(few, Err(Error::Other(_))));
    })
    .await;
}

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
        acquire_timeout: Duration::from_millis(50),
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

#[tokio::test]
async fn a_statement_that_takes_too_long_is_ended_by_postgres() {
    let scratch = Scratch::new(Backend::Postgres).await;
    let options = Options {
        statement_timeout: Duration::from_millis(50),
        ..Options::default()
    };
    let db = Db::connect(&scratch.url, &options).await.unwrap();
    assert!(matches!(
        db.execute("SELECT pg_sleep(30)").await,
        Err(Error::Timeout)
    ));
    db.ping().await.unwrap();
    db.close().await;
    scratch.remove().await;
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

#[tokio::test]
async fn every_statement_is_observed_by_name_with_its_outcome() {
    #[derive(Default)]
    struct Log(Mutex<Vec<(&'static str, bool)>>);
    impl Observe for Log {
        fn statement(&self, name: &'static str, _: Duration, ok: bool) {
            self.0.lock().unwrap().push((name, ok));
        }
    }
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let scratch = Scratch::new(backend).await;
        let log = Arc::new(Log::default());
        let db = Db::connect(
            &scratch.url,
            &Options {
                observe: Some(log.clone()),
                ..Options::default()
            },
        )
        .await
        .unwrap();
        db.ping().await.unwrap();
        db.execute(sql("SELECT wrong", Vec::<Value>::new()).named("a.b"))
            .await
            .unwrap_err();
        let rows: Vec<(i64,)> = db
            .stream::<(i64,)>("SELECT CAST(1 AS bigint)")
            .try_collect()
            .await
            .unwrap();
        assert_eq!(rows, [(1,)]);
        let seen = std::mem::take(&mut *log.0.lock().unwrap());
        assert_eq!(seen, [("db.ping", true), ("a.b", false), ("unnamed", true)]);
        db.close().await;
        scratch.remove().await;
    }
}
