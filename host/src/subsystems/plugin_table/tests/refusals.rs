use super::super::build::{self, path::At};
use super::super::schema::Schema;
use super::*;
use crate::wit::db::{Assignment, Delete, Join, JoinKind, Update, Upsert};

fn refused(statement: Statement) -> Error {
    let schema = Schema::of(&manifest(NOTES)).unwrap();
    match build::statement(&schema, At::root("statements").index(3), statement) {
        Ok(_) => panic!("the statement was taken"),
        Err(error) => error,
    }
}

fn words(statement: Statement) -> String {
    refused(statement).in_words().replace("statements.3.", "")
}

fn query(change: impl FnOnce(&mut Select)) -> String {
    let mut query = select(&["key"]);
    change(&mut query);
    words(Statement::Select(query))
}

const COLUMNS: &str = "key, slug, done, weight, body, author, made, data";

#[test]
fn an_unknown_column_is_told_with_those_there_are() {
    let expected =
        format!("select.columns.1.column: table 'notes_note' has no column 'b'; it has: {COLUMNS}");
    assert_eq!(words(Statement::Select(select(&["key", "b"]))), expected);
}

#[test]
fn every_problem_of_a_statement_is_told_at_once() {
    let told = query(|select| {
        select.columns.push(selection("x", Aggregate::None));
        select.where_ = only(is("slug", Operator::Eq, vec![Value::Integer(1)]));
    });
    assert_eq!(
        told,
        format!(
            "select.columns.1.column: table 'notes_note' has no column 'x'; it has: {COLUMNS}; \
             select.where.0.any-of.0.values.0: column 'slug' holds text, not integer"
        )
    );
}

#[test]
fn only_own_tables_and_granted_views_can_be_named() {
    let table = |name: &str| {
        refused(Statement::Select(Select {
            table: name.to_owned(),
            ..select(&["key"])
        }))
    };
    assert_eq!(
        table("users"),
        Error::Denied("the table 'users' is not one of the plugin 'notes'".to_owned())
    );
    assert_eq!(
        table("published_item"),
        Error::Denied(
            "the plugin 'notes' was not granted the view 'published_item'; add it to `views` in `[grants]` of its \
             plugin.toml"
                .to_owned()
        )
    );
    assert_eq!(
        table("notes_not").in_words(),
        "statements.3.select.table: there is no table 'notes_not'; there is: notes_note, notes_tag; did you mean \
         'notes_note'?"
    );
    let delete = Delete {
        table: "item".to_owned(),
        where_: vec![],
    };
    assert!(matches!(refused(Statement::Delete(delete)), Error::Denied(_)));
}

#[test]
fn comparisons_take_the_values_that_they_can_use() {
    let wrong =
        |comparison| query(|select| select.where_ = only(comparison)).replace("select.where.0.any-of.0.", "");
    assert_eq!(
        wrong(is("key", Operator::Eq, vec![])),
        "values: this operator takes one value, not 0"
    );
    assert_eq!(
        wrong(is("key", Operator::Eq, vec![Value::Null])),
        "values.0: nothing equals null; use is-null or is-not-null"
    );
    assert_eq!(
        wrong(is("key", Operator::IsNull, vec![Value::Null])),
        "values: this operator takes no value"
    );
    assert_eq!(
        wrong(is("key", Operator::Contains, vec![text("1")])),
        "values: column 'key' holds no text to search in"
    );
    assert_eq!(
        wrong(is("author", Operator::Eq, vec![Value::Id("x".to_owned())])),
        "values.0: 'x' is no identifier"
    );
    assert_eq!(
        wrong(is("data", Operator::Eq, vec![Value::Json("1".to_owned())])),
        "column: column 'data' holds JSON, which is neither compared, sorted nor grouped"
    );
    assert_eq!(
        wrong(is("weight", Operator::Lt, vec![Value::Floating(f64::NAN)])),
        "values.0: a number must be finite"
    );
    assert_eq!(
        wrong(is("slug", Operator::Eq, vec![text("\0")])),
        "values.0: text can't contain U+0000"
    );
}

#[test]
fn joins_are_checked() {
    let join = |alias: &str, left: &str, right: &str| Join {
        kind: JoinKind::Left,
        table: "notes_tag".to_owned(),
        alias: alias.to_owned(),
        left: left.to_owned(),
        right: right.to_owned(),
    };
    let wrong = |join| query(|select| select.joins = vec![join]);
    assert_eq!(
        wrong(join("t\"", "key", "note")),
        "select.joins.0.alias: 't\"' is no alias: use up to 60 lower-case letters, digits and _"
    );
    assert_eq!(
        wrong(join("notes_note", "key", "note")),
        "select.joins.0.alias: a table goes by the name 'notes_note' already"
    );
    assert_eq!(
        wrong(join("t", "u.key", "note")),
        "select.joins.0.left: no table goes by the name 'u'; there is: notes_note"
    );
    assert_eq!(
        wrong(join("t", "key", "tag")),
        "select.joins.0.right: column 'tag' holds text, 'key' integer"
    );
    assert_eq!(
        wrong(join("t", "key", "note")),
        "select.columns.0.column: a statement with joins names a column as alias.column, not 'key'"
    );
}

#[test]
fn a_grouped_query_shows_and_sorts_by_what_its_groups_have() {
    let ungrouped = "column 'slug' is neither in an aggregate nor in group-by";
    let told = query(|select| {
        select.columns = vec![
            selection("slug", Aggregate::None),
            selection("key", Aggregate::Count),
        ];
    });
    assert_eq!(told, format!("select.columns.0.column: {ungrouped}"));
    let told = query(|select| {
        select.columns = vec![selection("key", Aggregate::Count)];
        select.order_by = vec![ascending("slug"), ascending("#2")];
    });
    assert_eq!(
        told,
        format!(
            "select.order-by.0.column: {ungrouped}; select.order-by.1.column: there is no selection '#2'; there is #1 to #1"
        )
    );
    let told = query(|select| select.columns = vec![selection("done", Aggregate::Sum)]);
    assert_eq!(
        told,
        "select.columns.0.aggregate: sum takes integer, floating; column 'done' holds boolean"
    );
    assert_eq!(
        query(|select| select.columns.clear()),
        "select.columns: a query names at least one column"
    );
}

#[test]
fn an_insert_has_every_column_that_must_have_a_value() {
    let wrong = |columns: &[&str], rows| words(Statement::Insert(insert(columns, rows)));
    assert_eq!(
        wrong(&["key"], vec![]),
        "insert.columns: column 'slug' of table 'notes_note' must have a value"
    );
    assert_eq!(
        wrong(&["key", "slug", "key"], vec![]),
        "insert.columns.2: column 'key' is named twice"
    );
    assert_eq!(
        wrong(&["key", "slug"], vec![vec![Value::Null]]),
        "insert.rows.0: 1 values for 2 columns"
    );
    assert_eq!(
        wrong(&["key", "slug"], vec![vec![Value::Null, text("a")]]),
        "insert.rows.0.0: column 'key' must have a value"
    );
    let json = wrong(
        &["key", "slug", "data"],
        vec![vec![Value::Integer(1), text("a"), Value::Json("{".to_owned())]],
    );
    assert!(json.starts_with("insert.rows.0.2: no valid JSON: "), "{json}");
}

#[test]
fn an_upsert_names_a_key_and_columns_that_it_inserts() {
    let wrong = |key: &[&str], update: &[&str], rows| {
        let upsert = Some(Upsert {
            key: strings(key),
            update: strings(update),
        });
        words(Statement::Insert(Insert {
            upsert,
            ..insert(&["key", "slug"], rows)
        }))
    };
    assert_eq!(
        wrong(&["made"], &["done"], vec![]),
        "insert.upsert.key: table 'notes_note' has no such key; it has: (key), (slug); insert.upsert.update.0: column \
         'done' is not among those that are inserted"
    );
    let row = |slug| vec![Value::Integer(1), text(slug)];
    assert_eq!(
        wrong(&["key"], &["slug"], vec![row("a"), row("b")]),
        "insert.rows.1: it has the same key as row 0"
    );
}

#[test]
fn a_change_sets_each_column_once_to_what_it_can_hold() {
    let wrong = |set: Vec<(&str, Value)>| {
        let set = set.into_iter().map(|(column, value)| Assignment {
            column: column.to_owned(),
            value,
        });
        words(Statement::Update(Update {
            table: "notes_note".to_owned(),
            set: set.collect(),
            where_: vec![],
        }))
    };
    assert_eq!(wrong(vec![]), "update.set: a change sets at least one column");
    assert_eq!(
        wrong(vec![("slug", Value::Null)]),
        "update.set.0.value: column 'slug' must have a value"
    );
    assert_eq!(
        wrong(vec![("slug", text("a")), ("slug", text("b"))]),
        "update.set.1.column: column 'slug' is set twice"
    );
}

#[test]
fn limits_are_named() {
    let limit = |statement| match refused(statement) {
        Error::Limit(words) => words,
        other => panic!("{other:?}"),
    };
    let query = Select {
        limit: 1_001,
        ..select(&["key"])
    };
    assert_eq!(
        limit(Statement::Select(query)),
        "1001 rows; a result has at most 1000"
    );
    let rows = vec![vec![]; 1_001];
    assert_eq!(
        limit(Statement::Insert(insert(&["key"], rows))),
        "1001 rows; a statement has at most 1000"
    );
    let many = is("key", Operator::OneOf, vec![Value::Integer(1); 30_001]);
    let query = Select {
        where_: only(many),
        ..select(&["key"])
    };
    assert_eq!(
        limit(Statement::Select(query)),
        "30001 values; a statement has at most 30000"
    );
    let any_of = vec![is("key", Operator::IsNull, vec![]); 501];
    let query = Select {
        where_: vec![Clause { any_of }],
        ..select(&["key"])
    };
    assert_eq!(
        limit(Statement::Select(query)),
        "501 comparisons; a statement has at most 500"
    );
}

#[tokio::test]
async fn a_run_has_at_most_a_hundred_statements() {
    on_both(async |bench| {
        let statements = vec![Statement::Select(select(&["key"])); 101];
        let run = bench.tables.run(&manifest(NOTES), statements).await;
        assert_eq!(
            run,
            Err(Error::Limit("101 statements; a run has at most 100".to_owned()))
        );
    })
    .await;
}
