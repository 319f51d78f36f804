//! Content types in the administration: making them, their fields, how they are shown, and what becomes of what is
//! deleted.

mod display;
mod field;
mod fields;
mod leave;
mod order;
mod settings;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{ADMINISTER, Error as Refusal, Field, ItemType};
use crate::subsystems::admin::{AdminPage, Cell, Column, Empty, Row, RowAction, Table};
use crate::subsystems::form::{self, Answered, Errors, Handler, Outcome, Submission};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Action, Error, Page};

const TYPES: &str = "/admin/structure/types";

pub(super) fn pages() -> Vec<AdminPage> {
    let page = |path, title, answers| AdminPage::new(path, title, answers).permission(ADMINISTER);
    vec![
        page(TYPES, "Content types", get(list))
            .description("Which kinds of content there are, and which fields they have")
            .keywords("fields bundles node types")
            .weight(0),
        page(
            "/admin/structure/types/add",
            "Add a content type",
            get(settings::add).post(settings::add),
        )
        .action(),
        page(
            "/admin/structure/types/{type}",
            "Content type",
            get(settings::edit).post(settings::edit),
        ),
        page(
            "/admin/structure/types/{type}/fields",
            "Fields",
            get(fields::list),
        ),
        page(
            "/admin/structure/types/{type}/fields/add",
            "Add a field",
            get(field::add).post(field::add),
        ),
        page(
            "/admin/structure/types/{type}/fields/order",
            "Order",
            get(order::order).post(order::order),
        ),
        page(
            "/admin/structure/types/{type}/fields/{field}",
            "Field",
            get(field::edit).post(field::edit),
        ),
        page(
            "/admin/structure/types/{type}/fields/{field}/delete",
            "Remove",
            get(leave::field).post(leave::field),
        ),
        page(
            "/admin/structure/types/{type}/display/{mode}",
            "Display",
            get(display::show).post(display::show),
        ),
        page(
            "/admin/structure/types/{type}/modes/add",
            "Add a view mode",
            get(display::add).post(display::add),
        ),
        page(
            "/admin/structure/types/{type}/delete",
            "Delete",
            get(leave::delete).post(leave::delete),
        ),
        page(
            "/admin/structure/types/{type}/trash",
            "Deleted",
            get(leave::trash).post(leave::trash),
        ),
    ]
}

/// The address of a page of a content type.
fn at(name: &str, rest: &str) -> String {
    format!("{TYPES}/{name}{rest}")
}

async fn list(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let types = &site.services().item_types;
    let counts = types.counts().await.map_err(Error::from)?;
    let table = Table::new(TYPES, "Content types")
        .column(Column::new("label", "Name"))
        .column(Column::new("name", "Machine name"))
        .column(Column::new("fields", "Fields").number())
        .column(Column::new("items", "Items").number())
        .column(Column::new("from", "From"))
        .empty(
            Empty::new("There are no content types yet").text("Add one, or enable a plugin that brings one."),
        );
    let asked = table.asked(session.request())?;
    let count = |of: &ItemType| counts.get(&of.name).copied().unwrap_or(0);
    let kept = types.all().into_iter().map(|of| {
        let from = types
            .owner(&of.name)
            .map_or_else(|| "this site".to_owned(), |plugin| format!("plugin {plugin}"));
        row(&of, at(&of.name, ""), from, count(&of))
            .action(RowAction::link("Fields", at(&of.name, "/fields")))
            .action(RowAction::link("Display", at(&of.name, "/display/full")))
            .action(RowAction::link("Delete", at(&of.name, "/delete")).dangerous())
    });
    let gone = types.trash().into_iter().map(|of| {
        let state = if of.purging.is_empty() {
            "deleted"
        } else {
            "being purged"
        };
        row(&of, at(&of.name, "/trash"), state.to_owned(), count(&of))
    });
    let rows: Vec<Row> = kept.chain(gone).collect();
    let total = rows.len() as u64;
    let content = table.show(&site, &asked, asked.page_of(rows), total);
    Ok(Page::admin("Content types", content.to_string()))
}

fn row(of: &ItemType, href: String, from: String, items: u64) -> Row {
    Row::new(of.name.as_str(), of.label.as_str())
        .fixed()
        .cell(Cell::link(of.label.as_str(), href))
        .cell(Cell::code(of.name.as_str()))
        .cell(Cell::text(of.fields.len()))
        .cell(Cell::text(items))
        .cell(Cell::text(from))
}

fn find(site: &Site, name: &str) -> Result<Arc<ItemType>, Error> {
    site.services().item_types.get(name).ok_or(Error::NotFound)
}

/// A content type and one of its fields.
fn find_field(site: &Site, path: &Path<(String, String)>) -> Result<(Arc<ItemType>, Field), Error> {
    let of = find(site, &path.0.0)?;
    let field = of.field(&path.0.1).cloned().ok_or(Error::NotFound)?;
    Ok((of, field))
}

/// The form in a page with ways to the other pages of the type.
async fn answer(
    session: &Session,
    of: Option<&ItemType>,
    handler: &impl Handler,
    submission: Submission,
) -> Result<Response, Error> {
    Ok(match form::answer_within(session, handler, submission).await? {
        Answered::Response(response) => response,
        Answered::Form { title, html, status } => {
            let mut page = Page::admin(title, html.to_string());
            page.status = status;
            if let Some(of) = of {
                page.actions = ways(of);
            }
            form::keep_private(page.into_response())
        }
    })
}

fn ways(of: &ItemType) -> Vec<Action> {
    vec![
        Action::new("Settings", at(&of.name, "")),
        Action::new("Fields", at(&of.name, "/fields")),
        Action::new("Display", at(&of.name, "/display/full")),
    ]
}

/// What a form says of a refusal; `place` gives the element for a path.
fn in_form(error: Refusal, place: impl Fn(&str) -> String) -> Result<Outcome, Error> {
    match error {
        Refusal::Invalid(problems) => {
            let mut errors = Errors::default();
            for problem in problems {
                errors.add(place(&problem.path), problem.message);
            }
            Ok(Outcome::Invalid(errors))
        }
        Refusal::Taken(_) => Ok(Outcome::invalid("name", format!("{error}."))),
        error => Err(error.into()),
    }
}

/// A machine name made of what people call something; empty where nothing of it can be one.
fn machine_name(label: &str, most: usize) -> String {
    let mut name = String::new();
    for char in label.to_lowercase().chars() {
        if char.is_ascii_alphanumeric() {
            name.push(char);
        } else if !name.ends_with('_') && !name.is_empty() {
            name.push('_');
        }
    }
    let name = name.trim_matches(|char: char| char == '_' || char.is_ascii_digit());
    name.chars()
        .take(most)
        .collect::<String>()
        .trim_end_matches('_')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::machine_name;

    #[test]
    fn a_machine_name_is_made_of_a_label() {
        for (label, name) in [
            ("Blog post", "blog_post"),
            (" Q&A! ", "q_a"),
            ("7 Seas", "seas"),
            ("日本", ""),
        ] {
            assert_eq!(machine_name(label, 32), name, "{label}");
        }
        assert_eq!(machine_name("a long name", 7), "a_long");
    }
}
