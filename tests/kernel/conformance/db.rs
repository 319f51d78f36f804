//! The `db` interface.

use trovato::wit::types::Error;
use trovato_tests::{TestApp, both};

use super::{probe, problems, refusal, with_prober};

/// Enables the prober and gives its table rows: name and count.
async fn with_rows(app: &TestApp, rows: &[&str]) {
    with_prober(app).await;
    for row in rows {
        assert_eq!(probe(app, "db.insert", row).await, "1");
    }
}

const ROWS: &[&str] = &["Ada|3", "adam|1", "Bob|2", "100%|"];

both! {
    async fn a_value_of_every_kind_comes_back_as_it_went(app: TestApp) {
        with_prober(&app).await;
        let expected = "[Value::Text(\"every\"), Value::Integer(-1), Value::Floating(0.25), Value::Boolean(true), \
                        Value::Bytes([0, 255]), Value::Id(\"018c0000-0000-7000-8000-000000000001\"), \
                        Value::Moment(1700000000123), Value::Json(\"{\\\"a\\\":[1,null]}\")]";
        assert_eq!(probe(&app, "db.every-kind", "").await, expected);
    }

    async fn rows_are_found_by_every_operator(app: TestApp) {
        with_rows(&app, ROWS).await;
        let found = [
            ("eq|2", "Bob"),
            ("ne|2", "Ada,adam"),
            ("lt|2", "adam"),
            ("le|2", "Bob,adam"),
            ("gt|2", "Ada"),
            ("ge|2", "Ada,Bob"),
            ("one-of|Ada Bob", "Ada,Bob"),
            ("none-of|Ada Bob", "100%,adam"),
            ("contains|DA", "Ada,adam"),
            ("contains|%", "100%"),
            ("starts-with|b", "Bob"),
            ("is-null", "100%"),
            ("is-not-null", "Ada,Bob,adam"),
        ];
        for (filter, expected) in found {
            let names = probe(&app, "db.where", filter).await;
            let mut names: Vec<&str> = names.split(',').collect();
            // Where capitals stand is the database's own business.
            names.sort_unstable();
            assert_eq!(names.join(","), expected, "{filter}");
        }
    }

    async fn one_of_several_conditions_is_enough(app: TestApp) {
        with_rows(&app, ROWS).await;
        assert_eq!(probe(&app, "db.either", "Bob|adam").await, "Bob,adam");
    }

    async fn rows_are_changed_and_removed(app: TestApp) {
        with_rows(&app, ROWS).await;
        assert_eq!(probe(&app, "db.update", "Bob|5").await, "1");
        assert_eq!(probe(&app, "db.where", "eq|5").await, "Bob");
        assert_eq!(probe(&app, "db.delete", "Bob").await, "1");
        assert_eq!(probe(&app, "db.delete", "Bob").await, "0");
        assert_eq!(probe(&app, "db.where", "eq|5").await, "");
    }

    async fn a_row_that_is_there_already_is_a_conflict_or_is_changed_or_kept_as_asked(app: TestApp) {
        with_rows(&app, &["Ada|1"]).await;
        assert!(matches!(refusal(&app, "db.insert", "Ada|2").await, Error::Conflict(_)));
        probe(&app, "db.keep", "Ada|2").await;
        assert_eq!(probe(&app, "db.where", "eq|1").await, "Ada");
        probe(&app, "db.upsert", "Ada|2").await;
        assert_eq!(probe(&app, "db.where", "eq|2").await, "Ada");
    }

    async fn all_statements_of_a_run_take_effect_or_none(app: TestApp) {
        with_rows(&app, &["Ada|1"]).await;
        assert!(matches!(refusal(&app, "db.all-or-nothing", "Ada").await, Error::Conflict(_)));
        assert_eq!(probe(&app, "db.where", "one-of|new Ada").await, "Ada");
        assert_eq!(probe(&app, "db.all-or-nothing", "another").await, "2");
        assert_eq!(probe(&app, "db.where", "one-of|new another").await, "another,new");
    }

    async fn aggregates_are_exact(app: TestApp) {
        with_rows(&app, ROWS).await;
        assert_eq!(probe(&app, "db.totals", "").await, "3 6 1 3");
    }

    async fn aggregates_of_no_rows_are_null(app: TestApp) {
        with_rows(&app, &[]).await;
        assert_eq!(probe(&app, "db.totals", "").await, "0 null null null");
    }

    async fn groups_are_ordered_by_what_was_counted(app: TestApp) {
        with_rows(&app, &[]).await;
        for tag in ["Ada|rare", "Ada|common", "Bob|common", "Bob|some", "Cy|common", "Cy|some"] {
            probe(&app, "db.tag", tag).await;
        }
        assert_eq!(probe(&app, "db.by-tag", "").await, "common 3,some 2,rare 1");
    }

    async fn a_left_join_keeps_rows_without_a_partner(app: TestApp) {
        with_rows(&app, &["a|1", "b|2"]).await;
        probe(&app, "db.tag", "a|x").await;
        assert_eq!(probe(&app, "db.left-join", "").await, "a x,b null");
    }

    async fn a_result_comes_in_pages(app: TestApp) {
        with_rows(&app, &["a|1", "b|2", "c|3"]).await;
        assert_eq!(probe(&app, "db.page", "2|0").await, "a,b");
        assert_eq!(probe(&app, "db.page", "2|2").await, "c");
        assert_eq!(probe(&app, "db.page", "2|4").await, "");
    }

    async fn a_granted_view_is_read_and_not_written(app: TestApp) {
        with_prober(&app).await;
        app.item("note", "Shown").save().await;
        app.item("note", "Hidden").unpublished().save().await;
        assert_eq!(probe(&app, "db.published", "").await, "Shown");
        let refused = refusal(&app, "db.delete-from", "published_item").await;
        assert_eq!(refused, Error::Denied("the view 'published_item' can only be read".to_owned()));
    }

    async fn the_tables_of_the_site_and_of_other_plugins_are_out_of_reach(app: TestApp) {
        with_prober(&app).await;
        for table in ["users", "item", "tapper_note", "sqlite_master", "pg_catalog.pg_authid", "prober_row; DROP TABLE users"] {
            for function in ["db.select-from", "db.delete-from"] {
                let refused = refusal(&app, function, &format!("{table}|name")).await;
                let known = matches!(refused, Error::Denied(_)) || table.starts_with("prober_");
                assert!(known, "{function} {table}: {refused:?}");
            }
        }
    }

    async fn a_wrong_statement_is_refused_with_the_place_and_what_would_be_right(app: TestApp) {
        with_prober(&app).await;
        let found = problems(refusal(&app, "db.select-from", "prober_rwo|name").await);
        assert_eq!(
            found,
            ["select.table: there is no table 'prober_rwo'; there is: prober_row, prober_tag, published_item; did you \
              mean 'prober_row'?"]
        );
        let found = problems(refusal(&app, "db.select-from", "prober_tag|label").await);
        assert_eq!(found, ["select.columns.0.column: table 'prober_tag' has no column 'label'; it has: name, tag"]);
        let found = problems(refusal(&app, "db.wrong-type", "").await);
        assert_eq!(found, ["statements.0.insert.rows.0.1: column 'count' holds integer, not text"]);
    }

    async fn statements_have_limits(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "db.run", "100").await, "100");
        let limit = |text: &str| Error::Limit(text.to_owned());
        assert_eq!(refusal(&app, "db.run", "101").await, limit("101 statements; a run has at most 100"));
        assert_eq!(probe(&app, "db.many-rows", "1000").await, "1000");
        let refused = refusal(&app, "db.many-rows", "1001").await;
        assert_eq!(refused, limit("1001 rows; a statement has at most 1000"));
        let refused = refusal(&app, "db.page", "1001|0").await;
        assert_eq!(refused, limit("1001 rows; a result has at most 1000"));
    }
}
