//! How the database behaves: every test on SQLite and on Postgres, each time on a database of its own.

#![expect(
    clippy::disallowed_methods,
    reason = "a scratch database has a name of its own, on the server that the environment names"
)]

mod connect;
mod leases;
mod migrations;
mod outage;
mod sample;
mod schema;
mod search;
mod transactions;
mod verbs;

use std::env;
use std::path::PathBuf;

use uuid::Uuid;

use super::migrate::Migrations;
use super::{Backend, Db, Options, trusted_sql};
use crate::time::Timestamp;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// A database that is there for one test.
pub(super) struct Scratch {
    pub(super) url: String,
    kind: Kind,
}

enum Kind {
    Folder(PathBuf),
    Database(String),
}

impl Scratch {
    pub(super) async fn new(backend: Backend) -> Self {
        let id = Uuid::now_v7().simple();
        match backend {
            Backend::Sqlite => {
                let folder = env::temp_dir().join(format!("trovato-test-{id}"));
                let url = format!("sqlite:{}", folder.join("data/trovato.db").display());
                Self {
                    url,
                    kind: Kind::Folder(folder),
                }
            }
            Backend::Postgres => {
                let name = format!("trovato_test_{id}");
                admin(format!(
                    "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C.UTF-8'"
                ))
                .await;
                let (server, _) = server_url_parts();
                Self {
                    url: format!("{server}/{name}"),
                    kind: Kind::Database(name),
                }
            }
        }
    }

    pub(super) async fn open(&self) -> Db {
        Db::connect(
            &self.url,
            &Options {
                max_connections: 4,
                ..Options::default()
            },
        )
        .await
        .unwrap()
    }

    pub(super) async fn remove(self) {
        match self.kind {
            Kind::Folder(folder) => std::fs::remove_dir_all(folder).unwrap(),
            Kind::Database(name) => admin(format!("DROP DATABASE {name} WITH (FORCE)")).await,
        }
    }
}

fn server_url() -> String {
    env::var("TROVATO_TEST_POSTGRES_URL").expect("TROVATO_TEST_POSTGRES_URL is not set: run cargo xtask test")
}

/// The server's URL without the name of a database, and that name.
fn server_url_parts() -> (String, String) {
    let url = server_url();
    let (server, name) = url.rsplit_once('/').expect("the URL names a database");
    (server.to_owned(), name.to_owned())
}

async fn admin(statement: String) {
    let db = Db::connect(
        &server_url(),
        &Options {
            max_connections: 1,
            ..Options::default()
        },
    )
    .await
    .unwrap();
    db.execute(trusted_sql(statement, ())).await.unwrap();
    db.close().await;
}

/// Runs a test on an empty database of each backend.
async fn on_both(test: impl AsyncFn(Db)) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let scratch = Scratch::new(backend).await;
        let db = scratch.open().await;
        test(db.clone()).await;
        db.close().await;
        scratch.remove().await;
    }
}

/// As [`on_both`], with the kernel's schema.
async fn on_both_migrated(test: impl AsyncFn(Db)) {
    on_both(async |db| {
        Migrations::kernel().run(&db, NOW).await.unwrap();
        test(db).await;
    })
    .await;
}
