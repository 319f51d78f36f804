//! Enabling, upgrading, disabling and uninstalling, while the site runs.

use std::sync::Arc;

use super::load::{build, build_aside};
use super::store::{self, Record, State};
use super::tell::{tell, tell_upgrade};
use super::{Error, Package, Plugins};
use crate::subsystems::{Plugin, Session, Site, plugin_table};
use crate::taps;

/// How many earlier versions of a plugin one can go back to.
const EARLIER: u32 = 5;

/// What enabling a plugin did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was installed and enabled.
    Installed,
    /// It was enabled again.
    Enabled,
    /// It replaced another version.
    Upgraded,
    /// It was enabled already, in this version.
    Unchanged,
    /// It is back in a version that it had before.
    RolledBack,
}

/// What takes the place of a plugin's version.
pub(super) struct Next<'a> {
    pub(super) package: &'a Package,
    pub(super) plugin: Arc<Plugin>,
    pub(super) digest: String,
    /// The capabilities that an administrator has agreed to.
    pub(super) agreed: &'a [String],
    /// Whether it is one that was at work before.
    pub(super) returns: bool,
}

impl Plugins {
    /// What a plugin asks for, in words. It is compiled and checked for that.
    ///
    /// # Errors
    /// It can't be loaded.
    pub fn capabilities(&self, site: &Site, name: &str) -> Result<Vec<String>, Error> {
        self.capabilities_of(site, &self.available.find(name)?)
    }

    /// As [`Self::capabilities`], of a package that may be anywhere.
    ///
    /// # Errors
    /// It can't be loaded.
    pub fn capabilities_of(&self, site: &Site, package: &Package) -> Result<Vec<String>, Error> {
        let plugin = build(
            site,
            package,
            &package.digest()?,
            self.health_of(&package.manifest.name),
        )?;
        Ok(plugin.capabilities.clone())
    }

    /// Enables a plugin as it is found, or puts it in the place of the version that is at work. `agreed` are the
    /// capabilities that an administrator has agreed to.
    ///
    /// # Errors
    /// Nothing has changed then, but for columns that an upgrade's migration may have added.
    pub async fn enable(&self, site: &Site, name: &str, agreed: &[String]) -> Result<Outcome, Error> {
        self.enable_package(site, &self.available.find(name)?, agreed)
            .await
    }

    /// As [`Self::enable`], of a package that may be anywhere.
    ///
    /// # Errors
    /// As [`Self::enable`].
    pub async fn enable_package(
        &self,
        site: &Site,
        package: &Package,
        agreed: &[String],
    ) -> Result<Outcome, Error> {
        let name = &package.manifest.name;
        let digest = package.digest()?;
        let changing = self.changing.lock().await;
        let before = self.record(name).await?;
        if before
            .as_ref()
            .is_some_and(|record| record.state == State::Enabled && record.digest == digest)
            && site.registry().get(name).is_some()
        {
            return Ok(Outcome::Unchanged);
        }
        let plugin = build_aside(site, package, &digest, self.health_of(name)).await?;
        let next = Next {
            package,
            plugin,
            digest,
            agreed,
            returns: false,
        };
        let outcome = self.replace(site, next, before).await?;
        drop(changing);
        self.reload(site).await?;
        Ok(outcome)
    }

    /// Puts a version in the place of another. Whoever calls holds the lock of changes, and reloads.
    pub(super) async fn replace(
        &self,
        site: &Site,
        next: Next<'_>,
        before: Option<Record>,
    ) -> Result<Outcome, Error> {
        consent(&next.plugin, next.agreed)?;
        self.kept.keep(next.package, &next.digest)?;
        next.plugin.health.pardon();
        self.switch(site, next, before).await
    }

    async fn switch(&self, site: &Site, next: Next<'_>, before: Option<Record>) -> Result<Outcome, Error> {
        let Next {
            package,
            plugin,
            digest,
            agreed,
            returns,
        } = next;
        let manifest = &package.manifest;
        let running = site.registry();
        let mut plugins: Vec<_> = running.plugins().to_vec();
        plugins.retain(|other| other.manifest.name != manifest.name);
        plugins.push(plugin);
        let registry = site.arrange(plugins.clone())?;
        let session = site.session_over(self.system_request(), registry.clone());
        let migration = self.migrate(package, &digest, before.as_ref()).await?;
        let outcome = match &before {
            None => Outcome::Installed,
            Some(_) if returns => Outcome::RolledBack,
            Some(record) if record.digest != digest => Outcome::Upgraded,
            Some(_) => Outcome::Enabled,
        };
        let outgrown = self
            .tables
            .lend_outgrown(manifest)
            .map_err(|error| tables(package, error))?;
        let told = self
            .tell_of_enabling(&session, &manifest.name, outcome, before.as_ref())
            .await;
        drop((session, outgrown));
        // Declarations are tried last: they may depend on what the taps have set up.
        let arranged = match told {
            Ok(()) => self
                .arrange(site, plugins)
                .await
                .map(drop)
                .map_err(|(_, error)| error),
            Err(error) => Err(error),
        };
        if let Err(error) = arranged {
            if before.is_none() {
                self.remove(package, migration).await?;
            }
            return Err(error);
        }
        let record = Record {
            name: manifest.name.clone(),
            version: manifest.version.to_string(),
            state: State::Enabled,
            capabilities: agreed.to_vec(),
            migration,
            digest,
        };
        self.note(package, &record, before.filter(|_| returns)).await?;
        Ok(outcome)
    }

    async fn tell_of_enabling(
        &self,
        session: &Session,
        name: &str,
        outcome: Outcome,
        before: Option<&Record>,
    ) -> Result<(), Error> {
        let Some(plugin) = session.registry().get(name) else {
            return Ok(());
        };
        match (outcome, before) {
            (Outcome::Installed, _) => tell::<taps::Install>(session, plugin).await?,
            (Outcome::Upgraded, Some(record)) => tell_upgrade(session, plugin, &record.version).await?,
            _ => {}
        }
        tell::<taps::Enable>(session, plugin).await
    }

    /// Disables a plugin. Its tables and settings stay.
    ///
    /// # Errors
    /// Others need it, or its `disable` tap refuses.
    pub async fn disable(&self, site: &Site, name: &str) -> Result<(), Error> {
        let changing = self.changing.lock().await;
        let record = self
            .record(name)
            .await?
            .filter(|record| record.state == State::Enabled);
        let record = record.ok_or_else(|| Error::NotEnabled(name.to_owned()))?;
        let registry = site.registry();
        let needed_by = self.dependants(site, name);
        if !needed_by.is_empty() {
            return Err(Error::Needed {
                name: name.to_owned(),
                needed_by,
            });
        }
        if let Some(plugin) = registry.get(name) {
            let session = site.session(self.system_request());
            tell::<taps::Disable>(&session, plugin).await?;
        }
        self.save(&Record {
            state: State::Disabled,
            ..record
        })
        .await?;
        drop(changing);
        self.reload(site).await
    }

    /// Removes a disabled plugin with its tables and settings. Content stays.
    ///
    /// # Errors
    /// It is enabled, or its `uninstall` tap refuses.
    pub async fn uninstall(&self, site: &Site, name: &str) -> Result<(), Error> {
        let _changing = self.changing.lock().await;
        let record = self
            .record(name)
            .await?
            .ok_or_else(|| Error::NotEnabled(name.to_owned()))?;
        if record.state == State::Enabled {
            return Err(Error::Enabled(name.to_owned()));
        }
        let package = self.installed(&record)?;
        // A plugin that can't be loaded any more must still be removable.
        if let Ok(plugin) = build(site, &package, &record.digest, self.health_of(name)) {
            let mut plugins = site.registry().plugins().to_vec();
            plugins.push(plugin);
            if let Ok(registry) = site.arrange(plugins) {
                let session = site.session_over(self.system_request(), registry.clone());
                if let Some(plugin) = registry.get(name) {
                    tell::<taps::Uninstall>(&session, plugin).await?;
                }
            }
        }
        let makers = self.maker_of_tables(&record).await?.unwrap_or(package);
        self.remove(&makers, record.migration).await?;
        self.variables.forget(name).await?;
        self.kept.forget(name);
        Ok(())
    }

    /// An installed plugin, as it was enabled last: its copy, or, on a node that has none, the same plugin where it
    /// is found.
    ///
    /// # Errors
    /// It is missing or damaged.
    pub fn installed(&self, record: &Record) -> Result<Package, Error> {
        let kept = self.kept.find(&record.name, &record.digest);
        if kept.is_ok() {
            return kept;
        }
        match self.available.find(&record.name) {
            Ok(package) if package.digest()? == record.digest => {
                self.kept.keep(&package, &record.digest)?;
                Ok(package)
            }
            _ => kept,
        }
    }

    pub(super) async fn record(&self, name: &str) -> Result<Option<Record>, Error> {
        Ok(store::load(&self.db)
            .await?
            .into_iter()
            .find(|record| record.name == name))
    }

    /// Stores that a version is at work, and from which one somebody went back to it. What it has no use for goes.
    async fn note(&self, package: &Package, record: &Record, withdrawn: Option<Record>) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if record.migration == plugin_table::newest(&package.manifest) {
            let dropped = self.tables.drop_outgrown(&package.manifest, &mut tx).await;
            dropped.map_err(|error| tables(package, error))?;
        }
        store::save(&mut tx, record, now).await?;
        store::note_version(&mut tx, record, now).await?;
        if let Some(withdrawn) = withdrawn.filter(|withdrawn| withdrawn.digest != record.digest) {
            store::withdraw(&mut tx, &withdrawn.name, &withdrawn.digest, now).await?;
        }
        store::forget_versions(&mut tx, &record.name, EARLIER).await?;
        tx.commit().await?;
        self.changes.tell().await;
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        store::save(&mut tx, record, self.clock.now()).await?;
        tx.commit().await?;
        self.changes.tell().await;
        Ok(())
    }

    /// Brings the plugin's tables up to date, and notes in the same transaction how far they are.
    async fn migrate(&self, package: &Package, digest: &str, before: Option<&Record>) -> Result<u32, Error> {
        let manifest = &package.manifest;
        let from = before.map_or(0, |record| record.migration);
        if let Some(record) = before
            && self.stands_on_tables(package, record).await?
        {
            return Ok(from);
        }
        let mut tx = self.db.begin().await?;
        let version = self.tables.apply(manifest, from, &mut tx).await;
        let migration = version.map_err(|error| tables(package, error))?;
        let record = match before {
            Some(record) if record.migration == migration => return Ok(migration),
            Some(record) => Record {
                migration,
                ..record.clone()
            },
            None => Record {
                name: manifest.name.clone(),
                version: manifest.version.to_string(),
                state: State::Disabled,
                capabilities: Vec::new(),
                migration,
                digest: digest.to_owned(),
            },
        };
        store::save(&mut tx, &record, self.clock.now()).await?;
        tx.commit().await?;
        self.changes.tell().await;
        Ok(migration)
    }

    /// Drops the plugin's tables and forgets that it was installed.
    async fn remove(&self, package: &Package, version: u32) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.tables
            .drop_all(&package.manifest, version, &mut tx)
            .await
            .map_err(|error| tables(package, error))?;
        store::remove(&mut tx, &package.manifest.name).await?;
        tx.commit().await?;
        self.changes.tell().await;
        Ok(())
    }
}

pub(super) fn tables(package: &Package, error: impl ToString) -> Error {
    Error::Tables {
        plugin: package.manifest.name.clone(),
        reason: error.to_string(),
    }
}

fn consent(plugin: &Plugin, agreed: &[String]) -> Result<(), Error> {
    let more: Vec<String> = plugin
        .capabilities
        .iter()
        .filter(|capability| !agreed.contains(capability))
        .cloned()
        .collect();
    if more.is_empty() {
        return Ok(());
    }
    Err(Error::Consent {
        name: plugin.manifest.name.clone(),
        more,
    })
}
