//! Records that items refer to and that come along: one query for each step of a way, however many items there are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::asked::Shape;
use super::represent;
use crate::subsystems::Session;
use crate::subsystems::item::{Item, Value};
use crate::subsystems::user;
use crate::web::Error;

/// Records that come along with one answer.
const MOST: usize = 500;

/// What comes along, by kind. Whatever may not be seen by whoever asks is not there.
#[derive(Default)]
struct Found {
    items: BTreeMap<Uuid, Item>,
    files: BTreeSet<Uuid>,
    users: BTreeSet<Uuid>,
}

/// The records along the ways that are wanted, from these items on.
///
/// # Errors
/// There are more than an answer may have.
pub(super) async fn along(session: &Session, from: &[Item], shape: &Shape) -> Result<Json, Error> {
    let mut found = Found::default();
    for way in &shape.include {
        let mut here: Vec<Uuid> = Vec::new();
        for (step, field) in way.iter().enumerate() {
            let holders: Vec<&Item> = if step == 0 {
                from.iter().collect()
            } else {
                here.iter().filter_map(|id| found.items.get(id)).collect()
            };
            let targets = targets(&holders, field);
            here = found.take(session, targets).await?;
        }
    }
    show(session, found, shape).await
}

/// What a field of some items refers to.
fn targets(items: &[&Item], field: &str) -> BTreeSet<(String, Uuid)> {
    let values = items.iter().flat_map(|item| item.values(field));
    values
        .filter_map(|value| match value {
            Value::Reference { target, kind } => Some((kind.clone(), *target)),
            _ => None,
        })
        .collect()
}

impl Found {
    /// Takes up what is not there yet, and gives the items among it.
    async fn take(
        &mut self,
        session: &Session,
        targets: BTreeSet<(String, Uuid)>,
    ) -> Result<Vec<Uuid>, Error> {
        let mut here = Vec::new();
        let mut missing = Vec::new();
        for (kind, id) in targets {
            match kind.as_str() {
                "item" => {
                    here.push(id);
                    if !self.items.contains_key(&id) {
                        missing.push(id);
                    }
                }
                "file" => drop(self.files.insert(id)),
                "user" => drop(self.users.insert(id)),
                _ => {}
            }
        }
        if self.items.len() + missing.len() + self.files.len() + self.users.len() > MOST {
            let detail =
                format!("include: more than {MOST} records would come along; ask for fewer items, or less.");
            return Err(Error::Bad(detail));
        }
        let loaded = session.services().items.find_many(session, &missing).await?;
        for item in loaded {
            self.items
                .insert(item.id, session.services().items.visible(session, item).await);
        }
        Ok(here)
    }
}

async fn show(session: &Session, found: Found, shape: &Shape) -> Result<Json, Error> {
    let services = session.services();
    let all = Shape {
        fields: shape.fields.clone(),
        include: Vec::new(),
    };
    let items: Vec<Json> = found
        .items
        .values()
        .map(|item| represent::item(session, item, &all).into())
        .collect();
    let mut included = Map::from_iter([("items".to_owned(), items.into())]);
    if !found.files.is_empty() {
        let ids: Vec<Uuid> = found.files.into_iter().collect();
        let files = services.files.find_many(&ids).await?;
        let shown = files.iter().map(|file| {
            json!({ "id": file.id, "name": file.name, "mime": file.mime, "size": file.size, "url": file.url() })
        });
        included.insert("files".to_owned(), shown.collect());
    }
    if !found.users.is_empty() {
        let account = &session.request().account;
        let sees_all = account.may(user::PROFILES) || account.may(user::ADMINISTER);
        let ids: Vec<Uuid> = found
            .users
            .into_iter()
            .filter(|id| sees_all || *id == account.id)
            .collect();
        let names = services.users.names(&ids).await?;
        let shown = names
            .into_iter()
            .map(|(id, name)| json!({ "id": id, "name": name }));
        included.insert("users".to_owned(), shown.collect());
    }
    Ok(included.into())
}
