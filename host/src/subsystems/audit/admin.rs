//! The audit as a report of the administration.

use axum::extract::State;
use axum::routing::get;

use super::{ACCESS, Filter, Record};
use crate::subsystems::admin::{AdminPage, Cell, Column, Empty, Filter as Choices, Row, Table};
use crate::subsystems::{Cx, Site};
use crate::web::{Error, Page};

const PATH: &str = "/admin/reports/audit";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(PATH, "Audit", get(list))
            .description("Who did what: logins, changes of accounts and permissions, publishing and deleting")
            .keywords("log history security logins sign-ins")
            .permission(ACCESS),
    ]
}

async fn list(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let audit = &site.services().audit;
    let actions = audit.actions().await?;
    let table = Table::new(PATH, "Events")
        .column(Column::new("at", "When"))
        .column(Column::new("action", "What"))
        .column(Column::new("actor", "Who"))
        .column(Column::new("subject", "To what"))
        .column(Column::new("address", "From"))
        .filter(Choices::choice(
            "action",
            "What",
            actions.into_iter().map(|action| (action.clone(), action)),
        ))
        .filter(Choices::text("q", "Who, to what, or from where"))
        .empty(Empty::new("Nothing is recorded yet"));
    let asked = table.asked(session.request())?;
    let filter = Filter {
        exactly: asked.filter("action").map(str::to_owned),
        text: asked.filter("q").map(str::to_owned),
        limit: asked.page_size,
        offset: asked.offset(),
        ..Filter::default()
    };
    let found = audit.query(&session, &filter).await?;
    let total = audit.count(&session, &filter).await?;
    let rows = found.records.into_iter().map(row).collect();
    let content = table.show(&site, &asked, rows, total);
    Ok(Page::admin("Audit", content.to_string()))
}

fn row(record: Record) -> Row {
    let details = match &record.details {
        serde_json::Value::Object(details) if details.is_empty() => String::new(),
        details => details.to_string(),
    };
    let subject = if record.subject.is_empty() {
        record.subject_id
    } else {
        record.subject
    };
    Row::new(record.id, record.action.as_str())
        .fixed()
        .cell(Cell::time(record.at))
        .cell(Cell::noted(record.action, details))
        .cell(Cell::text(record.actor))
        .cell(Cell::noted(subject, record.subject_type))
        .cell(Cell::text(record.address))
}
