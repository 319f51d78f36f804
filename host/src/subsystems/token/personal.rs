//! Personal access tokens: making, listing, revoking.

use std::time::Duration;

use uuid::Uuid;

use super::bearer::PREFIX;
use super::{Error, NewToken, Personal, Tokens, USE, digest, scope, store};
use crate::request::{Account, Request};
use crate::subsystems::audit::Entry;
use crate::subsystems::{Session, user};

/// Tokens of one account.
const MOST: usize = 50;
/// Characters of a name.
const NAME: usize = 60;
/// The longest life of a token that ends.
const DAYS: u32 = 366;

impl Tokens {
    /// Makes a token for an account. People make their own, in a session of the browser: a token can't make another.
    ///
    /// # Returns
    /// The token's record, and the token itself, which is shown this once.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`].
    #[tracing::instrument(name = "token.create", level = "debug", skip_all)]
    pub async fn create(
        &self,
        session: &Session,
        user: Uuid,
        new: NewToken,
    ) -> Result<(Personal, String), Error> {
        let request = session.request();
        let owner = self
            .users
            .load(user)
            .await?
            .filter(|user| user.active)
            .ok_or(Error::NotFound)?;
        let account = owner.account(&self.access);
        if !is_own(request, user) || !account.may(USE) {
            return Err(Error::Denied("make access tokens"));
        }
        let NewToken {
            name,
            mut scopes,
            days,
        } = new;
        let name = check_name(&name)?;
        scope::check(&account, &mut scopes)?;
        if days.is_some_and(|days| days == 0 || days > DAYS) {
            return Err(Error::invalid(
                "days",
                format!("A token ends after 1 to {DAYS} days, or never."),
            ));
        }
        if store::personal(&self.db, user).await?.len() >= MOST {
            return Err(Error::invalid(
                "name",
                format!("There are {MOST} tokens; revoke one first."),
            ));
        }
        let now = self.clock.now();
        let token = format!("{PREFIX}{}", self.secret()?);
        let record = Personal {
            id: self.ids.next(),
            user,
            name,
            scopes,
            created: now,
            expires: days.map(|days| now.plus(Duration::from_secs(u64::from(days) * 24 * 60 * 60))),
            last_used: None,
        };
        let mut tx = self.db.begin().await?;
        store::insert_personal(&mut tx, &record, &digest(&token)).await?;
        let entry = Entry::new("token.create")
            .on("user", owner.id, owner.name)
            .with("token", record.name.as_str())
            .with("scopes", record.scopes.clone());
        self.audit.record_in(&mut tx, request, entry).await?;
        tx.commit().await?;
        Ok((record, token))
    }

    /// The tokens of an account, the newest first.
    ///
    /// # Errors
    /// [`Error::Denied`]: only its owner and those who administer people see them.
    pub async fn list(&self, asks: &Account, user: Uuid) -> Result<Vec<Personal>, Error> {
        if asks.id != user && !asks.may(user::ADMINISTER) {
            return Err(Error::Denied("see these access tokens"));
        }
        Ok(store::personal(&self.db, user).await?)
    }

    /// Revokes a token: from now on it is not accepted anywhere.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for what whoever asks may not know of.
    pub async fn revoke(&self, session: &Session, user: Uuid, id: Uuid) -> Result<(), Error> {
        let request = session.request();
        if !is_own(request, user) && !request.account.may(user::ADMINISTER) {
            return Err(Error::NotFound);
        }
        let mut tx = self.db.begin().await?;
        let name = store::remove_personal(&mut tx, user, id)
            .await?
            .ok_or(Error::NotFound)?;
        let owner = self
            .users
            .load(user)
            .await?
            .map(|user| user.name)
            .unwrap_or_default();
        let entry = Entry::new("token.revoke")
            .on("user", user, owner)
            .with("token", name);
        self.audit.record_in(&mut tx, request, entry).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether somebody asks for themselves, from a browser in which they have signed in; or the site itself does.
fn is_own(request: &Request, user: Uuid) -> bool {
    let account = &request.account;
    let is_site = account.id.is_nil() && account.is_admin;
    is_site || account.id == user && request.session.is_some()
}

pub(super) fn check_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(Error::invalid(
            "name",
            format!("A name has 1 to {NAME} characters."),
        ));
    }
    Ok(name.to_owned())
}
