//! The revisions of an item on the web: the list, one of them, what differs between two, and going back.

mod revert;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Serialize;
use uuid::Uuid;

use super::diff::{Difference, differences};
use super::edit::{self, editable, page, render, tabs};
use super::history::Past;
use super::{Item, ViewMode};
use crate::subsystems::admin::AdminPage;
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Cx, Session, Site, menu};
use crate::web::{Error, Page};

/// Revisions of a page.
const PAGE: u32 = 50;

pub(super) fn pages() -> Vec<AdminPage> {
    let inner = |path, title, answers| {
        let page = AdminPage::new(path, title, answers);
        page.handler_decides().parent("/admin/content").inner()
    };
    vec![
        inner("/item/{id}/revisions", "Revisions", get(list)),
        inner("/item/{id}/revisions/{rev}", "Revision", get(view)),
        inner(
            "/item/{id}/revisions/{rev}/revert",
            "Revert",
            get(revert::ask).post(revert::ask),
        ),
        inner("/item/{id}/revisions/diff/{a}/{b}", "Differences", get(compare)),
        inner("/item/{id}/diff/{a}/{b}", "Differences", get(moved)),
    ]
}

#[derive(Serialize)]
struct List {
    revisions: Vec<Entry>,
    newer: Option<String>,
    older: Option<String>,
}

#[derive(Serialize)]
struct Entry {
    created: i64,
    author: String,
    title: String,
    log_message: String,
    published: bool,
    current: bool,
    href: String,
    /// What differs from the revision before.
    changes: Option<String>,
    /// What differs from the present one.
    against_current: Option<String>,
    revert: Option<String>,
}

async fn list(State(site): State<Site>, session: Cx, Path(id): Path<String>) -> Result<Page, Error> {
    let item = editable(&site, &session, &id).await?;
    let number = menu::page_number(session.request())?;
    let offset = number.saturating_mul(PAGE);
    // One more than is shown: the one before the last, and whether there is another page.
    let found = site.services().items.history(&item, offset, PAGE + 1).await?;
    if found.is_empty() && number > 0 {
        return Err(Error::NotFound);
    }
    let base = format!("/item/{}/revisions", item.id);
    let before = found.iter().skip(1).map(Some).chain([None]);
    let shown = found.iter().zip(before).take(PAGE as usize);
    let entries = shown.map(|(past, before)| entry(&item, past, before, &base));
    let address = |number: u32| match number {
        0 => base.clone(),
        number => format!("{base}?page={number}"),
    };
    let variables = List {
        revisions: entries.collect(),
        newer: number.checked_sub(1).map(address),
        older: (found.len() > PAGE as usize).then(|| address(number + 1)),
    };
    let html = render(&session, "item-revisions.html", &variables);
    let tabs = tabs(&site, &session, &item, "revisions").await;
    let title = format!("Revisions of “{}”", item.title);
    Ok(page(&session, &title, format!("{tabs}{html}")))
}

fn entry(item: &Item, past: &Past, before: Option<&Past>, base: &str) -> Entry {
    let current = past.id == item.revision;
    Entry {
        created: past.created.as_millis(),
        author: past.author_name.clone(),
        title: past.title.clone(),
        log_message: past.log_message.clone(),
        published: past.published,
        current,
        href: format!("{base}/{}", past.id),
        changes: before.map(|before| format!("{base}/diff/{}/{}", before.id, past.id)),
        against_current: (!current).then(|| format!("{base}/diff/{}/{}", past.id, item.revision)),
        revert: (!current).then(|| format!("{base}/{}/revert", past.id)),
    }
}

/// The item and one of its revisions.
async fn past(site: &Site, session: &Session, id: &str, revision: &str) -> Result<(Item, Item), Error> {
    let item = editable(site, session, id).await?;
    let revision = Uuid::parse_str(revision).map_err(|_| Error::NotFound)?;
    let past = site.services().items.at_revision(&item, revision).await?;
    Ok((item, past))
}

#[derive(Serialize)]
struct Shown {
    created: i64,
    current: bool,
    list: String,
    revert: String,
    content: SafeHtml,
}

async fn view(
    State(site): State<Site>,
    session: Cx,
    Path((id, revision)): Path<(String, String)>,
) -> Result<Page, Error> {
    let (item, past) = past(&site, &session, &id, &revision).await?;
    let list = format!("/item/{}/revisions", item.id);
    let title = past.title.clone();
    let (created, current) = (past.changed.as_millis(), past.revision == item.revision);
    let revert = format!("{list}/{}/revert", past.revision);
    let content = site
        .services()
        .items
        .show(&session, past, &ViewMode::Full)
        .await?;
    let shown = Shown {
        created,
        current,
        list,
        revert,
        content: SafeHtml::trusted(content.html),
    };
    let html = render(&session, "item-revision.html", &shown);
    let tabs = tabs(&site, &session, &item, "revision").await;
    Ok(page(&session, &title, format!("{tabs}{html}")))
}

#[derive(Serialize)]
struct Compared {
    differences: Vec<Difference>,
    left: String,
    right: String,
}

async fn compare(
    State(site): State<Site>,
    session: Cx,
    Path((id, a, b)): Path<(String, String, String)>,
) -> Result<Page, Error> {
    let (item, one) = past(&site, &session, &id, &a).await?;
    let revision = Uuid::parse_str(&b).map_err(|_| Error::NotFound)?;
    let items = &site.services().items;
    let other = items.at_revision(&item, revision).await?;
    // Whoever may edit an item need not see all of its fields.
    let (one, other) = (
        items.visible(&session, one).await,
        items.visible(&session, other).await,
    );
    let of = site
        .services()
        .item_types
        .get(&item.item_type)
        .ok_or(Error::NotFound)?;
    let names = items.names(&session, &[&one, &other], |_, _| true).await?;
    let zone = edit::Zone::of(session.request());
    let when = |item: &Item| format!("of {}", zone.show(item.changed).replace('T', " "));
    let variables = Compared {
        differences: differences(&of, &one, &other, &names),
        left: when(&one),
        right: when(&other),
    };
    let html = render(&session, "item-diff.html", &variables);
    let tabs = tabs(&site, &session, &item, "revision").await;
    let title = format!("Changes of “{}”", item.title);
    Ok(page(&session, &title, format!("{tabs}{html}")))
}

/// The short address of the same.
async fn moved(Path((id, a, b)): Path<(String, String, String)>) -> Result<Response, Error> {
    let parsed: Result<Vec<Uuid>, _> = [&id, &a, &b].into_iter().map(|id| Uuid::parse_str(id)).collect();
    match parsed.map_err(|_| Error::NotFound)?.as_slice() {
        [id, a, b] => Ok(Redirect::permanent(&format!("/item/{id}/revisions/diff/{a}/{b}")).into_response()),
        _ => Err(Error::NotFound),
    }
}
