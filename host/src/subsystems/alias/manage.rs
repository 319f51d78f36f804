//! Paths made and removed by people: names of items, and redirects, which never lead in a circle.

use uuid::Uuid;

use super::{Aliases, Error, Listed, Wanted, is_free_for_items, pattern, store};
use crate::db::{self, Tx};
use crate::subsystems::item::Item;
use crate::subsystems::item_type::ItemType;

/// Redirects one behind the other.
pub const CHAIN: usize = 5;
/// Characters of what a redirect leads to.
const TARGET_LIMIT: usize = 1024;

impl Aliases {
    /// A page of paths, and how many there are in all.
    ///
    /// # Errors
    /// The database failed.
    pub async fn list(&self, wanted: &Wanted) -> Result<(Vec<Listed>, u64), Error> {
        Ok(store::list(&self.db, wanted).await?)
    }

    /// Makes a path, without its leading slash, the name of an item. The name that it has had leads on to this one.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the path is another's or the site's own.
    #[tracing::instrument(name = "alias.give", level = "debug", skip_all, fields(item.id = %item))]
    pub async fn give(&self, path: &str, item: Uuid) -> Result<(), Error> {
        let path = own(path, "from")?;
        let mut tx = self.db.begin().await?;
        if !self.set(&mut tx, &path, item).await? {
            return Err(Error::invalid(
                "from",
                format!("The path /{path} leads elsewhere already."),
            ));
        }
        tx.commit().await?;
        self.known.invalidate(&path);
        self.cache.invalidate(&[format!("item:{item}")]).await;
        Ok(())
    }

    /// Lets a path, without its leading slash, lead on to another path of this site.
    ///
    /// # Errors
    /// [`Error::Invalid`] where either is no path for this, the first leads elsewhere already, or the way from the
    /// second leads back or goes on too often.
    #[tracing::instrument(name = "alias.lead", level = "debug", skip_all)]
    pub async fn lead(&self, from: &str, to: &str) -> Result<(), Error> {
        let from = own(from, "from")?;
        let to = target(to)?;
        let mut tx = self.db.begin().await?;
        let mut here = bare(&to).to_owned();
        for step in 0.. {
            if here == from {
                return Err(Error::invalid(
                    "to",
                    format!("From {to} the way leads back to /{from}."),
                ));
            }
            let Some(next) = store::leads_to(&mut tx, &here).await? else {
                break;
            };
            if step == CHAIN {
                let problem =
                    format!("From {to} there are more than {CHAIN} redirects: lead to where they end.");
                return Err(Error::invalid("to", problem));
            }
            here = bare(&next).to_owned();
        }
        if !store::insert_lead(&mut tx, &from, &to, self.clock.now()).await? {
            return Err(Error::invalid(
                "from",
                format!("The path /{from} leads elsewhere already."),
            ));
        }
        tx.commit().await?;
        self.known.invalidate(&from);
        Ok(())
    }

    /// Removes a path, whatever it leads to.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    #[tracing::instrument(name = "alias.remove", level = "debug", skip_all)]
    pub async fn remove(&self, path: &str) -> Result<(), Error> {
        let removed = store::remove(&self.db, path).await?.ok_or(Error::NotFound)?;
        self.known.invalidate(path);
        if let Some(item) = removed.item {
            self.cache.invalidate(&[format!("item:{item}")]).await;
        }
        Ok(())
    }

    /// Gives an item the path that the pattern of its type makes now. None where it has that path.
    pub(in crate::subsystems) async fn renew(
        &self,
        tx: &mut Tx,
        item: &Item,
        of: &ItemType,
    ) -> db::Result<Option<String>> {
        let pattern = of.path_pattern.as_deref();
        let Some(path) = pattern.and_then(|pattern| pattern::fill(pattern, item)) else {
            return Ok(None);
        };
        if item
            .alias
            .as_deref()
            .is_some_and(|alias| pattern::is_numbered(alias, &path))
        {
            return Ok(None);
        }
        store::retire_canonical(tx, item.id).await?;
        self.make(tx, item, of).await
    }
}

/// A path that may be an item's or lead on, without slashes around it.
fn own(path: &str, field: &'static str) -> Result<String, Error> {
    let path = path.trim().trim_matches('/');
    if is_free_for_items(path) && !path.contains(['?', '#']) {
        return Ok(path.to_owned());
    }
    let problem = if path.is_empty() {
        "A path has at least one character besides the slash.".to_owned()
    } else {
        format!(
            "/{path} can't be used: it is too long, belongs to the site itself, or has characters that browsers change."
        )
    };
    Err(Error::invalid(field, problem))
}

/// Where a redirect may lead.
fn target(to: &str) -> Result<String, Error> {
    let to = to.trim();
    let is_path = to.starts_with('/') && !to.starts_with("//");
    let is_clean = !to.contains(|char: char| char.is_control() || char.is_whitespace() || char == '\\');
    if is_path && is_clean && to.chars().count() <= TARGET_LIMIT {
        Ok(to.to_owned())
    } else {
        Err(Error::invalid(
            "to",
            "A redirect leads to a path of this site, which begins with one slash.",
        ))
    }
}

/// A path as it is stored: without slashes around it, without query and fragment.
fn bare(path: &str) -> &str {
    path.split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_matches('/')
}
