//! One plugin: what it is, what it may do, how it fares, what can be done with it.

use axum::extract::{Path, State};
use serde::Serialize;

use super::resume::Resuming;
use super::{page_of, tone};
use crate::kernel::{Setting, Snapshot, Source};
use crate::subsystems::plugin::{Overview, Standing};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Cx, Site, admin, form};
use crate::taps;
use crate::web::{Action, Error, Page};

/// The variables of `admin/plugin.html`.
#[derive(Serialize)]
struct Shown {
    name: String,
    state: &'static str,
    tone: &'static str,
    problem: String,
    /// Seconds until a suspended plugin is tried again; 0 for one that is not suspended.
    suspended_s: u64,
    facts: Vec<(&'static str, Vec<String>)>,
    capabilities: Vec<String>,
    taps: Vec<TapShown>,
    settings: Vec<SettingShown>,
    /// Where the settings are changed; none where the plugin is not installed.
    settings_href: Option<String>,
    /// The button that ends a suspension; empty where there is none.
    resume: SafeHtml,
}

#[derive(Serialize)]
struct TapShown {
    name: &'static str,
    calls: u64,
    failures: u64,
    mean: String,
    total: String,
}

#[derive(Serialize)]
struct SettingShown {
    name: String,
    description: String,
    value: String,
    is_default: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
) -> Result<Page, Error> {
    let plugin = site.services().plugins.glance_at(&site, &name).await?;
    let mut shown = shown(&site, &plugin);
    if plugin.standing == Standing::Suspended {
        let resuming = Resuming {
            site: site.clone(),
            name: name.clone(),
        };
        shown.resume = form::embed(&session, &resuming).await?;
    }
    let content = admin::render(&site, "admin/plugin.html", &shown);
    let mut page = Page::admin(&name, content.to_string());
    page.description = plugin.description().to_owned();
    let versions = site.services().plugins.versions(&name).await?;
    page.actions = actions(&plugin, versions.len() > 1);
    Ok(page)
}

fn actions(plugin: &Overview, has_others: bool) -> Vec<Action> {
    let to = |what: &str| format!("{}/{what}", page_of(&plugin.name));
    match plugin.standing {
        Standing::Found => vec![Action::main("Enable", to("enable"))],
        Standing::Disabled => vec![
            Action::new("Uninstall", to("uninstall")),
            Action::main("Enable", to("enable")),
        ],
        Standing::Unreadable => Vec::new(),
        _ => {
            let upgrade = plugin.differs.then(|| Action::main("Upgrade", to("enable")));
            let others = has_others.then(|| Action::new("Another version", to("rollback")));
            std::iter::once(Action::new("Disable", to("disable")))
                .chain(others)
                .chain(upgrade)
                .collect()
        }
    }
}

fn shown(site: &Site, plugin: &Overview) -> Shown {
    Shown {
        name: plugin.name.clone(),
        state: plugin.standing.name(),
        tone: tone(plugin.standing),
        problem: plugin.problem.clone(),
        suspended_s: match plugin.standing {
            Standing::Suspended => plugin.suspended_for.as_secs() + 1,
            _ => 0,
        },
        facts: facts(site, plugin),
        capabilities: plugin
            .record
            .as_ref()
            .map(|record| record.capabilities.clone())
            .unwrap_or_default(),
        taps: taps_of(site, &plugin.name),
        settings: settings(site, plugin),
        settings_href: plugin
            .record
            .as_ref()
            .map(|record| format!("{}/settings", page_of(&record.name))),
        resume: SafeHtml::default(),
    }
}

/// What there is to know, each with one or more lines.
fn facts(site: &Site, plugin: &Overview) -> Vec<(&'static str, Vec<String>)> {
    let services = site.services();
    let mut facts = vec![
        ("Version", vec![plugin.version()]),
        ("Content types", services.item_types.labels_of(&plugin.name)),
        ("Pages", site.registry().noted().routes.paths_of(&plugin.name)),
        ("Needed by", services.plugins.dependants(site, &plugin.name)),
    ];
    if let Some(package) = &plugin.package {
        let manifest = &package.manifest;
        if plugin.differs {
            facts.push((
                "Found",
                vec![format!(
                    "{}, which differs from what is at work",
                    manifest.version
                )],
            ));
        }
        let needs = manifest
            .depends
            .iter()
            .map(|(name, range)| format!("{name} {range}"));
        let place = match &package.source {
            Source::Embedded(_) => "Part of the program".to_owned(),
            Source::File(path) => path.display().to_string(),
        };
        facts.extend([
            ("Needs", needs.collect()),
            ("Authors", manifest.authors.clone()),
            ("Licence", vec![manifest.license.clone()]),
            ("Place", vec![place]),
        ]);
    }
    for (_, lines) in &mut facts {
        lines.retain(|line| !line.is_empty());
    }
    facts.retain(|(_, lines)| !lines.is_empty());
    facts
}

/// The taps that a plugin at work answers, the dearest first.
fn taps_of(site: &Site, name: &str) -> Vec<TapShown> {
    let registry = site.registry();
    let Some(plugin) = registry.get(name) else {
        return Vec::new();
    };
    let answered = taps::NAMES
        .iter()
        .enumerate()
        .filter(|(slot, _)| plugin.answers(*slot));
    let mut counted: Vec<_> = answered
        .map(|(slot, tap)| (plugin.health.tap(slot), *tap))
        .collect();
    counted.sort_by(|(a, name_a), (b, name_b)| b.time.cmp(&a.time).then(name_a.cmp(name_b)));
    let shown = counted.into_iter().map(|(count, name)| TapShown {
        name,
        calls: count.calls,
        failures: count.failures,
        mean: milliseconds(&count),
        total: format!("{:.0} ms", count.time.as_secs_f64() * 1e3),
    });
    shown.collect()
}

/// The mean time of a call; nothing where there was none.
pub(super) fn milliseconds(count: &Snapshot) -> String {
    if count.calls == 0 {
        return String::new();
    }
    format!("{:.2} ms", count.mean().as_secs_f64() * 1e3)
}

fn settings(site: &Site, plugin: &Overview) -> Vec<SettingShown> {
    let Some(package) = &plugin.package else {
        return Vec::new();
    };
    let shown = |(name, setting): (&String, &Setting)| {
        let stored = site.services().variables.stored(&plugin.name, name);
        let value = match &stored {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => match &setting.default {
                toml::Value::String(text) => text.clone(),
                value => value.to_string(),
            },
        };
        SettingShown {
            name: if setting.title.is_empty() {
                name.clone()
            } else {
                setting.title.clone()
            },
            description: setting.description.clone(),
            value,
            is_default: stored.is_none(),
        }
    };
    package.manifest.config.iter().map(shown).collect()
}
