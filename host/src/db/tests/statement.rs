use sea_query::{Expr, ExprTrait, Query as Build, Value};
use uuid::Uuid;

use super::*;
use crate::time::Timestamp;

#[test]
fn fixed_text_is_the_same_on_both_backends_and_keeps_the_order_of_its_parameters() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let statement = sql(
            "UPDATE a SET b = $2 WHERE c = $1",
            (Uuid::nil(), Some(Timestamp(5))),
        )
        .named("a.set");
        let query = statement.render(backend).unwrap();
        assert_eq!(query.text.as_str(), "UPDATE a SET b = $2 WHERE c = $1");
        assert_eq!(
            query.values.0.0,
            vec![Value::Uuid(Some(Uuid::nil())), Value::BigInt(Some(5))]
        );
        assert_eq!(query.name, "a.set");
    }
}

#[test]
fn a_tree_is_rendered_in_the_words_of_the_backend() {
    let text = |backend| {
        let statement = Statement::from(
            Build::select()
                .column("a")
                .from("b")
                .and_where(Expr::col("c").eq(7)),
        );
        statement.render(backend).unwrap().text.as_str().to_owned()
    };
    assert_eq!(text(Backend::Sqlite), r#"SELECT "a" FROM "b" WHERE "c" = ?"#);
    assert_eq!(text(Backend::Postgres), r#"SELECT "a" FROM "b" WHERE "c" = $1"#);
}

#[test]
fn only_statements_that_surely_read_go_to_a_read_only_connection() {
    let reads = |text| Statement::from(text).render(Backend::Sqlite).unwrap().reads;
    assert!(reads(" select 1"));
    assert!(reads("WITH t AS (SELECT 1) SELECT * FROM t"));
    assert!(!reads("WITH t AS (SELECT 1) DELETE FROM u"));
    assert!(!reads("INSERT INTO t VALUES (1) RETURNING *"));
    assert!(!reads("CREATE TABLE t (a TEXT)"));
}

#[test]
fn a_number_that_no_column_can_hold_is_refused() {
    let refused = sql("SELECT $1", (u64::MAX,)).render(Backend::Sqlite).unwrap_err();
    assert!(matches!(refused, Error::Other(_)));
}
