use super::*;

const MORE: &str = r#"
[[migrations]]
version = 2
add-column = [{ table = "notes_note", column = { name = "extra", type = "text", null = true } }]
drop-table = ["notes_tag"]
"#;

fn problem(text: &str) -> String {
    super::super::schema::Schema::of(&manifest(text))
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn each_migration_runs_once_and_all_tables_go_at_the_end() {
    on_both(async |bench| {
        let old = bench.with_notes().await;
        let new = manifest(&format!("{NOTES}{MORE}"));
        for (from, expected) in [(1, 2), (2, 2)] {
            let mut tx = bench.db.begin().await.unwrap();
            assert_eq!(bench.tables.apply(&new, from, &mut tx).await.unwrap(), expected);
            tx.commit().await.unwrap();
        }
        let rows = bench.tables.query(&new, Select { limit: 1, ..select(&["extra"]) }).await;
        assert_eq!(rows, Ok(vec![vec![Value::Null]]));
        let mut tx = bench.db.begin().await.unwrap();
        let newer = bench.tables.apply(&old, 2, &mut tx).await.unwrap_err();
        assert_eq!(
            newer.to_string(),
            "the tables of the plugin 'notes' are at version 2, its manifest knows 1; install the newer version of \
             the plugin again"
        );
        bench.tables.drop_all(&new, 2, &mut tx).await.unwrap();
        tx.commit().await.unwrap();
        bench.enable(NOTES).await;
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_fails_names_itself_and_leaves_nothing() {
    on_both(async |bench| {
        bench
            .db
            .execute("CREATE TABLE notes_tag (x BIGINT)")
            .await
            .unwrap();
        let mut tx = bench.db.begin().await.unwrap();
        let error = bench
            .tables
            .apply(&manifest(NOTES), 0, &mut tx)
            .await
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("migration 1 of the plugin 'notes' failed: "),
            "{error}"
        );
        assert!(error.contains("already exists"), "{error}");
        tx.rollback().await.unwrap();
        bench.db.execute("DROP TABLE notes_tag").await.unwrap();
        bench.enable(NOTES).await;
    })
    .await;
}

#[test]
fn a_history_that_does_not_add_up_is_refused() {
    let with = |step: &str| problem(&format!("{NOTES}\n[[migrations]]\nversion = 2\n{step}"));
    let begin = "migration 2 of the plugin 'notes' does not add up: ";
    let cases = [
        (
            r#"drop-table = ["notes_other"]"#,
            "there is no table 'notes_other' at that point",
        ),
        (
            r#"add-column = [{ table = "notes_note", column = { name = "x", type = "text" } }]"#,
            "the column 'x' is added to 'notes_note', so it must allow null",
        ),
        (
            r#"add-column = [{ table = "notes_note", column = { name = "slug", type = "text", null = true } }]"#,
            "the table 'notes_note' has a column 'slug' already",
        ),
        (
            r#"create-table = [{ name = "notes_tag", primary-key = ["a"], columns = [{ name = "a", type = "id" }] }]"#,
            "the table 'notes_tag' is there already",
        ),
    ];
    for (step, expected) in cases {
        assert_eq!(with(step), format!("{begin}{expected}"));
    }
}

#[test]
fn a_plugin_can_not_call_a_table_of_the_site_its_own() {
    let text = NOTES
        .replace("\"notes\"", "\"item\"")
        .replace("notes_note", "item_revision");
    let text = text.replace("notes_tag", "item_tag");
    assert_eq!(
        problem(&text),
        "migration 1 of the plugin 'item' does not add up: the table 'item_revision' is the site's own"
    );
}

#[test]
fn an_unknown_view_is_refused() {
    let text = NOTES.replace(
        "wit = \"0.1\"",
        "wit = \"0.1\"\n[grants]\nviews = [\"everything\"]",
    );
    assert_eq!(
        problem(&text),
        "the plugin 'notes' asks for the view 'everything', which there is not; there is: published_item"
    );
}
