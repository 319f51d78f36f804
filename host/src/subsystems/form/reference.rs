//! Records that are found by their names: suggestions while somebody types, and what was meant when the form is sent.
//! Nothing is found that whoever asks may not see.

use serde::Serialize;
use uuid::Uuid;

use super::input::{Input, picked_path};
use super::model::{Element, Form, Kind};
use super::{Errors, Value, Values};
use crate::subsystems::item::{self, Query};
use crate::subsystems::{Session, user};
use crate::web::Error;

/// Suggestions at a time.
const SUGGESTED: u32 = 10;
/// Records with one name that are told apart.
const ALIKE: u32 = 20;

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub label: String,
    /// What tells it from others of its name.
    pub hint: String,
}

/// Records whose names have the text.
///
/// # Errors
/// The database failed.
pub async fn suggest(cx: &Session, source: &str, text: &str) -> Result<Vec<Found>, Error> {
    let text = text.trim();
    if text.is_empty() || text.contains(char::is_control) {
        return Ok(Vec::new());
    }
    search(cx, source, text, SUGGESTED).await
}

async fn search(cx: &Session, source: &str, text: &str, limit: u32) -> Result<Vec<Found>, Error> {
    match source.split_once(':').unwrap_or((source, "")) {
        ("item", item_type) => items(cx, item_type, text, limit).await,
        ("user", _) => people(cx, text, limit).await,
        _ => Ok(Vec::new()),
    }
}

async fn items(cx: &Session, item_type: &str, title: &str, limit: u32) -> Result<Vec<Found>, Error> {
    let items = &cx.services().items;
    let query = Query {
        item_type: Some(item_type.to_owned()).filter(|name| !name.is_empty()),
        title: Some(title.to_owned()),
        order: item::Order::Title,
        limit,
        ..Query::default()
    };
    let found = items.some(cx, &query).await?;
    Ok(found.iter().map(|item| of_item(cx, item)).collect())
}

fn of_item(cx: &Session, item: &item::Item) -> Found {
    let of_type = cx.services().item_types.get(&item.item_type);
    Found {
        id: item.id.to_string(),
        label: item.title.clone(),
        hint: format!(
            "{}, by {}",
            of_type.map_or_else(|| item.item_type.to_string(), |of_type| of_type.label.clone()),
            item.author_name
        ),
    }
}

/// Whoever administers people finds them by a part of their names; others by the whole name.
async fn people(cx: &Session, name: &str, limit: u32) -> Result<Vec<Found>, Error> {
    let users = &cx.services().users;
    let asks = &cx.request().account;
    let filter = user::Filter {
        text: Some(name.to_owned()),
        limit,
        ..user::Filter::default()
    };
    match users.list(asks, &filter).await {
        Ok(page) => Ok(page.users.iter().map(of_user).collect()),
        Err(user::Error::Denied(_)) => match users.find_named(asks, name).await {
            Ok(user) => Ok(vec![of_user(&user)]),
            Err(user::Error::NotFound) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

fn of_user(user: &user::User) -> Found {
    Found {
        id: user.id.to_string(),
        label: user.name.clone(),
        hint: String::new(),
    }
}

/// The record of an identifier, if it is of the source and whoever asks may see it.
async fn by_id(cx: &Session, source: &str, id: &str) -> Result<Option<Found>, Error> {
    let Ok(id) = Uuid::parse_str(id) else {
        return Ok(None);
    };
    match source.split_once(':').unwrap_or((source, "")) {
        ("item", item_type) => match cx.services().items.find(cx, id).await {
            Ok(item) if item_type.is_empty() || *item.item_type == *item_type => Ok(Some(of_item(cx, &item))),
            Ok(_) | Err(item::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        },
        ("user", _) => match cx.services().users.find(&cx.request().account, id).await {
            Ok(user) => Ok(Some(of_user(&user))),
            Err(user::Error::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        },
        _ => Ok(None),
    }
}

/// Puts identifiers in the place of the names that were typed.
///
/// # Errors
/// The database failed.
pub async fn resolve(
    cx: &Session,
    form: &Form,
    input: &Input,
    values: &mut Values,
    errors: &mut Errors,
) -> Result<(), Error> {
    for (element, path) in places(form, input) {
        let Some(typed) = value_at(values, &path).filter(|_| !element.disabled) else {
            continue;
        };
        let Value::Text(text) = typed.clone() else {
            continue;
        };
        match meant(cx, element, &text, input.first(&picked_path(&path))).await? {
            Ok(id) => *typed = Value::Text(id),
            Err(message) => {
                *typed = Value::Empty;
                errors.add(path.as_str(), message);
            }
        }
    }
    Ok(())
}

async fn meant(
    cx: &Session,
    element: &Element,
    text: &str,
    picked: Option<&str>,
) -> Result<Result<String, String>, Error> {
    let Kind::Reference { source } = &element.kind else {
        return Ok(Ok(text.to_owned()));
    };
    let known = match picked.filter(|picked| !picked.is_empty()) {
        // Somebody may have picked one and typed on without a script.
        Some(picked) => by_id(cx, source, picked)
            .await?
            .filter(|found| found.label == text),
        None => by_id(cx, source, text).await?,
    };
    if let Some(found) = known {
        return Ok(Ok(found.id));
    }
    let mut alike = search(cx, source, text, ALIKE).await?;
    alike.retain(|found| found.label.to_lowercase() == text.to_lowercase());
    let name = element.name_for_people();
    Ok(match alike.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(format!("{name}: there is nothing called '{text}'.")),
        several => {
            let listed: Vec<String> = several
                .iter()
                .map(|found| format!("{} ({})", found.id, found.hint))
                .collect();
            Err(format!(
                "{name}: there are several called '{text}'. Give the number of one of these: {}.",
                listed.join("; ")
            ))
        }
    })
}

/// Puts names in the place of identifiers, for a form that is shown.
///
/// # Errors
/// The database failed.
pub async fn name(cx: &Session, form: &Form, input: &mut Input) -> Result<(), Error> {
    for (element, path) in places(form, input) {
        let Kind::Reference { source } = &element.kind else {
            continue;
        };
        let id = input.first(&path).unwrap_or_default().to_owned();
        if let Some(found) = by_id(cx, source, &id).await? {
            input.set(path.as_str(), found.label);
            input.set(picked_path(&path), found.id);
        }
    }
    Ok(())
}

/// The references of a form with their paths, those in rows once for each row.
fn places<'a>(form: &'a Form, input: &Input) -> Vec<(&'a Element, String)> {
    let mut found = Vec::new();
    collect(&form.elements, "", input, &mut found);
    found
}

fn collect<'a>(elements: &'a [Element], prefix: &str, input: &Input, found: &mut Vec<(&'a Element, String)>) {
    for element in elements {
        match &element.kind {
            Kind::Reference { .. } => found.push((element, format!("{prefix}{}", element.name))),
            Kind::Group(rules) => {
                let path = format!("{prefix}{}", element.name);
                for index in 0..input.rows(&path, rules) {
                    collect(&element.children, &format!("{path}.{index}."), input, found);
                }
            }
            _ => collect(&element.children, prefix, input, found),
        }
    }
}

fn value_at<'a>(values: &'a mut Values, path: &str) -> Option<&'a mut Value> {
    match path.split_once('.') {
        None => values.get_mut(path),
        Some((group, rest)) => {
            let (index, rest) = rest.split_once('.')?;
            let Value::Rows(rows) = values.get_mut(group)? else {
                return None;
            };
            value_at(rows.get_mut(index.parse::<usize>().ok()?)?, rest)
        }
    }
}
