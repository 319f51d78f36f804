use sea_query::{PostgresQueryBuilder, SqliteQueryBuilder};

use super::*;

fn path(text: &str) -> Path {
    Path::parse(text).unwrap()
}

/// The condition or value as each backend gets it, values written out.
fn both(make: impl Fn(Backend) -> Expr) -> (String, String) {
    let strip = |text: String| text.strip_prefix("SELECT ").unwrap().to_owned();
    let sqlite = Query::select()
        .expr(make(Backend::Sqlite))
        .to_string(SqliteQueryBuilder);
    let postgres = Query::select()
        .expr(make(Backend::Postgres))
        .to_string(PostgresQueryBuilder);
    (strip(sqlite), strip(postgres))
}

fn fields() -> Expr {
    Expr::col("fields")
}

#[test]
fn a_path_is_made_of_plain_names_and_positions_only() {
    for good in ["price", "address.city", "tags.0", "a-b.c_d.1.e"] {
        assert!(Path::parse(good).is_some(), "{good}");
    }
    for bad in [
        "",
        ".",
        "a.",
        "a..b",
        "a b",
        "a'b",
        "$.a",
        "a[0]",
        "99999999999",
        "é",
    ] {
        assert_eq!(Path::parse(bad), None, "{bad}");
    }
}

#[test]
fn json_is_reached_by_the_same_words_on_both() {
    for (made, text) in [
        (
            json_text(fields(), &path("a")),
            r#"CAST(("fields" ->> 'a') AS text)"#,
        ),
        (
            json_text(fields(), &path("a.0.b")),
            r#"CAST(((("fields" -> 'a') -> 0) ->> 'b') AS text)"#,
        ),
        (
            json_boolean(fields(), &path("a")),
            r#"CAST(("fields" -> 'a') AS text) = 'true'"#,
        ),
    ] {
        assert_eq!(both(|_| made.clone()), (text.to_owned(), text.to_owned()));
    }
}

#[test]
fn json_numbers_are_cast_only_where_they_are_numbers() {
    let (sqlite, postgres) = both(|backend| json_numeric(backend, fields(), &path("a")));
    let text = r#"CAST(("fields" ->> 'a') AS text)"#;
    assert_eq!(
        sqlite,
        format!(
            "CASE json_type(\"fields\" -> 'a') WHEN 'integer' THEN CAST({text} AS numeric) WHEN 'real' THEN \
             CAST({text} AS numeric) WHEN 'text' THEN CASE WHEN {text} GLOB '*[0-9]*' AND ltrim({text}, '-') NOT GLOB \
             '*[^0-9.]*' THEN CAST({text} AS numeric) END END"
        )
    );
    assert_eq!(
        postgres,
        format!("CASE WHEN {text} ~ '^-?[0-9]+([.][0-9]+)?$' THEN CAST({text} AS numeric) END")
    );
}

#[test]
fn json_ids_become_what_ids_are() {
    let (sqlite, postgres) = both(|backend| json_id(backend, fields(), &path("a")));
    let text = r#"CAST(("fields" ->> 'a') AS text)"#;
    assert_eq!(
        sqlite,
        format!("CASE WHEN length({text}) = 36 THEN unhex(replace({text}, '-', '')) END")
    );
    let shape = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
    assert_eq!(
        postgres,
        format!("CASE WHEN {text} ~ '{shape}' THEN CAST({text} AS uuid) END")
    );
}

#[test]
fn json_lists_are_searched_and_taken_apart() {
    let (sqlite, postgres) = both(|backend| json_list_contains(backend, fields(), &path("tags"), "rust"));
    assert_eq!(
        sqlite,
        "EXISTS (SELECT 1 FROM json_each(\"fields\" -> 'tags') AS entry WHERE entry.type = 'text' AND entry.value = \
         'rust')"
    );
    assert_eq!(
        postgres,
        r#"("fields" -> 'tags') @> (to_jsonb(CAST('rust' AS text)))"#
    );

    let sqlite = json_list(Backend::Sqlite, fields(), &path("tags")).to_string(SqliteQueryBuilder);
    let from = r#"SELECT CAST("entry"."value" AS text) AS "value" FROM"#;
    assert_eq!(
        sqlite,
        format!(r#"{from} json_each("fields" -> 'tags') AS "entry""#)
    );
    let postgres = json_list(Backend::Postgres, fields(), &path("tags")).to_string(PostgresQueryBuilder);
    let list = r#""fields" -> 'tags'"#;
    assert_eq!(
        postgres,
        format!(
            "{from} jsonb_array_elements_text(CASE WHEN jsonb_typeof({list}) = 'array' THEN {list} WHEN \
             jsonb_typeof({list}) <> 'null' THEN jsonb_build_array({list}) END) AS \"entry\""
        )
    );
}

#[test]
fn text_is_sought_regardless_of_case_and_wildcards_are_literal() {
    let (sqlite, postgres) = both(|backend| contains(backend, Expr::col("name"), "50%_*É"));
    assert_eq!(sqlite, r#"LOWER("name") GLOB '*50%_[*][éÉ]*'"#);
    assert_eq!(postgres, r#"LOWER("name") LIKE E'%50\\%\\_*é%' ESCAPE E'\\'"#);
    let (sqlite, postgres) = both(|backend| starts_with(backend, Expr::col("name"), "Ab"));
    assert_eq!(sqlite, r#"LOWER("name") GLOB 'ab*'"#);
    assert_eq!(postgres, r#"LOWER("name") LIKE 'ab%' ESCAPE E'\\'"#);
}

#[test]
fn nulls_are_ordered_last_and_only_postgres_passes_locked_rows_by() {
    let mut select = Query::select();
    select.column("id").from("job");
    order_nulls_last(&mut select, Expr::col("weight"), Order::Desc);
    claim(select.limit(1));
    let common = r#"SELECT "id" FROM "job" ORDER BY "weight" DESC NULLS LAST LIMIT 1"#;
    assert_eq!(select.to_string(SqliteQueryBuilder).trim_end(), common);
    assert_eq!(
        select.to_string(PostgresQueryBuilder),
        format!("{common} FOR UPDATE SKIP LOCKED")
    );
}
