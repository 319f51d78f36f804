//! A database for one test, on a server that tests may make databases on.

use url::Url;

use super::super::{Error, Result};
use crate::db::{Db, Options, trusted_sql};

/// A database that is removed in the end.
pub struct Database {
    server: String,
    name: String,
    /// Where it is.
    pub url: String,
}

impl Database {
    /// Makes one. Its name has the number of this process, which has one at a time.
    ///
    /// # Errors
    /// The server can't be reached, or does not allow it.
    pub async fn make(server: &str) -> Result<Self> {
        let name = format!("trovato_plugin_test_{}", std::process::id());
        let mut url = Url::parse(server)
            .map_err(|error| Error::set_up(format!("the address of the server is none: {error}")))?;
        url.set_path(&name);
        let made = Self {
            server: server.to_owned(),
            url: url.into(),
            name,
        };
        made.drop_if_there().await?;
        made.run(format!("CREATE DATABASE {}", made.name)).await?;
        Ok(made)
    }

    /// Removes it.
    ///
    /// # Errors
    /// The server is away.
    pub async fn remove(self) -> Result {
        self.drop_if_there().await
    }

    async fn drop_if_there(&self) -> Result {
        self.run(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name))
            .await
    }

    /// Names of databases can't be bound; this one is made of letters and a number.
    async fn run(&self, text: String) -> Result {
        let options = Options {
            max_connections: 1,
            ..Options::default()
        };
        let db = Db::connect(&self.server, &options).await.map_err(Error::set_up)?;
        let done = db.execute(trusted_sql(text, ())).await;
        db.close().await;
        done.map(drop).map_err(Error::failed)
    }
}
