//! Changing menus: whoever may do it, what it may be, and one transaction with the record of it.

use super::check;
use super::links::{self, Entry, Menu};
use super::store::{self, Stored};
use super::{ADMINISTER, BUILT_IN, Error, MOST_MENUS, Menus};
use crate::db::{self, Tx};
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry as Record;
use crate::subsystems::cache::Recorded;

/// The tag of what is kept of menus.
pub(super) const TAG: &str = "menu";

impl Menus {
    /// Gives a menu another name for people and puts other links in the place of its own, in this order. A link of a
    /// plugin that is left out is hidden; one without a key is new. What is stored of links whose plugins are not at
    /// work stays.
    ///
    /// # Errors
    /// [`Error::Invalid`], with the number of the link that is wrong, [`Error::NotFound`] and [`Error::Denied`].
    pub async fn arrange(&self, session: &Session, menu: Menu, links: Vec<Entry>) -> Result<(), Error> {
        self.arrange_from(session, None, menu, links).await
    }

    /// As [`Menus::arrange`], if the menu is still the one that whoever asks has seen ([`Menus::fingerprint`]).
    ///
    /// # Errors
    /// [`Error::Changed`], and as [`Menus::arrange`].
    #[tracing::instrument(name = "menu.arrange", level = "debug", skip_all)]
    pub async fn arrange_from(
        &self,
        session: &Session,
        seen: Option<&str>,
        menu: Menu,
        mut links: Vec<Entry>,
    ) -> Result<(), Error> {
        require(&session.request().account)?;
        for link in links.iter_mut().filter(|link| link.key.is_empty()) {
            link.key = self.ids.next().to_string();
        }
        let mut tx = self.db.begin().await?;
        // What is read below is nobody else's to change until this is stored.
        store::raise(&mut tx).await?;
        let there = store::find(&mut tx, &menu.name).await?.ok_or(Error::NotFound)?;
        let stored = store::links(&mut tx).await?;
        let before = links::merge(&session.registry().noted().routes, &stored).remove(&menu.name);
        let before = before.unwrap_or_default();
        if seen.is_some_and(|seen| seen != links::fingerprint(&there, &before)) {
            return Err(Error::Changed);
        }
        let links = complete(&menu, links, &before, &stored)?;
        let dropped = self.put_in(&mut tx, session, &menu, links).await?;
        tx.commit().await?;
        self.cache.take_effect(dropped).await;
        Ok(self.take_effect().await?)
    }

    /// Adds a menu without links.
    ///
    /// # Errors
    /// [`Error::Invalid`] where the name is none, or taken, and [`Error::Denied`].
    pub async fn create(&self, session: &Session, menu: Menu) -> Result<(), Error> {
        require(&session.request().account)?;
        let mut tx = self.db.begin().await?;
        store::raise(&mut tx).await?;
        if store::find(&mut tx, &menu.name).await?.is_some() {
            return Err(Error::invalid("name", "There is a menu of this name."));
        }
        let dropped = self.put_in(&mut tx, session, &menu, Vec::new()).await?;
        tx.commit().await?;
        self.cache.take_effect(dropped).await;
        Ok(self.take_effect().await?)
    }

    /// Removes a menu with its links.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one that themes show, and [`Error::Denied`].
    pub async fn delete(&self, session: &Session, name: &str) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let dropped = self.delete_in(&mut tx, session, name).await?;
        tx.commit().await?;
        self.cache.take_effect(dropped).await;
        Ok(self.take_effect().await?)
    }

    /// Stores a menu, new or not, with these links and no others, together with what else the transaction does. Whoever
    /// commits it has everything take effect.
    ///
    /// # Errors
    /// As [`Menus::arrange`].
    pub async fn put_in(
        &self,
        tx: &mut Tx,
        session: &Session,
        menu: &Menu,
        links: Vec<Entry>,
    ) -> Result<Recorded, Error> {
        require(&session.request().account)?;
        check::check(menu, &links)?;
        store::raise(tx).await?;
        let is_new = store::put(tx, menu).await?;
        if is_new && store::count(tx).await? > MOST_MENUS {
            let rule = format!("A site has at most {MOST_MENUS} menus. Remove one first.");
            return Err(Error::invalid("name", rule));
        }
        store::replace(tx, &menu.name, &stored(&menu.name, links)).await?;
        let action = if is_new { "menu.create" } else { "menu.arrange" };
        let record = Record::new(action).on("menu", &menu.name, menu.label.as_str());
        self.audit.record_in(tx, session.request(), record).await?;
        Ok(self.cache.record(tx, &[TAG.to_owned()]).await?)
    }

    /// Removes a menu with its links, together with what else the transaction does.
    ///
    /// # Errors
    /// As [`Menus::delete`].
    pub async fn delete_in(&self, tx: &mut Tx, session: &Session, name: &str) -> Result<Recorded, Error> {
        require(&session.request().account)?;
        store::raise(tx).await?;
        if BUILT_IN.contains(&name) || !store::delete(tx, name).await? {
            return Err(Error::NotFound);
        }
        let record = Record::new("menu.delete").on("menu", name, name);
        self.audit.record_in(tx, session.request(), record).await?;
        Ok(self.cache.record(tx, &[TAG.to_owned()]).await?)
    }

    /// Has what was stored hold, here and then on the other nodes.
    ///
    /// # Errors
    /// The database failed.
    pub async fn take_effect(&self) -> db::Result<()> {
        self.reload().await?;
        self.changes.tell().await;
        Ok(())
    }
}

fn require(account: &Account) -> Result<(), Error> {
    if account.may(ADMINISTER) {
        Ok(())
    } else {
        Err(Error::Denied)
    }
}

/// The links of a menu with those of plugins that it keeps, everything in its place.
fn complete(
    menu: &Menu,
    mut links: Vec<Entry>,
    before: &[Entry],
    stored: &[Stored],
) -> Result<Vec<Entry>, Error> {
    check::links_of(before, &links)?;
    let own = stored.iter().filter(|link| link.menu == menu.name);
    let own: Vec<Entry> = own.map(Entry::from).collect();
    let declared = before.iter().filter(|entry| entry.declared);
    let hidden = declared.map(|entry| Entry {
        shown: false,
        ..entry.clone()
    });
    let kept = hidden.chain(links::waiting(own.clone(), before)).collect();
    let first = links.len();
    links::keep(&mut links, kept);
    // Problems are told by the numbers that the links have here.
    check::check(menu, &links)?;
    Ok(links::in_place(links, first, &own))
}

/// Links as they are stored: their order is their weight.
fn stored(menu: &str, links: Vec<Entry>) -> Vec<Stored> {
    let numbered = links.into_iter().zip(0..);
    numbered
        .map(|(link, weight)| Stored {
            key: link.key,
            menu: menu.to_owned(),
            title: link.title,
            path: link.path,
            parent: link.parent,
            weight,
            shown: link.shown,
            declared: link.declared,
        })
        .collect()
}
