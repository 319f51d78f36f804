//! The `raw-sql` interface.

use trovato::wit::types::Error;
use trovato_tests::{TestApp, both};

use super::{probe, problems, refusal, with_prober};

both! {
    async fn a_query_gives_typed_values(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "db.insert", "one|1").await;
        let rows = probe(&app, "raw.query", "SELECT name, count, flag FROM prober_row WHERE name = $1|one").await;
        assert_eq!(rows, "[[Value::Text(\"one\"), Value::Integer(1), Value::Null]]");
    }

    async fn a_statement_says_how_many_rows_it_wrote(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "db.insert", "one|1").await;
        probe(&app, "db.insert", "two|2").await;
        assert_eq!(probe(&app, "raw.execute", "UPDATE prober_row SET count = 0").await, "2");
    }

    async fn a_query_can_not_write(app: TestApp) {
        with_prober(&app).await;
        probe(&app, "db.insert", "one|1").await;
        let refused = refusal(&app, "raw.query", "DELETE FROM prober_row").await;
        assert!(problems(refused)[0].starts_with("sql: the text begins with 'DELETE'"));
        assert_eq!(probe(&app, "db.where", "is-not-null").await, "one");
    }

    async fn a_statement_can_not_end_a_transaction(app: TestApp) {
        with_prober(&app).await;
        for text in ["COMMIT", "BEGIN", "PRAGMA writable_schema = 1", "SET ROLE postgres"] {
            let found = problems(refusal(&app, "raw.execute", text).await);
            assert!(found[0].starts_with("sql: the text begins with"), "{found:?}");
        }
    }

    async fn what_the_database_refuses_is_an_answer(app: TestApp) {
        with_prober(&app).await;
        let refused = refusal(&app, "raw.query", "SELECT x FROM nowhere").await;
        let Error::Other(reason) = refused else { panic!("{refused:?}") };
        assert!(reason.contains("nowhere"), "{reason}");
        probe(&app, "db.insert", "one|1").await;
        let refused = refusal(&app, "raw.execute", "INSERT INTO prober_row (name) VALUES ('one')").await;
        assert!(matches!(refused, Error::Conflict(_)), "{refused:?}");
    }

    async fn a_result_has_at_most_1000_rows(app: TestApp) {
        with_prober(&app).await;
        let rows = |count| {
            format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n")
        };
        probe(&app, "raw.query", &rows(1000)).await;
        let refused = refusal(&app, "raw.query", &rows(1001)).await;
        assert!(matches!(refused, Error::Limit(_)), "{refused:?}");
    }
}
