use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::TryStreamExt;
use sea_query::{Expr, ExprTrait, Query, Value};
use serde_json::json;
use uuid::Uuid;

use super::sample::{Sample, fill, insert, sample};
use super::{NOW, Scratch, on_both};
use crate::db::{Backend, Cell, ColumnKind, Db, Error, FromRow, Json, Observe, Options, sql};

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
