//! The settings tree: `trovato.toml`, then `TROVATO_*` variables, then flags. The environment is read nowhere else.

mod cache;
mod mail;
mod rate_limits;
mod source;
mod web;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::kernel::{Limits, Settings, suggest};

pub use cache::Cache;
pub use mail::{Mail, MailTransport};
pub use rate_limits::{Counted, RateLimits, RateRule};
pub use source::{Loaded, Setting};
pub use web::{Network, Proxies};

/// The name of the configuration file in the working folder.
pub const FILE: &str = "trovato.toml";

/// The settings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Config {
    /// The address to listen on.
    pub listen: String,
    /// The folder of the database, files, compiled plugins and plugins.
    pub data_dir: PathBuf,
    /// The database; `sqlite:{data-dir}/trovato.db` where none is given.
    pub database_url: Option<Secret>,
    /// A file with the database's URL.
    pub database_url_file: Option<PathBuf>,
    /// Redis, for what nodes share; without it the database and the process's own memory serve.
    pub redis_url: Option<Secret>,
    /// A file with the URL of Redis.
    pub redis_url_file: Option<PathBuf>,
    /// A PEM file with the CAs by which Redis is trusted, in the place of those of the system.
    pub redis_ca: Option<PathBuf>,
    /// What the site's keys in Redis begin with; `trovato:{site}` where none is given.
    pub redis_prefix: Option<String>,
    /// How long an answer of Redis may take, in milliseconds.
    pub redis_timeout_ms: u64,
    /// The address under which visitors reach the site.
    pub public_url: Option<String>,
    /// The proxies in front of the site, as addresses or networks: they are believed who their clients are.
    pub trusted_proxies: Vec<Network>,
    /// The header in which they say so.
    pub proxy_header: Proxies,
    /// The names by which visitors may ask for the site while `public-url` is not set.
    pub allowed_hosts: Vec<String>,
    /// What keys are made of; a file `{data-dir}/secret` is made where none is given. Every node needs the same.
    pub secret: Option<Secret>,
    /// A file with the secret.
    pub secret_file: Option<PathBuf>,
    /// The folder of plugins; `{data-dir}/plugins` where none is given.
    pub plugins_dir: Option<PathBuf>,
    /// The folder of themes beside the built-in ones.
    pub themes_dir: PathBuf,
    /// The theme of the public pages.
    pub theme: String,
    /// Whether pages explain how they were made, and changed files are taken up at once.
    pub development: bool,
    /// The log.
    pub log: Log,
    /// How mail is sent.
    pub mail: Mail,
    /// How often whoever asks may do what.
    pub rate_limits: RateLimits,
    /// The cache.
    pub cache: Cache,
    /// The engine.
    pub kernel: Kernel,
    /// What calls of plugins may use.
    pub limits: PluginLimits,
    /// What hashing a password takes.
    pub password: Password,
}

/// What hashing a password takes (Argon2id, RFC 9106). Hashes that were made otherwise are replaced when their people
/// sign in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Password {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Password {
    /// The second recommended option of RFC 9106, section 4, for memory-constrained environments.
    fn default() -> Self {
        Self {
            memory_kib: 64 << 10,
            passes: 3,
            lanes: 4,
        }
    }
}

/// The log.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Log {
    /// `text` or `json`.
    pub format: LogFormat,
    /// A filter such as `info` or `trovato=debug,info`.
    pub level: String,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// The engine.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Kernel {
    /// How many instances of plugins there may be at once.
    pub instances: u32,
    /// The most memory that a plugin may ask for, in MiB.
    pub max_memory_mib: usize,
}

/// What calls of plugins may use.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct PluginLimits {
    /// Processor time of a call in a page, in milliseconds.
    pub view_ms: u64,
    /// Processor time of a call in a save, in milliseconds.
    pub save_ms: u64,
    /// Processor time of a call in the background, in milliseconds.
    pub background_ms: u64,
}

/// A text that is never shown.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("(hidden)")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:3000".to_owned(),
            data_dir: PathBuf::from("data"),
            database_url: None,
            database_url_file: None,
            redis_url: None,
            redis_url_file: None,
            redis_ca: None,
            redis_prefix: None,
            redis_timeout_ms: 250,
            public_url: None,
            trusted_proxies: Vec::new(),
            proxy_header: Proxies::default(),
            allowed_hosts: Vec::new(),
            secret: None,
            secret_file: None,
            plugins_dir: None,
            themes_dir: PathBuf::from("themes"),
            theme: "trovato".to_owned(),
            development: false,
            log: Log::default(),
            mail: Mail::default(),
            rate_limits: RateLimits::default(),
            cache: Cache::default(),
            kernel: Kernel::default(),
            limits: PluginLimits::default(),
            password: Password::default(),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
        }
    }
}

impl Default for Kernel {
    fn default() -> Self {
        let settings = Settings::default();
        Self {
            instances: settings.instances,
            max_memory_mib: settings.max_memory_mib,
        }
    }
}

impl Default for PluginLimits {
    fn default() -> Self {
        let limits = Limits::default();
        let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            view_ms: ms(limits.view_cpu),
            save_ms: ms(limits.save_cpu),
            background_ms: ms(limits.background_cpu),
        }
    }
}

/// Why the configuration can't be used.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct Error {
    place: String,
    problem: String,
}

impl Config {
    /// Reads a configuration file, if there is one, and the environment.
    ///
    /// # Errors
    /// Where something is wrong, and what.
    pub fn load(file: &Path) -> Result<Loaded, Error> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        source::load(file, &variables)
    }

    /// Takes secrets from the files that are named instead of them.
    fn read_secrets(&mut self) -> Result<(), Error> {
        let secrets = [
            (
                "database-url-file",
                &self.database_url_file,
                &mut self.database_url,
            ),
            ("redis-url-file", &self.redis_url_file, &mut self.redis_url),
            (
                "mail.smtp-url-file",
                &self.mail.smtp_url_file,
                &mut self.mail.smtp_url,
            ),
        ];
        for (key, file, secret) in secrets {
            let Some(file) = file else { continue };
            if secret.is_some() {
                return Err(problem(
                    key,
                    "the secret is given itself as well; remove one of them",
                ));
            }
            let text = std::fs::read_to_string(file)
                .map_err(|error| problem(key, format!("{} can't be read: {error}", file.display())))?;
            *secret = Some(text.trim_end_matches(['\r', '\n']).to_owned().into());
        }
        Ok(())
    }

    /// The database's URL.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite:{}", self.data_dir.join("trovato.db").display()),
        }
    }

    /// The folder of plugins.
    #[must_use]
    pub fn plugins_dir(&self) -> PathBuf {
        self.plugins_dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("plugins"))
    }

    /// The limits of plugins' calls.
    #[must_use]
    pub fn plugin_limits(&self) -> Limits {
        Limits {
            view_cpu: Duration::from_millis(self.limits.view_ms),
            save_cpu: Duration::from_millis(self.limits.save_ms),
            background_cpu: Duration::from_millis(self.limits.background_ms),
            ..Limits::default()
        }
    }
}

fn parse(file: &Path, text: &str) -> Result<Config, Error> {
    toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = text.get(..offset).unwrap_or_default().matches('\n').count() + 1;
        let mut quoted = error.message().split('`').skip(1).step_by(2);
        let unknown = quoted.next().filter(|_| error.message().starts_with("unknown"));
        let hint = unknown
            .and_then(|unknown| suggest(unknown, quoted))
            .map(|nearest| format!("; did you mean `{nearest}`?"))
            .unwrap_or_default();
        problem(
            format!("{}:{line}", file.display()),
            format!("{}{hint}", error.message()),
        )
    })
}

fn problem(place: impl ToString, problem: impl ToString) -> Error {
    Error {
        place: place.to_string(),
        problem: problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line_and_a_suggestion() {
        let error = parse(Path::new("trovato.toml"), "listen = \"x\"\ndatabse-url = \"y\"\n").unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("trovato.toml:2: unknown field `databse-url`"),
            "{text}"
        );
        assert!(text.ends_with("did you mean `database-url`?"), "{text}");
    }
}
