use super::*;
use crate::wit::db::{Assignment, Delete, Update, Upsert};

fn note(key: i64, slug: &str) -> Vec<Value> {
    vec![Value::Integer(key), text(slug)]
}

fn upsert(key: &[&str], update: &[&str], rows: Vec<Vec<Value>>) -> Statement {
    let upsert = Upsert {
        key: strings(key),
        update: strings(update),
    };
    Statement::Insert(Insert {
        upsert: Some(upsert),
        ..insert(&["key", "slug"], rows)
    })
}

#[tokio::test]
async fn a_row_that_is_there_is_a_conflict_or_kept_or_updated() {
    on_both(async |bench| {
        let plugin = bench.enable(NOTES).await;
        let run = |statement| bench.tables.run(&plugin, vec![statement]);
        assert_eq!(
            run(upsert(&["key"], &[], vec![note(1, "a")])).await,
            Ok(vec![Outcome::Count(1)])
        );
        let again = Statement::Insert(insert(&["key", "slug"], vec![note(2, "a")]));
        assert_eq!(
            run(again).await,
            Err(Error::Conflict("notes_note.slug must be unique".to_owned()))
        );
        assert_eq!(
            run(upsert(&["key"], &[], vec![note(1, "b")])).await,
            Ok(vec![Outcome::Count(0)])
        );
        assert_eq!(
            run(upsert(&["key"], &["slug"], vec![note(1, "c")])).await,
            Ok(vec![Outcome::Count(1)])
        );
        assert_eq!(
            run(upsert(&["slug"], &["key"], vec![note(7, "c"), note(8, "d")])).await,
            Ok(vec![Outcome::Count(2)])
        );
        let query = Select {
            order_by: vec![ascending("key")],
            ..select(&["key", "slug"])
        };
        assert_eq!(
            bench.tables.query(&plugin, query).await,
            Ok(vec![note(7, "c"), note(8, "d")])
        );
    })
    .await;
}

#[tokio::test]
async fn changes_and_removals_say_how_many_rows() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let where_ = only(is("author", Operator::IsNotNull, vec![]));
        let set = vec![
            Assignment {
                column: "done".to_owned(),
                value: Value::Null,
            },
            Assignment {
                column: "data".to_owned(),
                value: Value::Json("[1]".to_owned()),
            },
        ];
        let update = Statement::Update(Update {
            table: "notes_note".to_owned(),
            set,
            where_: where_.clone(),
        });
        let select = Statement::Select(Select {
            where_: where_.clone(),
            limit: 1,
            ..select(&["done", "data"])
        });
        let delete = Statement::Delete(Delete {
            table: "notes_note".to_owned(),
            where_,
        });
        let empty = Statement::Insert(insert(&["key", "slug"], vec![]));
        let outcomes = bench
            .tables
            .run(&plugin, vec![update, select, delete, empty])
            .await;
        let row = vec![Value::Null, Value::Json("[1]".to_owned())];
        let expected = vec![
            Outcome::Count(3),
            Outcome::Rows(vec![row]),
            Outcome::Count(3),
            Outcome::Count(0),
        ];
        assert_eq!(outcomes, Ok(expected));
        assert_eq!(bench.keys(&plugin, vec![]).await, Ok(vec![4, 5]));
    })
    .await;
}

#[tokio::test]
async fn a_run_takes_effect_as_a_whole_or_not_at_all() {
    on_both(async |bench| {
        let plugin = bench.enable(NOTES).await;
        let first = Statement::Insert(insert(&["key", "slug"], vec![note(1, "a")]));
        let second = Statement::Insert(insert(&["key", "slug"], vec![note(1, "b")]));
        let run = bench.tables.run(&plugin, vec![first.clone(), second]).await;
        assert_eq!(
            run,
            Err(Error::Conflict("notes_note.key must be unique".to_owned()))
        );
        assert_eq!(bench.keys(&plugin, vec![]).await, Ok(vec![]));
        let wrong = Statement::Select(select(&["nothing"]));
        assert!(matches!(
            bench.tables.run(&plugin, vec![first, wrong]).await,
            Err(Error::Invalid(_))
        ));
        assert_eq!(bench.keys(&plugin, vec![]).await, Ok(vec![]));
    })
    .await;
}

#[tokio::test]
async fn a_thousand_rows_go_in_and_come_out_at_once() {
    on_both(async |bench| {
        let plugin = bench.enable(NOTES).await;
        let rows: Vec<_> = (0..1_000).map(|key| note(key, &key.to_string())).collect();
        let run = bench
            .tables
            .run(&plugin, vec![Statement::Insert(insert(&["key", "slug"], rows))])
            .await;
        assert_eq!(run, Ok(vec![Outcome::Count(1_000)]));
        assert_eq!(bench.keys(&plugin, vec![]).await, Ok((0..1_000).collect()));
        let reads = vec![Statement::Select(select(&["key"])); 2];
        let reads = bench.tables.run(&plugin, reads).await.unwrap();
        assert!(
            reads
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Rows(rows) if rows.len() == 1_000))
        );
    })
    .await;
}

#[tokio::test]
async fn a_result_that_would_not_fit_into_memory_is_refused() {
    on_both(async |bench| {
        let plugin = bench.enable(NOTES).await;
        let columns = ["key", "slug", "body"];
        for key in 0..9 {
            let row = [note(key, &key.to_string()), vec![Value::Bytes(vec![0; 4 << 20])]].concat();
            bench
                .tables
                .run(&plugin, vec![Statement::Insert(insert(&columns, vec![row]))])
                .await
                .unwrap();
        }
        let limit = Error::Limit("the result is larger than 32 MiB".to_owned());
        assert_eq!(bench.tables.query(&plugin, select(&columns)).await, Err(limit));
    })
    .await;
}
