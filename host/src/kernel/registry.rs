//! The enabled plugins, in the order in which they are called.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Error, Manifest, Plugin, System};

/// An immutable set of plugins. A change makes a new one; sessions that run keep theirs.
pub struct Registry<S: System> {
    plugins: Vec<Arc<Plugin<S>>>,
    /// For each tap, which plugins answer it, in order.
    taps: Vec<Vec<usize>>,
    noted: S::Noted,
}

impl<S: System> Registry<S> {
    /// Orders plugins and notes which taps they answer.
    ///
    /// # Errors
    /// A dependency that is missing, of a wrong version, or circular.
    pub fn new(plugins: Vec<Arc<Plugin<S>>>, taps: &[&'static str]) -> Result<Self, Error> {
        let order = order(plugins.iter().map(|plugin| &*plugin.manifest))?;
        let plugins: Vec<_> = order
            .iter()
            .filter_map(|from| plugins.get(*from))
            .enumerate()
            .map(|(index, plugin)| Arc::new(plugin.at(index)))
            .collect();
        let taps = taps
            .iter()
            .enumerate()
            .map(|(slot, tap)| {
                let mut answering: Vec<usize> = plugins
                    .iter()
                    .filter(|plugin| plugin.answers(slot))
                    .map(|plugin| plugin.index)
                    .collect();
                // Stable: equal weights keep the order of dependencies.
                answering
                    .sort_by_key(|index| plugins.get(*index).map(|plugin| plugin.manifest.weight_of(tap)));
                answering
            })
            .collect();
        Ok(Self {
            plugins,
            taps,
            noted: S::Noted::default(),
        })
    }

    /// The same plugins, with what the services know of them.
    #[must_use]
    pub fn with(&self, noted: S::Noted) -> Self {
        Self {
            plugins: self.plugins.clone(),
            taps: self.taps.clone(),
            noted,
        }
    }

    /// What the services know of these plugins.
    #[must_use]
    pub fn noted(&self) -> &S::Noted {
        &self.noted
    }

    /// A registry without plugins.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            plugins: Vec::new(),
            taps: Vec::new(),
            noted: S::Noted::default(),
        }
    }

    /// How many plugins there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.plugins.len()
    }

    /// Whether there are no plugins.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plugins.is_empty()
    }

    /// All plugins, dependencies first.
    #[must_use]
    pub fn plugins(&self) -> &[Arc<Plugin<S>>] {
        &self.plugins
    }

    /// The plugin of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Plugin<S>>> {
        self.plugins.iter().find(|plugin| plugin.manifest.name == name)
    }

    pub(super) fn answering(&self, slot: usize) -> &[usize] {
        self.taps.get(slot).map_or(&[], Vec::as_slice)
    }

    /// The plugins that answer a tap, in the order in which they are called.
    pub fn implementors(&self, slot: usize) -> impl Iterator<Item = &Arc<Plugin<S>>> {
        self.answering(slot)
            .iter()
            .filter_map(|index| self.plugins.get(*index))
    }
}

/// The order in which plugins come: dependencies first, then by weight, then by name.
///
/// # Errors
/// A dependency that is missing, of a wrong version, or circular.
pub(super) fn order<'a>(manifests: impl Iterator<Item = &'a Manifest>) -> Result<Vec<usize>, Error> {
    let mut waiting: BTreeMap<(i32, &str), (usize, &Manifest)> = manifests
        .enumerate()
        .map(|(index, manifest)| ((manifest.weight, manifest.name.as_str()), (index, manifest)))
        .collect();
    let names: BTreeMap<&str, &Manifest> = waiting
        .values()
        .map(|(_, manifest)| (manifest.name.as_str(), *manifest))
        .collect();
    for manifest in names.values() {
        check_dependencies(manifest, &names)?;
    }
    let mut done = Vec::with_capacity(waiting.len());
    let mut order = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let ready = waiting
            .iter()
            .find(|(_, (_, manifest))| manifest.depends.keys().all(|name| done.contains(&name.as_str())))
            .map(|(key, _)| *key);
        let Some(key) = ready else {
            return Err(Error::CircularDependency {
                cycle: cycle(&names, &done),
            });
        };
        if let Some((index, _)) = waiting.remove(&key) {
            done.push(key.1);
            order.push(index);
        }
    }
    Ok(order)
}

fn check_dependencies(manifest: &Manifest, known: &BTreeMap<&str, &Manifest>) -> Result<(), Error> {
    for (name, range) in &manifest.depends {
        let Some(found) = known.get(name.as_str()) else {
            return Err(Error::MissingDependency {
                plugin: manifest.name.clone(),
                requires: name.clone(),
            });
        };
        if !range.matches(&found.version) {
            return Err(Error::DependencyVersion {
                plugin: manifest.name.clone(),
                requires: name.clone(),
                range: range.clone(),
                found: found.version.clone(),
            });
        }
    }
    Ok(())
}

/// A circle among the plugins that could not be ordered, from its first name back to it.
fn cycle(manifests: &BTreeMap<&str, &Manifest>, done: &[&str]) -> Vec<String> {
    let stuck = |name: &&str| !done.contains(name);
    let mut path: Vec<&str> = manifests.keys().copied().find(stuck).into_iter().collect();
    while let Some(last) = path.last().copied() {
        let next = manifests.get(last).and_then(|manifest| {
            manifest
                .depends
                .keys()
                .map(String::as_str)
                .find(|name| stuck(name))
        });
        let Some(next) = next else { break };
        if let Some(start) = path.iter().position(|name| *name == next) {
            path.drain(..start);
            path.push(next);
            break;
        }
        path.push(next);
    }
    path.into_iter().map(str::to_owned).collect()
}
