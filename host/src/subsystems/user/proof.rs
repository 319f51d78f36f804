//! A password once more, by somebody who has signed in: guessed no more often than when signing in.

use uuid::Uuid;

use super::{Error, Users, store};
use crate::subsystems::login::Key;
use crate::time::Timestamp;

/// What somebody has shown by typing a password once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It is the account's.
    Right,
    /// It is not.
    Wrong,
    /// Nobody looked: too many were wrong of late.
    Locked(Timestamp),
}

impl Users {
    /// Whether this is the present password of an account; one that has none yet needs none.
    pub(super) async fn confirm(&self, id: Uuid, present: Option<String>) -> Result<(), Error> {
        if store::password(&self.db, id).await?.is_none() {
            return Ok(());
        }
        let Some(present) = present.filter(|present| !present.is_empty()) else {
            return Err(Error::invalid(
                "current",
                "Your present password is needed for this change.",
            ));
        };
        match self.prove(id, present).await? {
            Proof::Right => Ok(()),
            Proof::Wrong => Err(Error::invalid("current", "This is not your present password.")),
            Proof::Locked(_) => Err(Error::invalid(
                "current",
                "Too many passwords were wrong. Try again in 15 minutes.",
            )),
        }
    }

    /// Whether a password is an account's. It is guessed no more often than when signing in; an account without a
    /// password has none to show.
    ///
    /// # Errors
    /// [`Error::Busy`] where too many are hashing passwords.
    pub async fn prove(&self, id: Uuid, password: String) -> Result<Proof, Error> {
        let Some(hash) = store::password(&self.db, id).await? else {
            return Ok(Proof::Wrong);
        };
        let key = Key::new("password-again", &id.to_string());
        if let Some(until) = self.attempts.locked(&key).await? {
            return Ok(Proof::Locked(until));
        }
        let turn = self.hasher.turn().await?;
        if let Err(until) = self.attempts.begin(&key).await? {
            return Ok(Proof::Locked(until));
        }
        let fits = password.len() <= super::password::MOST;
        if !fits || !self.hasher.verify(turn, password, Some(hash)).await? {
            return Ok(Proof::Wrong);
        }
        self.attempts.clear(&key).await?;
        Ok(Proof::Right)
    }
}
