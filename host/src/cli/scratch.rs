//! A site that is thrown away: what commands try plugins out in.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Error, Result};
use crate::app::{App, Start};
use crate::config::{self, Config};
use crate::time::Clock;

/// A site in a folder of its own, which is removed in the end.
pub struct Scratch {
    /// The site.
    pub app: App,
    _folder: Temporary,
}

impl Scratch {
    /// Starts a site that has nothing in common with `config` but its limits and the plugins that may be needed.
    ///
    /// # Errors
    /// It can't be started.
    pub async fn start(config: &Config, database: Option<&str>, clock: Clock) -> Result<Self> {
        let folder = Temporary::new()?;
        let start = Start {
            throw_away: true,
            clock,
            ..Start::default()
        };
        let mut settings = settings(config, &folder.0);
        settings.database_url = database.map(|url| url.to_owned().into());
        let app = App::start(settings, start).await?;
        Ok(Self { app, _folder: folder })
    }

    /// Stops it.
    pub async fn stop(self) {
        self.app.db.close().await;
    }
}

fn settings(config: &Config, folder: &Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        // Those that a plugin needs are looked for where the site has them.
        plugins_dir: Some(config.plugins_dir()),
        themes_dir: folder.join("themes"),
        limits: config.limits.clone(),
        kernel: config::Kernel {
            instances: 64,
            ..config.kernel.clone()
        },
        ..Config::default()
    }
}

/// A folder that is removed in the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("trovato-scratch-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .map_err(|error| Error::set_up(format!("{} can't be made: {error}", folder.display())))?;
        Ok(Self(folder))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left lies in the machine's folder for what may be lost.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
