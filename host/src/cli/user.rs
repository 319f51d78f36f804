//! `trovato user`: accounts from the command line. Whoever runs it may do everything.

mod arguments;

use std::io::{IsTerminal, Read};
use std::time::Duration;

use serde_json::json;
use uuid::Uuid;

use super::plugin::columns::aligned;
use super::{Error, Result, open, print, system_session};
use crate::app::App;
use crate::config::Config;
use crate::request::Account;
use crate::subsystems::user::{Changes, Filter, NewUser, User};
use crate::time::Timestamp;

pub use arguments::Action;
use arguments::{Create, List, Output, Sessions};

/// How long letters may take to be sent when the command is done.
const LAST_MAIL: Duration = Duration::from_secs(10);

pub async fn run(config: Config, action: Action) -> Result {
    let app = open(config).await?;
    let done = act(&app, action).await;
    // Owners are told of changes; what can't be sent now waits for a server.
    app.site.services().mail.drain(LAST_MAIL).await;
    done
}

async fn act(app: &App, action: Action) -> Result {
    let active = |active| Changes {
        active: Some(active),
        ..Changes::default()
    };
    match action {
        Action::List(options) => list(app, options).await,
        Action::Create(options) => create(app, options).await,
        Action::Block(named) => change(app, &named.name, active(false), &named.output).await,
        Action::Unblock(named) => change(app, &named.name, active(true), &named.output).await,
        Action::Password(options) => {
            let changes = Changes {
                password: Some(secret(options.password)?),
                ..Changes::default()
            };
            change(app, &options.name, changes, &options.output).await
        }
        Action::Role(options) => {
            let mut roles = find(app, &options.name).await?.roles;
            for name in &options.give {
                roles.push(role(app, name)?);
            }
            for name in &options.take {
                let taken = role(app, name)?;
                roles.retain(|role| *role != taken);
            }
            let changes = Changes {
                roles: Some(roles),
                ..Changes::default()
            };
            change(app, &options.name, changes, &options.output).await
        }
        Action::Sessions(options) => sessions(app, options).await,
    }
}

async fn find(app: &App, name: &str) -> Result<User> {
    let users = &app.site.services().users;
    let found = users.find_named(&Account::system(), name).await;
    found.map_err(|error| Error::failed(format!("'{name}': {error}")))
}

fn role(app: &App, name: &str) -> Result<Uuid> {
    let access = &app.site.services().access;
    let known = || {
        let names: Vec<String> = access.roles().iter().map(|role| role.name.clone()).collect();
        Error::set_up(format!(
            "there is no role '{name}'; the roles are: {}",
            names.join(", ")
        ))
    };
    access.role_named(name).map(|role| role.id).ok_or_else(known)
}

/// A password, from standard input where it is `-`.
fn secret(password: String) -> Result<String> {
    if password != "-" {
        return Ok(password);
    }
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Err(Error::set_up("the password is read from a pipe"));
    }
    let mut password = String::new();
    input.read_to_string(&mut password).map_err(Error::failed)?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

fn json_of(app: &App, user: &User) -> serde_json::Value {
    let roles = app.site.services().access.roles();
    let roles: Vec<&str> = roles
        .iter()
        .filter(|role| user.roles.contains(&role.id))
        .map(|role| role.name.as_str())
        .collect();
    json!({
        "id": user.id,
        "name": user.name,
        "mail": user.mail,
        "active": user.active,
        "administrator": user.is_admin,
        "roles": roles,
        "created": moment(user.created),
        "access": user.access.map(moment),
        "login": user.login.map(moment),
    })
}

fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).map_or_else(|_| String::new(), |at| at.to_string())
}

fn write(output: &Output, json: &serde_json::Value, text: &[String]) -> Result {
    if output.json {
        print(&serde_json::to_string_pretty(json).map_err(Error::failed)?);
    } else {
        text.iter().for_each(|line| print(line));
    }
    Ok(())
}

async fn list(app: &App, options: List) -> Result {
    let filter = Filter {
        role: options.role.as_deref().map(|name| role(app, name)).transpose()?,
        text: options.text,
        active: options.blocked.then_some(false),
        limit: options.limit,
        offset: options.offset,
        ..Filter::default()
    };
    let users = &app.site.services().users;
    let page = users
        .list(&Account::system(), &filter)
        .await
        .map_err(Error::failed)?;
    let entries: Vec<_> = page.users.iter().map(|user| json_of(app, user)).collect();
    let mut rows = vec![["NAME", "MAIL", "STATE", "ROLES", "LAST SEEN"].map(str::to_owned)];
    rows.extend(page.users.iter().zip(&entries).map(|(user, entry)| {
        let roles = entry
            .get("roles")
            .and_then(|roles| roles.as_array())
            .into_iter()
            .flatten();
        let given = roles.filter_map(|role| role.as_str());
        let roles: Vec<&str> = user
            .is_admin
            .then_some("administrator")
            .into_iter()
            .chain(given)
            .collect();
        [
            user.name.clone(),
            user.mail.clone().unwrap_or_default(),
            if user.active { "active" } else { "blocked" }.to_owned(),
            roles.join(", "),
            user.access.map(moment).unwrap_or_default(),
        ]
    }));
    let mut lines = aligned(&rows);
    lines.push(format!("{} of {}", page.users.len(), page.total));
    write(
        &options.output,
        &json!({ "total": page.total, "users": entries }),
        &lines,
    )
}

async fn create(app: &App, options: Create) -> Result {
    let roles: Result<Vec<Uuid>> = options.role.iter().map(|name| role(app, name)).collect();
    let new = NewUser {
        name: options.name,
        mail: options.mail,
        password: options.password.map(secret).transpose()?,
        active: !options.blocked,
        is_admin: options.admin,
        roles: roles?,
        ..NewUser::default()
    };
    let made = app.site.services().users.create(&system_session(app), new).await;
    let user = made.map_err(Error::failed)?;
    let said = format!("The account '{}' is made.", user.name);
    write(&options.output, &json_of(app, &user), &[said])
}

async fn change(app: &App, name: &str, changes: Changes, output: &Output) -> Result {
    let id = find(app, name).await?.id;
    let users = &app.site.services().users;
    let changed = users.update(&system_session(app), id, changes, None).await;
    let user = changed.map_err(Error::failed)?.user;
    let said = format!("The account '{}' is changed.", user.name);
    write(output, &json_of(app, &user), &[said])
}

async fn sessions(app: &App, options: Sessions) -> Result {
    let user = find(app, &options.name).await?.id;
    let sessions = &app.site.services().sessions;
    if options.end_all {
        sessions.end_others(user, None).await.map_err(Error::failed)?;
    }
    if let Some(id) = options.end
        && !sessions.end(user, id).await.map_err(Error::failed)?
    {
        return Err(Error::failed(format!("'{}' has no session {id}", options.name)));
    }
    let listed = sessions.list(user).await.map_err(Error::failed)?;
    let mut rows = vec![["ID", "ADDRESS", "LOGGED IN", "LAST USED", "BROWSER"].map(str::to_owned)];
    rows.extend(listed.iter().map(|session| {
        [
            session.id.to_string(),
            session.address.clone(),
            moment(session.created),
            moment(session.last_used),
            session.agent.clone(),
        ]
    }));
    let json = serde_json::to_value(&listed).map_err(Error::failed)?;
    write(&options.output, &json, &aligned(&rows))
}
