//! Enabled plugins put to work.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use super::declared::declaring_request;
use super::store::{self, Record, State};
use super::{Error, Noted, Package, Plugins, assets};
use crate::kernel::{self, Health, Tap};
use crate::request::{Account, Request};
use crate::subsystems::access::Permission;
use crate::subsystems::item_type::{FieldTypes, ItemType};
use crate::subsystems::menu::Table;
use crate::subsystems::{Plugin, Site};
use crate::taps;

/// What a plugin that answers `item-access` can do, in words.
const GUARDS: &str = "decide who may see, change and delete content";

/// What the plugins of a registry declare.
#[derive(Default)]
pub(super) struct Declared {
    field_types: FieldTypes,
    types: Vec<(String, Vec<ItemType>)>,
    routes: Table,
    permissions: BTreeMap<String, Vec<Permission>>,
}

/// A plugin that keeps others from being put to work, and why.
type Culprit = (String, Error);

impl Plugins {
    /// Puts the enabled plugins to work. Embedded ones that are newer than what was enabled are upgraded first.
    ///
    /// # Errors
    /// The database failed. What is wrong with single plugins is kept as [`Plugins::problems`].
    pub async fn start(&self, site: &Site) -> Result<(), Error> {
        self.reload(site).await?;
        for record in store::load(&self.db).await? {
            if record.state == State::Enabled
                && self.available.comes_with_the_program(&record.name)
                && self.is_to_follow_the_program(&record).await?
                && let Err(error) = self.enable(site, &record.name, &record.capabilities).await
            {
                tracing::warn!(
                    plugin.name = record.name,
                    "the older version stays at work: {error}"
                );
                self.note_problem(&record.name, &error);
            }
        }
        Ok(())
    }

    /// Puts the plugins to work that the database says are enabled.
    pub(super) async fn reload(&self, site: &Site) -> Result<(), Error> {
        let _changing = self.changing.lock().await;
        let records = store::load(&self.db).await?;
        let enabled: Vec<Record> = records
            .into_iter()
            .filter(|record| record.state == State::Enabled)
            .collect();
        let guards: Vec<String> = enabled
            .iter()
            .filter(|record| record.capabilities.iter().any(|capability| capability == GUARDS))
            .map(|record| record.name.clone())
            .collect();
        let mut problems = BTreeMap::new();
        let mut plugins = Vec::new();
        for (record, built) in self.build_all(site, enabled.clone()).await {
            match built {
                Ok(plugin) => plugins.push(plugin),
                Err(error) => {
                    tracing::error!(plugin.name = record.name, "{error}");
                    problems.insert(record.name, error.to_string());
                }
            }
        }
        loop {
            match self.arrange(site, plugins.clone()).await {
                Ok((registry, declared)) => {
                    self.put_to_work(site, registry, declared).await?;
                    break;
                }
                Err((culprit, error)) => {
                    tracing::error!(plugin.name = culprit, "{error}");
                    let before = plugins.len();
                    plugins.retain(|plugin| plugin.manifest.name != culprit);
                    if plugins.len() == before {
                        return Err(error);
                    }
                    problems.insert(culprit, error.to_string());
                }
            }
        }
        for record in &enabled {
            self.prune(record).await?;
        }
        // Content whose guard is not at its post stays closed.
        let unguarded = guards.into_iter().filter(|guard| problems.contains_key(guard));
        self.item_types.set_unguarded(unguarded.collect());
        *self.problems.write().unwrap_or_else(PoisonError::into_inner) = problems;
        Ok(())
    }

    /// Removes the copies that nobody can go back to: all but those of the noted versions, and of the one that has made
    /// the tables.
    async fn prune(&self, record: &Record) -> Result<(), Error> {
        let versions = self.versions(&record.name).await?;
        let mut wanted: Vec<String> = versions.into_iter().map(|version| version.digest).collect();
        wanted.push(record.digest.clone());
        let copies = self.kept.digests(&record.name);
        if copies.iter().all(|copy| wanted.contains(copy)) {
            return Ok(());
        }
        if let Some(maker) = self.maker_of_tables(record).await? {
            wanted.push(maker.digest()?);
        }
        self.kept.prune(&record.name, &wanted);
        Ok(())
    }

    pub(super) fn note_problem(&self, name: &str, problem: &Error) {
        let mut problems = self.problems.write().unwrap_or_else(PoisonError::into_inner);
        problems.insert(name.to_owned(), problem.to_string());
    }

    /// Loads plugins from their kept copies, in parallel. Those that run already are taken as they are.
    async fn build_all(
        &self,
        site: &Site,
        records: Vec<Record>,
    ) -> Vec<(Record, Result<Arc<Plugin>, Error>)> {
        let running = site.registry();
        let mut done = Vec::with_capacity(records.len());
        let mut building = Vec::new();
        for record in records {
            match running
                .get(&record.name)
                .filter(|plugin| plugin.digest == record.digest)
            {
                Some(plugin) => done.push((record, Ok(plugin.clone()))),
                None => {
                    let package = self.installed(&record);
                    let (site, health) = (site.clone(), self.health_of(&record.name));
                    health.pardon();
                    building.push(tokio::task::spawn_blocking(move || {
                        let built =
                            package.and_then(|package| build(&site, &package, &record.digest, health));
                        (record, built)
                    }));
                }
            }
        }
        for built in building {
            if let Ok(built) = built.await {
                done.push(built);
            }
        }
        done
    }

    pub(super) fn health_of(&self, name: &str) -> Arc<Health> {
        let mut health = self.health.write().unwrap_or_else(PoisonError::into_inner);
        health
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(Health::new(taps::NAMES.len(), self.clock.clone())))
            .clone()
    }

    /// Orders plugins and asks them what they declare. Where that fails, says which plugin is to blame.
    pub(super) async fn arrange(
        &self,
        site: &Site,
        plugins: Vec<Arc<Plugin>>,
    ) -> Result<(Arc<kernel::Registry<crate::subsystems::Services>>, Declared), Culprit> {
        let registry = site
            .arrange(plugins)
            .map_err(|error| (culprit(&error), error.into()))?;
        let session = site.session_over(declaring_request(), registry.clone());
        let mut declared = Declared::default();
        let mut owners: BTreeMap<String, String> = BTreeMap::new();
        for plugin in registry.plugins() {
            let name = &plugin.manifest.name;
            let blame = |error: Error| (name.clone(), error);
            let own = self.declarations(&session, plugin).await.map_err(blame)?;
            for of in &own.types {
                if let Some(other) = owners.insert(of.name.clone(), name.clone()) {
                    return Err(blame(Error::Declaration(format!(
                        "Plugin '{name}' declares the content type '{}', which plugin '{other}' has declared already",
                        of.name
                    ))));
                }
            }
            declared.field_types.add(own.field_types.iter().cloned());
            declared.types.push((name.clone(), own.types.clone()));
            declared.permissions.insert(name.clone(), own.permissions.clone());
            for route in own.routes.iter().cloned() {
                declared
                    .routes
                    .add(name, route)
                    .map_err(|error| blame(error.into()))?;
            }
        }
        drop(session);
        for of in declared.types.iter_mut().flat_map(|(_, types)| types) {
            declared.field_types.settle(of);
        }
        Ok((registry, declared))
    }

    pub(super) async fn put_to_work(
        &self,
        site: &Site,
        registry: Arc<kernel::Registry<crate::subsystems::Services>>,
        declared: Declared,
    ) -> Result<(), Error> {
        for (plugin, types) in declared.types {
            self.item_types.declare(&plugin, types).await?;
        }
        let (mut templates, mut files) = (BTreeMap::new(), assets::Table::new());
        for plugin in registry.plugins() {
            let (name, package) = (
                plugin.manifest.name.clone(),
                self.kept.find(&plugin.manifest.name, &plugin.digest),
            );
            let Ok(package) = package else { continue };
            files.insert(name.clone(), assets::served(&package.manifest, &package.assets));
            templates.insert(name, package.templates.into_iter().collect());
        }
        if let Err(error) = self.themes.set_plugin_templates(templates) {
            tracing::error!("the templates of plugins can't be taken up: {error}");
        }
        self.access.declare(declared.permissions);
        // One switch: a request sees these plugins with these paths and files, or none of them.
        site.install(Arc::new(registry.with(Noted {
            field_types: declared.field_types,
            routes: declared.routes,
            assets: files,
        })));
        Ok(())
    }

    pub(super) fn system_request(&self) -> Request {
        Request::new(uuid::Uuid::nil(), "", Account::system())
    }
}

/// As [`build`], away from the threads that serve pages: compiling takes a while.
pub(super) async fn build_aside(
    site: &Site,
    package: &Package,
    digest: &str,
    health: Arc<Health>,
) -> Result<Arc<Plugin>, Error> {
    let (site, package, digest) = (site.clone(), package.clone(), digest.to_owned());
    let name = package.manifest.name.clone();
    let built = tokio::task::spawn_blocking(move || build(&site, &package, &digest, health)).await;
    built.unwrap_or_else(|_| {
        Err(Error::Declaration(format!(
            "Plugin '{name}': compiling it failed"
        )))
    })
}

/// Compiles a package, or takes its artefact, and links it.
pub(super) fn build(
    site: &Site,
    package: &Package,
    digest: &str,
    health: Arc<Health>,
) -> Result<Arc<Plugin>, Error> {
    let name = &package.manifest.name;
    let wasm = package.component()?;
    let component_digest = kernel::digest(&wasm);
    let component = site
        .artefacts
        .component(&site.engine, name, &component_digest, || {
            site.contract.check(name, &package.file(), &wasm)?;
            Ok(wasm)
        })?;
    let mut plugin = Plugin::link(
        &site.engine,
        &site.contract,
        package.manifest.clone(),
        &component,
        digest.to_owned(),
        &site.limits,
        health,
    )?;
    if plugin.answers(taps::ItemAccess::SLOT) {
        plugin.capabilities.push(GUARDS.to_owned());
    }
    Ok(Arc::new(plugin))
}

fn culprit(error: &kernel::Error) -> String {
    match error {
        kernel::Error::MissingDependency { plugin, .. } | kernel::Error::DependencyVersion { plugin, .. } => {
            plugin.clone()
        }
        kernel::Error::CircularDependency { cycle } => cycle.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
