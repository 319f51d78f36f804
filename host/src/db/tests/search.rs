use sea_query::{Expr, ExprTrait, Order, Query};
use serde_json::{Value, json};
use uuid::Uuid;

use super::on_both;
use super::sample::create_sample;
use crate::db::{Db, dialect, sql};

async fn fill(db: &Db, rows: &[(&str, Value)]) {
    db.execute(create_sample(db.backend())).await.unwrap();
    for (number, (name, fields)) in (1..).zip(rows) {
        let insert = "INSERT INTO sample (id, name, fields) VALUES ($1, $2, $3)";
        db.execute(sql(insert, (Uuid::from_u128(number), *name, fields.clone())))
            .await
            .unwrap();
    }
}

/// The names of the rows for which `condition` holds.
async fn found(db: &Db, condition: Expr) -> Vec<String> {
    let select = Query::select()
        .column("name")
        .from("sample")
        .and_where(condition)
        .order_by("id", Order::Asc)
        .take();
    db.fetch_all::<(String,)>(select)
        .await
        .unwrap()
        .into_iter()
        .map(|(name,)| name)
        .collect()
}

fn path(text: &str) -> dialect::Path {
    dialect::Path::parse(text).unwrap()
}

fn fields() -> Expr {
    Expr::col("fields")
}

#[tokio::test]
async fn text_is_found_alike_on_both_regardless_of_case() {
    on_both(async |db| {
        let backend = db.backend();
        let none = || json!({});
        fill(
            &db,
            &[
                ("École", none()),
                ("100% [a]*", none()),
                ("a_b\\c", none()),
                ("ecole", none()),
            ],
        )
        .await;
        let has =
            async |sought: &str| found(&db, dialect::contains(backend, Expr::col("name"), sought)).await;
        let begins =
            async |sought: &str| found(&db, dialect::starts_with(backend, Expr::col("name"), sought)).await;
        assert_eq!(has("éCOLE").await, ["École"]);
        assert_eq!(has("COL").await, ["École", "ecole"]);
        assert_eq!(has("%").await, ["100% [a]*"]);
        assert_eq!(has("[A]*").await, ["100% [a]*"]);
        assert_eq!(has("_").await, ["a_b\\c"]);
        assert_eq!(has("\\").await, ["a_b\\c"]);
        assert_eq!(begins("É").await, ["École"]);
        assert_eq!(begins("cole").await, Vec::<String>::new());
        assert_eq!(has("").await.len(), 4);
    })
    .await;
}

#[tokio::test]
async fn json_values_compare_by_their_kind_on_both() {
    on_both(async |db| {
        let backend = db.backend();
        let rows = [
            (
                "ten",
                json!({"n": 10, "b": true, "t": "10", "deep": [{"x": "y"}]}),
            ),
            ("nine", json!({"n": "9.5", "b": false, "t": 10})),
            ("word", json!({"n": "abc", "b": "true", "t": null})),
            ("flag", json!({"n": true})),
            ("none", json!({})),
        ];
        fill(&db, &rows).await;
        let number = || dialect::json_numeric(backend, fields(), &path("n"));
        assert_eq!(found(&db, number().gt(9)).await, ["ten", "nine"]);
        assert_eq!(found(&db, number().lt(9.75)).await, ["nine"]);
        assert_eq!(found(&db, number().is_null()).await, ["word", "flag", "none"]);
        assert_eq!(
            found(&db, dialect::json_boolean(fields(), &path("b"))).await,
            ["ten"]
        );
        assert_eq!(
            found(&db, dialect::json_text(fields(), &path("t")).eq("10")).await,
            ["ten", "nine"]
        );
        assert_eq!(
            found(&db, dialect::json_text(fields(), &path("deep.0.x")).eq("y")).await,
            ["ten"]
        );
        let select = |order| {
            let mut select = Query::select().column("name").from("sample").take();
            dialect::order_nulls_last(&mut select, number(), order)
                .order_by("id", Order::Asc)
                .take()
        };
        for (order, first) in [(Order::Asc, "nine"), (Order::Desc, "ten")] {
            let rows: Vec<(String,)> = db.fetch_all(select(order)).await.unwrap();
            assert_eq!((rows[0].0.as_str(), rows[4].0.as_str()), (first, "none"));
        }
    })
    .await;
}

#[tokio::test]
async fn json_lists_and_references_are_followed_on_both() {
    on_both(async |db| {
        let backend = db.backend();
        let one = Uuid::from_u128(1).to_string();
        let rows = [
            ("list", json!({"tags": ["a", "1", null]})),
            ("single", json!({"tags": "a", "ref": one})),
            ("number", json!({"tags": [1], "ref": "not an id"})),
            ("object", json!({"tags": null})),
            ("none", json!({"ref": 5})),
        ];
        fill(&db, &rows).await;
        let has = async |value: &str| {
            found(
                &db,
                dialect::json_list_contains(backend, fields(), &path("tags"), value),
            )
            .await
        };
        assert_eq!(has("a").await, ["list", "single"]);
        assert_eq!(has("1").await, ["list"]);
        let listed = Expr::val("a").in_subquery(dialect::json_list(backend, fields(), &path("tags")));
        assert_eq!(found(&db, listed).await, ["list", "single"]);
        let refers = dialect::json_id(backend, fields(), &path("ref")).eq(Uuid::from_u128(1));
        assert_eq!(found(&db, refers).await, ["single"]);
    })
    .await;
}

#[tokio::test]
async fn sums_and_averages_are_read_as_plain_numbers() {
    on_both(async |db| {
        fill(&db, &[("a", json!({})), ("b", json!({}))]).await;
        db.execute("UPDATE sample SET amount = CASE name WHEN 'a' THEN 1 ELSE 2 END")
            .await
            .unwrap();
        let amount = || Expr::col("amount");
        let select = Query::select()
            .expr(dialect::as_bigint(amount().sum()))
            .expr(dialect::as_double(sea_query::Func::avg(amount())))
            .from("sample")
            .take();
        assert_eq!(db.fetch_one::<(i64, f64)>(select).await.unwrap(), (3, 1.5));
    })
    .await;
}
