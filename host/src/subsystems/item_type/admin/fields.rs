//! The fields of a content type.

use axum::extract::{Path, State};

use super::{at, find, ways};
use crate::subsystems::admin::{Cell, Column, Empty, Row, RowAction, Table};
use crate::subsystems::item_type::{Field, FieldType};
use crate::subsystems::{Cx, Site};
use crate::web::{Action, Error, Page};

/// What people call the type of a field.
pub(super) fn type_label(kind: &FieldType) -> String {
    let known = FieldType::built_in()
        .into_iter()
        .find(|(known, _)| known.key() == kind.key());
    known.map_or_else(|| kind.name().to_owned(), |(_, label)| label.to_owned())
}

pub(super) async fn list(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
) -> Result<Page, Error> {
    let of = find(&site, &name)?;
    let table = Table::new(at(&name, "/fields"), "Fields")
        .column(Column::new("label", "Field"))
        .column(Column::new("name", "Machine name"))
        .column(Column::new("type", "Type"))
        .column(Column::new("values", "Values"))
        .column(Column::new("state", "State"))
        .empty(Empty::new("It has no fields yet").text("Every item has a title; all else is a field."));
    let asked = table.asked(session.request())?;
    let kept = of.ordered().into_iter().map(|field| {
        let state = if field.required { "required" } else { "" };
        row(field, at(&name, &format!("/fields/{}", field.name)), state).action(
            RowAction::link("Remove", at(&name, &format!("/fields/{}/delete", field.name))).dangerous(),
        )
    });
    let gone = of.removed.iter().map(|field| {
        let purging = of.purging.contains(&field.name);
        let state = if purging {
            "being purged"
        } else {
            "removed, its values are kept"
        };
        row(field, at(&name, &format!("/fields/{}/delete", field.name)), state)
    });
    let rows: Vec<Row> = kept.chain(gone).collect();
    let total = rows.len() as u64;
    let content = table.show(&site, &asked, asked.page_of(rows), total);
    let mut page = Page::admin(format!("Fields of {}", of.label), content.to_string())
        .action(Action::main("Add a field", at(&name, "/fields/add")))
        .action(Action::new("Order", at(&name, "/fields/order")));
    page.actions
        .extend(ways(&of).into_iter().filter(|way| way.title != "Fields"));
    Ok(page)
}

fn row(field: &Field, href: String, state: &str) -> Row {
    let values = match field.cardinality {
        0 => "any number".to_owned(),
        1 => "one".to_owned(),
        most => format!("up to {most}"),
    };
    Row::new(field.name.as_str(), field.label.as_str())
        .fixed()
        .cell(Cell::link(field.label.as_str(), href))
        .cell(Cell::code(field.name.as_str()))
        .cell(Cell::text(type_label(&field.field_type)))
        .cell(Cell::text(values))
        .cell(Cell::text(state))
}
