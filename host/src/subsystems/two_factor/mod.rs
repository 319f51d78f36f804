//! Two-factor: codes that change with time (TOTP, RFC 6238), recovery codes for when the phone is gone, and roles whose
//! holders must have a second factor.
//!
//! It must not know of passwords, nor of what happens once a code was right.

mod codes;
mod error;
mod requirement;
mod store;

use std::sync::Arc;

use totp_rs::{Algorithm, Builder, Secret, Totp};
use uuid::Uuid;

use super::Subsystem;
use super::audit::Audit;
use super::random::Random;
use super::secret::Secrets;
use super::variable::Variables;
use crate::db::Db;
use crate::time::{Clock, Timestamp};

pub use error::Error;
pub use requirement::Requirement;

/// What the secrets of the codes are sealed for.
const PURPOSE: &str = "totp";
/// Bytes of a secret (RFC 4226, 4: 160 bits are recommended).
const SECRET: usize = 20;
/// A code of the step before or after is right as well (RFC 6238, 5.2).
const SKEW: u16 = 1;

/// What two-factor is made of.
pub struct Parts {
    /// Where it is stored.
    pub db: Db,
    /// The time of codes.
    pub clock: Clock,
    /// Where secrets come from.
    pub random: Arc<Random>,
    /// What they are sealed with.
    pub secrets: Arc<Secrets>,
    /// Where the name of the site is.
    pub variables: Arc<Variables>,
    /// Where it is recorded what roles require.
    pub audit: Arc<Audit>,
}

/// Second factors that are codes.
pub struct TwoFactor {
    parts: Parts,
    requirement: Requirement,
}

/// What an account is protected with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Since when codes are asked for, if they are.
    pub since: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
}

/// What an authenticator app needs.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The secret in base 32, for typing, in groups of four.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub url: String,
    /// The address as a QR code: an SVG element.
    pub qr: String,
}

/// By what somebody has shown that they have the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A code of the app.
    Code,
    /// A recovery code; so many are left.
    Recovery(u32),
}

impl TwoFactor {
    /// Loads which roles require a second factor.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(parts: Parts) -> crate::db::Result<Self> {
        let requirement = Requirement::start(parts.db.clone(), parts.audit.clone()).await?;
        Ok(Self { parts, requirement })
    }

    /// Whose holders must have a second factor.
    #[must_use]
    pub fn requirement(&self) -> &Requirement {
        &self.requirement
    }

    /// What an account is protected with.
    ///
    /// # Errors
    /// The database failed.
    pub async fn status(&self, user: Uuid) -> Result<Status, Error> {
        let found = store::find(&self.parts.db, user).await?;
        let since = found.filter(|totp| totp.confirmed).map(|totp| totp.created);
        let recovery_codes = match since {
            Some(_) => store::recovery_left(&self.parts.db, user).await?,
            None => 0,
        };
        Ok(Status {
            since,
            recovery_codes,
        })
    }

    /// Whether codes are asked for.
    ///
    /// # Errors
    /// The database failed.
    pub async fn is_on(&self, user: Uuid) -> crate::db::Result<bool> {
        let found = store::find(&self.parts.db, user).await?;
        Ok(found.is_some_and(|totp| totp.confirmed))
    }

    /// Begins to set codes up: what the app needs. Asking again shows the same until it is confirmed.
    ///
    /// # Errors
    /// [`Error::AlreadyOn`].
    pub async fn begin(&self, user: Uuid, name: &str) -> Result<Enrolment, Error> {
        let db = &self.parts.db;
        let secret = match store::find(db, user).await? {
            Some(totp) if totp.confirmed => return Err(Error::AlreadyOn),
            // One that was sealed with another secret is of no use.
            Some(totp) => self.open(user, &totp.secret).ok(),
            None => None,
        };
        let secret = match secret {
            Some(secret) => secret,
            None => {
                let mut secret = vec![0; SECRET];
                self.parts.random.fill(&mut secret).map_err(Error::random)?;
                let sealed = self.parts.secrets.seal(PURPOSE, user.as_bytes(), &secret)?;
                store::begin(db, user, &sealed, self.parts.clock.now()).await?;
                secret
            }
        };
        codes::enrolment(
            &secret,
            &self.parts.variables.site_text("site_name", "Trovato"),
            name,
        )
    }

    /// Confirms by a code that the app has the secret; from now on codes are asked for.
    ///
    /// # Returns
    /// The recovery codes, which are shown this once.
    ///
    /// # Errors
    /// [`Error::Wrong`], [`Error::AlreadyOn`], or [`Error::NotBegun`].
    pub async fn confirm(&self, user: Uuid, code: &str) -> Result<Vec<String>, Error> {
        let totp = store::find(&self.parts.db, user).await?.ok_or(Error::NotBegun)?;
        if totp.confirmed {
            return Err(Error::AlreadyOn);
        }
        let step = self.step(user, &totp.secret, code)?.ok_or(Error::Wrong)?;
        let fresh = codes::recovery(&self.parts.random)?;
        let digests: Vec<String> = fresh.iter().map(|code| self.digest(user, code)).collect();
        let mut tx = self.parts.db.begin().await?;
        if !store::confirm(&mut tx, user, &totp.secret, step, self.parts.clock.now()).await? {
            return Err(Error::AlreadyOn);
        }
        store::replace_recovery(&mut tx, user, &digests).await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Judges a code or a recovery code. Each is good for one time. Whoever calls this counts attempts.
    ///
    /// # Errors
    /// [`Error::Wrong`], also where no codes are set up.
    pub async fn check(&self, user: Uuid, given: &str) -> Result<Proof, Error> {
        let db = &self.parts.db;
        let given: String = given
            .chars()
            .filter(|char| char.is_ascii_alphanumeric())
            .take(64)
            .collect();
        let totp = store::find(db, user)
            .await?
            .filter(|totp| totp.confirmed)
            .ok_or(Error::Wrong)?;
        if given.len() == 6 {
            let step = self.step(user, &totp.secret, &given)?.ok_or(Error::Wrong)?;
            // Of two requests with one code the first wins (RFC 6238, 5.2).
            return match store::use_step(db, user, step).await? {
                true => Ok(Proof::Code),
                false => Err(Error::Wrong),
            };
        }
        let digest = self.digest(user, &given);
        if store::use_recovery(db, user, &digest, self.parts.clock.now()).await? {
            return Ok(Proof::Recovery(store::recovery_left(db, user).await?));
        }
        Err(Error::Wrong)
    }

    /// Makes new recovery codes; the old ones are worth nothing.
    ///
    /// # Errors
    /// [`Error::NotOn`].
    pub async fn regenerate(&self, user: Uuid) -> Result<Vec<String>, Error> {
        if self.status(user).await?.since.is_none() {
            return Err(Error::NotOn);
        }
        let fresh = codes::recovery(&self.parts.random)?;
        let digests: Vec<String> = fresh.iter().map(|code| self.digest(user, code)).collect();
        let mut tx = self.parts.db.begin().await?;
        store::replace_recovery(&mut tx, user, &digests).await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Removes codes and recovery codes. Whether whoever asks may do so was asked before.
    ///
    /// # Returns
    /// Whether there were any.
    ///
    /// # Errors
    /// The database failed.
    pub async fn remove(&self, user: Uuid) -> Result<bool, Error> {
        let mut tx = self.parts.db.begin().await?;
        let removed = store::remove(&mut tx, user).await?;
        tx.commit().await?;
        Ok(removed)
    }

    fn open(&self, user: Uuid, sealed: &str) -> Result<Vec<u8>, Error> {
        Ok(self.parts.secrets.open(PURPOSE, user.as_bytes(), sealed)?)
    }

    /// The step whose code this is, if it is one of now.
    fn step(&self, user: Uuid, sealed: &str, code: &str) -> Result<Option<i64>, Error> {
        let totp = totp(self.open(user, sealed)?)?;
        let seconds = u64::try_from(self.parts.clock.now().as_millis() / 1000).unwrap_or(0);
        let code: String = code
            .chars()
            .filter(|char| !char.is_whitespace())
            .take(16)
            .collect();
        Ok(totp
            .check(&code, seconds)
            .and_then(|step| i64::try_from(step).ok()))
    }

    /// What is stored of a recovery code. The codes are long enough that a slow hash would add nothing.
    fn digest(&self, user: Uuid, code: &str) -> String {
        let code: String = code.chars().filter(|char| *char != '-').collect();
        let data = [user.as_bytes(), code.to_ascii_uppercase().as_bytes()].concat();
        let mac = self.parts.secrets.mac("recovery-code", &data);
        mac.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What every authenticator app understands: SHA-1, six digits, thirty seconds.
fn totp(secret: Vec<u8>) -> Result<Totp, Error> {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(SKEW)
        .with_step_duration(30)
        .with_secret(Secret::new(secret.into_boxed_slice()))
        .build()
        .map_err(|error| Error::Code(error.to_string()))
}

impl Subsystem for TwoFactor {}
