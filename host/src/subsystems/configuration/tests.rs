//! Files as they are written and read back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::json;

use super::model::{LinkFile, MenuFile, PluginFile, RoleFile};
use super::{Configuration, Error, read, write};

/// Texts that YAML could take for something else.
const NASTY: [&str; 14] = [
    "yes",
    "no",
    "~",
    "null",
    "1e3",
    "0x1f",
    "2024-01-01",
    "- a",
    "a: b # c",
    "  around  ",
    "two\nlines\n\n",
    "*star &and !bang %per @at `tick`",
    "\"quoted\" 'and' \\back",
    "ünï — «ß» 漢字",
];

fn nasty() -> Configuration {
    let links = NASTY.iter().map(|text| LinkFile {
        title: (*text).to_owned(),
        path: "/x".to_owned(),
        plugin: false,
        hidden: text.len() > 4,
        below: Vec::new(),
    });
    let mut menu = MenuFile {
        label: NASTY.join(" "),
        links: links.collect(),
    };
    let below = menu.links.clone();
    if let Some(first) = menu.links.first_mut() {
        first.below = below;
    }
    let role = RoleFile {
        label: "A ".repeat(200),
        weight: -3,
        second_factor: true,
        permissions: NASTY.iter().map(|text| (*text).to_owned()).collect(),
    };
    let values = [json!("yes"), json!(true), json!(3), json!(2.5), json!("2.5")];
    let plugin = PluginFile {
        agreed: BTreeSet::new(),
        settings: values
            .into_iter()
            .enumerate()
            .map(|(at, value)| (format!("s{at}"), value))
            .collect(),
    };
    Configuration {
        site: NASTY
            .iter()
            .enumerate()
            .map(|(at, text)| (format!("s{at}"), json!(text)))
            .collect(),
        menus: BTreeMap::from([("main".to_owned(), menu)]),
        roles: BTreeMap::from([("yes".to_owned(), role)]),
        plugins: BTreeMap::from([("blog".to_owned(), plugin)]),
        ..Configuration::default()
    }
}

#[test]
fn what_is_written_is_read_back_and_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let (written, removed) = write(&nasty(), folder.path()).unwrap();
    assert_eq!((written.len(), removed.len()), (4, 0));
    let (back, problems) = read(folder.path()).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(back, nasty());
    assert_eq!(back.texts().unwrap(), nasty().texts().unwrap());
    assert_eq!(write(&nasty(), folder.path()).unwrap(), (Vec::new(), Vec::new()));
}

#[test]
fn a_folder_holds_one_configuration_and_what_people_put_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    write(&nasty(), folder.path()).unwrap();
    fs::write(folder.path().join("README.md"), "x").unwrap();
    fs::write(folder.path().join("menus/.keep"), "x").unwrap();
    let (written, removed) = write(&Configuration::default(), folder.path()).unwrap();
    assert_eq!(written, ["site.yml"]);
    assert_eq!(removed, ["plugins/blog.yml", "roles/yes.yml", "menus/main.yml"]);
    assert_eq!(
        read(folder.path()).unwrap(),
        (Configuration::default(), Vec::new())
    );
    assert!(folder.path().join("README.md").is_file());
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("thesis.doc"), "x").unwrap();
    assert!(matches!(write(&nasty(), other.path()), Err(Error::NotOurs(_))));
}

#[test]
fn an_alias_that_unfolds_without_end_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    write(&Configuration::default(), folder.path()).unwrap();
    let line = |level: u32| match level {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(),
        level => format!(
            "a{level}: &a{level} [{}]\n",
            format!("*a{}, ", level - 1).repeat(10)
        ),
    };
    let bomb: Vec<String> = (0..12).map(line).collect();
    fs::write(folder.path().join("site.yml"), bomb.concat()).unwrap();
    let (_, problems) = read(folder.path()).unwrap();
    assert_eq!(problems.len(), 1, "{problems:?}");
}
