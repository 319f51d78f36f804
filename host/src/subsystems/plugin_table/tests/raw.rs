use super::*;

#[tokio::test]
async fn text_is_run_with_its_parameters_and_its_rows_are_typed_by_the_database() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let sql = "UPDATE notes_note SET weight = $1 WHERE key = $2 OR key = $3".to_owned();
        let parameters = vec![Value::Floating(9.5), Value::Integer(1), Value::Integer(2)];
        assert_eq!(bench.tables.execute_text(sql, parameters).await, Ok(2));
        let sql = "SELECT key, slug, done, weight, body FROM notes_note WHERE slug = $1".to_owned();
        let rows = bench.tables.query_text(sql, vec![text("first-note")]).await;
        let row = vec![
            Value::Integer(1),
            text("first-note"),
            Value::Boolean(true),
            Value::Floating(9.5),
            Value::Null,
        ];
        assert_eq!(rows, Ok(vec![row]));
        assert_eq!(
            bench
                .keys(
                    &plugin,
                    only(is("weight", Operator::Eq, vec![Value::Floating(9.5)]))
                )
                .await,
            Ok(vec![1, 2])
        );
    })
    .await;
}

#[tokio::test]
async fn a_query_as_text_has_at_most_a_thousand_rows_and_writes_nothing() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let count = |to: u32| {
            format!("WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {to}) SELECT x FROM n")
        };
        assert_eq!(bench.tables.query_text(count(1_000), vec![]).await.map(|rows| rows.len()), Ok(1_000));
        let limit = Error::Limit("the result is larger than 1000 rows".to_owned());
        assert_eq!(bench.tables.query_text(count(1_001), vec![]).await, Err(limit));
        let sql = "WITH x AS (SELECT 1) DELETE FROM notes_tag".to_owned();
        assert!(bench.tables.query_text(sql, vec![]).await.is_err());
        assert_eq!(bench.keys(&plugin, vec![]).await.map(|keys| keys.len()), Ok(5));
        let tags = bench.tables.query_text("SELECT tag FROM notes_tag".to_owned(), vec![]).await;
        assert_eq!(tags.map(|rows| rows.len()), Ok(3));
    })
    .await;
}

#[tokio::test]
async fn a_mistake_in_text_is_told_in_the_databases_words_and_its_transactions_are_not_the_plugins() {
    on_both(async |bench| {
        let error = bench
            .tables
            .query_text("SELECT * FROM nowhere".to_owned(), vec![])
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Other(words) if words.contains("nowhere")),
            "{error:?}"
        );
        for sql in [
            "BEGIN",
            "  -- a\n COMMIT",
            "PRAGMA writable_schema = 1",
            "SET statement_timeout = 0",
            "",
        ] {
            let refused = bench
                .tables
                .execute_text(sql.to_owned(), vec![])
                .await
                .unwrap_err();
            assert!(matches!(&refused, Error::Invalid(_)), "{sql}: {refused:?}");
        }
    })
    .await;
}
