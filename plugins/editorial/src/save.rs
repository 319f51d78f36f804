//! What is decided before an item is saved, and written down after it.

use std::cell::RefCell;

use trovato_sdk::prelude::*;

use crate::rules::{Rules, State};
use crate::store::{self, Listed, Step};
use crate::{CHANGE, WITHOUT_REVIEW, dates, edit};

thread_local! {
    /// What was decided about the item that is being saved.
    static DECIDED: RefCell<Option<(Id, Decision)>> = const { RefCell::new(None) };
}

/// Where an item goes.
#[derive(Debug, Clone, PartialEq)]
struct Decision {
    from: String,
    to: String,
    note: String,
    /// Whether there is a step to be written down.
    moves: bool,
}

/// Who saves, and what is saved.
struct Saving<'a> {
    rules: &'a Rules,
    current: &'a State,
    is_new: bool,
    /// Whether it is the site itself: an import, the clock.
    by_site: bool,
    /// Whether something else than its state differs from what is stored.
    differs: bool,
    /// Whether whoever saves has written it.
    is_own: bool,
}

/// Decides where an item goes, and refuses what may not be. Whether it is published follows.
pub fn decide(item: &Item, operation: SaveOperation) -> Result<()> {
    let Some(rules) = Rules::of(&item.item_type())? else {
        return Ok(());
    };
    let id = item.id();
    let is_new = operation == SaveOperation::Insert;
    let stored = if is_new { None } else { Some(items::load(&id)?) };
    let current = match &stored {
        Some(stored) => edit::state_of(stored, &rules)?,
        None => rules.first()?,
    };
    let user = users::current();
    let saving = Saving {
        rules: &rules,
        current,
        is_new,
        by_site: user.is_visitor() && users::may(CHANGE),
        differs: stored.as_ref().is_none_or(|stored| differs(stored, item)),
        is_own: item.author() == user.id,
    };
    let (wanted, note) = match edit::chosen(&id) {
        Some(chosen) => (Some(chosen.state), chosen.note),
        None => (None, String::new()),
    };
    let to = match wanted {
        Some(name) => saving.chosen(&name)?,
        None => saving.wished(item.published())?,
    };
    saving.check(to, &note)?;
    if !saving.by_site {
        dates::check(&rules, stored.as_ref(), item, current, to)?;
    }
    item.set_published(to.public);
    DECIDED.set(Some((id, saving.decision(to, note))));
    Ok(())
}

/// Whether something else than its state differs. A field that is empty is as good as none.
fn differs(stored: &Item, item: &Item) -> bool {
    let filled = |item: &Item| {
        let mut record = item.snapshot();
        record.fields.retain(|field| !field.values.is_empty());
        (record.title, record.fields)
    };
    let place = |item: &Item| (item.promoted(), item.sticky(), item.alias());
    place(stored) != place(item) || filled(stored) != filled(item)
}

impl<'a> Saving<'a> {
    fn may(&self, permission: &str) -> bool {
        // What nobody has reviewed is not published by the clock.
        let by_clock = self.by_site && !self.is_new && permission == WITHOUT_REVIEW;
        !by_clock && users::may(permission)
    }

    /// The first way that is open to a state that is like this.
    fn way(&self, is_it: impl Fn(&State) -> bool) -> Option<&'a State> {
        let ways = self.rules.ways(self.current, |permission| self.may(permission));
        ways.into_iter().find(|state| is_it(state))
    }

    /// The state that was chosen in the form.
    fn chosen(&self, name: &str) -> Result<&'a State> {
        if name == self.current.name {
            return Ok(self.current);
        }
        let found = self.way(|state| state.name == name);
        found.ok_or_else(|| {
            let label = self.rules.state(name).map_or(name, |state| state.label.as_str());
            Error::denied(format!(
                "you can't take it from “{}” to “{label}”",
                self.current.label
            ))
        })
    }

    /// The state for an item that is saved otherwise than by its form: by the API, by another plugin, by the clock.
    fn wished(&self, published: bool) -> Result<&'a State> {
        if published == self.current.public {
            return Ok(self.current);
        }
        let leads_there = |state: &State| state.public == published;
        // Nobody can say why outside the form, so a way that takes no word about it comes first.
        let silent = self.way(|state| leads_there(state) && !self.wants_note(state));
        match silent.or_else(|| self.way(leads_there)) {
            Some(state) => Ok(state),
            // New content is published by default: without a word about it, it waits.
            None if self.is_new => Ok(self.current),
            None => Err(Error::denied(format!(
                "it is “{}”, and you can't {} it from there",
                self.current.label,
                if published { "publish" } else { "unpublish" }
            ))),
        }
    }

    fn wants_note(&self, to: &State) -> bool {
        !self.by_site && self.rules.wants_note(self.current, to)
    }

    /// What may not be although the way is open.
    fn check(&self, to: &State, note: &str) -> Result<()> {
        if self.by_site {
            return Ok(());
        }
        if note.is_empty() && self.wants_note(to) {
            return Err(Error::denied(format!(
                "a note is needed to take it back to “{}”; open the form in which it is edited and write it there",
                to.label
            )));
        }
        let settles = to.locked && to.name != self.current.name;
        if settles && self.is_own && !self.rules.own_content {
            return Err(Error::denied(
                "somebody else has to approve what you have written",
            ));
        }
        let is_past = !self.is_new && self.current.locked && to.locked;
        if is_past && self.differs && !users::may(CHANGE) {
            return Err(Error::denied(format!(
                "it is “{}”, and you can't change it there; take it back first",
                self.current.label
            )));
        }
        Ok(())
    }

    fn decision(&self, to: &State, note: String) -> Decision {
        let moves = to.name != self.current.name;
        Decision {
            // What begins in the first state has come from nowhere.
            from: if self.is_new && !moves {
                String::new()
            } else {
                self.current.name.clone()
            },
            to: to.name.clone(),
            note,
            moves: self.is_new || moves,
        }
    }
}

/// The item is saved: writes down where it is, and how it came there.
pub fn write_down(item: &Item) -> Result<()> {
    let id = item.id();
    let decided = DECIDED.with_borrow_mut(|decided| decided.take_if(|(about, _)| *about == id));
    let Some((_, decision)) = decided else {
        return Ok(());
    };
    let author = users::load(&item.author()).map(|user| user.name);
    let now = clock::now();
    let step = decision.moves.then(|| Step {
        from: decision.from,
        to: decision.to.clone(),
        who: users::current().name,
        at: now,
        note: decision.note,
    });
    let listed = Listed {
        item: id,
        state: decision.to,
        since: now,
        title: item.title(),
        item_type: item.item_type(),
        author: author.unwrap_or_default(),
    };
    store::remember(&listed, step.as_ref())
}
