//! Putting plugins to work as a configuration says, with what it agrees to. That runs their code and makes their tables,
//! so it is no part of the transaction that changes the rest: it comes before.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{PLUGINS, PluginFile, changed, file_of, gone};
use super::{Configuration, Error, Problem};
use crate::subsystems::Site;

/// What becomes of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PluginChange {
    /// It is put to work, and may do this.
    Enable(String, Vec<String>),
    /// It is taken from work; its tables and settings stay.
    Disable(String),
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
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, file) in changed(&wanted.plugins, &present.plugins) {
            match present.plugins.get(name) {
                Some(present) => made.problems.extend(other_agreement(name, present, file)),
                None => match judge(site, name, file) {
                    Ok(depends) => drop(needs.insert(name.clone(), depends)),
                    Err(words) => made
                        .problems
                        .push(Problem::new(file_of(PLUGINS, name), "", words)),
                },
            }
        }
        // Those that others need come first.
        while let Some(name) = next(&needs) {
            needs.remove(&name);
            let agreed = wanted
                .plugins
                .get(&name)
                .map(|file| file.agreed.iter().cloned().collect());
            made.changes
                .push(PluginChange::Enable(name, agreed.unwrap_or_default()));
        }
        let mut leaving: Vec<String> = gone(&wanted.plugins, &present.plugins).cloned().collect();
        // Those at work are ordered by who needs whom.
        let order = site.registry();
        let place = |name: &String| {
            let mut plugins = order.plugins().iter();
            plugins.position(|plugin| plugin.manifest.name == *name)
        };
        leaving.sort_by_key(|name| std::cmp::Reverse(place(name)));
        made.changes
            .extend(leaving.into_iter().map(PluginChange::Disable));
        made
    }

    /// Enables and disables.
    ///
    /// # Errors
    /// The first plugin that can't be; those before it stay as they were made.
    pub async fn apply(&self, site: &Site) -> Result<(), Error> {
        let plugins = &site.services().plugins;
        for change in &self.changes {
            match change {
                PluginChange::Enable(name, agreed) => drop(plugins.enable(site, name, agreed).await?),
                PluginChange::Disable(name) => plugins.disable(site, name).await?,
            }
        }
        Ok(())
    }
}

/// A plugin that needs none of the others; any, where they need each other in a circle, which is refused later.
fn next(needs: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    let is_free = |depends: &BTreeSet<String>| !depends.iter().any(|name| needs.contains_key(name));
    let free = needs.iter().find(|(_, depends)| is_free(depends));
    free.or_else(|| needs.iter().next()).map(|(name, _)| name.clone())
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

/// The plugins that a plugin needs, if it is there and asks for no more than the file agrees to.
fn judge(site: &Site, name: &str, file: &PluginFile) -> Result<BTreeSet<String>, String> {
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
    Ok(package.manifest.depends.keys().cloned().collect())
}
