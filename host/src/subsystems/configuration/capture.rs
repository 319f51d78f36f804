//! What the site is configured by now.

use std::collections::{BTreeMap, BTreeSet};

use super::content_type::TypeFile;
use super::model::{Configuration, FormatFile, LinkFile, MenuFile, PluginFile, RoleFile, gone};
use super::{Error, settings};
use crate::subsystems::format::Definition;
use crate::subsystems::menu::Entry;
use crate::subsystems::plugin::State;
use crate::subsystems::variable::SITE;
use crate::subsystems::{Session, item};

/// Reads the configuration of the site.
///
/// # Errors
/// The database failed.
pub async fn capture(session: &Session) -> Result<Configuration, Error> {
    let services = session.services();
    let stored = |name: &str| services.variables.stored(SITE, name);
    let site = settings::ALL
        .iter()
        .filter_map(|(name, _)| Some(((*name).to_owned(), stored(name)?)));
    let types = services.item_types.all();
    Ok(Configuration {
        site: site.collect(),
        plugins: plugins(session).await?,
        formats: formats(session),
        item_types: types
            .iter()
            .map(|of| (of.name.clone(), TypeFile::of(of)))
            .collect(),
        roles: roles(session),
        menus: menus(session),
    })
}

async fn plugins(session: &Session) -> Result<BTreeMap<String, PluginFile>, Error> {
    let services = session.services();
    let records = services.plugins.records().await?;
    let enabled = records
        .into_iter()
        .filter(|record| record.state == State::Enabled);
    let file = |name: &str, capabilities: Vec<String>| {
        let declared = session
            .registry()
            .get(name)
            .map(|plugin| plugin.manifest.config.keys().cloned().collect::<Vec<_>>());
        let names = declared.unwrap_or_default().into_iter();
        PluginFile {
            agreed: capabilities.into_iter().collect(),
            settings: names
                .filter_map(|setting| {
                    let value = services.variables.stored(name, &setting)?;
                    Some((setting, value))
                })
                .collect(),
        }
    };
    Ok(enabled
        .map(|record| {
            let file = file(&record.name, record.capabilities);
            (record.name, file)
        })
        .collect())
}

/// Formats that every site has, as every site has them, come with the program.
fn formats(session: &Session) -> BTreeMap<String, FormatFile> {
    let built_in = Definition::built_in();
    let changed = session.services().formats.definitions().into_iter();
    changed
        .filter(|format| !built_in.contains(format))
        .map(|format| {
            let file = FormatFile {
                label: format.label,
                filters: format.filters,
            };
            (format.name, file)
        })
        .collect()
}

/// The permissions that somebody declares. What was granted and nobody declares now is no configuration: it waits for
/// whoever declared it.
fn declared(session: &Session, leaving: &[&str]) -> BTreeSet<String> {
    let catalogue = session.services().access.catalogue_without(session, leaving);
    let there = catalogue.into_iter().filter(|group| !group.gone);
    there
        .flat_map(|group| group.permissions)
        .map(|permission| permission.name)
        .collect()
}

/// The permissions that there will be with these content types and formats in the place of those that there are, and
/// without the plugins that leave.
pub(super) fn declared_with(
    session: &Session,
    present: &Configuration,
    wanted: &Configuration,
) -> BTreeSet<String> {
    let of = |configuration: &Configuration| {
        let types = configuration.item_types.iter();
        let types: Vec<_> = types
            .map(|(name, of)| std::sync::Arc::new(of.item_type(name)))
            .collect();
        let content = item::permissions(&types)
            .into_iter()
            .map(|permission| permission.name);
        let formats = configuration
            .formats
            .keys()
            .map(|name| crate::subsystems::format::permission(name));
        content.chain(formats).collect::<BTreeSet<String>>()
    };
    let leaving: Vec<&str> = gone(&wanted.plugins, &present.plugins)
        .map(String::as_str)
        .collect();
    let mut declared = declared(session, &leaving);
    let going = of(present);
    // Formats that come with the program can't go.
    let built_in: BTreeSet<String> = Definition::built_in()
        .iter()
        .map(|format| crate::subsystems::format::permission(&format.name))
        .collect();
    declared.retain(|name| !going.contains(name) || built_in.contains(name));
    declared.extend(of(wanted));
    declared
}

fn roles(session: &Session) -> BTreeMap<String, RoleFile> {
    let services = session.services();
    let declared = declared(session, &[]);
    let requiring = services.two_factor.requirement().roles();
    let roles = services.access.roles();
    let file = |role: &crate::subsystems::access::Role| RoleFile {
        label: role.label.clone(),
        weight: role.weight,
        second_factor: requiring.contains(&role.id),
        permissions: services
            .access
            .of_role(role.id)
            .iter()
            .filter(|permission| declared.contains(*permission))
            .cloned()
            .collect(),
    };
    roles.iter().map(|role| (role.name.clone(), file(role))).collect()
}

fn menus(session: &Session) -> BTreeMap<String, MenuFile> {
    let menus = &session.services().menus;
    let file = |name: &str, label: String| {
        let links = menus.stored(name);
        let keys: BTreeSet<&str> = links.iter().map(|link| link.key.as_str()).collect();
        MenuFile {
            label,
            links: below(&links, None, &keys),
        }
    };
    menus
        .all()
        .into_iter()
        .map(|menu| {
            let file = file(&menu.name, menu.label);
            (menu.name, file)
        })
        .collect()
}

/// No link lies below itself: whatever stores links refuses that, so this comes to an end.
fn below(links: &[Entry], parent: Option<&str>, keys: &BTreeSet<&str>) -> Vec<LinkFile> {
    let here = links.iter().filter(|link| {
        let above = link.parent.as_deref().filter(|above| keys.contains(above));
        above == parent
    });
    here.map(|link| LinkFile {
        title: link.title.clone(),
        path: link.path.clone(),
        plugin: link.declared,
        hidden: !link.shown,
        below: below(links, Some(&link.key), keys),
    })
    .collect()
}
