//! Where values come from: the file, then variables, then files that hold secrets.
//!
//! Every key has a variable: `TROVATO_`, then the key in capitals with `_` for what is no letter. So there is no list
//! of variables that could lack one.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value as Json;

use super::{Config, Error, parse, problem};
use crate::kernel::suggest;

/// What variables begin with.
const PREFIX: &str = "TROVATO_";
/// Names that were given before keys made them.
const ALIASES: &[(&str, &str)] = &[("TROVATO_LOG", "log.level")];
/// What else there may be: for `trovato install`, for tests, and what Kubernetes sets for a service named `trovato`.
const OTHERS: &[&str] = &[
    "TROVATO_ADMIN_",
    "TROVATO_TEST_",
    "TROVATO_BENCH_",
    "TROVATO_SERVICE_",
    "TROVATO_PORT",
];

/// The settings, with where each of them comes from.
#[derive(Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file or the variable of each key that was given. The others have their defaults.
    pub sources: BTreeMap<String, String>,
    /// Variables that look like settings and are none, with what was probably meant.
    pub unknown: Vec<(String, Option<String>)>,
}

/// Reads a file, if there is one, and lays variables over it.
pub(super) fn load(file: &Path, variables: &BTreeMap<String, String>) -> Result<Loaded, Error> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(problem(file.display(), error)),
    };
    // As a whole first: its errors have lines.
    parse(file, &text)?;
    let mut table: toml::Table = toml::from_str(&text).map_err(|error| problem(file.display(), error))?;
    let mut sources = BTreeMap::new();
    let given = serde_json::to_value(&table).unwrap_or_default();
    for key in flat(&given).into_keys() {
        sources.insert(key, file.display().to_string());
    }
    let defaults = defaults();
    let mut known: BTreeMap<String, &str> = defaults.keys().map(|key| (variable(key), &**key)).collect();
    known.extend(ALIASES.iter().map(|(name, key)| ((*name).to_owned(), *key)));
    let mut unknown = Vec::new();
    for (name, value) in variables.iter().filter(|(name, _)| name.starts_with(PREFIX)) {
        match known.get(name) {
            Some(_) if value.is_empty() => {}
            Some(key) => {
                let value = typed(defaults.get(*key), value);
                let mut alone = toml::Table::new();
                put(&mut alone, key, value.clone());
                alone
                    .try_into::<Config>()
                    .map_err(|error| problem(name, error.message()))?;
                put(&mut table, key, value);
                sources.insert((*key).to_owned(), name.clone());
            }
            None if OTHERS.iter().any(|prefix| name.starts_with(prefix)) => {}
            None => {
                let meant = suggest(name, known.keys().map(String::as_str)).map(str::to_owned);
                unknown.push((name.clone(), meant));
            }
        }
    }
    let mut config: Config = table
        .try_into()
        .map_err(|error: toml::de::Error| problem(file.display(), error.message()))?;
    config.read_secrets()?;
    Ok(Loaded {
        config,
        sources,
        unknown,
    })
}

/// Every key with its default; null where there is none.
fn defaults() -> BTreeMap<String, Json> {
    flat(&serde_json::to_value(Config::default()).unwrap_or_default())
}

/// The variable of a key.
fn variable(key: &str) -> String {
    let letter = |char: char| {
        if char.is_ascii_alphanumeric() {
            char.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let name: String = key.chars().map(letter).collect();
    format!("{PREFIX}{name}")
}

/// A variable's text as what its key takes.
fn typed(default: Option<&Json>, text: &str) -> toml::Value {
    let parsed = match default {
        Some(Json::Number(_)) => text.parse().ok().map(toml::Value::Integer),
        Some(Json::Bool(_)) => text.parse().ok().map(toml::Value::Boolean),
        Some(Json::Array(_)) => {
            let members = text.split(',').map(str::trim).filter(|member| !member.is_empty());
            Some(members.map(toml::Value::from).collect::<Vec<_>>().into())
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| text.into())
}

fn put(table: &mut toml::Table, key: &str, value: toml::Value) {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
        }
        Some((section, rest)) => {
            let section = table
                .entry(section.to_owned())
                .or_insert_with(|| toml::Table::new().into());
            if let Some(section) = section.as_table_mut() {
                put(section, rest, value);
            }
        }
    }
}

/// Nested values by their full keys.
pub(super) fn flat(value: &Json) -> BTreeMap<String, Json> {
    let mut keys = BTreeMap::new();
    descend("", value, &mut keys);
    keys
}

fn descend(path: &str, value: &Json, keys: &mut BTreeMap<String, Json>) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                let key = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                descend(&key, member, keys);
            }
        }
        other => {
            keys.insert(path.to_owned(), other.clone());
        }
    }
}

/// A setting as it is in effect.
#[derive(Debug, serde::Serialize)]
pub struct Setting {
    /// The key.
    pub key: String,
    /// The value; null where there is none.
    pub value: Json,
    /// Where it comes from.
    pub source: String,
}

impl Loaded {
    /// Takes a value from a flag.
    pub fn flag(&mut self, key: &str, flag: &str) {
        self.sources.insert(key.to_owned(), flag.to_owned());
    }

    /// Every setting as it is in effect. Secrets are not among the values.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let mut values = flat(&serde_json::to_value(&self.config).unwrap_or_default());
        // What stands in for them is no secret.
        if self.config.database_url.is_none() {
            values.insert("database-url".to_owned(), self.config.database_url().into());
        }
        let plugins = self.config.plugins_dir().display().to_string();
        values.insert("plugins-dir".to_owned(), plugins.into());
        values
            .into_iter()
            .map(|(key, value)| Setting {
                source: self
                    .sources
                    .get(&key)
                    .cloned()
                    .unwrap_or_else(|| "default".to_owned()),
                key,
                value,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    static NEXT: AtomicU32 = AtomicU32::new(0);

    fn with(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, Error> {
        let folder = std::env::temp_dir().join(format!(
            "trovato-config-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        ));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("trovato.toml");
        std::fs::write(&file, text).unwrap();
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let loaded = load(&file, &variables.collect());
        std::fs::remove_dir_all(&folder).unwrap();
        loaded
    }

    fn shown(loaded: &Loaded, key: &str) -> (Json, String) {
        let setting = loaded
            .settings()
            .into_iter()
            .find(|setting| setting.key == key)
            .unwrap();
        (setting.value, setting.source)
    }

    #[test]
    fn every_key_has_a_variable_of_its_type() {
        let loaded = with(
            "listen = \"a\"\n[kernel]\ninstances = 5\n",
            &[
                ("TROVATO_KERNEL_INSTANCES", "7"),
                ("TROVATO_RATE_LIMITS_ENABLED", "false"),
                ("TROVATO_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1"),
                ("TROVATO_LOG", "debug"),
                ("TROVATO_MAIL_TRANSPORT", "console"),
                ("TROVATO_LISTEN", ""),
            ],
        )
        .unwrap();
        assert_eq!(loaded.config.kernel.instances, 7);
        assert!(!loaded.config.rate_limits.enabled);
        assert_eq!(loaded.config.trusted_proxies.len(), 2);
        assert_eq!(loaded.config.log.level, "debug");
        assert_eq!(loaded.config.listen, "a");
        assert_eq!(
            shown(&loaded, "kernel.instances"),
            (7.into(), "TROVATO_KERNEL_INSTANCES".to_owned())
        );
        assert!(shown(&loaded, "listen").1.ends_with("trovato.toml"));
        assert_eq!(shown(&loaded, "theme"), ("trovato".into(), "default".to_owned()));
    }

    #[test]
    fn a_wrong_value_names_its_variable() {
        for (name, value) in [
            ("TROVATO_KERNEL_INSTANCES", "many"),
            ("TROVATO_LOG_FORMAT", "xml"),
            ("TROVATO_TRUSTED_PROXIES", "here"),
        ] {
            let error = with("", &[(name, value)]).unwrap_err().to_string();
            assert!(error.starts_with(name), "{error}");
        }
    }

    #[test]
    fn an_unknown_variable_is_told_with_what_was_meant() {
        let variables = [
            ("TROVATO_DATABSE_URL", "x"),
            ("TROVATO_SERVICE_HOST", "x"),
            ("PATH", "x"),
        ];
        let loaded = with("", &variables).unwrap();
        let meant = Some("TROVATO_DATABASE_URL".to_owned());
        assert_eq!(loaded.unknown, [("TROVATO_DATABSE_URL".to_owned(), meant)]);
    }

    #[test]
    fn secrets_come_from_files_and_are_not_shown() {
        let secret = std::env::temp_dir().join(format!("trovato-secret-{}", std::process::id()));
        std::fs::write(&secret, "redis://:hush@h\n").unwrap();
        let path = secret.display().to_string();
        let loaded = with("", &[("TROVATO_REDIS_URL_FILE", &path)]).unwrap();
        assert_eq!(
            loaded.config.redis_url.as_ref().unwrap().expose(),
            "redis://:hush@h"
        );
        assert_eq!(shown(&loaded, "redis-url").0, "(hidden)");
        assert!(
            !serde_json::to_string(&loaded.settings())
                .unwrap()
                .contains("hush")
        );
        let both = with("redis-url = \"redis://h\"", &[("TROVATO_REDIS_URL_FILE", &path)]).unwrap_err();
        assert!(both.to_string().contains("redis-url-file"), "{both}");
        std::fs::remove_file(&secret).unwrap();
        let gone = with("", &[("TROVATO_REDIS_URL_FILE", &path)]).unwrap_err();
        assert!(gone.to_string().starts_with("redis-url-file"), "{gone}");
    }

    #[test]
    fn every_key_is_in_the_guide() {
        let guide = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guide/operators.md");
        let guide = std::fs::read_to_string(guide).unwrap();
        let missing: Vec<String> = defaults()
            .into_keys()
            .filter(|key| !guide.contains(&format!("`{key}`")))
            .collect();
        assert!(missing.is_empty(), "the guide for operators lacks {missing:?}");
    }
}
