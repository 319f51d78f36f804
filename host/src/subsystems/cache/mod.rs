//! What is dear to compute, kept until one of its tags is invalidated.
//!
//! The first level is the process's own memory; the second, where it is configured, Redis. An invalidation is told to
//! all nodes in the same step in which it happens in Redis, and reaches readers that are making a value: what they then
//! set is refused on both levels. While Redis is away nothing is read or kept, since what other nodes change can't be
//! heard; what is invalidated meanwhile is counted in the database, and every node that sees another count begins anew.
//! Each invalidation is written down with its reason besides, so that none is lost (`invalidate`).

mod flight;
mod host;
mod invalidate;
mod journal;
mod local;
mod model;
mod second;
mod shared;
mod store;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache as Store;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

use crate::db::{self, Db};
use crate::redis::{Heard, Redis, Term};
use crate::time::{Clock, Ids, Timestamp};
use flight::{Flights, Turn};
use journal::{Journal, OPEN};
use local::Local;
use shared::{Found, Shared};

pub use flight::Flight;
pub use host::Making;
pub use invalidate::Recorded;
pub use model::{Entry, Ground, Key};
pub use second::{Noted, Second};

const MIB: u64 = 1 << 20;
/// Values in the making that are remembered; the oldest are forgotten first.
const PENDING: u64 = 10_000;
/// How long a request waits for a value that another is making.
const PATIENCE: Duration = Duration::from_millis(500);
/// The topic of messages about invalidated tags.
const TAGS: &str = "cache-tags";
/// The topic of messages about entries that were dropped.
const GONE: &str = "cache-gone";

/// How much of the process's memory may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// MiB of all bins of a plugin that have no size of their own.
    pub plugin: u64,
    /// MiB of single bins, by `plugin/bin`.
    pub bins: BTreeMap<String, u64>,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            plugin: 16,
            bins: BTreeMap::new(),
        }
    }
}

/// The cache.
pub struct Cache {
    db: Db,
    clock: Clock,
    redis: Option<Redis>,
    /// What this node is called in records.
    node: Uuid,
    journal: tokio::sync::Mutex<Journal>,
    local: Local,
    flights: Flights,
    /// By request and key: where things stood when the entry was missed.
    pending: Store<(Uuid, Key), Arc<Pending>>,
    epoch: AtomicI64,
    missed: AtomicU64,
    /// Whether an invalidation could be told to nobody.
    owes: AtomicBool,
}

/// Where things stood.
#[derive(Clone, Debug)]
struct Pending {
    since: u64,
    ground: Ground,
    /// Where Redis's sequence was.
    sequence: Option<String>,
}

impl Pending {
    fn on(ground: Ground) -> Self {
        Self {
            since: 0,
            ground,
            sequence: None,
        }
    }
}

/// What a look found.
pub enum Looked {
    /// The value.
    Value(Arc<[u8]>),
    /// None: whoever asked makes it, and others wait until the flight is dropped.
    Make(Option<Flight>),
}

impl Cache {
    /// An empty first level over what Redis has.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(
        db: Db,
        clock: Clock,
        ids: &Ids,
        redis: Option<Redis>,
        sizes: Sizes,
    ) -> db::Result<Self> {
        let (epoch, journal) = match &redis {
            // What Redis has may be out of date by any of the records: its node may have been killed before it could tell.
            Some(_) => (store::epoch(&db).await?, Journal::default()),
            // What nothing was kept of yet can be made out of date by transactions only that are not over.
            None => (
                0,
                Journal::read_to(store::newest(&db, clock.now().minus(2 * OPEN)).await?),
            ),
        };
        Ok(Self {
            db,
            clock,
            redis,
            node: ids.next(),
            journal: tokio::sync::Mutex::new(journal),
            local: Local::new(sizes),
            flights: Flights::default(),
            pending: Store::builder()
                .max_capacity(PENDING)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
            epoch: AtomicI64::new(epoch),
            missed: AtomicU64::new(0),
            owes: AtomicBool::new(false),
        })
    }

    /// Hears what other nodes drop, until the cache is dropped. To be called before anything is kept.
    pub fn listen(self: &Arc<Self>) {
        if let Some(redis) = &self.redis {
            tokio::spawn(listen(Arc::downgrade(self), redis.listen()));
        }
    }

    /// What entries stand on now; none while nothing may be read or kept.
    fn ground(&self) -> Option<(Ground, Option<Arc<Term>>)> {
        if self.owes.load(Ordering::SeqCst) {
            return None;
        }
        let term = match &self.redis {
            Some(redis) => Some(redis.term()?),
            None => None,
        };
        let ground = Ground {
            term: term.as_ref().map_or(0, |term| term.number),
            epoch: self.epoch.load(Ordering::SeqCst),
            missed: self.missed.load(Ordering::SeqCst),
        };
        Some((ground, term))
    }

    fn shared(&self, ground: Ground, term: Option<&Arc<Term>>) -> Option<Shared<'_>> {
        let reign = &term?.reign;
        Some(Shared {
            redis: self.redis.as_ref()?,
            place: format!("cache:{reign}:{}:", ground.epoch),
        })
    }

    /// Reads an entry for a request. Of several that look for one that is missing, one makes it and the others wait.
    pub async fn look(&self, request: Uuid, key: &Key) -> Looked {
        if let Some(value) = self.read(request, key).await {
            return Looked::Value(value);
        }
        match self.flights.board(request, key) {
            Turn::Yours(flight) => Looked::Make(Some(flight)),
            Turn::Again => Looked::Make(None),
            Turn::Wait(mut landed) => {
                // An error is the end of the flight.
                let _ = tokio::time::timeout(PATIENCE, landed.changed()).await;
                match self.read(request, key).await {
                    Some(value) => Looked::Value(value),
                    // It was not kept. One more attempt to be the one who makes it, but no more waiting.
                    None => match self.flights.board(request, key) {
                        Turn::Yours(flight) => Looked::Make(Some(flight)),
                        Turn::Again | Turn::Wait(_) => Looked::Make(None),
                    },
                }
            }
        }
    }

    async fn read(&self, request: Uuid, key: &Key) -> Option<Arc<[u8]>> {
        let Some((ground, term)) = self.ground() else {
            // What is made without knowing what others drop is not kept, even if that is known when it is made.
            let unknown = Ground {
                term: u64::MAX,
                ..Ground::default()
            };
            self.note(request, key, Pending::on(unknown));
            return None;
        };
        if let Some(value) = self.local.get(key, ground, self.clock.now()) {
            return Some(value);
        }
        // Before the second level is asked: what is invalidated from now on is not kept on the first.
        let since = self.local.moment();
        let mut sequence = None;
        if let Some(shared) = self.shared(ground, term.as_ref()) {
            match shared.get(&key.text()).await {
                Ok(Found::Entry(entry)) if entry.expires.is_none_or(|expires| self.clock.now() < expires) => {
                    let value = entry.value.clone();
                    self.local.set(key.clone(), entry, since, ground);
                    return Some(value);
                }
                Ok(Found::Entry(_)) => {}
                Ok(Found::Nothing(now)) => sequence = Some(now),
                Err(error) => note(&error),
            }
        }
        let pending = Pending {
            since,
            sequence,
            ..Pending::on(ground)
        };
        self.note(request, key, pending);
        None
    }

    /// Remembers where things stood. The first look counts: the value may be made of what was true then.
    fn note(&self, request: Uuid, key: &Key, pending: Pending) {
        self.pending
            .get_with((request, key.clone()), || Arc::new(pending));
    }

    /// Keeps what a request has made, unless it may be out of date already. Who sets an entry without having looked for
    /// it vouches for the value as it is now.
    pub async fn set(&self, request: Uuid, key: Key, entry: Entry) {
        let pending = (request, key);
        let noted = self.pending.remove(&pending);
        let key = pending.1;
        let Some((ground, term)) = self.ground() else {
            return;
        };
        let since = noted
            .as_ref()
            .map_or_else(|| self.local.moment(), |noted| noted.since);
        if noted.as_ref().is_some_and(|noted| noted.ground != ground) {
            return;
        }
        if let Some(shared) = self.shared(ground, term.as_ref()) {
            let sequence = match noted.as_deref() {
                // Redis could not say where its sequence was.
                Some(Pending { sequence: None, .. }) => return,
                Some(Pending { sequence, .. }) => sequence.clone(),
                None => None,
            };
            match shared.set(&key.text(), &entry, sequence, self.clock.now()).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return note(&error),
            }
        }
        self.local.set(key, entry, since, ground);
    }

    /// A moment from now, in milliseconds.
    fn after(&self, millis: u32) -> Timestamp {
        self.clock.now().plus(Duration::from_millis(millis.into()))
    }

    fn hear(&self, heard: &Heard) {
        match heard {
            Heard::Message(topic, payload) if **topic == *TAGS => {
                match serde_json::from_slice::<Vec<String>>(payload) {
                    Ok(tags) => self.local.invalidate(&tags),
                    Err(_) => self.miss(),
                }
            }
            Heard::Message(topic, payload) if **topic == *GONE => match serde_json::from_slice(payload) {
                Ok((owner, version, bin, key, stage)) => self.local.remove(&Key {
                    owner,
                    version,
                    bin,
                    key,
                    stage,
                }),
                Err(_) => self.miss(),
            },
            Heard::Message(..) => {}
            Heard::Gap => self.miss(),
        }
    }

    /// Something was not heard: what the first level has may be out of date.
    fn miss(&self) {
        self.missed.fetch_add(1, Ordering::SeqCst);
    }
}

/// Takes up what other nodes say, until the cache is dropped.
async fn listen(cache: Weak<Cache>, mut heard: Receiver<Heard>) {
    loop {
        let said = heard.recv().await;
        let Some(cache) = cache.upgrade() else { return };
        match said {
            Ok(said) => cache.hear(&said),
            Err(RecvError::Lagged(_)) => cache.miss(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// That Redis is away is said where it is noticed; another error is a fault of the site.
fn note(error: &crate::redis::Error) {
    if !error.is_away() {
        tracing::error!("the cache in Redis failed: {error}");
    }
}
