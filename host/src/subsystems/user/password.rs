//! Passwords: Argon2id (RFC 9106), hashed away from the threads that serve pages, a few at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Error;
use crate::subsystems::random::Random;

/// Characters of a password at least.
pub const LEAST: usize = 8;
/// Bytes of a password at most: more than anybody types, less than hurts to hash.
pub const MOST: usize = 1024;
/// Bytes of a salt (RFC 9106, 3.1).
const SALT: usize = 16;
/// How many may wait for each that is hashed; who comes then is sent away before anything is done.
const QUEUE: usize = 16;
/// What the hash of nobody is compared with. Any text of the right shape takes as long as a real one.
const NOBODY: &str = "c29tZSBzYWx0IGZvciBub2JvZHk$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What Argon2id is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// Hashes passwords. Processor time spent here is missing elsewhere, so one half of the processors at most is used,
/// and those who would wait long are sent away.
pub struct Hasher {
    random: Arc<Random>,
    params: Params,
    nobody: String,
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    room: usize,
}

/// The turn to hash one password.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
}

impl Hasher {
    /// A hasher.
    ///
    /// # Errors
    /// Argon2 can't work at this cost.
    pub fn new(cost: Cost, random: Arc<Random>) -> Result<Self, Error> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(failed)?;
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = (processors / 2).clamp(1, 8);
        Ok(Self {
            random,
            params,
            nobody: format!(
                "$argon2id$v=19$m={},t={},p={}${NOBODY}",
                cost.memory_kib, cost.passes, cost.lanes
            ),
            running: Arc::new(Semaphore::new(at_once)),
            waiting: AtomicUsize::new(0),
            room: at_once * QUEUE,
        })
    }

    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Busy`] at once where too many wait already.
    pub async fn turn(&self) -> Result<Turn, Error> {
        if let Ok(permit) = self.running.clone().try_acquire_owned() {
            return Ok(Turn { _permit: permit });
        }
        let place = Place::take(&self.waiting, self.room).ok_or(Error::Busy)?;
        let permit = self.running.clone().acquire_owned().await;
        drop(place);
        permit
            .map(|permit| Turn { _permit: permit })
            .map_err(|_| Error::Busy)
    }

    /// The PHC string of a password's hash, with a random salt.
    ///
    /// # Errors
    /// [`Error::Busy`], or there is no memory or no randomness.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        let turn = self.turn().await?;
        self.hash_in(turn, password).await
    }

    async fn hash_in(&self, turn: Turn, password: String) -> Result<String, Error> {
        let mut salt = [0; SALT];
        self.random.fill(&mut salt).map_err(failed)?;
        let argon2 = self.argon2();
        let hashing = tokio::task::spawn_blocking(move || {
            let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt);
            drop(turn);
            hash.map(|hash| hash.to_string()).map_err(failed)
        });
        hashing.await.map_err(failed)?
    }

    /// Whether a password is the one of a hash. Without a hash the answer is no, and takes as long.
    ///
    /// # Errors
    /// There is no memory.
    pub async fn verify(&self, turn: Turn, password: String, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let argon2 = self.argon2();
        let verifying = tokio::task::spawn_blocking(move || {
            let verdict = argon2.verify_password(password.as_bytes(), hash.as_str());
            drop(turn);
            match verdict {
                Ok(()) => Ok(known),
                Err(argon2::password_hash::Error::PasswordInvalid) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        });
        verifying.await.map_err(failed)?
    }

    /// Whether a hash was made at another cost than hashes are made now.
    #[must_use]
    pub fn is_outdated(&self, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else {
            return true;
        };
        let same = Params::try_from(&hash).is_ok_and(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (self.params.m_cost(), self.params.t_cost(), self.params.p_cost())
        });
        !same || hash.algorithm.as_str() != "argon2id" || hash.version != Some(Version::V0x13.into())
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }
}

fn failed(error: impl std::fmt::Display) -> Error {
    Error::Hash(error.to_string())
}

/// A place among those who wait, given back when it is dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, room: usize) -> Option<Self> {
        let place = Self(waiting);
        (waiting.fetch_add(1, Ordering::SeqCst) < room).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What is wrong with a password to be set, for a person.
pub(super) fn problem(password: &str) -> Option<String> {
    if password.contains('\0') {
        return Some("A password can't contain the character NUL.".to_owned());
    }
    if password.chars().count() < LEAST {
        return Some(format!("A password has at least {LEAST} characters."));
    }
    (password.len() > MOST).then(|| format!("A password has at most {MOST} bytes."))
}
