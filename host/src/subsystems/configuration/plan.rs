//! What would change, and what would be lost by it.

use std::collections::BTreeMap;

use super::model::{ITEM_TYPES, ROLES, changed, gone};
use super::{Configuration, Error};
use crate::subsystems::Session;
use crate::subsystems::item_type::Usage;

/// How a file differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The site has no such object.
    Made,
    /// The site has another.
    Changed,
    /// Only the site has it.
    Removed,
}

/// An object that differs, with both texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, as seen from the folder.
    pub file: String,
    /// How it differs.
    pub kind: Kind,
    /// What the site has.
    pub present: String,
    /// What the folder has.
    pub wanted: String,
}

/// Something that people would miss. It has to be agreed to with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What goes: `item_types/NAME`, `item_types/NAME.FIELD` or `roles/NAME`.
    pub what: String,
    /// How many items or people have it.
    pub count: u64,
    /// What becomes of them.
    pub words: String,
}

/// What would change.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Every object that differs, by its file.
    pub changes: Vec<Change>,
    /// What would be lost.
    pub losses: Vec<Loss>,
}

impl Plan {
    /// Compares what is wanted with what is there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn make(
        session: &Session,
        present: &Configuration,
        wanted: &Configuration,
    ) -> Result<Self, Error> {
        let comparison = Comparison {
            session,
            present,
            wanted,
        };
        Ok(Self {
            losses: comparison.losses().await?,
            changes: differences(present.texts()?, wanted.texts()?),
        })
    }
}

fn differences(present: BTreeMap<String, String>, mut wanted: BTreeMap<String, String>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (file, present) in present {
        let change = match wanted.remove(&file) {
            Some(wanted) if wanted == present => continue,
            Some(wanted) => (Kind::Changed, wanted),
            None => (Kind::Removed, String::new()),
        };
        changes.push(Change {
            file,
            kind: change.0,
            present,
            wanted: change.1,
        });
    }
    changes.extend(wanted.into_iter().map(|(file, wanted)| Change {
        file,
        kind: Kind::Made,
        present: String::new(),
        wanted,
    }));
    changes.sort_by(|one, other| one.file.cmp(&other.file));
    changes
}

fn in_words(usage: Usage) -> String {
    let count = |number: u64, one: &str, many: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    };
    format!(
        "{} with {}",
        count(usage.items, "item", "items"),
        count(usage.revisions, "revision", "revisions")
    )
}

/// What a site is and what it is to be.
struct Comparison<'a> {
    session: &'a Session,
    present: &'a Configuration,
    wanted: &'a Configuration,
}

impl Comparison<'_> {
    /// What would be lost on the way, items and holders of roles counted.
    async fn losses(&self) -> Result<Vec<Loss>, Error> {
        let mut losses = self.types().await?;
        losses.extend(self.fields().await?);
        losses.extend(self.roles().await?);
        losses.retain(|loss| loss.count > 0);
        Ok(losses)
    }

    async fn types(&self) -> Result<Vec<Loss>, Error> {
        let mut losses = Vec::new();
        for name in gone(&self.wanted.item_types, &self.present.item_types) {
            let usage = self.session.services().item_types.usage(name).await?;
            losses.push(Loss {
                what: format!("{ITEM_TYPES}/{name}"),
                count: usage.items,
                words: format!(
                    "the content type goes; nobody sees its {} any more, and they are kept until somebody purges them",
                    in_words(usage)
                ),
            });
        }
        Ok(losses)
    }

    async fn fields(&self) -> Result<Vec<Loss>, Error> {
        let types = &self.session.services().item_types;
        let mut losses = Vec::new();
        for (name, of) in changed(&self.wanted.item_types, &self.present.item_types) {
            let before = self.present.item_types.get(name);
            let fields = before.into_iter().flat_map(|before| &before.fields);
            for field in fields {
                if of.fields.iter().any(|kept| kept.name == field.name) {
                    continue;
                }
                let usage = types.usage_of_field(name, &field.name).await?;
                losses.push(Loss {
                    what: format!("{ITEM_TYPES}/{name}.{}", field.name),
                    count: usage.items,
                    words: format!(
                        "the field goes; nobody sees what it holds in {} any more, and it is kept until somebody \
                         purges it",
                        in_words(usage)
                    ),
                });
            }
        }
        Ok(losses)
    }

    async fn roles(&self) -> Result<Vec<Loss>, Error> {
        let access = &self.session.services().access;
        let mut names = gone(&self.wanted.roles, &self.present.roles).peekable();
        if names.peek().is_none() {
            return Ok(Vec::new());
        }
        let holders = access.holders().await?;
        let loss = |name: &String| {
            let role = access.role_named(name)?;
            let count = holders.get(&role.id).copied().unwrap_or(0);
            Some(Loss {
                what: format!("{ROLES}/{name}"),
                count: u64::try_from(count).unwrap_or(0),
                words: format!("the role goes, and with it what it lets {count} people do"),
            })
        };
        Ok(names.filter_map(loss).collect())
    }
}
