use std::time::{Duration, Instant};

use tokio::net::TcpListener;

use super::{Scratch, server_url_parts};
use crate::db::{Backend, Db, Error, Options, trusted_sql};

/// What is said about a database that can't be opened.
async fn refusal(url: &str) -> String {
    let began = Instant::now();
    let Err(Error::Setup(text)) = Db::connect(url, &Options::default()).await else {
        panic!("{url} was opened, or the error is no setup error");
    };
    assert!(began.elapsed() < Duration::from_millis(3_500));
    assert!(!text.contains('\n') && !text.contains("secret"), "{text}");
    text
}

#[tokio::test]
async fn an_unknown_scheme_or_a_database_in_memory_is_refused() {
    assert_eq!(
        refusal("mysql://localhost/x").await,
        "a database URL begins with sqlite: or postgres://"
    );
    assert_eq!(
        refusal("sqlite::memory:").await,
        "a SQLite URL names a file: sqlite:data/trovato.db"
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named_with_the_reason() {
    // Even the superuser can't write here.
    assert!(
        refusal("sqlite:/proc/trovato/x.db")
            .await
            .starts_with("can't make the folder /proc/trovato: ")
    );
    let inside = refusal("sqlite:/proc/x.db").await;
    assert_eq!(
        inside,
        "can't open /proc/x.db: its folder can't be written, or it is no file"
    );

    let folder = std::env::temp_dir().join(format!("trovato-test-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("letter.txt");
    std::fs::write(
        &file,
        "Dear reader, this is a letter and no database at all. ".repeat(100),
    )
    .unwrap();
    let text = refusal(&format!("sqlite:{}", file.display())).await;
    assert_eq!(text, format!("{} is not a SQLite database", file.display()));
    assert!(
        refusal(&format!("sqlite:{}", folder.display()))
            .await
            .starts_with("can't open ")
    );
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_at_once() {
    let text = refusal("postgres://ada:secret@127.0.0.1:1/trovato").await;
    assert!(
        text.starts_with("can't reach Postgres at 127.0.0.1:1: "),
        "{text}"
    );
    assert!(text.to_lowercase().contains("connection refused"), "{text}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_given_up_after_three_seconds() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let text = refusal(&format!("postgres://ada:secret@127.0.0.1:{port}/trovato")).await;
    assert_eq!(
        text,
        format!("can't reach Postgres at 127.0.0.1:{port}: no answer in 3 s")
    );
}

#[tokio::test]
async fn a_missing_database_or_user_is_named() {
    let (server, _) = server_url_parts();
    let text = refusal(&format!("{server}/trovato_is_not_here")).await;
    assert!(
        text.starts_with("there is no database trovato_is_not_here on Postgres at "),
        "{text}"
    );
    let host = server
        .rsplit_once('@')
        .map_or(server.as_str(), |(_, host)| host)
        .replace("postgres://", "");
    let text = refusal(&format!("postgres://nobody_here:secret@{host}/postgres")).await;
    assert!(
        text.ends_with(" refuses user nobody_here or the password"),
        "{text}"
    );
}

#[tokio::test]
async fn a_database_in_another_encoding_than_utf8_is_refused() {
    let scratch = Scratch::new(Backend::Postgres).await;
    let db = scratch.open().await;
    let name = format!("trovato_latin_{}", uuid::Uuid::now_v7().simple());
    let create =
        format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
    db.execute(trusted_sql(create, ())).await.unwrap();
    let text = refusal(&format!("{}/{name}", server_url_parts().0)).await;
    assert!(text.ends_with("is in LATIN1; it must be in UTF8"), "{text}");
    db.execute(trusted_sql(format!("DROP DATABASE {name}"), ()))
        .await
        .unwrap();
    db.close().await;
    scratch.remove().await;
}

#[tokio::test]
async fn a_sqlite_file_is_durable_and_its_readers_cannot_write() {
    let scratch = Scratch::new(Backend::Sqlite).await;
    let db = scratch.open().await;
    let mut tx = db.begin().await.unwrap();
    let mode: (String,) = tx.fetch_one("PRAGMA journal_mode").await.unwrap();
    let synchronous: (i64,) = tx.fetch_one("PRAGMA synchronous").await.unwrap();
    let keys: (i64,) = tx.fetch_one("PRAGMA foreign_keys").await.unwrap();
    assert_eq!((mode.0.as_str(), synchronous.0, keys.0), ("wal", 2, 1));
    tx.execute("CREATE TABLE t (a TEXT)").await.unwrap();
    tx.commit().await.unwrap();
    let Db::Sqlite(file) = &db else {
        panic!("not SQLite")
    };
    let mut reader = file.readers.lend().await.unwrap();
    let written = sqlx::query("INSERT INTO t VALUES ('x')")
        .execute(&mut *reader)
        .await;
    assert!(written.is_err());
    reader.finish();
    db.close().await;
    let reopened = scratch.open().await;
    assert!(
        reopened
            .fetch_all::<(String,)>("SELECT a FROM t")
            .await
            .unwrap()
            .is_empty()
    );
    reopened.close().await;
    scratch.remove().await;
}
