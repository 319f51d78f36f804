//! People in the administration: the list, what can be done with several at once, adding, cancelling.

use axum::extract::State as Extract;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use uuid::Uuid;

use super::cancel::Content;
use super::edit::Add;
use super::{ADMINISTER, Changes, Error as Refusal, Filter, Order, User};
use crate::request::Tone;
use crate::subsystems::access;
use crate::subsystems::admin::{
    AdminPage, Asked, Cell, Column, Empty, Filter as Choices, Icon, Row, RowAction, Table,
};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const LIST: &str = "/admin/people";
/// The name of the form around the list.
const FORM: &str = "people_list";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(LIST, "People", get(list).post(act))
            .description("Accounts, what they may do, and who they are")
            .keywords("users accounts members")
            .permission(ADMINISTER)
            .icon(Icon::People)
            .weight(20),
        AdminPage::new("/admin/people/add", "Add an account", get(add).post(add))
            .permission(ADMINISTER)
            .keywords("new user create account")
            .action(),
        AdminPage::new("/admin/people/cancel", "Cancel", get(cancel).post(cancel))
            .permission(ADMINISTER)
            .inner(),
    ]
}

async fn list(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let services = site.services();
    let table = described(&session).posts(&session, FORM)?;
    let asked = table.asked(session.request())?;
    let found = services
        .users
        .list(&session.request().account, &filter(&asked))
        .await?;
    let rows = found.users.into_iter().map(|user| row(&session, user)).collect();
    let content = table.show(&site, &asked, rows, found.total);
    Ok(Page::admin("People", content.to_string()))
}

/// The roles that people can be given.
fn given_roles(session: &Session) -> Vec<access::Role> {
    let roles = session.services().access.roles();
    roles.iter().filter(|role| !role.is_built_in()).cloned().collect()
}

fn described(session: &Session) -> Table {
    let roles = given_roles(session);
    let choices = roles.iter().map(|role| (role.id.to_string(), role.label.clone()));
    let mut described = Table::new(LIST, "Accounts")
        .column(Column::new("name", "Name").sortable())
        .column(Column::new("roles", "Roles"))
        .column(Column::new("state", "State"))
        .column(Column::new("created", "Made").sortable())
        .column(Column::new("access", "Last seen").sortable())
        .filter(Choices::text("q", "Name or address"))
        .filter(Choices::choice("role", "Role", choices))
        .filter(Choices::choice(
            "state",
            "State",
            [("active", "May log in"), ("blocked", "Blocked")],
        ))
        .sorted_by("name")
        .bulk("block", "Block")
        .bulk("unblock", "Unblock")
        .empty(Empty::new("Nobody is here").action("Add an account", "/admin/people/add"));
    if session.request().account.may(access::ADMINISTER) {
        for role in &roles {
            described = described
                .bulk(
                    format!("give:{}", role.id),
                    format!("Give the role {}", role.label),
                )
                .bulk(
                    format!("take:{}", role.id),
                    format!("Take the role {}", role.label),
                );
        }
    }
    described.dangerous_bulk("cancel", "Cancel")
}

fn filter(asked: &Asked) -> Filter {
    Filter {
        text: asked.filter("q").map(str::to_owned),
        role: asked.filter("role").and_then(|role| Uuid::parse_str(role).ok()),
        active: asked.filter("state").map(|state| state == "active"),
        is_admin: None,
        order: match asked.sort {
            Some("created") => Order::Created,
            Some("access") => Order::Access,
            _ => Order::Name,
        },
        descending: asked.descending,
        limit: asked.page_size,
        offset: asked.offset(),
    }
}

fn row(session: &Session, user: User) -> Row {
    let mut roles: Vec<String> = given_roles(session)
        .into_iter()
        .filter(|role| user.roles.contains(&role.id))
        .map(|role| role.label)
        .collect();
    if user.is_admin {
        roles.insert(0, "Administrator".to_owned());
    }
    let (tone, state) = if user.active {
        ("fine", "May log in")
    } else {
        ("quiet", "Blocked")
    };
    let profile = format!("/user/{}", user.id);
    Row::new(user.id, user.name.as_str())
        .cell(Cell::noted_link(
            user.name,
            profile.as_str(),
            user.mail.unwrap_or_default(),
        ))
        .cell(Cell::text(roles.join(", ")))
        .cell(Cell::badge(tone, state))
        .cell(Cell::time(user.created))
        .cell(Cell::time(user.access.unwrap_or_default()))
        .action(RowAction::link("Edit", format!("{profile}/edit")))
        .action(RowAction::link("Sessions", format!("{profile}/sessions")))
        .action(RowAction::link("Cancel", format!("/admin/people/cancel?row={}", user.id)).dangerous())
}

async fn act(session: Cx, submission: Submission) -> Result<Response, Error> {
    let input = form::take(&session, FORM, submission).await?;
    let ids = selected(input.all("row").iter().map(String::as_str));
    let back = Redirect::to(LIST).into_response();
    let messages = &session.request().messages;
    if ids.is_empty() {
        messages.say(Tone::Warning, "Nobody was selected.");
        return Ok(back);
    }
    let action = input.first("action").unwrap_or_default();
    if action == "cancel" {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(ids.iter().map(|id| ("row", id.to_string())));
        let question = format!("/admin/people/cancel?{}", query.finish());
        return Ok(Redirect::to(&question).into_response());
    }
    let users = &session.services().users;
    let (mut done, mut refused) = (0, Vec::new());
    for id in ids {
        let Some(user) = users.load(id).await? else {
            continue;
        };
        let Some(changes) = bulk(action, &user) else {
            return Err(Error::Bad(
                "There is nothing of that name to do with people.".to_owned(),
            ));
        };
        match users.update(&session, id, changes, None).await {
            Ok(_) => done += 1,
            Err(error @ (Refusal::Db(_) | Refusal::Hash(_))) => return Err(error.into()),
            Err(error) => refused.push(format!("“{}” was not changed: {error}.", user.name)),
        }
    }
    tell(&session, done, "changed", &refused);
    Ok(back)
}

/// What an action of the list changes of an account.
fn bulk(action: &str, user: &User) -> Option<Changes> {
    let roles = |change: &dyn Fn(&mut Vec<Uuid>, Uuid), role: &str| {
        let role = Uuid::parse_str(role).ok()?;
        let mut roles = user.roles.clone();
        change(&mut roles, role);
        Some(Changes {
            roles: Some(roles),
            ..Changes::default()
        })
    };
    let active = |active| Changes {
        active: Some(active),
        ..Changes::default()
    };
    match action.split_once(':') {
        None if action == "block" => Some(active(false)),
        None if action == "unblock" => Some(active(true)),
        Some(("give", role)) => roles(&|roles, role| roles.push(role), role),
        Some(("take", role)) => roles(&|roles, role| roles.retain(|had| *had != role), role),
        _ => None,
    }
}

/// The accounts that were selected, each once.
fn selected<'a>(rows: impl Iterator<Item = &'a str>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = rows.filter_map(|row| Uuid::parse_str(row).ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(200);
    ids
}

fn tell(session: &Session, done: usize, verb: &str, refused: &[String]) {
    let messages = &session.request().messages;
    match done {
        0 => {}
        1 => messages.say(Tone::Status, &format!("One account was {verb}.")),
        count => messages.say(Tone::Status, &format!("{count} accounts were {verb}.")),
    }
    for refusal in refused {
        messages.say(Tone::Error, refusal);
    }
}

async fn add(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Add, submission).await
}

async fn cancel(session: Cx, submission: Submission) -> Result<Response, Error> {
    let request = session.request();
    let rows = request.query.iter().filter(|(name, _)| name == "row");
    let mut users = Vec::new();
    for id in selected(rows.map(|(_, id)| id.as_str())) {
        if let Ok(user) = session.services().users.find(&request.account, id).await {
            users.push(user);
        }
    }
    if users.is_empty() {
        return Err(Error::NotFound);
    }
    form::answer(&session, &Cancel { users }, submission).await
}

/// The question what happens to accounts and to what they have written.
struct Cancel {
    users: Vec<User>,
}

impl Handler for Cancel {
    fn id(&self) -> &str {
        "people_cancel"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let title = match self.users.as_slice() {
            [user] => format!("Cancel the account of {}", user.name),
            users => format!("Cancel {} accounts", users.len()),
        };
        let names: Vec<&str> = self.users.iter().map(|user| user.name.as_str()).collect();
        let choices = Content::ALL.map(|content| (content.name(), content.words()));
        Ok(Form::new(&title)
            .with(Element::note("who", names.join(", ")))
            .with(
                Element::radios("content", "What happens to the account and its content")
                    .required()
                    .choices(choices)
                    .default(Content::Keep.name()),
            )
            .with(
                Element::actions()
                    .with(Element::submit("cancel_accounts", title).danger())
                    .with(Element::link("back", "Back", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let content = Content::named(values.text("content"))
            .ok_or_else(|| Error::Bad("There is no such way to cancel an account.".to_owned()))?;
        let (mut done, mut refused) = (0, Vec::new());
        for user in &self.users {
            match cx.services().cancellations.cancel(cx, user.id, content).await {
                Ok(()) => done += 1,
                Err(error @ (Refusal::Db(_) | Refusal::Hash(_))) => return Err(error.into()),
                Err(error) => refused.push(format!("“{}” was not cancelled: {error}.", user.name)),
            }
        }
        tell(cx, done, "cancelled", &refused);
        Ok(Outcome::redirect(LIST))
    }
}
