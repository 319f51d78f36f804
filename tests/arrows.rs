//! What the sources must keep to: imports point downwards only, and few know the database's drivers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each module of the host may import, itself aside. From the top down:
/// `main, cli -> app -> server -> subsystems -> { web, db, wit + taps -> kernel }`; the rest are leaves.
const MAY: &[(&str, &[&str])] = &[
    (
        "main",
        &[
            "cli",
            "app",
            "server",
            "subsystems",
            "web",
            "db",
            "redis",
            "wit",
            "taps",
            "kernel",
            "config",
            "telemetry",
            "request",
            "time",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "server",
            "subsystems",
            "web",
            "db",
            "redis",
            "wit",
            "taps",
            "kernel",
            "config",
            "telemetry",
            "request",
            "time",
            "recent",
        ],
    ),
    (
        "app",
        &[
            "server",
            "subsystems",
            "web",
            "db",
            "redis",
            "wit",
            "taps",
            "kernel",
            "config",
            "request",
            "time",
            "recent",
        ],
    ),
    (
        "server",
        &[
            "subsystems",
            "web",
            "db",
            "redis",
            "wit",
            "taps",
            "kernel",
            "config",
            "request",
            "time",
        ],
    ),
    (
        "subsystems",
        &[
            "web", "db", "redis", "wit", "taps", "kernel", "config", "request", "time", "recent",
        ],
    ),
    // The contract names the types behind handles, and what a tap is.
    ("taps", &["wit", "kernel", "subsystems::item::Handle"]),
    ("wit", &["taps", "kernel", "subsystems::item::Handle"]),
    ("web", &["request", "time"]),
    ("db", &["time"]),
    ("redis", &[]),
    ("kernel", &["request", "time"]),
    ("config", &["kernel"]),
    ("telemetry", &["config", "recent"]),
    ("recent", &["time"]),
    ("request", &["time"]),
    ("time", &[]),
];

#[test]
fn imports_point_downwards_only() {
    let mut wrong = Vec::new();
    for file in sources() {
        let module = file.module();
        let (_, may) = MAY.iter().find(|(name, _)| *name == module).unwrap_or_else(|| {
            panic!(
                "the module '{module}' has no place in the order of modules: give it one in {}",
                file!()
            )
        });
        for import in file.imports() {
            let fine = import.starts_with(module)
                || may
                    .iter()
                    .any(|allowed| import == **allowed || import.starts_with(&format!("{allowed}::")));
            if module != "lib" && !fine {
                wrong.push(format!("{}: crate::{import}", file.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these imports point upwards or sideways:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn only_the_database_layer_knows_the_drivers() {
    let strangers = sources().filter(|file| file.module() != "db" && file.mentions("sqlx"));
    assert_eq!(names(strangers), BTreeSet::new());
}

#[test]
fn only_one_module_knows_the_driver_of_redis() {
    let strangers = sources().filter(|file| file.module() != "redis" && file.mentions("fred"));
    assert_eq!(names(strangers), BTreeSet::new());
}

#[test]
fn only_stores_build_statements() {
    let may = |file: &Source| {
        file.module() == "db"
            || file.name.ends_with("/store.rs")
            || file.name.starts_with("subsystems/plugin_table/")
    };
    assert_eq!(
        names(sources().filter(|file| !may(file) && file.mentions("sea_query"))),
        BTreeSet::new()
    );
}

#[test]
fn a_plugin_written_in_rust_knows_the_sdk_and_nothing_of_the_host() {
    for manifest in manifests(&root().join("plugins")) {
        let text = fs::read_to_string(&manifest).unwrap();
        let table = text
            .split("[dependencies]")
            .nth(1)
            .unwrap_or_default()
            .split("\n[")
            .next()
            .unwrap_or_default();
        let others: Vec<&str> = table
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with("trovato-sdk"))
            .collect();
        assert!(others.is_empty(), "{} depends on {others:?}", manifest.display());
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let files = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(files("migrations-sqlite"), files("migrations-pg"));
}

/// A file of the host.
struct Source {
    /// Its path below `host/src`.
    name: String,
    /// Its text without comments.
    text: String,
}

impl Source {
    /// The module at the top that it belongs to.
    fn module(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn mentions(&self, krate: &str) -> bool {
        self.text.contains(&format!("{krate}::"))
    }

    /// The paths after `crate::`, in imports and in code; those between braces each by itself.
    fn imports(&self) -> Vec<String> {
        let mut imports = Vec::new();
        for (at, _) in self.text.match_indices("crate::") {
            // `trovato_crate::` is none.
            let before = self.text.get(..at).unwrap_or_default();
            if before.ends_with(|char: char| char.is_alphanumeric() || char == '_') {
                continue;
            }
            let rest = self.text.get(at + "crate::".len()..).unwrap_or_default();
            match rest.strip_prefix('{') {
                Some(list) => {
                    let list = list.split(';').next().unwrap_or_default();
                    imports.extend(members(list));
                }
                None => imports.push(path(rest)),
            }
        }
        imports
    }
}

/// The members of `a, b::{c, d}, e}` at the top level.
fn members(list: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut members = vec![String::new()];
    for char in list.chars() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        match char {
            _ if depth < 0 => break,
            ',' if depth == 0 => members.push(String::new()),
            char if !char.is_whitespace() => members.iter_mut().last().unwrap().push(char),
            _ => {}
        }
    }
    members
        .into_iter()
        .filter(|member| !member.is_empty())
        .map(|member| path(&member))
        .collect()
}

fn path(text: &str) -> String {
    let end = text
        .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == ':'))
        .unwrap_or(text.len());
    text.get(..end)
        .unwrap_or_default()
        .trim_end_matches(':')
        .to_owned()
}

fn sources() -> impl Iterator<Item = Source> {
    let host = root().join("host/src");
    let mut files = Vec::new();
    collect(&host, &mut files);
    files.into_iter().filter_map(move |path| {
        let name = path.strip_prefix(&host).unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        (name != "lib.rs").then(|| Source {
            name,
            text: code.join("\n"),
        })
    })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    folders
        .map(|folder| folder.join("Cargo.toml"))
        .filter(|manifest| manifest.is_file())
        .collect()
}

fn names(files: impl Iterator<Item = Source>) -> BTreeSet<String> {
    files.map(|file| file.name).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
