//! Roles and the grid of permissions in the administration.

use std::collections::BTreeSet;

use axum::extract::{Path, State as Extract};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Serialize;
use uuid::Uuid;

use super::{ADMINISTER, Error as Refusal, Grant, Role};
use crate::request::Tone;
use crate::subsystems::admin::{AdminPage, Cell, Column, Row, RowAction, Table, render};
use crate::subsystems::form::{self, Element, Errors, Form, Handler, Outcome, State, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const ROLES: &str = "/admin/people/roles";
const GRID: &str = "/admin/people/permissions";
const FORM: &str = "permissions";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(ROLES, "Roles", get(list))
            .description("Groups of people who may do the same")
            .permission(ADMINISTER)
            .weight(10),
        AdminPage::new("/admin/people/roles/add", "Add a role", get(add).post(add))
            .permission(ADMINISTER)
            .action(),
        AdminPage::new("/admin/people/roles/{role}", "Edit a role", get(edit).post(edit))
            .permission(ADMINISTER),
        AdminPage::new(
            "/admin/people/roles/{role}/delete",
            "Delete a role",
            get(delete).post(delete),
        )
        .permission(ADMINISTER),
        AdminPage::new(GRID, "Permissions", get(grid).post(save))
            .description("What each role lets people do")
            .keywords("access rights grants")
            .permission(ADMINISTER)
            .weight(20),
    ]
}

async fn list(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let access = &site.services().access;
    let holders = access.holders().await?;
    let table = Table::new(ROLES, "Roles")
        .column(Column::new("label", "Role"))
        .column(Column::new("name", "Machine name"))
        .column(Column::new("people", "People").number())
        .column(Column::new("permissions", "Permissions").number());
    let asked = table.asked(session.request())?;
    let roles = access.roles();
    let total = roles.len() as u64;
    let rows = asked.page_of(roles.to_vec()).into_iter().map(|role| {
        let people = match role.id {
            super::ANONYMOUS => "visitors".to_owned(),
            super::AUTHENTICATED => "everybody who is logged in".to_owned(),
            id => holders.get(&id).copied().unwrap_or(0).to_string(),
        };
        let path = format!("{ROLES}/{}", role.id);
        let row = Row::new(role.id, role.label.as_str())
            .fixed()
            .cell(Cell::link(role.label.as_str(), path.as_str()))
            .cell(Cell::code(role.name.as_str()))
            .cell(Cell::text(people))
            .cell(Cell::text(access.of_role(role.id).len()));
        if role.is_built_in() {
            row
        } else {
            row.action(RowAction::link("Delete", format!("{path}/delete")).dangerous())
        }
    });
    let content = table.show(&site, &asked, rows.collect(), total);
    Ok(Page::admin("Roles", content.to_string()))
}

fn find(session: &Session, id: &str) -> Result<Role, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    session.services().access.role(id).ok_or(Error::NotFound)
}

async fn add(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Edit(None), submission).await
}

async fn edit(session: Cx, Path(id): Path<String>, submission: Submission) -> Result<Response, Error> {
    let role = find(&session, &id)?;
    form::answer(&session, &Edit(Some(role)), submission).await
}

async fn delete(session: Cx, Path(id): Path<String>, submission: Submission) -> Result<Response, Error> {
    let role = find(&session, &id)?;
    if role.is_built_in() {
        return Err(Error::NotFound);
    }
    form::answer(&session, &Delete(role), submission).await
}

/// What a form says of a refusal.
fn in_form(error: Refusal) -> Result<Outcome, Error> {
    match error {
        Refusal::Invalid(problems) => {
            let mut errors = Errors::default();
            for problem in problems {
                errors.add(problem.path, problem.message);
            }
            Ok(Outcome::Invalid(errors))
        }
        error => Err(error.into()),
    }
}

/// Making or changing a role.
struct Edit(Option<Role>);

impl Handler for Edit {
    fn id(&self) -> &str {
        "role_edit"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        let label = Element::text("label", "Name")
            .required()
            .max_length(super::change::LABEL_LIMIT);
        let actions = Element::actions()
            .with(Element::submit("save", "Save"))
            .with(Element::link("cancel", "Cancel", ROLES));
        Ok(match &self.0 {
            None => Form::new("Add a role")
                .with(label)
                .with(
                    Element::text("name", "Machine name")
                        .required()
                        .max_length(super::change::NAME_LIMIT)
                        .pattern("[a-z0-9_]+", "Lower-case letters, digits and underscores."),
                )
                .with(actions),
            Some(role) => Form::new(format!("Edit the role {}", role.label))
                .with(label.default(role.label.as_str()))
                .with(
                    Element::number("weight", "Weight")
                        .required()
                        .default(role.weight)
                        .min(-1000.0)
                        .max(1000.0)
                        .help("Lower comes first."),
                )
                .with(actions),
        })
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let access = &cx.services().access;
        let label = values.text("label");
        let saved = match &self.0 {
            None => access.create_role(cx, values.text("name"), label).await.map(drop),
            Some(role) => {
                let weight = values.integer("weight").unwrap_or(role.weight);
                access.update_role(cx, role.id, label, weight).await
            }
        };
        match saved {
            Ok(()) => Ok(Outcome::redirect(ROLES).message(&format!("The role {} is saved.", label.trim()))),
            Err(error) => in_form(error),
        }
    }
}

/// The question whether a role is to be removed.
struct Delete(Role);

impl Handler for Delete {
    fn id(&self) -> &str {
        "role_delete"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let holders = cx.services().access.holders().await?;
        let people = holders.get(&self.0.id).copied().unwrap_or(0);
        let note = format!("It is taken from {people} people, who may no longer do what only it lets them.");
        let actions = Element::actions()
            .with(Element::submit("delete", "Delete the role").danger())
            .with(Element::link("cancel", "Cancel", ROLES));
        Ok(Form::new(format!("Delete the role {}", self.0.label))
            .with(Element::note("what", note))
            .with(actions))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
        match cx.services().access.delete_role(cx, self.0.id).await {
            Ok(()) => Ok(Outcome::redirect(ROLES).message(&format!("The role {} is gone.", self.0.label))),
            Err(error) => in_form(error),
        }
    }
}

#[derive(Serialize)]
struct Grid {
    hidden: Vec<(&'static str, String)>,
    /// What is granted as it is shown: only what differs from it is changed, so that two who save at once don't undo
    /// each other's work.
    had: String,
    roles: Vec<Role>,
    groups: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    gone: bool,
    permissions: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    description: String,
    restricted: bool,
    /// For each role the value of its box, its label, and whether it is granted.
    boxes: Vec<(String, String, bool)>,
}

async fn grid(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let access = &site.services().access;
    let roles = access.roles();
    let mut had = Vec::new();
    let mut line = |permission: super::Permission| {
        let boxes = roles.iter().map(|role| {
            let granted = access.of_role(role.id).contains(&permission.name);
            let value = format!("{} {}", role.id, permission.name);
            if granted {
                had.push(value.clone());
            }
            (value, role.label.clone(), granted)
        });
        Line {
            boxes: boxes.collect(),
            name: permission.name.clone(),
            description: permission.description,
            restricted: permission.restricted,
        }
    };
    let groups = access.catalogue(&session).into_iter().map(|group| Part {
        title: group.title,
        gone: group.gone,
        permissions: group.permissions.into_iter().map(&mut line).collect(),
    });
    let groups = groups.collect();
    let variables = Grid {
        hidden: form::fields(&session, FORM)?,
        had: had.join("\n"),
        roles: roles.to_vec(),
        groups,
    };
    let content = render(&site, "admin/permissions.html", &variables);
    Ok(Page::admin("Permissions", content.to_string()))
}

async fn save(session: Cx, submission: Submission) -> Result<Response, Error> {
    let input = form::take(&session, FORM, submission).await?;
    let had: BTreeSet<&str> = input.first("had").unwrap_or_default().lines().collect();
    let wanted: BTreeSet<&str> = input.all("grant").iter().map(String::as_str).collect();
    let mut grants = Vec::new();
    for value in had.symmetric_difference(&wanted) {
        let parsed = value
            .split_once(' ')
            .and_then(|(role, permission)| Some((Uuid::parse_str(role).ok()?, permission)));
        let Some((role, permission)) = parsed else {
            return Err(Error::Bad("A box of this form is none of the site's.".to_owned()));
        };
        grants.push(Grant {
            role,
            permission: permission.to_owned(),
            granted: wanted.contains(value),
        });
    }
    session.services().access.grant(&session, &grants).await?;
    let said = match grants.len() {
        0 => "Nothing was changed.".to_owned(),
        1 => "One permission was changed.".to_owned(),
        changed => format!("{changed} permissions were changed."),
    };
    session.request().messages.say(Tone::Status, &said);
    Ok(Redirect::to(GRID).into_response())
}
