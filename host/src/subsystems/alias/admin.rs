//! Paths in the administration: the names of items, redirects, and names made anew by the patterns of the types.

use axum::extract::State as Extract;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use uuid::Uuid;

use super::{ADMINISTER, Error as Refusal, Listed, TOKENS, Wanted};
use crate::request::Tone;
use crate::subsystems::admin::{AdminPage, Cell, Column, Empty, Filter, Row, Table};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const ALIASES: &str = "/admin/structure/aliases";
const ADD_ALIAS: &str = "/admin/structure/aliases/add";
const RENEW: &str = "/admin/structure/aliases/regenerate";
const REDIRECTS: &str = "/admin/structure/redirects";
const ADD_REDIRECT: &str = "/admin/structure/redirects/add";
/// Items whose paths are made anew at one press.
const AT_ONCE: u32 = 1000;

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(ALIASES, "URL aliases", get(aliases).post(remove_aliases))
            .description("The paths by which people know items")
            .keywords("paths urls addresses names")
            .permission(ADMINISTER)
            .weight(40),
        AdminPage::new(ADD_ALIAS, "Add a URL alias", get(add_alias).post(add_alias))
            .permission(ADMINISTER)
            .action(),
        AdminPage::new(RENEW, "Make aliases anew", get(renew).post(renew))
            .description("By the patterns of the content types")
            .keywords("regenerate patterns paths")
            .permission(ADMINISTER)
            .action(),
        AdminPage::new(REDIRECTS, "Redirects", get(redirects).post(remove_redirects))
            .description("Paths that lead on to others")
            .keywords("moved paths urls addresses")
            .permission(ADMINISTER)
            .weight(41),
        AdminPage::new(
            ADD_REDIRECT,
            "Add a redirect",
            get(add_redirect).post(add_redirect),
        )
        .permission(ADMINISTER)
        .action(),
    ]
}

async fn aliases(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let table = Table::new(ALIASES, "URL aliases")
        .column(Column::new("path", "Path").sortable())
        .column(Column::new("item", "Item"))
        .column(Column::new("created", "Made").sortable())
        .filter(Filter::text("q", "Path or title"))
        .sorted_by("path")
        .dangerous_bulk("remove", "Remove")
        .empty(Empty::new("No item has a path of its own").action("Add a URL alias", ADD_ALIAS));
    list(&site, &session, table, false).await
}

async fn redirects(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let table = Table::new(REDIRECTS, "Redirects")
        .column(Column::new("path", "From").sortable())
        .column(Column::new("to", "To"))
        .column(Column::new("created", "Made").sortable())
        .filter(Filter::text("q", "Path or title"))
        .sorted_by("path")
        .dangerous_bulk("remove", "Remove")
        .empty(
            Empty::new("No path leads on to another")
                .text("When an item gets another path, the one that it had leads on by itself.")
                .action("Add a redirect", ADD_REDIRECT),
        );
    list(&site, &session, table, true).await
}

fn form_of(redirects: bool) -> (&'static str, &'static str, &'static str) {
    if redirects {
        (REDIRECTS, "redirect_list", "Redirects")
    } else {
        (ALIASES, "alias_list", "URL aliases")
    }
}

async fn list(site: &Site, session: &Session, table: Table, redirects: bool) -> Result<Page, Error> {
    let (_, form, title) = form_of(redirects);
    let table = table.posts(session, form)?;
    let asked = table.asked(session.request())?;
    let wanted = Wanted {
        redirects,
        text: asked.filter("q").map(str::to_owned),
        by_time: asked.sort == Some("created"),
        descending: asked.descending,
        limit: asked.page_size,
        offset: asked.offset(),
    };
    let (found, total) = site.services().aliases.list(&wanted).await?;
    let rows = found.into_iter().map(row).collect();
    let content = table.show(site, &asked, rows, total);
    Ok(Page::admin(title, content.to_string()))
}

fn row(listed: Listed) -> Row {
    let path = format!("/{}", listed.path);
    let to = match (listed.item, listed.target) {
        (Some((id, title)), _) => Cell::link(title, format!("/item/{id}")),
        (None, Some(target)) => Cell::link(target.clone(), target),
        (None, None) => Cell::text(""),
    };
    Row::new(listed.path, path.as_str())
        .cell(Cell::link(path.clone(), path))
        .cell(to)
        .cell(Cell::time(listed.created))
}

async fn remove_aliases(session: Cx, submission: Submission) -> Result<Response, Error> {
    remove(&session, submission, false).await
}

async fn remove_redirects(session: Cx, submission: Submission) -> Result<Response, Error> {
    remove(&session, submission, true).await
}

async fn remove(session: &Session, submission: Submission, redirects: bool) -> Result<Response, Error> {
    let (back, form, _) = form_of(redirects);
    let input = form::take(session, form, submission).await?;
    if input.first("action") != Some("remove") {
        return Err(Error::Bad(
            "There is nothing of that name to do with paths.".to_owned(),
        ));
    }
    let mut done = 0;
    for path in input.all("row") {
        match session.services().aliases.remove(path).await {
            Ok(()) => done += 1,
            Err(Refusal::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let (tone, text) = match done {
        0 => (Tone::Warning, "Nothing was selected.".to_owned()),
        1 => (Tone::Status, "One path was removed.".to_owned()),
        count => (Tone::Status, format!("{count} paths were removed.")),
    };
    session.request().messages.say(tone, &text);
    Ok(Redirect::to(back).into_response())
}

async fn add_alias(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &AddAlias, submission).await
}

async fn add_redirect(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &AddRedirect, submission).await
}

/// What the service says about a path, at its field.
fn outcome(done: Result<(), Refusal>, back: &str, message: &str) -> Result<Outcome, Error> {
    match done {
        Ok(()) => Ok(Outcome::redirect(back).message(message)),
        Err(Refusal::Invalid { field, problem }) => Ok(Outcome::invalid(field, problem)),
        Err(error) => Err(error.into()),
    }
}

struct AddAlias;

impl Handler for AddAlias {
    fn id(&self) -> &str {
        "alias_add"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Add a URL alias")
            .with(Element::reference("item", "Item", "item").required())
            .with(
                Element::text("from", "Path")
                    .required()
                    .max_length(super::PATH_LIMIT + 1)
                    .placeholder("/about")
                    .help("The item is known by this path from now on. The path that it has had leads on to it."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("add", "Add"))
                    .with(Element::link("cancel", "Cancel", ALIASES)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let Ok(item) = Uuid::try_parse(values.text("item")) else {
            return Ok(Outcome::invalid("item", "Choose an item."));
        };
        let given = cx.services().aliases.give(values.text("from"), item).await;
        outcome(given, ALIASES, "The item has another path.")
    }
}

struct AddRedirect;

impl Handler for AddRedirect {
    fn id(&self) -> &str {
        "redirect_add"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Add a redirect")
            .with(
                Element::text("from", "From")
                    .required()
                    .max_length(super::PATH_LIMIT + 1)
                    .placeholder("/old"),
            )
            .with(
                Element::text("to", "To")
                    .required()
                    .max_length(1024)
                    .placeholder("/new")
                    .help("A path of this site. The query of whoever asks is kept."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("add", "Add"))
                    .with(Element::link("cancel", "Cancel", REDIRECTS)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let made = cx
            .services()
            .aliases
            .lead(values.text("from"), values.text("to"))
            .await;
        outcome(made, REDIRECTS, "The redirect is made.")
    }
}

async fn renew(session: Cx, submission: Submission) -> Result<Response, Error> {
    let request = session.request();
    let form = Renew {
        of: request.query("type").map(str::to_owned),
        after: request
            .query("after")
            .and_then(|after| Uuid::try_parse(after).ok()),
    };
    form::answer(&session, &form, submission).await
}

/// Paths made anew for the items of a type, some at a time.
struct Renew {
    /// The type that was begun.
    of: Option<String>,
    /// The last item that was looked at.
    after: Option<Uuid>,
}

impl Handler for Renew {
    fn id(&self) -> &str {
        "alias_renew"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let types = cx.services().item_types.all();
        let choices = types.iter().filter_map(|of| {
            let pattern = of.path_pattern.as_deref()?;
            Some((of.name.clone(), format!("{}: {pattern}", of.label)))
        });
        let mut chosen = Element::select("type", "Content type")
            .required()
            .choices(choices)
            .help("Those that have a pattern. Paths that items lose lead on to the new ones.");
        if let Some(of) = &self.of {
            chosen = chosen.default(of.as_str());
        }
        let tokens: Vec<String> = TOKENS
            .iter()
            .map(|(name, about)| format!("[{name}] {about}"))
            .collect();
        let tokens = format!(
            "In patterns stand: {}; [field_NAME] the first value of a field. With :ascii, as in [title:ascii], letters \
             become those that every keyboard has.",
            tokens.join("; ")
        );
        let label = if self.after.is_some() {
            "Go on"
        } else {
            "Make anew"
        };
        Ok(Form::new("Make aliases anew")
            .with(chosen)
            .with(Element::note("tokens", tokens))
            .with(
                Element::actions()
                    .with(Element::submit("renew", label))
                    .with(Element::link("cancel", "Cancel", ALIASES)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let of = values.text("type");
        let after = self.after.filter(|_| self.of.as_deref() == Some(of));
        let renewed = cx.services().items.renew_paths(cx, of, after, AT_ONCE).await?;
        let done = format!("{} of {} items have another path.", renewed.changed, renewed.seen);
        let Some(last) = renewed.last else {
            return Ok(Outcome::redirect(ALIASES).message(&done));
        };
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("type", of)
            .append_pair("after", &last.to_string())
            .finish();
        let more = format!("{done} There are more: press the button again to go on with them.");
        Ok(Outcome::redirect(format!("{RENEW}?{query}")).message(&more))
    }
}
