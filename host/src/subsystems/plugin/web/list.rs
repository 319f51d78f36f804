//! All plugins as a table.

use std::cmp::Ordering;

use axum::extract::State;

use super::{LIST, page_of, tone};
use crate::subsystems::admin::{Asked, Cell, Column, Empty, Filter, Row, RowAction, Table};
use crate::subsystems::plugin::{Overview, Standing};
use crate::subsystems::{Cx, Site};
use crate::web::{Error, Page};

pub(super) async fn list(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let service = &site.services().plugins;
    let table = table(&service.available().folder().display().to_string());
    let asked = table.asked(session.request())?;
    let mut found = service.overview(&site).await?;
    found.retain(|plugin| fits(plugin, &asked));
    found.sort_by(|a, b| {
        let order = order(a, b, asked.sort.unwrap_or_default());
        if asked.descending { order.reverse() } else { order }
    });
    let total = found.len() as u64;
    let rows = asked.page_of(found).iter().map(row).collect();
    let content = table.show(&site, &asked, rows, total);
    let mut page = Page::admin("Plugins", content.to_string());
    page.description =
        "What extends the site, what it may do, and how it fares since this node started.".to_owned();
    Ok(page)
}

fn table(folder: &str) -> Table {
    let states = [
        ("at-work", "At work"),
        ("trouble", "In trouble"),
        ("disabled", "Disabled"),
        ("found", "Not installed"),
    ];
    Table::new(LIST, "Plugins")
        .column(Column::new("name", "Plugin").sortable())
        .column(Column::new("state", "State").sortable())
        .column(Column::new("version", "Version"))
        .column(Column::new("calls", "Calls").sortable().number())
        .column(Column::new("failures", "Failures").sortable().number())
        .column(Column::new("time", "Time a call").sortable().number())
        .filter(Filter::text("q", "Search"))
        .filter(Filter::choice("state", "State", states))
        .sorted_by("name")
        .page_size(100)
        .empty(
            Empty::new("There are no plugins").text(format!("Put one into {folder}: it is found at once.")),
        )
}

fn fits(plugin: &Overview, asked: &Asked) -> bool {
    let state = match plugin.standing {
        Standing::AtWork => "at-work",
        Standing::Disabled => "disabled",
        Standing::Found => "found",
        Standing::Suspended | Standing::NotAtWork | Standing::Unreadable => "trouble",
    };
    let text = format!("{} {}", plugin.name, plugin.description()).to_lowercase();
    let sought = asked.filter("q").unwrap_or_default().to_lowercase();
    asked.filter("state").is_none_or(|wanted| wanted == state)
        && sought.split_whitespace().all(|word| text.contains(word))
}

fn order(a: &Overview, b: &Overview, column: &str) -> Ordering {
    let by_column = match column {
        "state" => a.standing.name().cmp(b.standing.name()),
        "calls" => a.calls.calls.cmp(&b.calls.calls),
        "failures" => a.calls.failures.cmp(&b.calls.failures),
        "time" => a.calls.mean().cmp(&b.calls.mean()),
        _ => Ordering::Equal,
    };
    by_column.then_with(|| a.name.cmp(&b.name))
}

fn row(plugin: &Overview) -> Row {
    let href = page_of(&plugin.name);
    let note = if plugin.standing.is_trouble() {
        plugin.problem.clone()
    } else {
        plugin.description().to_owned()
    };
    let counted = |number: u64| {
        Cell::text(if plugin.calls.calls == 0 {
            String::new()
        } else {
            number.to_string()
        })
    };
    let row = Row::new(&plugin.name, &plugin.name)
        .cell(Cell::noted_link(&plugin.name, &href, note))
        .cell(Cell::badge(tone(plugin.standing), plugin.standing.name()))
        .cell(Cell::text(plugin.version()))
        .cell(counted(plugin.calls.calls))
        .cell(counted(plugin.calls.failures))
        .cell(Cell::text(super::show::milliseconds(&plugin.calls)));
    match plugin.standing {
        Standing::Found | Standing::Disabled => {
            row.action(RowAction::link("Enable", format!("{href}/enable")))
        }
        Standing::Unreadable => row,
        _ if plugin.differs => row.action(RowAction::link("Upgrade", format!("{href}/enable"))),
        _ => row.action(RowAction::link("Disable", format!("{href}/disable"))),
    }
}
