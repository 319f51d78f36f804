//! A table with a column of every kind, and rows for it.

use serde_json::json;
use uuid::Uuid;

use super::NOW;
use crate::db::{Backend, Db, FromRow, Statement, sql};
use crate::time::Timestamp;

#[derive(Debug, PartialEq, FromRow)]
pub(super) struct Sample {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) amount: Option<i64>,
    pub(super) yes: Option<bool>,
    pub(super) ratio: Option<f64>,
    pub(super) data: Option<Vec<u8>>,
    pub(super) at: Option<Timestamp>,
    pub(super) fields: Option<serde_json::Value>,
}

pub(super) fn sample(number: u128) -> Sample {
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

pub(super) fn insert(sample: &Sample) -> Statement {
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

pub(super) async fn fill(db: &Db, count: u128) {
    db.execute(create_sample(db.backend())).await.unwrap();
    for number in 1..=count {
        assert_eq!(db.execute(insert(&sample(number))).await.unwrap(), 1);
    }
}

pub(super) async fn count(db: &Db) -> i64 {
    db.fetch_one::<(i64,)>("SELECT count(*) FROM sample")
        .await
        .unwrap()
        .0
}

/// The words for a table of every kind of column.
pub(super) fn create_sample(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "CREATE TABLE sample (id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, amount BIGINT, \
             yes BOOLEAN, ratio DOUBLE PRECISION, data BLOB, at BIGINT, fields TEXT, parent BLOB REFERENCES sample (id))"
        }
        Backend::Postgres => {
            "CREATE TABLE sample (id UUID NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE, amount BIGINT, \
             yes BOOLEAN, ratio DOUBLE PRECISION, data BYTEA, at BIGINT, fields JSONB, parent UUID REFERENCES sample (id))"
        }
    }
}
