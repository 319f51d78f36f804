//! The second level by itself, for what must hold on every node at once: what one node drops, no other finds, since
//! none has a copy of its own.

use std::sync::Arc;

use super::model::{Entry, Key};
use super::shared::Found;
use super::{Cache, Pending, note};

/// What a look at the second level found.
pub enum Second {
    /// The value.
    Value(Arc<[u8]>),
    /// None, and where things stood: what is made now may be [kept](Cache::keep_second).
    Missing(Noted),
    /// There is no second level, or it can't be used now.
    Off,
}

/// Where things stood when an entry was missed.
#[derive(Debug)]
pub struct Noted(Pending);

impl Cache {
    /// Whether there is a second level, be it that it does not answer now.
    #[must_use]
    pub fn has_second(&self) -> bool {
        self.redis.is_some()
    }

    /// Looks at the second level only.
    pub async fn look_second(&self, key: &Key) -> Second {
        let Some((ground, term)) = self.ground() else {
            return Second::Off;
        };
        let Some(shared) = self.shared(ground, term.as_ref()) else {
            return Second::Off;
        };
        let is_fresh = |entry: &Entry| entry.expires.is_none_or(|expires| self.clock.now() < expires);
        match shared.get(&key.text()).await {
            Ok(Found::Entry(entry)) if is_fresh(&entry) => Second::Value(entry.value),
            Ok(Found::Entry(_)) => Second::Off,
            Ok(Found::Nothing(now)) => {
                let mut pending = Pending::on(ground);
                pending.sequence = Some(now);
                Second::Missing(Noted(pending))
            }
            Err(error) => {
                note(&error);
                Second::Off
            }
        }
    }

    /// Keeps what was made since it was missed, unless one of its tags was invalidated meanwhile.
    pub async fn keep_second(&self, noted: Noted, key: &Key, entry: &Entry) {
        let Some((ground, term)) = self.ground() else {
            return;
        };
        let Some(shared) = self.shared(ground, term.as_ref()) else {
            return;
        };
        if noted.0.ground != ground {
            return;
        }
        let (text, now) = (key.text(), self.clock.now());
        if let Err(error) = shared.set(&text, entry, noted.0.sequence, now).await {
            note(&error);
        }
    }

    /// Drops an entry of the second level that is not wrong, but could be newer. If that does not work, it stays.
    pub async fn drop_second(&self, key: &Key) {
        let Some((ground, term)) = self.ground() else {
            return;
        };
        if let Some(shared) = self.shared(ground, term.as_ref())
            && let Err(error) = shared.forget(&key.text()).await
        {
            note(&error);
        }
    }
}
