//! The fields of a content type.

use axum::extract::{Path, State};

use super::{at, find, ways};
use crate::subsystems::admin::{Cell, Column, Empty, Row, RowAction, Table};
use crate::subsystems::item_type::{Field, FieldType, FieldTypes};
use crate::subsystems::{Cx, Site};
use crate::web::{Action, Error, Page};

/// What people call the type of a field.
pub(super) fn type_label(kind: &FieldType, declared: &FieldTypes) -> String {
    if let Some(declared) = declared.behind(kind) {
        return declared.label.clone();
    }
    if let FieldType::Declared(of) = kind {
        return of.name.clone();
    }
    let known = FieldType::built_in()
        .into_iter()
        .find(|(known, _)| known.key() == kind.key());
    known.map_or_else(|| kind.name().to_owned(), |(_, label)| label.to_owned())
}

/// What is said of a field whose type no plugin at work declares.
pub(super) fn orphaned(field: &Field, declared: &FieldTypes) -> Option<String> {
    let FieldType::Declared(of) = &field.field_type else {
        return None;
    };
    let base = type_label(&of.base, declared);
    match (declared.behind(&field.field_type), declared.get(&of.name)) {
        (Some(_), _) => None,
        (None, Some(other)) => Some(format!(
            "plugin {} bases its type on other values by now ({}); the values are kept, shown and edited as: {base}",
            of.plugin(),
            type_label(&other.of.base, declared)
        )),
        (None, None) => Some(format!(
            "plugin {} is not at work; the values are kept, shown and edited as: {base}",
            of.plugin()
        )),
    }
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
    let registry = session.registry();
    let declared = &registry.noted().field_types;
    let kept = of.ordered().into_iter().map(|field| {
        let required = field.required.then(|| "required".to_owned());
        let states: Vec<String> = required.into_iter().chain(orphaned(field, declared)).collect();
        let kind = type_label(&field.field_type, declared);
        row(
            field,
            kind,
            at(&name, &format!("/fields/{}", field.name)),
            &states.join("; "),
        )
        .action(RowAction::link("Remove", at(&name, &format!("/fields/{}/delete", field.name))).dangerous())
    });
    let gone = of.removed.iter().map(|field| {
        let purging = of.purging.contains(&field.name);
        let state = if purging {
            "being purged"
        } else {
            "removed, its values are kept"
        };
        let kind = type_label(&field.field_type, declared);
        row(
            field,
            kind,
            at(&name, &format!("/fields/{}/delete", field.name)),
            state,
        )
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

fn row(field: &Field, kind: String, href: String, state: &str) -> Row {
    let values = match field.cardinality {
        0 => "any number".to_owned(),
        1 => "one".to_owned(),
        most => format!("up to {most}"),
    };
    Row::new(field.name.as_str(), field.label.as_str())
        .fixed()
        .cell(Cell::link(field.label.as_str(), href))
        .cell(Cell::code(field.name.as_str()))
        .cell(Cell::text(kind))
        .cell(Cell::text(values))
        .cell(Cell::text(state))
}
