//! Reports: how the site fares, and what it has warned of.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;

use super::table::{Cell, Column, Empty, Filter, Row, Table};
use super::{AdminPage, Icon, Notice, SEE_REPORTS, of, render};
use crate::recent::{Entry, Recent};
use crate::subsystems::{Cx, Site};
use crate::time::Timestamp;
use crate::web::{Error, Page};

const LOG: &str = "/admin/reports/log";
/// What happened longer ago is not told on the dashboard.
const FRESH: Duration = Duration::from_secs(60 * 60);

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::section("/admin/reports", "Reports")
            .description("How the site fares")
            .icon(Icon::Reports)
            .weight(70),
        AdminPage::new("/admin/reports/status", "Status", get(status))
            .description("What works, what does not, and what to do about it")
            .keywords("health problems check doctor")
            .permission(SEE_REPORTS)
            .weight(-10),
        AdminPage::new(LOG, "Log", get(log))
            .description("The latest warnings and errors of this node")
            .keywords("errors warnings messages")
            .permission(SEE_REPORTS),
    ]
}

/// Everything that subsystems have to say, what matters most first.
async fn status(State(site): State<Site>) -> Page {
    let notices = site.services().notices(&site).await;
    let content = render(
        &site,
        "admin/status.html",
        &BTreeMap::from([("notices", notices)]),
    );
    Page::admin("Status", content.to_string())
}

async fn log(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let entries = of(&site).recent.entries();
    let plugins: BTreeSet<String> = entries.iter().map(|entry| entry.plugin.clone()).collect();
    let plugins = plugins.into_iter().filter(|plugin| !plugin.is_empty());
    let table = Table::new(LOG, "Warnings and errors")
        .column(Column::new("message", "What happened"))
        .column(Column::new("level", "Level"))
        .column(Column::new("plugin", "Plugin"))
        .column(Column::new("at", "When"))
        .filter(Filter::text("q", "Search"))
        .filter(Filter::choice(
            "level",
            "Level",
            [("error", "Errors"), ("warning", "Warnings")],
        ))
        .filter(Filter::choice(
            "plugin",
            "Plugin",
            plugins.map(|plugin| (plugin.clone(), plugin)),
        ))
        .empty(
            Empty::new("Nothing to report")
                .text("Since this node started, nothing has been logged that somebody should see to."),
        );
    let asked = table.asked(session.request())?;
    let text = asked.filter("q").unwrap_or_default().to_lowercase();
    let fits = |entry: &Entry| {
        let level = if entry.is_error { "error" } else { "warning" };
        asked.filter("level").is_none_or(|wanted| wanted == level)
            && asked.filter("plugin").is_none_or(|plugin| plugin == entry.plugin)
            && [&entry.message, &entry.fields, &entry.request]
                .iter()
                .any(|part| part.to_lowercase().contains(&text))
    };
    let found: Vec<Entry> = entries.into_iter().filter(fits).collect();
    let total = found.len() as u64;
    let rows = asked.page_of(found).into_iter().enumerate();
    let rows = rows.map(|(index, entry)| row(index, entry)).collect();
    let content = table.show(&site, &asked, rows, total);
    Ok(Page::admin("Log", content.to_string()))
}

fn row(index: usize, entry: Entry) -> Row {
    let (tone, level) = if entry.is_error {
        ("problem", "Error")
    } else {
        ("warning", "Warning")
    };
    let request = (!entry.request.is_empty()).then(|| format!("request {}", entry.request));
    let details: Vec<String> = request
        .into_iter()
        .chain(Some(entry.fields).filter(|fields| !fields.is_empty()))
        .collect();
    Row::new(index, entry.message.clone())
        .fixed()
        .cell(Cell::noted(entry.message, details.join(" ")))
        .cell(Cell::badge(tone, level))
        .cell(Cell::text(entry.plugin))
        .cell(Cell::time(entry.at))
}

/// What the dashboard and the status say about the log.
pub(super) fn notice(recent: &Recent, now: Timestamp) -> Notice {
    let fresh = |entry: &&Entry| entry.is_error && now.since(entry.at) < FRESH;
    match recent.entries().iter().filter(fresh).count() {
        0 => Notice::fine("Log", "No error in the last hour."),
        1 => Notice::warning("Log", "One error in the last hour.").action("See the log", LOG),
        errors => {
            Notice::warning("Log", format!("{errors} errors in the last hour.")).action("See the log", LOG)
        }
    }
}
