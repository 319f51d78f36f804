//! The interfaces of the host as a made-up kernel answers them, in the place of the bindings. Those that are not here
//! (`db`, `raw-sql`, `crypto`) need a site.

use super::with;
use crate::wit::generated::trovato::kernel as host;
use crate::wit::types::Error;

pub mod cache {
    use super::*;

    pub fn get(bin: &str, key: &str) -> Option<Vec<u8>> {
        let key = (bin.to_owned(), key.to_owned());
        with("cache::get", |state| {
            state.cache.get(&key).map(|(value, _)| value.clone())
        })
    }

    pub fn set(bin: &str, key: &str, value: &[u8], tags: &[String], _: Option<u32>) -> Result<(), Error> {
        let key = (bin.to_owned(), key.to_owned());
        with("cache::set", |state| {
            state.cache.insert(key, (value.to_vec(), tags.to_vec()))
        });
        Ok(())
    }

    pub fn remove(bin: &str, key: &str) {
        let key = (bin.to_owned(), key.to_owned());
        with("cache::remove", |state| state.cache.remove(&key));
    }

    pub fn invalidate(tag: &str) {
        with("cache::invalidate", |state| {
            state
                .cache
                .retain(|_, (_, tags)| !tags.iter().any(|known| known == tag));
        });
    }
}

pub mod clock {
    use super::*;

    pub fn now() -> i64 {
        with("clock::now", |state| state.now)
    }

    pub fn monotonic() -> u64 {
        with("clock::monotonic", |state| {
            u64::try_from(state.now).unwrap_or(0) * 1_000_000
        })
    }
}

pub mod counters {
    use super::*;

    pub fn hit(name: &str, _seconds: u32, limit: u32) -> bool {
        with("counters::hit", |state| {
            let counted = state.counted.entry(name.to_owned()).or_default();
            let is_in = *counted < limit;
            *counted += u32::from(is_in);
            is_in
        })
    }
}

pub mod item_fields {
    use super::*;
    use crate::mock::Item;

    pub fn key(name: &str) -> u32 {
        with("item_fields::key", |state| {
            let known = state.keys.iter().position(|known| known == name);
            let place = known.unwrap_or_else(|| {
                state.keys.push(name.to_owned());
                state.keys.len() - 1
            });
            u32::try_from(place + 1).unwrap_or(u32::MAX)
        })
    }

    /// The name of a key; none that any field has where there was no such key.
    fn name(key: u32) -> String {
        with("item_fields", |state| {
            let place = usize::try_from(key).ok().and_then(|key| key.checked_sub(1));
            let known = place.and_then(|place| state.keys.get(place));
            known.cloned().unwrap_or_default()
        })
    }

    pub fn text(item: u32, key: u32) -> Option<String> {
        Item::from_handle(item).text(&name(key))
    }

    pub fn integer(item: u32, key: u32, otherwise: i64) -> i64 {
        Item::from_handle(item).integer_or(&name(key), otherwise)
    }

    pub fn boolean(item: u32, key: u32, otherwise: bool) -> bool {
        Item::from_handle(item).boolean(&name(key)).unwrap_or(otherwise)
    }

    pub fn set_text(item: u32, key: u32, value: &str) {
        Item::from_handle(item).set_text(&name(key), value);
    }

    pub fn set_integer(item: u32, key: u32, value: i64) {
        Item::from_handle(item).set_integer(&name(key), value);
    }
}

pub mod form_state {
    use super::*;

    pub fn get(key: &str) -> Option<String> {
        with("form::state::get", |state| state.form.get(key).cloned())
    }

    pub fn set(key: &str, value: &str) -> Result<(), Error> {
        with("form::state::set", |state| {
            state.form.insert(key.to_owned(), value.to_owned())
        });
        Ok(())
    }
}

pub mod form_subject {
    use super::*;
    use crate::mock::Item;

    pub fn subject() -> Option<Item> {
        let record = with("form::subject", |state| state.subject.clone());
        record.map(|record| Item::of(&record))
    }
}

pub mod item {
    pub use super::host::item::{Field, ItemRecord};
    pub use crate::mock::Item;
}

pub mod items {
    use super::*;
    use crate::mock::Item;
    use crate::wit::types::FieldValue;
    pub use host::items::{ItemList, ItemOrder, ItemQuery, Revision};

    pub fn load(id: &str) -> Result<Item, Error> {
        let found = with("items::load", |state| state.stored.get(id).cloned());
        found.map(|record| Item::of(&record)).ok_or(Error::NotFound)
    }

    pub fn query(query: &ItemQuery) -> Result<ItemList, Error> {
        let fits = |record: &&crate::mock::Record| {
            let item = &record.item;
            query.item_type.as_ref().is_none_or(|of| *of == item.item_type)
                && query.author.as_ref().is_none_or(|by| *by == item.author)
                && query
                    .published
                    .is_none_or(|published| published == item.published)
                && query.field.as_ref().is_none_or(|(name, text)| {
                    let mut fields = item.fields.iter().filter(|field| field.name == *name);
                    let is_it =
                        |value: &FieldValue| matches!(value, FieldValue::Text(known) if known == text);
                    fields.any(|field| field.values.iter().any(is_it))
                })
        };
        with("items::query", |state| {
            let mut found: Vec<_> = state.stored.values().filter(fits).collect();
            // Identifiers grow with time.
            match query.order {
                ItemOrder::Newest => found.reverse(),
                ItemOrder::Oldest => {}
                ItemOrder::Changed => found.sort_by_key(|record| std::cmp::Reverse(record.item.changed)),
                ItemOrder::Title => found.sort_by(|one, other| one.item.title.cmp(&other.item.title)),
            }
            let ids = found.iter().map(|record| record.item.id.clone());
            Ok(ItemList {
                total: found.len() as u64,
                items: ids
                    .skip(query.offset as usize)
                    .take(query.limit as usize)
                    .collect(),
            })
        })
    }

    pub fn create(item_type: &str, title: &str) -> Result<Item, Error> {
        Ok(Item::make(item_type, title))
    }

    pub fn save(item: &Item, _log_message: &str) -> Result<String, Error> {
        Ok(item.keep())
    }

    pub fn delete(id: &str) -> Result<(), Error> {
        let gone = with("items::delete", |state| state.stored.remove(id));
        gone.map(drop).ok_or(Error::NotFound)
    }

    pub fn revisions(id: &str, offset: u32, limit: u32) -> Result<Vec<Revision>, Error> {
        let item = load(id)?;
        let revision = Revision {
            id: item.revision(),
            title: item.title(),
            author: item.author(),
            created: item.changed(),
            log_message: String::new(),
        };
        Ok([revision]
            .into_iter()
            .skip(offset as usize)
            .take(limit as usize)
            .collect())
    }
}

pub mod log {
    use super::*;
    use crate::wit::types::NamedText;
    pub use host::log::Level;

    pub fn write(level: Level, message: &str, fields: &[NamedText]) {
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let fields: String = fields
            .iter()
            .map(|field| format!(" {}={}", field.name, field.value))
            .collect();
        with("log::write", |state| {
            state.log.push(format!("{level}: {message}{fields}"))
        });
    }
}

pub mod mail {
    use super::*;
    pub use host::mail::Message;

    fn send(to: &str, message: &Message) -> Result<(), Error> {
        with("mail", |state| state.mail.push((to.to_owned(), message.clone())));
        Ok(())
    }

    pub fn send_to_site(message: &Message) -> Result<(), Error> {
        send("site", message)
    }

    pub fn send_to_user(user: &str, message: &Message) -> Result<(), Error> {
        send(user, message)
    }

    pub fn send_to_address(address: &str, message: &Message) -> Result<(), Error> {
        send(address, message)
    }
}

pub mod messages {
    use super::*;
    pub use host::messages::Tone;

    pub fn say(tone: Tone, text: &str) {
        let tone = match tone {
            Tone::Status => "status",
            Tone::Warning => "warning",
            Tone::Error => "error",
        };
        with("messages::say", |state| {
            state.messages.push(format!("{tone}: {text}"))
        });
    }
}

pub mod plugins {
    use super::*;

    pub fn exists(name: &str) -> bool {
        with("plugins::exists", |state| state.plugins.contains_key(name))
    }

    pub fn invoke(plugin: &str, function: &str, argument: &str) -> Result<String, Error> {
        // Out of the kernel while it answers: it may call the host itself.
        let answer = with("plugins::invoke", |state| state.plugins.remove(plugin)).ok_or(Error::NotFound)?;
        let answered = answer(function, argument);
        with("plugins::invoke", |state| {
            state.plugins.insert(plugin.to_owned(), answer)
        });
        answered.map_err(Into::into)
    }
}

pub mod random {
    use super::*;

    /// The same numbers in each test: xorshift (Marsaglia, 2003).
    pub fn number() -> u64 {
        with("random", |state| {
            state.random ^= state.random << 13;
            state.random ^= state.random >> 7;
            state.random ^= state.random << 17;
            state.random
        })
    }

    pub fn bytes(count: u32) -> Vec<u8> {
        std::iter::repeat_with(|| number().to_le_bytes())
            .flatten()
            .take(count as usize)
            .collect()
    }
}

pub mod request_context {
    use super::*;

    pub fn request_id() -> String {
        "018c0000-0000-7000-a000-000000000001".to_owned()
    }

    pub fn path() -> String {
        with("request::path", |state| state.path.clone())
    }

    pub fn query(name: &str) -> Option<String> {
        with("request::query", |state| {
            let mut found = state.query.iter().filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.clone())
        })
    }

    pub fn language() -> String {
        "en".to_owned()
    }

    pub fn stage() -> String {
        "live".to_owned()
    }

    pub fn theme() -> String {
        "trovato".to_owned()
    }

    pub fn get(key: &str) -> Option<String> {
        with("request::get", |state| state.notes.get(key).cloned())
    }

    pub fn set(key: &str, value: &str) -> Result<(), Error> {
        with("request::set", |state| {
            state.notes.insert(key.to_owned(), value.to_owned())
        });
        Ok(())
    }
}

pub mod users {
    use super::*;
    use crate::wit::accounts::Account;
    pub use host::users::User;

    pub fn current() -> User {
        with("users::current", |state| User {
            id: state.user.0.clone(),
            name: state.user.1.clone(),
            active: true,
            created: state.now,
        })
    }

    pub fn has_permission(permission: &str) -> bool {
        with("users::may", |state| state.permissions.contains(permission))
    }

    /// It knows nobody but who asks.
    pub fn load(id: &str) -> Result<User, Error> {
        Some(current())
            .filter(|user| user.id == id)
            .ok_or(Error::NotFound)
    }

    pub fn find_by_name(name: &str) -> Result<User, Error> {
        let is_it = |user: &User| user.name.to_lowercase() == name.to_lowercase();
        Some(current()).filter(is_it).ok_or(Error::NotFound)
    }

    pub fn load_account(_: &str) -> Result<Account, Error> {
        Err(Error::NotFound)
    }

    pub fn search(_: &str, _: u32, _: u32) -> Result<Vec<Account>, Error> {
        Ok(Vec::new())
    }
}

pub mod variables {
    use super::*;
    use crate::wit::types::FieldValue;

    pub fn get(name: &str) -> Result<FieldValue, Error> {
        let found = with("variables::get", |state| state.settings.get(name).cloned());
        let (default, value) = found.ok_or(Error::NotFound)?;
        Ok(value.unwrap_or(default))
    }

    pub fn set(name: &str, value: &FieldValue) -> Result<(), Error> {
        put(name, Some(value.clone()))
    }

    pub fn reset(name: &str) -> Result<(), Error> {
        put(name, None)
    }

    fn put(name: &str, value: Option<FieldValue>) -> Result<(), Error> {
        with("variables::set", |state| match state.settings.get_mut(name) {
            Some((_, stored)) => {
                *stored = value;
                Ok(())
            }
            None => Err(Error::NotFound),
        })
    }
}
