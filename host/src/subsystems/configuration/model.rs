//! What the files hold. The name of an object is that of its file; no identifier stands in any of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Error;
use super::content_type::TypeFile;
use crate::subsystems::format::Filter;

/// The settings of the site itself.
pub(super) const SITE: &str = "site.yml";
/// The folders, each with a file for each object.
pub(super) const PLUGINS: &str = "plugins";
pub(super) const FORMATS: &str = "formats";
pub(super) const ITEM_TYPES: &str = "item_types";
pub(super) const ROLES: &str = "roles";
pub(super) const MENUS: &str = "menus";
pub(super) const FOLDERS: [&str; 5] = [PLUGINS, FORMATS, ITEM_TYPES, ROLES, MENUS];

/// Everything that a site is configured by, by machine names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    pub(super) site: BTreeMap<String, Json>,
    pub(super) plugins: BTreeMap<String, PluginFile>,
    pub(super) formats: BTreeMap<String, FormatFile>,
    pub(super) item_types: BTreeMap<String, TypeFile>,
    pub(super) roles: BTreeMap<String, RoleFile>,
    pub(super) menus: BTreeMap<String, MenuFile>,
}

/// A plugin that is at work.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PluginFile {
    /// What it may do, in the words that were agreed to.
    #[serde(default)]
    pub agreed: BTreeSet<String>,
    /// The settings that the site has changed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, Json>,
}

/// A text format that the site has added, or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FormatFile {
    pub label: String,
    pub filters: Vec<Filter>,
}

/// A role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleFile {
    pub label: String,
    #[serde(default)]
    pub weight: i64,
    /// Whether whoever has it needs a second factor.
    #[serde(default, skip_serializing_if = "is_false")]
    pub second_factor: bool,
    #[serde(default)]
    pub permissions: BTreeSet<String>,
}

/// A menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MenuFile {
    pub label: String,
    #[serde(default)]
    pub links: Vec<LinkFile>,
}

/// A link, with those below it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkFile {
    pub title: String,
    pub path: String,
    /// Whether it is one that a plugin declares.
    #[serde(default, skip_serializing_if = "is_false")]
    pub plugin: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub hidden: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<LinkFile>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}

/// Where an object of a folder is.
pub(super) fn file_of(folder: &str, name: &str) -> String {
    format!("{folder}/{name}.yml")
}

impl Configuration {
    /// The text of every file, by its path as seen from the folder. The same configuration has the same texts.
    ///
    /// # Errors
    /// [`Error::Yaml`].
    pub fn texts(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut texts = BTreeMap::from([(SITE.to_owned(), text(SITE, &self.site)?)]);
        put(&mut texts, PLUGINS, &self.plugins)?;
        put(&mut texts, FORMATS, &self.formats)?;
        put(&mut texts, ITEM_TYPES, &self.item_types)?;
        put(&mut texts, ROLES, &self.roles)?;
        put(&mut texts, MENUS, &self.menus)?;
        Ok(texts)
    }
}

fn put<T: Serialize>(
    texts: &mut BTreeMap<String, String>,
    folder: &str,
    objects: &BTreeMap<String, T>,
) -> Result<(), Error> {
    for (name, object) in objects {
        let file = file_of(folder, name);
        let text = text(&file, object)?;
        texts.insert(file, text);
    }
    Ok(())
}

fn text<T: Serialize>(file: &str, object: &T) -> Result<String, Error> {
    let options = serde_saphyr::ser_options! {
        // A long line stays one: folding it would change whole paragraphs in comparisons.
        folded_wrap_chars: usize::MAX,
    };
    let mut text = serde_saphyr::to_string_with_options(object, options)
        .map_err(|error| Error::Yaml(file.to_owned(), error.to_string()))?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// The objects that are not as they are to be.
pub(super) fn changed<'a, T: PartialEq>(
    wanted: &'a BTreeMap<String, T>,
    present: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a String, &'a T)> {
    wanted
        .iter()
        .filter(|(name, object)| present.get(*name) != Some(*object))
}

/// The names of objects that are to be there no more.
pub(super) fn gone<'a, T>(
    wanted: &'a BTreeMap<String, T>,
    present: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = &'a String> {
    present.keys().filter(|name| !wanted.contains_key(*name))
}
