//! What a plugin is and declares, found out without enabling it.

use std::sync::Arc;

use super::declared::{declaration, declaring_request, field_types, item_types};
use super::lifecycle::tables;
use super::load::build;
use super::{Error, Package, Plugins};
use crate::kernel::{Health, Tap};
use crate::subsystems::item_type::{FieldTypeDeclaration, FieldTypes, ItemType};
use crate::subsystems::menu::Table;
use crate::subsystems::{Plugin, Site};
use crate::taps;
use crate::wit::declarations::{Permission, Route};

/// What was found out about a plugin.
#[derive(Default)]
pub struct Inspection {
    /// The plugin, compiled and linked; none where that failed.
    pub plugin: Option<Arc<Plugin>>,
    /// The field types that it declares.
    pub field_types: Vec<FieldTypeDeclaration>,
    /// The content types that it declares.
    pub types: Vec<ItemType>,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Its permissions.
    pub permissions: Vec<Permission>,
    /// Everything that would keep it from being enabled.
    pub problems: Vec<Error>,
}

impl Inspection {
    /// The names of the taps that the plugin answers.
    pub fn taps(&self) -> impl Iterator<Item = &'static str> {
        let slots = taps::NAMES.iter().copied().enumerate();
        slots
            .filter(|(slot, _)| self.plugin.as_ref().is_some_and(|plugin| plugin.answers(*slot)))
            .map(|(_, tap)| tap)
    }

    fn note<T: Default>(&mut self, found: Result<T, Error>) -> T {
        found.unwrap_or_else(|error| {
            self.problems.push(error);
            T::default()
        })
    }
}

impl Plugins {
    /// Compiles, checks and links a plugin, and asks it what it declares. Nothing is enabled and no table made.
    pub async fn inspect(&self, site: &Site, package: &Package) -> Inspection {
        let mut inspection = Inspection::default();
        let fits = self
            .tables
            .check(&package.manifest)
            .map_err(|error| tables(package, error));
        inspection.note(fits);
        if let Err(error) = self.try_out(site, package, &mut inspection).await {
            inspection.problems.push(error);
        }
        inspection
    }

    async fn try_out(
        &self,
        site: &Site,
        package: &Package,
        inspection: &mut Inspection,
    ) -> Result<(), Error> {
        let health = Arc::new(Health::new(taps::NAMES.len(), self.clock.clone()));
        let plugin = build(site, package, &package.digest()?, health)?;
        inspection.plugin = Some(plugin.clone());
        let registry = site.arrange(self.with_dependencies(site, plugin)?)?;
        let Some(plugin) = registry.get(&package.manifest.name) else {
            return Ok(());
        };
        if self.asks_for_more(plugin).await? {
            return Ok(());
        }
        // A plugin that has failed is out for the rest of its session: each tap gets one of its own.
        let session = || site.session_over(declaring_request(), registry.clone());
        let declared = field_types(&session(), plugin).await;
        inspection.field_types = inspection.note(declared);
        let types = item_types(&session(), plugin).await;
        inspection.types = inspection.note(types);
        let mut own = FieldTypes::default();
        own.add(inspection.field_types.iter().cloned());
        inspection.types.iter_mut().for_each(|of| own.settle(of));
        let routes = declaration::<taps::Menu, _>(&session(), plugin).await;
        inspection.routes = inspection.note(routes);
        let permissions = declaration::<taps::Perm, _>(&session(), plugin).await;
        inspection.permissions = inspection.note(permissions);
        let mut table = Table::default();
        for route in inspection.routes.clone() {
            let added = table.add(&plugin.manifest.name, route).map_err(Error::from);
            inspection.note(added);
        }
        if !inspection.routes.is_empty() && !plugin.answers(taps::Page::SLOT) {
            inspection.problems.push(Error::Declaration(format!(
                "Plugin '{}' declares routes and does not answer the tap 'page', which they lead to",
                plugin.manifest.name
            )));
        }
        Ok(())
    }

    /// Whether nobody has agreed to what the plugin asks for: its code does not run on this site then.
    async fn asks_for_more(&self, plugin: &Plugin) -> Result<bool, Error> {
        let record = self.record(&plugin.manifest.name).await?;
        let agreed = record.map(|record| record.capabilities).unwrap_or_default();
        let more = plugin
            .capabilities
            .iter()
            .any(|capability| !agreed.contains(capability));
        Ok(more && !self.throw_away)
    }

    /// A plugin with those that it needs, as far as they are found. One that is not found is named when the plugins
    /// are arranged.
    fn with_dependencies(&self, site: &Site, plugin: Arc<Plugin>) -> Result<Vec<Arc<Plugin>>, Error> {
        let mut plugins = vec![plugin];
        let mut next = 0;
        while let Some(plugin) = plugins.get(next).cloned() {
            for name in plugin.manifest.depends.keys() {
                if plugins.iter().any(|known| known.manifest.name == *name) {
                    continue;
                }
                if let Ok(package) = self.available.find(name) {
                    plugins.push(build(site, &package, &package.digest()?, self.health_of(name))?);
                }
            }
            next += 1;
        }
        Ok(plugins)
    }
}
