use super::*;
use crate::db::migrate::Migrations;
use crate::time::Timestamp;
use crate::wit::db::{Join, JoinKind};

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_went() {
    on_both(async |bench| {
        let plugin = bench.enable(NOTES).await;
        let columns = ["key", "slug", "done", "weight", "body", "author", "made", "data"];
        let row = vec![
            Value::Integer(i64::MIN),
            text("Ünïcödé '\"\\ \u{1F600}"),
            Value::Boolean(true),
            Value::Floating(0.1),
            Value::Bytes(vec![0, 255, 10]),
            Value::Id("0198c0de-0000-7000-8000-000000000001".to_owned()),
            Value::Moment(-5),
            Value::Json(r#"{"a":[1,null,"x"]}"#.to_owned()),
        ];
        let written = bench
            .tables
            .run(
                &plugin,
                vec![Statement::Insert(insert(&columns, vec![row.clone()]))],
            )
            .await;
        assert_eq!(written, Ok(vec![Outcome::Count(1)]));
        assert_eq!(bench.tables.query(&plugin, select(&columns)).await, Ok(vec![row]));
    })
    .await;
}

#[tokio::test]
async fn operators_find_the_same_rows() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let number = |value| vec![Value::Integer(value)];
        let cases = [
            (is("key", Operator::Eq, number(2)), vec![2]),
            (is("key", Operator::Ne, number(2)), vec![1, 3, 4, 5]),
            (is("key", Operator::Lt, number(2)), vec![1]),
            (is("key", Operator::Le, number(2)), vec![1, 2]),
            (is("key", Operator::Gt, number(4)), vec![5]),
            (is("key", Operator::Ge, number(4)), vec![4, 5]),
            (
                is("key", Operator::OneOf, vec![Value::Integer(5), Value::Integer(1)]),
                vec![1, 5],
            ),
            (is("key", Operator::OneOf, vec![]), vec![]),
            (
                is(
                    "key",
                    Operator::NoneOf,
                    vec![Value::Integer(5), Value::Integer(1)],
                ),
                vec![2, 3, 4],
            ),
            (is("key", Operator::NoneOf, vec![]), vec![1, 2, 3, 4, 5]),
            (is("slug", Operator::Contains, vec![text("NOTE")]), vec![1, 2]),
            (is("slug", Operator::Contains, vec![text("%")]), vec![3]),
            (is("slug", Operator::Contains, vec![text("d_n")]), vec![2]),
            (is("slug", Operator::Contains, vec![text("\\")]), vec![]),
            (is("slug", Operator::StartsWith, vec![text("F")]), vec![1, 4, 5]),
            (is("made", Operator::IsNull, vec![]), vec![4, 5]),
            (is("data", Operator::IsNotNull, vec![]), vec![]),
            (is("done", Operator::Eq, vec![Value::Boolean(true)]), vec![1, 3]),
            (is("weight", Operator::Lt, vec![Value::Floating(1.0)]), vec![1, 3]),
            (is("made", Operator::Ge, vec![Value::Moment(20)]), vec![2, 3]),
            (
                is(
                    "author",
                    Operator::Eq,
                    vec![Value::Id("00000000-0000-7000-8000-000000000002".to_owned())],
                ),
                vec![3],
            ),
        ];
        for (comparison, expected) in cases {
            let case = format!("{comparison:?}");
            assert_eq!(
                bench.keys(&plugin, only(comparison)).await,
                Ok(expected),
                "{case}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn all_clauses_hold_and_one_alternative_of_each() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let one = |value| is("key", Operator::Eq, vec![Value::Integer(value)]);
        let clauses = vec![
            Clause {
                any_of: vec![one(1), one(2)],
            },
            Clause {
                any_of: vec![one(2), one(3)],
            },
        ];
        assert_eq!(bench.keys(&plugin, clauses).await, Ok(vec![2]));
        assert_eq!(
            bench.keys(&plugin, vec![Clause { any_of: vec![] }]).await,
            Ok(vec![])
        );
    })
    .await;
}

#[tokio::test]
async fn nulls_come_last_either_way_and_pages_follow_the_order() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        for (descending, expected) in [(false, [1, 2, 3, 4, 5]), (true, [3, 2, 1, 4, 5])] {
            let order_by = vec![
                Step {
                    column: "made".to_owned(),
                    descending,
                },
                ascending("key"),
            ];
            let all = Select {
                order_by,
                ..select(&["key"])
            };
            let page = Select {
                limit: 2,
                offset: 1,
                ..all.clone()
            };
            assert_eq!(
                bench.tables.query(&plugin, all).await.map(integers),
                Ok(expected.to_vec())
            );
            assert_eq!(
                bench.tables.query(&plugin, page).await.map(integers),
                Ok(expected[1..3].to_vec())
            );
        }
    })
    .await;
}

#[tokio::test]
async fn aggregates_are_grouped_and_sorted() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let columns = vec![
            selection("done", Aggregate::None),
            selection("key", Aggregate::Count),
            selection("key", Aggregate::Sum),
            selection("weight", Aggregate::Sum),
            selection("slug", Aggregate::Min),
            selection("made", Aggregate::Max),
        ];
        let order_by = vec![
            Step {
                column: "#2".to_owned(),
                descending: true,
            },
            ascending("done"),
        ];
        let query = Select {
            columns,
            group_by: strings(&["done"]),
            order_by,
            ..select(&[])
        };
        let row = |done, count, sum, weight, slug: &str, made| {
            vec![
                done,
                Value::Integer(count),
                Value::Integer(sum),
                weight,
                text(slug),
                made,
            ]
        };
        let expected = vec![
            row(
                Value::Boolean(true),
                2,
                4,
                Value::Floating(-1.5),
                "100%",
                Value::Moment(30),
            ),
            row(Value::Null, 2, 9, Value::Null, "five", Value::Null),
            row(
                Value::Boolean(false),
                1,
                2,
                Value::Floating(1.5),
                "Second_Note",
                Value::Moment(20),
            ),
        ];
        assert_eq!(bench.tables.query(&plugin, query).await, Ok(expected));
        let nothing = only(is("key", Operator::OneOf, vec![]));
        let columns = vec![
            selection("key", Aggregate::Count),
            selection("key", Aggregate::Sum),
        ];
        let query = Select {
            columns,
            where_: nothing,
            ..select(&[])
        };
        assert_eq!(
            bench.tables.query(&plugin, query).await,
            Ok(vec![vec![Value::Integer(0), Value::Null]])
        );
    })
    .await;
}

#[tokio::test]
async fn joined_tables_go_by_their_aliases() {
    on_both(async |bench| {
        let plugin = bench.with_notes().await;
        let join = |kind| Join {
            kind,
            table: "notes_tag".to_owned(),
            alias: "t".to_owned(),
            left: "notes_note.key".to_owned(),
            right: "note".to_owned(),
        };
        let query = |kind| Select {
            joins: vec![join(kind)],
            where_: only(is("notes_note.key", Operator::Le, vec![Value::Integer(3)])),
            order_by: vec![
                Step {
                    column: "t.tag".to_owned(),
                    descending: true,
                },
                ascending("notes_note.key"),
            ],
            ..select(&["notes_note.key", "t.tag"])
        };
        let row = |key, tag| vec![Value::Integer(key), tag];
        let inner = vec![row(1, text("b")), row(1, text("a")), row(2, text("a"))];
        let left = [inner.clone(), vec![row(3, Value::Null)]].concat();
        assert_eq!(
            bench.tables.query(&plugin, query(JoinKind::Inner)).await,
            Ok(inner)
        );
        assert_eq!(bench.tables.query(&plugin, query(JoinKind::Left)).await, Ok(left));
    })
    .await;
}

#[tokio::test]
async fn a_granted_view_is_read_and_joined_but_not_written() {
    on_both(async |bench| {
        Migrations::kernel().run(&bench.db, Timestamp(0)).await.unwrap();
        let text = NOTES.replace(
            "wit = \"0.1\"",
            "wit = \"0.1\"\n[grants]\nviews = [\"published_item\"]",
        );
        let plugin = bench.enable(&text).await;
        let columns = ["id", "item_type", "title", "author", "created", "changed"];
        let query = Select {
            table: "published_item".to_owned(),
            ..select(&columns)
        };
        assert_eq!(bench.tables.query(&plugin, query).await, Ok(vec![]));
        let insert = Statement::Insert(Insert {
            table: "published_item".to_owned(),
            ..insert(&["title"], vec![])
        });
        let denied = Error::Denied("the view 'published_item' can only be read".to_owned());
        assert_eq!(bench.tables.run(&plugin, vec![insert]).await, Err(denied));
    })
    .await;
}
