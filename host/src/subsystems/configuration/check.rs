//! Whether a configuration makes sense on this site. Everything that is wrong is found at once.

use std::collections::{BTreeMap, BTreeSet};

use super::capture::declared_with;
use super::content_type::{FieldFile, TypeFile};
use super::model::{
    FORMATS, FormatFile, ITEM_TYPES, LinkFile, MENUS, MenuFile, PLUGINS, ROLES, SITE, changed, file_of,
};
use super::{Configuration, Error, Problem, references, settings};
use crate::kernel::suggest;
use crate::subsystems::access::{self, Role};
use crate::subsystems::format::Definition;
use crate::subsystems::menu::{self, Menu};
use crate::subsystems::{Session, alias, item_type, variable};

/// What is wrong with a configuration that is to come in the place of the present one. What plugins declare is not known
/// while they are still to be enabled (`plugins_come`): permissions are judged when they are. Those that are to be
/// disabled count as gone.
///
/// # Errors
/// The database failed.
pub async fn problems(
    session: &Session,
    present: &Configuration,
    wanted: &Configuration,
    plugins_come: bool,
) -> Result<Vec<Problem>, Error> {
    let mut problems = site(wanted);
    problems.extend(plugin_settings(session, wanted));
    problems.extend(formats(wanted));
    problems.extend(item_types(session, present, wanted).await?);
    problems.extend(references::problems(present, wanted));
    problems.extend(roles(session, wanted));
    if !plugins_come {
        problems.extend(permissions(session, present, wanted));
    }
    problems.extend(menus(session, wanted));
    problems.sort();
    Ok(problems)
}

pub(super) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    suggest(word, known).map_or_else(String::new, |meant| format!("; did you mean '{meant}'?"))
}

fn site(wanted: &Configuration) -> Vec<Problem> {
    let problem = |(name, value): (&String, &serde_json::Value)| {
        let known = settings::ALL.iter().find(|(known, _)| known == name);
        let words = match known {
            Some((_, takes)) => settings::wrong(takes, value)?,
            None => {
                let names = settings::ALL.iter().map(|(name, _)| *name);
                format!("there is no such setting{}", did_you_mean(name, names))
            }
        };
        Some(Problem::new(SITE, name, words))
    };
    wanted.site.iter().filter_map(problem).collect()
}

fn plugin_settings(session: &Session, wanted: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, file) in &wanted.plugins {
        let Some(plugin) = session.registry().get(name) else {
            continue;
        };
        for (setting, value) in &file.settings {
            let place = format!("settings.{setting}");
            let words = match plugin.manifest.config.get(setting) {
                Some(declared) => variable::read(setting, declared, value).err(),
                None => {
                    let names = plugin.manifest.config.keys().map(String::as_str);
                    Some(format!(
                        "the plugin has no such setting{}",
                        did_you_mean(setting, names)
                    ))
                }
            };
            problems.extend(words.map(|words| Problem::new(file_of(PLUGINS, name), place, words)));
        }
    }
    problems
}

fn formats(wanted: &Configuration) -> Vec<Problem> {
    let problem = |(name, file): (&String, &FormatFile)| {
        let error = definition(name, file).check().err()?;
        Some(Problem::new(file_of(FORMATS, name), "", error.to_string()))
    };
    wanted.formats.iter().filter_map(problem).collect()
}

async fn item_types(
    session: &Session,
    present: &Configuration,
    wanted: &Configuration,
) -> Result<Vec<Problem>, Error> {
    let types = &session.services().item_types;
    let mut problems = Vec::new();
    for (name, file) in changed(&wanted.item_types, &present.item_types) {
        let path = file_of(ITEM_TYPES, name);
        let of = file.item_type(name);
        let wrong = match types.in_place(of.clone()) {
            Ok(of) => item_type::problems(&of),
            Err(item_type::Error::Invalid(wrong)) => wrong,
            Err(error) => return Err(error.into()),
        };
        problems.extend(
            wrong
                .into_iter()
                .map(|wrong| Problem::new(path.as_str(), wrong.path, wrong.message)),
        );
        if let Some(pattern) = &file.path_pattern
            && let Err(words) = alias::check_pattern(pattern, &of)
        {
            problems.push(Problem::new(path.as_str(), "path_pattern", words));
        }
        let before = present.item_types.get(name);
        for field in fields_of_another_kind(before, file) {
            let usage = types.usage_of_field(name, field).await?;
            if usage.items + usage.revisions > 0 {
                let words = format!(
                    "the site has this field with another type, and values of that in {} items and {} revisions; give \
                     the field another name, or remove it and purge what it holds first",
                    usage.items, usage.revisions
                );
                problems.push(Problem::new(path.as_str(), format!("{field}.type"), words));
            }
        }
    }
    Ok(problems)
}

fn fields_of_another_kind<'a>(
    before: Option<&'a TypeFile>,
    wanted: &'a TypeFile,
) -> impl Iterator<Item = &'a str> {
    let before = before.into_iter().flat_map(|before| &before.fields);
    let differs = |field: &&FieldFile| {
        let kept = wanted.fields.iter().find(|kept| kept.name == field.name);
        kept.is_some_and(|kept| kept.kind.base().key() != field.kind.base().key())
    };
    before.filter(differs).map(|field| field.name.as_str())
}

fn permissions(session: &Session, present: &Configuration, wanted: &Configuration) -> Vec<Problem> {
    let known = declared_with(session, present, wanted);
    let mut problems = Vec::new();
    for (name, file) in &wanted.roles {
        for permission in file.permissions.difference(&known) {
            let words = format!(
                "there is no permission '{permission}'{}",
                did_you_mean(permission, known.iter().map(String::as_str))
            );
            problems.push(Problem::new(file_of(ROLES, name), "permissions", words));
        }
    }
    problems
}

fn roles(session: &Session, wanted: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    let built_in = session.services().access.roles();
    for role in built_in.iter().filter(|role| role.is_built_in()) {
        if !wanted.roles.contains_key(&role.name) {
            let words =
                "the file is missing, and every site has this role; `trovato config export` writes it";
            problems.push(Problem::new(file_of(ROLES, &role.name), "", words));
        }
    }
    for (name, file) in &wanted.roles {
        let path = file_of(ROLES, name);
        let role = Role {
            id: access::ANONYMOUS,
            name: name.clone(),
            label: file.label.clone(),
            weight: file.weight,
        };
        if let Err(error) = access::check(&role) {
            problems.push(Problem::new(path.as_str(), "", error.to_string()));
        }
        if file.second_factor
            && built_in
                .iter()
                .any(|role| role.id == access::ANONYMOUS && role.name == *name)
        {
            let words = "visitors have no second factor; take it out";
            problems.push(Problem::new(path.as_str(), "second_factor", words));
        }
    }
    problems
}

fn menus(session: &Session, wanted: &Configuration) -> Vec<Problem> {
    let mut problems = Vec::new();
    for name in menu::BUILT_IN
        .iter()
        .filter(|name| !wanted.menus.contains_key(**name))
    {
        let words = "the file is missing, and every site has this menu; `trovato config export` writes it";
        problems.push(Problem::new(file_of(MENUS, name), "", words));
    }
    for (name, file) in &wanted.menus {
        let menu = Menu {
            name: name.clone(),
            label: file.label.clone(),
        };
        let links = session.services().menus.laid_out(name, laid_out(file));
        if let Err(error) = menu::check(&menu, &links) {
            let (place, words) = match error {
                menu::Error::Invalid { place, problem } => (in_file(&place, file), problem),
                error => (String::new(), error.to_string()),
            };
            problems.push(Problem::new(file_of(MENUS, name), place, words));
        }
    }
    problems.extend(links_of_two_menus(&wanted.menus));
    if wanted.menus.len() > menu::MOST_MENUS {
        let words = format!("a site has at most {} menus", menu::MOST_MENUS);
        problems.push(Problem::new(MENUS, "", words));
    }
    problems
}

/// The links of a menu in the order in which they stand in its file, each with the place of the one above.
pub(super) fn laid_out(file: &MenuFile) -> Vec<menu::Laid> {
    let mut all = Vec::new();
    lay_out(&file.links, None, &mut all);
    all
}

fn lay_out(links: &[LinkFile], above: Option<usize>, all: &mut Vec<menu::Laid>) {
    for link in links {
        let here = all.len();
        all.push(menu::Laid {
            title: link.title.clone(),
            path: link.path.clone(),
            shown: !link.hidden,
            declared: link.plugin,
            above,
        });
        lay_out(&link.below, Some(here), all);
    }
}

/// The place of a problem in a file: the text of the link, which is found faster than its number.
fn in_file(place: &str, file: &MenuFile) -> String {
    let named = || {
        let (index, field) = place.strip_prefix("links.")?.split_once('.')?;
        let links = laid_out(file);
        let link = links.get(index.parse::<usize>().ok()?)?;
        Some(format!("the link '{}' to '{}', {field}", link.title, link.path))
    };
    named().unwrap_or_else(|| place.to_owned())
}

/// A plugin's link stands once, in one menu.
fn links_of_two_menus(menus: &BTreeMap<String, MenuFile>) -> Vec<Problem> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    for (name, file) in menus {
        for link in laid_out(file).into_iter().filter(|link| link.declared) {
            if !seen.insert(link.path.clone()) {
                let words = format!("the plugin's link to {} stands somewhere else already", link.path);
                problems.push(Problem::new(file_of(MENUS, name), "", words));
            }
        }
    }
    problems
}

/// The definition of a format as it is stored.
pub(super) fn definition(name: &str, file: &FormatFile) -> Definition {
    Definition {
        name: name.to_owned(),
        label: file.label.clone(),
        filters: file.filters.clone(),
    }
}
