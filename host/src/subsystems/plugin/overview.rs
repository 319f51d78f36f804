//! The plugins at a glance: what is there, whether it works, and what it costs.

use std::time::Duration;

use super::{Error, Package, Plugins, Record, State};
use crate::kernel::Snapshot;
use crate::subsystems::Site;
use crate::taps;

/// How a plugin stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Enabled and at work.
    AtWork,
    /// Enabled, and left out for a while after repeated failures.
    Suspended,
    /// Enabled, and can't be put to work.
    NotAtWork,
    /// Installed, its tables and settings kept, and not at work.
    Disabled,
    /// Found, and never installed.
    Found,
    /// Found, and can't be read.
    Unreadable,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtWork => "At work",
            Self::Suspended => "Suspended",
            Self::NotAtWork => "Not at work",
            Self::Disabled => "Disabled",
            Self::Found => "Not installed",
            Self::Unreadable => "Can't be read",
        }
    }

    /// Whether somebody should see to it.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Suspended | Self::NotAtWork | Self::Unreadable)
    }
}

/// A plugin at a glance.
#[derive(Debug)]
pub struct Overview {
    /// Its name.
    pub name: String,
    /// What is found of it, else what is kept of it; none where neither can be read.
    pub package: Option<Package>,
    /// What the database says of it.
    pub record: Option<Record>,
    /// How it stands.
    pub standing: Standing,
    /// What keeps it from working, where something does.
    pub problem: String,
    /// For how much longer it is suspended.
    pub suspended_for: Duration,
    /// Whether what is found differs from what is at work.
    pub differs: bool,
    /// Its calls since the process started.
    pub calls: Snapshot,
}

impl Overview {
    /// What it does, in a line.
    #[must_use]
    pub fn description(&self) -> &str {
        self.package
            .as_ref()
            .map_or("", |package| package.manifest.description.as_str())
    }

    /// The version at work or installed, else the one that is found.
    #[must_use]
    pub fn version(&self) -> String {
        match (&self.record, &self.package) {
            (Some(record), _) => record.version.clone(),
            (None, Some(package)) => package.manifest.version.to_string(),
            (None, None) => String::new(),
        }
    }
}

impl Plugins {
    /// Every plugin that is found or was installed, by name.
    ///
    /// # Errors
    /// The database failed.
    pub async fn overview(&self, site: &Site) -> Result<Vec<Overview>, Error> {
        let mut found = self.available.all();
        let mut all = Vec::new();
        for record in self.records().await? {
            let package = found.remove(&record.name);
            all.push(self.glance(site, &record.name.clone(), Some(record), package));
        }
        all.extend(
            found
                .into_iter()
                .map(|(name, package)| self.glance(site, &name, None, Some(package))),
        );
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// One plugin at a glance.
    ///
    /// # Errors
    /// There is none of this name, or the database failed.
    pub async fn glance_at(&self, site: &Site, name: &str) -> Result<Overview, Error> {
        let record = self.record(name).await?;
        match self.available.find(name) {
            Err(error @ Error::NotFound { .. }) if record.is_none() => Err(error),
            Err(Error::NotFound { .. }) => Ok(self.glance(site, name, record, None)),
            package => Ok(self.glance(site, name, record, Some(package))),
        }
    }

    fn glance(
        &self,
        site: &Site,
        name: &str,
        record: Option<Record>,
        found: Option<Result<Package, Error>>,
    ) -> Overview {
        let unreadable = match &found {
            Some(Err(error)) => error.to_string(),
            _ => String::new(),
        };
        let found = found.and_then(Result::ok);
        let differs = match (&record, &found) {
            (Some(record), Some(package)) => package.digest().is_ok_and(|digest| digest != record.digest),
            _ => false,
        };
        let kept = || record.as_ref().and_then(|record| self.installed(record).ok());
        let package = found.or_else(kept);
        let enabled = record
            .as_ref()
            .is_some_and(|record| record.state == State::Enabled);
        let health = self.health_of(name);
        let suspended = health.suspended().filter(|_| enabled);
        let (standing, problem) = match (&record, &suspended) {
            (Some(_), Some((_, cause))) => (Standing::Suspended, cause.clone()),
            (Some(_), None) if enabled => match self.problems().remove(name) {
                Some(problem) => (Standing::NotAtWork, problem),
                None if site.registry().get(name).is_none() => {
                    (Standing::NotAtWork, "It is about to be put to work.".to_owned())
                }
                None => (Standing::AtWork, String::new()),
            },
            (Some(_), None) => (Standing::Disabled, unreadable),
            (None, _) if package.is_none() => (Standing::Unreadable, unreadable),
            (None, _) => (Standing::Found, String::new()),
        };
        let slots = 0..taps::NAMES.len();
        Overview {
            name: name.to_owned(),
            package,
            record,
            standing,
            problem,
            suspended_for: suspended.map(|(left, _)| left).unwrap_or_default(),
            differs,
            calls: slots.map(|slot| health.tap(slot)).fold(Snapshot::default(), add),
        }
    }

    /// The enabled plugins that need one.
    #[must_use]
    pub fn dependants(&self, site: &Site, name: &str) -> Vec<String> {
        let registry = site.registry();
        let needing = registry
            .plugins()
            .iter()
            .filter(|plugin| plugin.manifest.depends.contains_key(name));
        needing.map(|plugin| plugin.manifest.name.clone()).collect()
    }

    /// What a plugin asks for, in words, found out away from the threads that serve pages.
    ///
    /// # Errors
    /// It can't be loaded.
    pub async fn wishes(&self, site: &Site, package: &Package) -> Result<Vec<String>, Error> {
        let digest = package.digest()?;
        let health = self.health_of(&package.manifest.name);
        let plugin = super::load::build_aside(site, package, &digest, health).await?;
        Ok(plugin.capabilities.clone())
    }

    /// Ends a plugin's suspension: its next call is made. Says whether it was suspended.
    ///
    /// # Errors
    /// It is not at work.
    pub fn resume(&self, site: &Site, name: &str) -> Result<bool, Error> {
        let registry = site.registry();
        let plugin = registry
            .get(name)
            .ok_or_else(|| Error::NotEnabled(name.to_owned()))?;
        let was_suspended = plugin.health.suspended().is_some();
        plugin.health.pardon();
        if was_suspended {
            tracing::info!(plugin.name = name, "the plugin '{name}' is tried again by hand");
        }
        Ok(was_suspended)
    }
}

fn add(sum: Snapshot, more: Snapshot) -> Snapshot {
    Snapshot {
        calls: sum.calls + more.calls,
        failures: sum.failures + more.failures,
        time: sum.time + more.time,
    }
}
