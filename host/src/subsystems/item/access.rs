//! Who may do what with an item.

use std::collections::BTreeSet;
use std::sync::Arc;

use uuid::Uuid;

use super::lent::WithItem;
use super::model::Item;
use super::store::Sees;
use super::{Error, FieldError, Items, Session};
use crate::request::Account;
use crate::subsystems::access::Permission;
use crate::subsystems::item_type::ItemType;
use crate::taps;
use crate::wit::saving::{Access, ItemOperation};

/// The permission to see published content.
pub(super) const SEE: &str = "access content";

/// Something that can be done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// See it.
    View,
    /// Change it.
    Edit,
    /// Delete it.
    Delete,
}

impl From<Operation> for ItemOperation {
    fn from(operation: Operation) -> Self {
        match operation {
            Operation::View => Self::View,
            Operation::Edit => Self::Edit,
            Operation::Delete => Self::Delete,
        }
    }
}

impl Items {
    /// Whether whoever asks may do this with the item: a plugin's denial wins, then a plugin's grant, then the
    /// permissions decide. Gives the item back.
    pub async fn may(&self, session: &Session, item: Box<Item>, operation: Operation) -> (Box<Item>, bool) {
        if self.types.is_unguarded(&item.item_type) {
            return (item, false);
        }
        if !session.has::<taps::ItemAccess>() {
            let allowed = permitted(&session.request().account, &item, operation);
            return (item, allowed);
        }
        let untouched = item.clone();
        let owner = self.types.owner(&item.item_type);
        let mut granted = false;
        let mut input = WithItem::new(item, |handle| (handle, operation.into()));
        let verdict = session
            .veto::<taps::ItemAccess, ()>(&mut input, |plugin, answer| match answer {
                Ok((Access::Deny,)) => Err(()),
                Ok((Access::Grant,)) => {
                    granted = true;
                    Ok(())
                }
                Ok((Access::Neutral,)) => Ok(()),
                // Whoever guards a type and fails must not leave its door open.
                Err(_) if owner.as_deref() == Some(plugin.manifest.name.as_str()) => Err(()),
                Err(_) => Ok(()),
            })
            .await;
        drop(input);
        let permitted = permitted(&session.request().account, &untouched, operation);
        (untouched, verdict.is_ok() && (granted || permitted))
    }
}

impl Items {
    /// The fields that whoever asks may not see, or may not change: those that any plugin closes. Gives the item back.
    pub async fn closed_fields(
        &self,
        session: &Session,
        item: Box<Item>,
        operation: Operation,
    ) -> (Box<Item>, BTreeSet<String>) {
        let mut closed = BTreeSet::new();
        if !session.has::<taps::FieldAccess>() {
            return (item, closed);
        }
        let untouched = item.clone();
        let owner = self.types.owner(&item.item_type);
        let mut input = WithItem::new(item, |handle| (handle, operation.into()));
        let judge = |plugin: &Arc<crate::subsystems::Plugin>, answer: Result<(Vec<String>,), _>| {
            match answer {
                Ok((names,)) => closed.extend(names),
                // Whoever guards a type and fails must not leave its fields open.
                Err(_) if owner.as_deref() == Some(plugin.manifest.name.as_str()) => {
                    closed.extend(untouched.fields.keys().cloned());
                    closed.extend(
                        self.types
                            .get(&untouched.item_type)
                            .iter()
                            .flat_map(|of| of.fields.iter().map(|field| field.name.clone())),
                    );
                }
                Err(_) => {}
            }
            Ok::<(), std::convert::Infallible>(())
        };
        let Ok(()) = session.veto::<taps::FieldAccess, _>(&mut input, judge).await;
        drop(input);
        (untouched, closed)
    }

    /// An item without the fields that whoever asks may not see. Not to be saved: what is missing would be lost.
    pub async fn visible(&self, session: &Session, item: Item) -> Item {
        let (mut item, closed) = self.closed_fields(session, Box::new(item), Operation::View).await;
        item.fields.retain(|name, _| !closed.contains(name));
        *item
    }

    /// What a save would change though plugins have closed it.
    pub(super) async fn locked(
        &self,
        session: &Session,
        item: &Item,
        stored: Option<&Item>,
    ) -> Result<Vec<FieldError>, Error> {
        if !session.has::<taps::FieldAccess>() {
            return Ok(Vec::new());
        }
        let before = match stored {
            Some(stored) => stored.clone(),
            None => self.blank(session, &item.item_type, String::new())?,
        };
        let (before, closed) = self
            .closed_fields(session, Box::new(before), Operation::Edit)
            .await;
        let changed = closed
            .into_iter()
            .filter(|name| item.values(name) != before.values(name));
        Ok(changed
            .map(|name| FieldError::new(name, "you may not change it"))
            .collect())
    }
}

pub(super) fn may_create(account: &Account, item_type: &str) -> bool {
    account.may(&format!("create {item_type} content"))
}

pub(super) fn sees(account: &Account) -> Sees {
    if account.may("view unpublished content") {
        Sees::All
    } else if account.id.is_nil() {
        Sees::Published
    } else {
        Sees::Own(account.id)
    }
}

fn is_own(account: &Account, author: Uuid) -> bool {
    account.id != Uuid::nil() && account.id == author
}

/// Whether the permissions let somebody see an item, where no plugin decides about it.
#[must_use]
pub fn may_view(account: &Account, published: bool, author: Uuid) -> bool {
    if published {
        account.may(SEE)
    } else {
        is_own(account, author) || account.may("view unpublished content")
    }
}

pub(super) fn permitted(account: &Account, item: &Item, operation: Operation) -> bool {
    let own = is_own(account, item.author);
    let any_or_own = |verb: &str| {
        account.may(&format!("{verb} any {} content", item.item_type))
            || own && account.may(&format!("{verb} own {} content", item.item_type))
    };
    match operation {
        Operation::View => may_view(account, item.published, item.author),
        Operation::Edit => any_or_own("edit"),
        Operation::Delete => any_or_own("delete"),
    }
}

/// The permissions about content: those of all content, then those of each type.
#[must_use]
pub fn permissions(types: &[Arc<ItemType>]) -> Vec<Permission> {
    let mut permissions = vec![
        Permission::new(SEE, "See published content"),
        Permission::new(
            "view unpublished content",
            "See content of others that is not published",
        ),
    ];
    for of in types {
        let (name, label) = (&of.name, &of.label);
        let verbs = [
            ("create", format!("Make {label} content")),
            ("edit own", format!("Change own {label} content")),
            ("edit any", format!("Change any {label} content")),
            ("delete own", format!("Delete own {label} content")),
            ("delete any", format!("Delete any {label} content")),
        ];
        permissions
            .extend(verbs.map(|(verb, words)| Permission::new(format!("{verb} {name} content"), words)));
    }
    permissions
}
