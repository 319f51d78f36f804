//! What the records are called that items refer to, for those who may know.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::refer::file_failed;
use super::{Error, Item, Items, pointers};
use crate::subsystems::Session;
use crate::subsystems::file::{File, by_id};
use crate::subsystems::item_type::ItemType;

/// The names of records by their identifiers. What is not in it is gone, or nobody's business.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Items: title and path.
    pub items: BTreeMap<Uuid, (String, String)>,
    /// People.
    pub users: BTreeMap<Uuid, String>,
    /// Files.
    pub files: BTreeMap<Uuid, File>,
}

impl Items {
    /// The names of everything that several items refer to in fields that `wants` likes: a query for each kind of
    /// record, however many items there are.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn names(
        &self,
        session: &Session,
        items: &[&Item],
        wants: impl Fn(&ItemType, &str) -> bool,
    ) -> Result<Names, Error> {
        let mut by_kind: BTreeMap<String, BTreeSet<Uuid>> = BTreeMap::new();
        for item in items {
            let Some(of) = self.types.get(&item.item_type) else {
                continue;
            };
            for pointer in pointers(item, &of) {
                let field = pointer.path.split('.').next().unwrap_or_default();
                if wants(&of, field) {
                    by_kind.entry(pointer.kind).or_default().insert(pointer.target);
                }
            }
        }
        let mut ids = |kind: &str| -> Vec<Uuid> { by_kind.remove(kind).into_iter().flatten().collect() };
        let (found, people, files) = (ids("item"), ids("user"), ids("file"));
        let found = self.find_many(session, &found).await?;
        Ok(Names {
            items: found
                .into_iter()
                .map(|item| (item.id, (item.title.clone(), item.path())))
                .collect(),
            users: self.users.known_of(&session.request().account, &people).await?,
            files: by_id(self.files.find_many(&files).await.map_err(file_failed)?),
        })
    }
}
