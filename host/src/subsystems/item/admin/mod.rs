//! Content in the administration: what there is, and what can be done with several items at once.

mod bulk;
mod delete;

use axum::extract::State;
use axum::routing::get;

use super::{Item, Operation, Order, Query, access};
use crate::request::Account;
use crate::subsystems::admin::{AdminPage, Asked, Cell, Column, Empty, Filter, Icon, Row, RowAction, Table};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const LIST: &str = "/admin/content";
/// The name of the form around the list.
const FORM: &str = "content_list";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(LIST, "Content", get(list).post(bulk::act))
            .description("Everything that was written, to find, publish and remove")
            .keywords("items posts pages articles")
            .icon(Icon::Content)
            .weight(10),
        AdminPage::new(
            "/admin/content/delete",
            "Delete",
            get(delete::ask).post(delete::ask),
        )
        .inner(),
    ]
}

async fn list(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let items = &site.services().items;
    let table = table(&site).posts(&session, FORM)?;
    let asked = table.asked(session.request())?;
    let found = items.query(&session, &query(&asked)).await?;
    let shown = items.find_many(&session, &found.items).await?;
    let account = &session.request().account;
    let rows = shown.into_iter().map(|item| row(&site, account, item)).collect();
    let content = table.show(&site, &asked, rows, found.total);
    let mut page = Page::admin("Content", content.to_string());
    page.description = "Everything that was written and that you may see.".to_owned();
    Ok(page)
}

fn table(site: &Site) -> Table {
    let types = site.services().item_types.all();
    Table::new(LIST, "Items")
        .column(Column::new("title", "Title").sortable())
        .column(Column::new("type", "Type"))
        .column(Column::new("author", "Author"))
        .column(Column::new("state", "State"))
        .column(Column::new("changed", "Changed").sortable())
        .filter(Filter::text("q", "Title"))
        .filter(Filter::choice(
            "type",
            "Type",
            types.iter().map(|of| (of.name.clone(), of.label.clone())),
        ))
        .filter(Filter::choice(
            "state",
            "State",
            [("published", "Published"), ("unpublished", "Not published")],
        ))
        .sorted_down_by("changed")
        .bulk("publish", "Publish")
        .bulk("unpublish", "Unpublish")
        .dangerous_bulk("delete", "Delete")
        .empty(Empty::new("Nothing was written yet").text("What you and others write appears here."))
}

fn query(asked: &Asked) -> Query {
    Query {
        item_type: asked.filter("type").map(str::to_owned),
        title: asked.filter("q").map(str::to_owned),
        published: asked.filter("state").map(|state| state == "published"),
        order: match (asked.sort, asked.descending) {
            (Some("title"), false) => Order::Title,
            (Some("title"), true) => Order::TitleDown,
            (_, true) => Order::Changed,
            (_, false) => Order::Unchanged,
        },
        limit: asked.page_size,
        offset: asked.offset(),
        ..Query::default()
    }
}

fn row(site: &Site, account: &Account, item: Item) -> Row {
    let types = &site.services().item_types;
    let of = types
        .get(&item.item_type)
        .map_or_else(|| item.item_type.to_string(), |of| of.label.clone());
    let (tone, state) = if item.published {
        ("fine", "Published")
    } else {
        ("quiet", "Not published")
    };
    let row = Row::new(item.id, item.title.as_str());
    // What plugins say to it is asked when somebody goes there.
    let row = if access::permitted(account, &item, Operation::Edit) {
        row.action(RowAction::link("Edit", format!("/item/{}/edit", item.id)))
    } else {
        row
    };
    row.cell(Cell::link(item.title.as_str(), item.path()))
        .cell(Cell::text(of))
        .cell(Cell::text(item.author_name))
        .cell(Cell::badge(tone, state))
        .cell(Cell::time(item.changed))
}

/// The items that were selected, each once.
fn selected<'a>(rows: impl Iterator<Item = &'a str>) -> Vec<uuid::Uuid> {
    let mut ids: Vec<uuid::Uuid> = rows.filter_map(|row| uuid::Uuid::parse_str(row).ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Says how it went: how many were done, and why others were not.
fn tell(session: &Session, done: usize, verb: &str, refused: &[String]) {
    use crate::request::Tone;
    let messages = &session.request().messages;
    match done {
        0 => {}
        1 => messages.say(Tone::Status, &format!("One item was {verb}.")),
        count => messages.say(Tone::Status, &format!("{count} items were {verb}.")),
    }
    for refusal in refused {
        messages.say(Tone::Error, refusal);
    }
}
