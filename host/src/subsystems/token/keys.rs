//! The keys that sign tokens. Two of them overlap: the next one is published a day before it signs, and the last one is
//! good until its last token has ended, so that a change of keys is noticed by nobody.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Error, jwt, model, store};
use crate::db::Db;
use crate::subsystems::random::Random;
use crate::subsystems::secret::{self, Secrets};
use crate::time::{Clock, Timestamp};

/// What private keys are sealed for.
const PURPOSE: &str = "signing-key";
/// How long a key signs.
const SIGNS: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How long before it signs a key is published, for programs that keep the list.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);
/// How long after its last signature a key is good: the life of a token and what clocks differ by.
const AFTER: Duration = Duration::from_secs(15 * 60);
/// How long what was read of the keys is taken for what there is.
const FRESH: Duration = Duration::from_secs(60);

/// The keys that sign tokens.
pub struct Keys {
    db: Db,
    clock: Clock,
    random: Arc<Random>,
    secrets: Arc<Secrets>,
    known: ArcSwap<Known>,
}

#[derive(Default)]
struct Known {
    at: Option<Timestamp>,
    keys: Vec<Key>,
}

#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) public: Vec<u8>,
    /// The private key as it is stored.
    sealed: String,
    signs_from: Timestamp,
    signs_until: Timestamp,
    expires: Timestamp,
}

impl Keys {
    pub(super) fn new(db: Db, clock: Clock, random: Arc<Random>, secrets: Arc<Secrets>) -> Self {
        Self {
            db,
            clock,
            random,
            secrets,
            known: ArcSwap::default(),
        }
    }

    /// The public keys that tokens may be signed with (RFC 7517), the next one included.
    ///
    /// # Errors
    /// The database failed.
    pub async fn published(&self) -> Result<Json, Error> {
        self.signing().await?;
        let now = self.clock.now();
        let known = self.known.load_full();
        let keys: Vec<Json> = known
            .keys
            .iter()
            .filter(|key| key.expires > now)
            .map(|key| {
                json!({
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "x": URL_SAFE_NO_PAD.encode(&key.public),
                    "kid": key.id,
                    "use": "sig",
                    "alg": "EdDSA",
                })
            })
            .collect();
        Ok(json!({ "keys": keys }))
    }

    /// Puts a fresh key in the place of the one that signs. Tokens of the old one stay good until they end.
    ///
    /// # Returns
    /// The name of the fresh key.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rotate(&self) -> Result<String, Error> {
        let now = self.clock.now();
        store::stop_signing(&self.db, now, now.plus(AFTER)).await?;
        let id = self.make(now).await?;
        self.read().await?;
        Ok(id)
    }

    /// Drops every key: all tokens that were signed are worth nothing, everywhere, within a minute.
    ///
    /// # Errors
    /// The database failed.
    pub async fn drop_all(&self) -> Result<String, Error> {
        store::drop_keys(&self.db).await?;
        let id = self.make(self.clock.now()).await?;
        self.read().await?;
        Ok(id)
    }

    /// The key of a name, if it is good now.
    pub(super) async fn find(&self, id: &str) -> Result<Option<Key>, Error> {
        let now = self.clock.now();
        let known = self.known.load_full();
        let stale = known.at.is_none_or(|at| now.since(at) >= FRESH);
        let find = |known: &Known| {
            let good = |key: &&Key| key.id == id && key.signs_from <= now && key.expires > now;
            known.keys.iter().find(good).cloned()
        };
        match find(&known) {
            Some(key) if !stale => Ok(Some(key)),
            // Another node may have made it a moment ago. Only names of keys get this far.
            _ if stale || is_name(id) => Ok(find(&*self.read().await?)),
            _ => Ok(None),
        }
    }

    /// The key that signs now, and its private part. Makes what is missing.
    pub(super) async fn signing(&self) -> Result<(Key, Vec<u8>), Error> {
        let now = self.clock.now();
        let mut known = self.known.load_full();
        if known.at.is_none_or(|at| now.since(at) >= FRESH) {
            known = self.read().await?;
        }
        let latest = |known: &Known| known.keys.iter().map(|key| key.signs_until).max();
        match latest(&known) {
            // The next one begins where this one ends.
            Some(until) if until > now => {
                if until.since(now) <= AHEAD {
                    self.make(until).await?;
                    known = self.read().await?;
                }
            }
            _ => {
                self.make(now).await?;
                known = self.read().await?;
            }
        }
        if let Some(found) = self.current(&known, now) {
            return Ok(found);
        }
        // None of them can be opened: they were sealed with another secret.
        tracing::warn!("the keys that sign tokens were sealed with another secret; a fresh one is made");
        self.make(now).await?;
        let known = self.read().await?;
        self.current(&known, now)
            .ok_or_else(|| Error::Key("none can be opened".to_owned()))
    }

    /// Of the keys that sign now, the one that began last and can be opened.
    fn current(&self, known: &Known, now: Timestamp) -> Option<(Key, Vec<u8>)> {
        let mut signing: Vec<&Key> = known
            .keys
            .iter()
            .filter(|key| key.signs_from <= now && key.signs_until > now)
            .collect();
        signing.sort_by_key(|key| (std::cmp::Reverse(key.signs_from), key.id.clone()));
        signing
            .into_iter()
            .find_map(|key| Some((key.clone(), self.open(key).ok()?)))
    }

    fn open(&self, key: &Key) -> Result<Vec<u8>, secret::Error> {
        self.secrets.open(PURPOSE, key.id.as_bytes(), &key.sealed)
    }

    async fn read(&self) -> Result<Arc<Known>, Error> {
        let now = self.clock.now();
        let rows = store::keys(&self.db, now).await?;
        let keys = rows.into_iter().filter_map(|row| {
            Some(Key {
                public: URL_SAFE_NO_PAD.decode(&row.public_key).ok()?,
                id: row.id,
                sealed: row.private_key,
                signs_from: row.signs_from,
                signs_until: row.signs_until,
                expires: row.expires,
            })
        });
        let known = Arc::new(Known {
            at: Some(now),
            keys: keys.collect(),
        });
        self.known.store(known.clone());
        Ok(known)
    }

    async fn make(&self, from: Timestamp) -> Result<String, Error> {
        let mut seed = [0; 32];
        self.random
            .fill(&mut seed)
            .map_err(|error| Error::Random(error.to_string()))?;
        let public = jwt::public_key(&seed)?;
        let id = name(&public);
        let until = from.plus(SIGNS);
        let row = store::KeyRow {
            public_key: URL_SAFE_NO_PAD.encode(&public),
            private_key: self.secrets.seal(PURPOSE, id.as_bytes(), &seed)?,
            signs_from: from,
            signs_until: until,
            expires: until.plus(AFTER),
            id: id.clone(),
        };
        store::insert_key(&self.db, &row, self.clock.now()).await?;
        store::forget_expired(&self.db, self.clock.now()).await?;
        Ok(id)
    }
}

/// The thumbprint of a key (RFC 7638).
fn name(public: &[u8]) -> String {
    let x = URL_SAFE_NO_PAD.encode(public);
    let text = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

fn is_name(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

// A key outlives its last token.
const _: () = assert!(AFTER.as_secs() > model::LASTS.as_secs());
