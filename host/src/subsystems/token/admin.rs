//! Clients in the administration.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;
use uuid::Uuid;

use super::{ADMINISTER, Error as TokenError, NewClient};
use crate::subsystems::admin::{AdminPage, Cell, Column, Empty, Row, Table};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::security::{scopes, shown_once};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const LIST: &str = "/admin/people/api-clients";
const NEW: &str = "/admin/people/api-clients/new";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(LIST, "API clients", get(list))
            .description("Programs that get short-lived tokens")
            .keywords("oauth api tokens clients jwt")
            .permission(ADMINISTER)
            .weight(50),
        AdminPage::new(NEW, "Add an API client", get(new).post(new))
            .permission(ADMINISTER)
            .action(),
        AdminPage::new("/admin/people/api-clients/{id}", "API client", get(one).post(one))
            .permission(ADMINISTER),
    ]
}

async fn list(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let table = Table::new(LIST, "API clients")
        .column(Column::new("name", "Name"))
        .column(Column::new("user", "Acts as"))
        .column(Column::new("state", "State"))
        .column(Column::new("last", "Last token"))
        .empty(
            Empty::new("There are no API clients yet")
                .text("A client is a program that gets tokens by its identifier and its secret.")
                .action("Add an API client", NEW),
        );
    let asked = table.asked(session.request())?;
    let clients = site.services().tokens.clients(&session.request().account).await?;
    let total = clients.len() as u64;
    let rows = asked.page_of(clients).into_iter().map(|client| {
        let state = if client.active {
            Cell::badge("ok", "On")
        } else {
            Cell::badge("warning", "Off")
        };
        let last = client.last_used.map_or_else(|| Cell::text("never"), Cell::time);
        Row::new(client.id, client.name.clone())
            .fixed()
            .cell(Cell::link(client.name, format!("{LIST}/{}", client.id)))
            .cell(Cell::text(client.user_name))
            .cell(state)
            .cell(last)
    });
    let content = table.show(&site, &asked, rows.collect(), total);
    Ok(Page::admin("API clients", content.to_string()))
}

async fn new(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &New, submission).await
}

async fn one(session: Cx, Path(id): Path<String>, submission: Submission) -> Result<Response, Error> {
    let id = Uuid::try_parse(&id).map_err(|_| Error::NotFound)?;
    form::answer(&session, &One { id }, submission).await
}

struct New;

impl Handler for New {
    fn id(&self) -> &str {
        "api-client"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Add an API client")
            .with(Element::text("name", "Name").required().max_length(60))
            .with(
                Element::text("user", "Acts as")
                    .required()
                    .protected()
                    .help("The name of an account. The client can't do more than the account."),
            )
            .with(scopes(cx, &cx.request().account).required().protected())
            .with(
                Element::actions()
                    .with(Element::submit("make", "Add"))
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let services = cx.services();
        let asks = &cx.request().account;
        let user = match services.users.find_named(asks, values.text("user").trim()).await {
            Ok(user) => user,
            Err(_) => return Ok(Outcome::invalid("user", "There is no account of this name.")),
        };
        let new = NewClient {
            name: values.text("name").to_owned(),
            user: user.id,
            scopes: values.list("scopes").to_vec(),
        };
        match services.tokens.create_client(cx, new).await {
            Ok((client, secret)) => {
                let id = client.id.to_string();
                let facts = [("Client ID", id.as_str()), ("Client secret", secret.as_str())];
                Ok(shown_once(cx, "The API client is added", &facts, LIST))
            }
            Err(TokenError::Invalid { field, problem }) => Ok(Outcome::invalid(field, problem)),
            Err(error) => Err(error.into()),
        }
    }
}

struct One {
    id: Uuid,
}

impl Handler for One {
    fn id(&self) -> &str {
        "api-client-change"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let client = cx
            .services()
            .tokens
            .client(&cx.request().account, self.id)
            .await?;
        let what = format!(
            "Client ID {}. It acts as {} and may do this: {}.",
            client.id,
            client.user_name,
            client.scopes.join(", ")
        );
        let switch = if client.active {
            Element::submit("off", "Switch off").quiet()
        } else {
            Element::submit("on", "Switch on")
        };
        Ok(Form::new(client.name).with(Element::note("what", what)).with(
            Element::actions()
                .with(switch)
                .with(Element::submit("secret", "Make another secret").quiet())
                .with(Element::submit("remove", "Remove").danger())
                .with(Element::link("back", "Back", LIST)),
        ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let tokens = &cx.services().tokens;
        let here = format!("{LIST}/{}", self.id);
        match values.button.as_str() {
            "secret" => {
                let secret = tokens.renew_client(cx, self.id).await?;
                let facts = [("Client secret", secret.as_str())];
                Ok(shown_once(cx, "The client has another secret", &facts, &here))
            }
            "remove" => {
                tokens.remove_client(cx, self.id).await?;
                Ok(Outcome::redirect(LIST)
                    .message("The client is removed. Its tokens are not accepted any more."))
            }
            "on" | "off" => {
                tokens
                    .set_client_active(cx, self.id, values.button == "on")
                    .await?;
                Ok(Outcome::redirect(here).message("Saved."))
            }
            _ => Ok(Outcome::redirect(here)),
        }
    }
}
