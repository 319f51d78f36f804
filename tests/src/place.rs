//! Where an app lives: a data folder and a database, both its own and both copies of ones that were migrated once.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use trovato::app;
use trovato::config::Config;
use trovato::db::migrate::Migrations;
use trovato::db::{Db, Options, sql};
use trovato::time::{Clock, Timestamp};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// A database on the server that `cargo xtask test` starts.
    Postgres,
}

const SERVER: &str = "TROVATO_TEST_POSTGRES_URL";
/// What outlives tests and their processes: compiled guests, and the migrated file.
const SHARED: &str = env!("OUT_DIR");

/// A data folder with its database.
pub struct Place {
    folder: PathBuf,
    database_url: String,
    /// The name of the database on the server.
    database: Option<String>,
}

impl Place {
    /// A new place.
    pub async fn make(database: Database) -> Arc<Self> {
        let name = unique("trovato_test");
        let folder = env::temp_dir().join(&name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        // Compiling the guests anew for each test would take most of the time.
        let artefacts = Path::new(SHARED).join("artefacts");
        fs::create_dir_all(&artefacts).unwrap();
        symlink(&artefacts, folder.join("artefacts")).unwrap();
        Arc::new(match database {
            Database::Sqlite => {
                let file = folder.join("trovato.db");
                fs::copy(migrated_file().await, &file).unwrap();
                Self {
                    database_url: format!("sqlite:{}", file.display()),
                    folder,
                    database: None,
                }
            }
            Database::Postgres => {
                copy_of_template(&name).await;
                Self {
                    database_url: on_server(&name),
                    folder,
                    database: Some(name),
                }
            }
        })
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings of an app that lives here.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = Config {
            data_dir: self.folder.clone(),
            database_url: Some(self.database_url.clone().into()),
            themes_dir: self.folder.join("themes"),
            ..Config::default()
        };
        // A test's clock stands still, so what is done in it is done in no time: a test that is about rates says so.
        config.rate_limits.enabled = false;
        config.kernel.instances = 64;
        // Passwords of tests are worth nothing; those who guess at them must not slow everybody down.
        config.password.memory_kib = 64;
        config.password.passes = 1;
        config.password.lanes = 1;
        // The machine may be busy: a test that is about time sets limits of its own.
        config.limits.view_ms = 10_000;
        config.limits.save_ms = 10_000;
        config
    }

    /// Gives compiled guests a folder that no other test writes to.
    pub fn keep_artefacts_apart(&self) {
        let artefacts = self.artefacts();
        fs::remove_file(&artefacts).unwrap();
        fs::create_dir(&artefacts).unwrap();
    }

    /// The folder of compiled guests.
    #[must_use]
    pub fn artefacts(&self) -> PathBuf {
        self.folder.join("artefacts")
    }

    /// Removes everything.
    pub async fn remove(&self) {
        if let Some(name) = &self.database {
            let server = server().await;
            run(&server, format!("DROP DATABASE {name} WITH (FORCE)"))
                .await
                .unwrap();
            server.close().await;
        }
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!(
        "{name}_{}_{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::Relaxed)
    )
}

/// Names the template: another schema is another template.
fn schema() -> String {
    let mut hasher = DefaultHasher::new();
    for step in Migrations::kernel().steps() {
        (step.version, &step.sqlite, &step.postgres).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

async fn migrate(url: &str) {
    let db = Db::connect(url, &Options::default()).await.unwrap();
    app::migrate(&db, &Clock::fixed(Timestamp(0))).await.unwrap();
    db.close().await;
}

/// Made under another name and renamed: whoever sees the file sees all of it.
async fn migrated_file() -> PathBuf {
    let file = Path::new(SHARED).join(format!("{}.db", schema()));
    if !file.exists() {
        let making = Path::new(SHARED).join(unique("making"));
        migrate(&format!("sqlite:{}", making.display())).await;
        fs::rename(making, &file).unwrap();
    }
    file
}

async fn copy_of_template(name: &str) {
    let template = format!("template_{}", schema());
    let server = server().await;
    let known = sql(
        "SELECT CAST(1 AS bigint) FROM pg_database WHERE datname = $1",
        (template.as_str(),),
    );
    if server.fetch_optional::<(i64,)>(known).await.unwrap().is_none() {
        let making = unique("making");
        run(&server, format!("CREATE DATABASE {making}")).await.unwrap();
        migrate(&on_server(&making)).await;
        // Another process may have been faster.
        if run(&server, format!("ALTER DATABASE {making} RENAME TO {template}"))
            .await
            .is_err()
        {
            run(&server, format!("DROP DATABASE {making}")).await.unwrap();
        }
    }
    run(&server, format!("DROP DATABASE IF EXISTS {name}"))
        .await
        .unwrap();
    run(&server, format!("CREATE DATABASE {name} TEMPLATE {template}"))
        .await
        .unwrap();
    server.close().await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "`cargo xtask test` says by the environment where its servers are"
)]
fn server_url() -> String {
    env::var(SERVER).unwrap_or_else(|_| panic!("{SERVER} is not set: run `cargo xtask test`"))
}

fn on_server(database: &str) -> String {
    let url = server_url();
    let (server, _) = url.rsplit_once('/').expect("the server's URL names a database");
    format!("{server}/{database}")
}

async fn server() -> Db {
    Db::connect(
        &server_url(),
        &Options {
            max_connections: 1,
            ..Options::default()
        },
    )
    .await
    .unwrap()
}

/// The names of databases can't be bound, so the text is made here.
async fn run(server: &Db, text: String) -> Result<(), trovato::db::Error> {
    let text: &'static str = text.leak();
    server.execute(text).await.map(drop)
}
