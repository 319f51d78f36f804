//! Items in the hands of editors: making, changing and deleting them by forms. What may be saved is decided by the
//! service.

mod answer;
mod assemble;
mod blocks;
mod build;
mod busy;
mod conflict;
mod defaults;
mod delete;
mod editing;
mod fit;
mod moment;
mod tabs;
mod widget;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use uuid::Uuid;

use super::{Item, access};
use crate::subsystems::admin::{AdminPage, ENTER};
use crate::subsystems::form::{self, Answered, Handler, Submission};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

pub use defaults::{default_element, has_default, read_default};
pub(super) use editing::Editing;
pub(super) use moment::Zone;
pub(super) use tabs::tabs;

/// Where the kinds of content are listed that can be made.
pub(super) const ADD: &str = "/item/add";

pub(super) fn pages() -> Vec<AdminPage> {
    let inner = |path, title, answers| {
        let page = AdminPage::new(path, title, answers);
        page.handler_decides().parent("/admin/content").inner()
    };
    vec![
        AdminPage::new(ADD, "Add content", get(choose))
            .handler_decides()
            .parent("/admin/content")
            .keywords("write create new post page article")
            .action(),
        inner("/item/add/{type}", "Add content", get(add).post(add)),
        inner("/item/{id}/edit", "Edit", get(edit).post(edit)),
        inner("/item/{id}/delete", "Delete", get(remove).post(remove)),
    ]
}

#[derive(Serialize)]
struct Kinds {
    kinds: Vec<KindOf>,
}

#[derive(Serialize)]
struct KindOf {
    href: String,
    label: String,
    description: String,
}

/// The kinds of content that whoever asks may make.
async fn choose(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let account = &session.request().account;
    let types = site.services().item_types.all();
    let kinds: Vec<KindOf> = types
        .iter()
        .filter(|of| access::may_create(account, &of.name))
        .map(|of| KindOf {
            href: format!("{ADD}/{}", of.name),
            label: of.label.clone(),
            description: of.description.clone(),
        })
        .collect();
    if kinds.is_empty() && !account.may(ENTER) {
        return Err(Error::Denied);
    }
    let html = render(&session, "item-add.html", &Kinds { kinds });
    Ok(page(&session, "Add content", html.to_string()))
}

async fn add(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let services = site.services();
    let of = services.item_types.get(&name).ok_or(Error::NotFound)?;
    if !access::may_create(&session.request().account, &of.name) {
        return Err(Error::Denied);
    }
    let item = services.items.blank(&session, &of.name, String::new())?;
    let editing = Editing::new(&site, &session, item, of).await?;
    answer(&session, &editing, submission, SafeHtml::default()).await
}

async fn edit(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let item = editable(&site, &session, &id).await?;
    let of = site
        .services()
        .item_types
        .get(&item.item_type)
        .ok_or(Error::NotFound)?;
    let tabs = tabs(&site, &session, &item, "edit").await;
    let holder = site.services().items.hold(&session, item.id, false).await?;
    let takes_over = session.request().query(busy::TAKE_OVER).is_some();
    if takes_over || holder.is_some() && !submission.is_sent() {
        let busy = busy::Busy { site, item, holder };
        return answer(&session, &busy, submission, tabs).await;
    }
    let editing = Editing::new(&site, &session, item, of).await?;
    answer(&session, &editing, submission, tabs).await
}

async fn remove(
    State(site): State<Site>,
    session: Cx,
    Path(id): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    let item = site.services().items.deletable(&session, id).await?;
    let tabs = tabs(&site, &session, &item, "delete").await;
    answer(&session, &delete::Deleting { site, item }, submission, tabs).await
}

/// The item of a path, for who may edit it.
pub(super) async fn editable(site: &Site, session: &Session, id: &str) -> Result<Item, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    Ok(site.services().items.editable(session, id).await?)
}

/// The form in its page, below the tabs of the item.
async fn answer(
    session: &Session,
    handler: &impl Handler,
    submission: Submission,
    tabs: SafeHtml,
) -> Result<Response, Error> {
    Ok(match form::answer_within(session, handler, submission).await? {
        Answered::Response(response) => response,
        Answered::Form { title, html, status } => {
            let mut page = page(session, &title, format!("{tabs}{html}"));
            page.status = status;
            form::keep_private(page.into_response())
        }
    })
}

/// A page for editors: in the administration's theme for those who may enter it.
pub(super) fn page(session: &Session, title: &str, content: String) -> Page {
    let mut page = Page::new(title, content);
    page.admin = session.request().account.may(ENTER);
    page
}

/// A template of the theme in which a page for editors is shown.
pub(super) fn render(session: &Session, template: &str, variables: &impl Serialize) -> SafeHtml {
    let request = session.request();
    let theme = if request.account.may(ENTER) {
        crate::subsystems::admin::THEME
    } else {
        &request.theme
    };
    let variables = minijinja::Value::from(minijinja::value::Serde(variables));
    let themes = &session.services().themes;
    themes.render_suggested(theme, &[template.to_owned()], variables)
}
