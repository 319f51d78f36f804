//! Putting plugins to work as a configuration says, with what it agrees to. That runs their code and makes their tables,
//! so it is no part of the transaction that changes the rest: it comes before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::{PLUGINS, PluginFile, changed, file_of, gone};
use super::{Configuration, Error, Problem};
use crate::kernel::Manifest;
use crate::subsystems::Site;

/// What becomes of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginChange {
    /// It is put to work, and may do this.
    Enable(String, Vec<String>),
    /// It is taken from work; its tables and settings stay.
    Disable(String),
}

impl PluginChange {
    /// What has become of the plugin.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Enable(name, _) => format!("{name} is enabled"),
            Self::Disable(name) => format!("{name} is disabled"),
        }
    }
}

/// What becomes of plugins, in this order, and what is wrong with that.
#[derive(Clone, Debug, Default)]
pub struct PluginChanges {
    /// The changes.
    pub changes: Vec<PluginChange>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl PluginChanges {
    /// Compares the plugins that are wanted with those at work. Those that are to be enabled are compiled and asked what
    /// they want to do.
    #[must_use]
    pub fn make(site: &Site, present: &Configuration, wanted: &Configuration) -> Self {
        let mut made = Self::default();
        let mut coming: BTreeMap<String, Arc<Manifest>> = BTreeMap::new();
        for (name, file) in changed(&wanted.plugins, &present.plugins) {
            match present.plugins.get(name) {
                Some(present) => made.problems.extend(other_agreement(name, present, file)),
                None => match judge(site, name, file) {
                    Ok(manifest) => drop(coming.insert(name.clone(), manifest)),
                    Err(words) => made
                        .problems
                        .push(Problem::new(file_of(PLUGINS, name), "", words)),
                },
            }
        }
        made.problems.extend(lacks(site, present, wanted, &coming));
        made.enable(&coming, wanted);
        made.disable(site, gone(&wanted.plugins, &present.plugins));
        made
    }

    /// Whether any is to be enabled: what those declare is known only then.
    #[must_use]
    pub fn enables(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| matches!(change, PluginChange::Enable(..)))
    }

    /// Those that others need come first.
    fn enable(&mut self, coming: &BTreeMap<String, Arc<Manifest>>, wanted: &Configuration) {
        let mut waiting: BTreeMap<&String, &Arc<Manifest>> = coming.iter().collect();
        while let Some(name) = next(&waiting) {
            waiting.remove(name);
            let file = wanted.plugins.get(name);
            let agreed = file.map(|file| file.agreed.iter().cloned().collect());
            self.changes
                .push(PluginChange::Enable(name.clone(), agreed.unwrap_or_default()));
        }
        let circle: Vec<&str> = waiting.into_keys().map(String::as_str).collect();
        if let Some(first) = circle.first() {
            let words = format!("the plugins need each other in a circle: {}", circle.join(", "));
            self.problems
                .push(Problem::new(file_of(PLUGINS, first), "", words));
        }
    }

    /// Those at work are ordered by who needs whom.
    fn disable<'a>(&mut self, site: &Site, leaving: impl Iterator<Item = &'a String>) {
        let mut leaving: Vec<String> = leaving.cloned().collect();
        let order = site.registry();
        let place = |name: &String| {
            let mut plugins = order.plugins().iter();
            plugins.position(|plugin| plugin.manifest.name == *name)
        };
        leaving.sort_by_key(|name| std::cmp::Reverse(place(name)));
        self.changes
            .extend(leaving.into_iter().map(PluginChange::Disable));
    }

    /// Enables and disables.
    ///
    /// # Errors
    /// The first plugin that can't be, and how many were changed before it; those stay as they were made.
    pub async fn apply(&self, site: &Site) -> Result<(), (usize, Error)> {
        let plugins = &site.services().plugins;
        for (made, change) in self.changes.iter().enumerate() {
            let done = match change {
                PluginChange::Enable(name, agreed) => plugins.enable(site, name, agreed).await.map(drop),
                PluginChange::Disable(name) => plugins.disable(site, name).await,
            };
            done.map_err(|error| (made, error.into()))?;
        }
        Ok(())
    }
}

/// A plugin that needs none of the others.
fn next<'a>(waiting: &BTreeMap<&'a String, &Arc<Manifest>>) -> Option<&'a String> {
    let is_free = |manifest: &Manifest| !manifest.depends.keys().any(|name| waiting.contains_key(name));
    let mut free = waiting.iter().filter(|(_, manifest)| is_free(manifest));
    free.next().map(|(name, _)| *name)
}

/// What the plugins that there will be need and will not have.
fn lacks(
    site: &Site,
    present: &Configuration,
    wanted: &Configuration,
    coming: &BTreeMap<String, Arc<Manifest>>,
) -> Vec<Problem> {
    let registry = site.registry();
    let working = registry.plugins().iter().map(|plugin| &plugin.manifest);
    let staying = working.filter(|manifest| wanted.plugins.contains_key(&manifest.name));
    let there: BTreeMap<&str, &Arc<Manifest>> = staying
        .chain(coming.values())
        .map(|manifest| (manifest.name.as_str(), manifest))
        .collect();
    let mut problems = Vec::new();
    for manifest in there.values() {
        for (name, range) in &manifest.depends {
            let words = match there.get(name.as_str()) {
                Some(found) if range.matches(&found.version) => continue,
                Some(found) => format!(" {range}, and {} is here", found.version),
                None if present.plugins.contains_key(name) && wanted.plugins.contains_key(name) => {
                    ", which is enabled and not at work".to_owned()
                }
                // What is wrong with its file is told there.
                None if wanted.plugins.contains_key(name) => continue,
                None => ", which has no file; add one, or take this one out".to_owned(),
            };
            let words = format!("the plugin needs '{name}'{words}");
            problems.push(Problem::new(file_of(PLUGINS, &manifest.name), "", words));
        }
    }
    problems
}

fn other_agreement(name: &str, present: &PluginFile, wanted: &PluginFile) -> Option<Problem> {
    if present.agreed == wanted.agreed {
        return None;
    }
    let list = |agreed: &BTreeSet<String>| match agreed.len() {
        0 => "nothing".to_owned(),
        _ => agreed.iter().cloned().collect::<Vec<_>>().join("; "),
    };
    let words = format!(
        "here the plugin may: {}; the file says: {}. Agreeing is part of enabling: disable the plugin first, or put into \
         the file what holds here",
        list(&present.agreed),
        list(&wanted.agreed)
    );
    Some(Problem::new(file_of(PLUGINS, name), "agreed", words))
}

/// What a plugin says of itself, if it is there and asks for no more than the file agrees to.
fn judge(site: &Site, name: &str, file: &PluginFile) -> Result<Arc<Manifest>, String> {
    let plugins = &site.services().plugins;
    let package = plugins
        .available()
        .find(name)
        .map_err(|error| error.to_string())?;
    let asks = plugins
        .capabilities_of(site, &package)
        .map_err(|error| error.to_string())?;
    let asks: BTreeSet<String> = asks.into_iter().collect();
    let more: Vec<&str> = asks.difference(&file.agreed).map(String::as_str).collect();
    let less: Vec<&str> = file.agreed.difference(&asks).map(String::as_str).collect();
    if !more.is_empty() {
        return Err(format!(
            "the plugin asks to {}, which the file does not agree to; `trovato plugin enable {name}` asks you about it",
            more.join("; ")
        ));
    }
    if !less.is_empty() {
        return Err(format!(
            "the file agrees to {}, which the plugin that is here does not ask for; take it out, or get the plugin's \
             other version",
            less.join("; ")
        ));
    }
    Ok(package.manifest)
}
