//! Putting a configuration in force: one transaction over the subsystems, then each takes up what was stored.

use std::collections::BTreeSet;
use std::fmt::Display;

use serde_json::Value as Json;

use super::capture::declared_with;
use super::check::{definition, laid_out};
use super::model::{changed, gone};
use super::{Configuration, Error};
use crate::db::{self, Tx};
use crate::subsystems::access::Wanted;
use crate::subsystems::audit::Entry;
use crate::subsystems::cache::Recorded;
use crate::subsystems::item_type::Held;
use crate::subsystems::menu::Menu;
use crate::subsystems::variable::{self, SITE};
use crate::subsystems::{Services, Session};

/// Makes the site what the configuration says, all or nothing. Plugins are not touched, but for their settings.
///
/// Whoever calls has looked for problems. What needs no change is left alone.
///
/// # Errors
/// Then nothing has changed, but for [`Error::Stored`]: then everything has, and something of it does not hold in this
/// process yet.
#[tracing::instrument(name = "configuration.apply", level = "debug", skip_all)]
pub async fn apply(session: &Session, present: &Configuration, wanted: &Configuration) -> Result<(), Error> {
    let services = session.services();
    let types = services.item_types.hold(session).await?;
    let mut tx = services.db.begin().await?;
    let work = Work {
        session,
        services,
        present,
        wanted,
    };
    let mut dropped = work.item_types(&mut tx, &types).await?;
    work.formats(&mut tx).await?;
    dropped.extend(work.roles(&mut tx).await?);
    dropped.extend(work.menus(&mut tx).await?);
    work.settings(&mut tx).await?;
    let files = changed(&wanted.texts()?, &present.texts()?).count()
        + gone(&wanted.texts()?, &present.texts()?).count();
    let entry = Entry::new("configuration.import").with("files", Json::from(files));
    services
        .audit
        .record_in(&mut tx, session.request(), entry)
        .await?;
    tx.commit().await?;
    take_effect(session, types, dropped).await
}

/// Has what was stored hold here. Nothing that fails keeps the rest from it.
async fn take_effect(session: &Session, types: Held<'_>, dropped: Vec<Recorded>) -> Result<(), Error> {
    let services = session.services();
    let mut failures = Failures::default();
    for dropped in dropped {
        services.cache.take_effect(dropped).await;
    }
    failures.note("content types", types.take_effect().await);
    failures.note("text formats", services.formats.take_effect().await);
    failures.note("roles", services.access.take_effect().await);
    let requirement = services.two_factor.requirement();
    failures.note("second factors", requirement.follow().await);
    failures.note("menus", services.menus.take_effect().await);
    let changed = failures.note("settings", services.variables.refresh().await);
    for (plugin, name) in changed.into_iter().flatten() {
        variable::announce(session, &plugin, &name).await;
    }
    services.changes.tell().await;
    failures.told()
}

/// What went wrong after everything was stored.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn note<T>(&mut self, what: &str, done: Result<T, impl Display>) -> Option<T> {
        done.map_err(|error| self.0.push(format!("{what}: {error}"))).ok()
    }

    fn told(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Stored(self.0))
        }
    }
}

struct Work<'a> {
    session: &'a Session,
    services: &'a Services,
    present: &'a Configuration,
    wanted: &'a Configuration,
}

impl Work<'_> {
    async fn item_types(&self, tx: &mut Tx, types: &Held<'_>) -> Result<Vec<Recorded>, Error> {
        let mut dropped = Vec::new();
        for (name, file) in changed(&self.wanted.item_types, &self.present.item_types) {
            dropped.push(types.put(tx, self.session, file.item_type(name)).await?);
        }
        for name in gone(&self.wanted.item_types, &self.present.item_types) {
            dropped.push(types.delete(tx, self.session, name).await?);
        }
        Ok(dropped)
    }

    async fn formats(&self, tx: &mut Tx) -> Result<(), Error> {
        let formats = &self.services.formats;
        for (name, file) in changed(&self.wanted.formats, &self.present.formats) {
            formats.save_in(tx, self.session, &definition(name, file)).await?;
        }
        for name in gone(&self.wanted.formats, &self.present.formats) {
            formats.remove_in(tx, self.session, name).await?;
        }
        Ok(())
    }

    async fn roles(&self, tx: &mut Tx) -> Result<Vec<Recorded>, Error> {
        let access = &self.services.access;
        let requirement = self.services.two_factor.requirement();
        let declared: BTreeSet<String> = declared_with(self.session, self.present, self.wanted);
        for (name, file) in changed(&self.wanted.roles, &self.present.roles) {
            let wanted = Wanted {
                name,
                label: &file.label,
                weight: file.weight,
                permissions: &file.permissions,
            };
            let role = access.put_in(tx, self.session, &wanted, &declared).await?;
            requirement
                .set_in(tx, self.session.request(), role.id, file.second_factor)
                .await?;
        }
        let mut dropped = Vec::new();
        for name in gone(&self.wanted.roles, &self.present.roles) {
            let role = access
                .role_named(name)
                .ok_or(crate::subsystems::access::Error::NotFound)?;
            dropped.push(access.delete_in(tx, self.session, &role).await?);
        }
        Ok(dropped)
    }

    async fn menus(&self, tx: &mut Tx) -> Result<Vec<Recorded>, Error> {
        let menus = &self.services.menus;
        let mut dropped = Vec::new();
        // A link that goes from one menu to another has left the first before it comes into the second.
        for name in gone(&self.wanted.menus, &self.present.menus) {
            dropped.push(menus.delete_in(tx, self.session, name).await?);
        }
        for (name, file) in changed(&self.wanted.menus, &self.present.menus) {
            let menu = Menu {
                name: name.clone(),
                label: file.label.clone(),
            };
            let links = menus.laid_out(name, laid_out(file));
            dropped.push(menus.put_in(tx, self.session, &menu, links).await?);
        }
        Ok(dropped)
    }

    async fn settings(&self, tx: &mut Tx) -> db::Result<()> {
        let variables = &self.services.variables;
        let none = std::collections::BTreeMap::new();
        let own = std::iter::once((SITE, &self.wanted.site, &self.present.site));
        let plugins = self.wanted.plugins.iter().map(|(name, file)| {
            let present = self.present.plugins.get(name);
            (
                name.as_str(),
                &file.settings,
                present.map_or(&none, |present| &present.settings),
            )
        });
        for (owner, wanted, present) in own.chain(plugins) {
            for (name, value) in changed(wanted, present) {
                variables.store_in(tx, owner, name, Some(value)).await?;
            }
            for name in gone(wanted, present) {
                variables.store_in(tx, owner, name, None).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_after_all_is_stored_is_told_together_and_as_stored() {
        let mut failures = Failures::default();
        assert_eq!(failures.note("roles", Ok::<_, String>(1)), Some(1));
        assert!(Failures::default().told().is_ok());
        assert_eq!(failures.note("menus", Err::<(), _>("away")), None);
        assert_eq!(failures.note("settings", Err::<(), _>("full")), None);
        let told = failures.told().unwrap_err().to_string();
        assert_eq!(
            told,
            "everything is stored, but not all of it holds here yet: menus: away; settings: full; a server that runs takes \
             it up by itself"
        );
    }
}
