//! Going back to a version that was at work before, while the site runs.

use super::lifecycle::{Next, Outcome, tables};
use super::load::build_aside;
use super::store::{self, PastVersion, Record, State};
use super::{Error, Package, Plugins};
use crate::subsystems::Site;

/// How much of a digest names a version.
const SHORTEST_DIGEST: usize = 6;

/// What going back to an earlier version did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rollback {
    /// The version that was at work until then.
    pub from: String,
    /// The one that is at work now.
    pub to: PastVersion,
    /// [`Outcome::RolledBack`], or [`Outcome::Unchanged`] where that version was at work already.
    pub outcome: Outcome,
}

impl PastVersion {
    /// The version and the beginning of its digest, which tells it from others of that version.
    #[must_use]
    pub fn in_words(&self) -> String {
        let digest: String = self.digest.chars().take(12).collect();
        format!("{} ({digest})", self.version)
    }

    fn is_called(&self, wanted: &str) -> bool {
        self.version == wanted || (wanted.len() >= SHORTEST_DIGEST && self.digest.starts_with(wanted))
    }
}

impl Plugins {
    /// The versions of a plugin that are or were at work, the one that was put to work last first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn versions(&self, name: &str) -> Result<Vec<PastVersion>, Error> {
        Ok(store::versions(&self.db, name).await?)
    }

    /// The version that [`Self::rollback`] goes back to: the one that was at work before and that nobody has gone back
    /// from, or the one that `to` names, a version or at least six characters of a digest.
    ///
    /// # Errors
    /// [`Error::NoEarlier`] and [`Error::NoVersion`].
    pub async fn earlier(&self, record: &Record, to: Option<&str>) -> Result<PastVersion, Error> {
        let versions = self.versions(&record.name).await?;
        if let Some(wanted) = to {
            let known = versions.iter().map(PastVersion::in_words).collect();
            let named = versions.into_iter().find(|version| version.is_called(wanted));
            return named.ok_or_else(|| Error::NoVersion {
                name: record.name.clone(),
                wanted: wanted.to_owned(),
                known,
            });
        }
        let mut before = versions
            .into_iter()
            .skip_while(|version| version.digest != record.digest)
            .skip(1)
            .filter(|version| version.withdrawn.is_none());
        before.next().ok_or_else(|| Error::NoEarlier(record.name.clone()))
    }

    /// Puts a version to work that was at work before: see [`Self::earlier`] for which. What was agreed to then holds
    /// again. The plugin's tables stay as they are; columns and tables that the version does not know do no harm. Its
    /// `enable` tap is called, its `upgrade` tap is not. Running requests finish on the version that they began with.
    ///
    /// # Errors
    /// As [`Self::earlier`]; the copy is gone; the version can't use the tables as they are now; a tap refuses.
    /// Nothing has changed then.
    pub async fn rollback(&self, site: &Site, name: &str, to: Option<&str>) -> Result<Rollback, Error> {
        let changing = self.changing.lock().await;
        let record = self.record(name).await?;
        let record = record.ok_or_else(|| Error::NotEnabled(name.to_owned()))?;
        let version = self.earlier(&record, to).await?;
        let from = record.version.clone();
        if version.digest == record.digest
            && record.state == State::Enabled
            && site.registry().get(name).is_some()
        {
            return Ok(Rollback {
                from,
                to: version,
                outcome: Outcome::Unchanged,
            });
        }
        let package = self.copy_of(name, &version)?;
        let plugin = build_aside(site, &package, &version.digest, self.health_of(name)).await?;
        let next = Next {
            package: &package,
            plugin,
            digest: version.digest.clone(),
            agreed: &version.capabilities,
            returns: true,
        };
        let outcome = self.replace(site, next, Some(record)).await?;
        drop(changing);
        self.reload(site).await?;
        Ok(Rollback {
            from,
            to: version,
            outcome,
        })
    }

    fn copy_of(&self, name: &str, version: &PastVersion) -> Result<Package, Error> {
        let kept = self.kept.find(name, &version.digest);
        kept.or_else(|error| match self.available.find(name) {
            Ok(package) if package.digest()? == version.digest => Ok(package),
            _ => Err(Error::NoCopy {
                name: name.to_owned(),
                version: version.version.clone(),
                source: Box::new(error),
            }),
        })
    }

    /// Whether an embedded plugin that is enabled gives way to the program's own version of it. One that somebody has
    /// gone back from does not come again by itself.
    pub(super) async fn is_to_follow_the_program(&self, record: &Record) -> Result<bool, Error> {
        let digest = self.available.find(&record.name)?.digest()?;
        if digest == record.digest {
            return Ok(false);
        }
        let versions = self.versions(&record.name).await?;
        let withdrawn = |version: &PastVersion| version.digest == digest && version.withdrawn.is_some();
        Ok(!versions.iter().any(withdrawn))
    }

    /// The version that has made a plugin's tables as they are now: whoever went back from it has kept them.
    ///
    /// # Errors
    /// The database failed.
    pub async fn maker_of_tables(&self, record: &Record) -> Result<Option<Package>, Error> {
        if record.migration == 0 {
            return Ok(None);
        }
        let known = |package: &Package| {
            let newest = package.manifest.migrations.last();
            newest.map_or(0, |migration| migration.version) == record.migration
        };
        let versions = self.versions(&record.name).await?;
        let noted = versions.into_iter().map(|version| version.digest);
        // An upgrade that was refused after its migrations is noted nowhere; its copy is there.
        let mut digests = noted.chain(self.kept.digests(&record.name));
        Ok(digests.find_map(|digest| self.kept.find(&record.name, &digest).ok().filter(known)))
    }

    /// Whether the tables are newer than a version that can work with them all the same.
    ///
    /// # Errors
    /// It can't work with them, or was never meant for them.
    pub(super) async fn stands_on_tables(&self, package: &Package, record: &Record) -> Result<bool, Error> {
        let Some(maker) = self.maker_of_tables(record).await? else {
            return Ok(false);
        };
        self.tables
            .can_serve(&maker.manifest, record.migration, &package.manifest)
            .map_err(|error| tables(package, error))?;
        let newest = package.manifest.migrations.last();
        Ok(newest.map_or(0, |migration| migration.version) < record.migration)
    }
}
