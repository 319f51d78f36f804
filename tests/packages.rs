//! The crates that plugin authors depend on can be published: what they need travels with them.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that can't go on fails; cargo names itself by the environment"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The files of the WIT package, by their names.
fn wit_files() -> Vec<String> {
    let files = fs::read_dir(Path::new(ROOT).join("wit")).unwrap();
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".wit"))
        .collect();
    names.sort();
    names
}

/// The files that the package of a crate would have.
fn packaged(name: &str) -> Vec<String> {
    let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
    let listed = Command::new(cargo)
        .current_dir(ROOT)
        .args([
            "package",
            "--list",
            "--offline",
            "--allow-dirty",
            "--package",
            name,
        ])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "{said}");
    let list = String::from_utf8(listed.stdout).unwrap();
    list.lines().map(str::to_owned).collect()
}

#[test]
fn there_is_one_wit_package_and_the_crates_of_the_sdk_carry_all_of_it() {
    let files = wit_files();
    assert!(files.len() > 50);
    for (name, folder) in [
        ("trovato-sdk", "guest-sdk"),
        ("trovato-sdk-macros", "guest-sdk/macros"),
    ] {
        let own = fs::canonicalize(Path::new(ROOT).join(folder).join("wit")).unwrap();
        assert_eq!(
            own,
            fs::canonicalize(Path::new(ROOT).join("wit")).unwrap(),
            "a copy would come to differ"
        );
        let packaged = packaged(name);
        for file in &files {
            assert!(packaged.contains(&format!("wit/{file}")), "{name} lacks {file}");
        }
    }
}

#[test]
fn what_the_crates_of_the_sdk_depend_on_has_versions() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    for name in ["trovato-sdk", "trovato-sdk-macros", "trovato-sdk-test"] {
        let dependency = &manifest["workspace"]["dependencies"][name];
        let version = &manifest["workspace"]["package"]["version"];
        assert_eq!(dependency.get("version"), Some(version), "{name}");
    }
}
