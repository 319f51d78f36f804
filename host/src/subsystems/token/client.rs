//! Clients: programs that show an identifier and a secret, and get tokens that last ten minutes.

use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::personal::check_name;
use super::{ADMINISTER, Client, Error, Grant, NewClient, Tokens, digest, jwt, model, scope, store};
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::audit::Entry;

/// Clients of a site.
const MOST: usize = 500;

/// Why a client got no token: what it is told (RFC 6749, 5.2).
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The client is not known, its secret is wrong, or it is switched off.
    #[error("the client is not known or its secret is wrong")]
    Client,
    /// A scope that the client does not have.
    #[error("the client does not have the scope '{0}'")]
    Scope(String),
    /// Something failed here.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<crate::db::Error> for Refusal {
    fn from(error: crate::db::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Tokens {
    /// Makes a client.
    ///
    /// # Returns
    /// The client, and its secret, which is shown this once.
    ///
    /// # Errors
    /// [`Error::Denied`], or [`Error::Invalid`].
    #[tracing::instrument(name = "token.create-client", level = "debug", skip_all)]
    pub async fn create_client(&self, session: &Session, new: NewClient) -> Result<(Client, String), Error> {
        let by = &session.request().account;
        may_administer(by)?;
        let name = check_name(&new.name)?;
        let mut scopes = new.scopes;
        scope::check(by, &mut scopes)?;
        let user = self
            .users
            .load(new.user)
            .await?
            .filter(|user| user.active && !user.id.is_nil());
        let user = user.ok_or_else(|| Error::invalid("user", "Choose an account that is not blocked."))?;
        if user.is_admin && !by.is_admin {
            return Err(Error::invalid(
                "user",
                "Only an administrator can let a client act as one.",
            ));
        }
        if store::clients(&self.db).await?.len() >= MOST {
            return Err(Error::invalid(
                "name",
                format!("There are {MOST} clients; remove one first."),
            ));
        }
        let secret = self.secret()?;
        let client = Client {
            id: self.ids.next(),
            user: user.id,
            user_name: user.name,
            name,
            scopes,
            active: true,
            created: self.clock.now(),
            last_used: None,
        };
        let mut tx = self.db.begin().await?;
        store::insert_client(&mut tx, &client, &digest(&secret)).await?;
        let entry = entry("client.create", &client).with("scopes", client.scopes.clone());
        self.audit.record_in(&mut tx, session.request(), entry).await?;
        tx.commit().await?;
        Ok((client, secret))
    }

    /// Every client, by name.
    ///
    /// # Errors
    /// [`Error::Denied`].
    pub async fn clients(&self, asks: &Account) -> Result<Vec<Client>, Error> {
        may_administer(asks)?;
        Ok(store::clients(&self.db).await?)
    }

    /// A client.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn client(&self, asks: &Account, id: Uuid) -> Result<Client, Error> {
        let clients = self.clients(asks).await?;
        clients
            .into_iter()
            .find(|client| client.id == id)
            .ok_or(Error::NotFound)
    }

    /// Gives a client another secret; the old one is worth nothing.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn renew_client(&self, session: &Session, id: Uuid) -> Result<String, Error> {
        let client = self.administrable(session, id).await?;
        let secret = self.secret()?;
        let mut tx = self.db.begin().await?;
        store::set_client_secret(&mut tx, id, &digest(&secret)).await?;
        self.audit
            .record_in(&mut tx, session.request(), entry("client.secret", &client))
            .await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Switches a client on or off. Off, it gets no tokens, and those that it has are not accepted.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn set_client_active(&self, session: &Session, id: Uuid, active: bool) -> Result<(), Error> {
        let client = self.administrable(session, id).await?;
        let mut tx = self.db.begin().await?;
        store::set_client_active(&mut tx, id, active).await?;
        let action = if active { "client.on" } else { "client.off" };
        self.audit
            .record_in(&mut tx, session.request(), entry(action, &client))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Removes a client with its tokens.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::NotFound`].
    pub async fn remove_client(&self, session: &Session, id: Uuid) -> Result<(), Error> {
        let client = self.administrable(session, id).await?;
        let mut tx = self.db.begin().await?;
        store::remove_client(&mut tx, id).await?;
        self.audit
            .record_in(&mut tx, session.request(), entry("client.remove", &client))
            .await?;
        Ok(tx.commit().await?)
    }

    /// A client that whoever asks may change: one that acts as an administrator is for administrators.
    async fn administrable(&self, session: &Session, id: Uuid) -> Result<Client, Error> {
        let by = &session.request().account;
        let client = self.client(by, id).await?;
        let acts_as_admin = self
            .users
            .load(client.user)
            .await?
            .is_some_and(|user| user.is_admin);
        if acts_as_admin && !by.is_admin {
            return Err(Error::Denied("change a client that acts as an administrator"));
        }
        Ok(client)
    }

    /// The client that shows an identifier and a secret.
    ///
    /// # Errors
    /// `Refusal::Client`.
    pub async fn identify(&self, id: &str, secret: &str) -> Result<Client, Refusal> {
        let id = Uuid::try_parse(id).map_err(|_| Refusal::Client)?;
        let (client, known) = store::client(&self.db, id).await?.ok_or(Refusal::Client)?;
        let right: bool = digest(secret).as_bytes().ct_eq(known.as_bytes()).into();
        if right && client.active {
            Ok(client)
        } else {
            Err(Refusal::Client)
        }
    }

    /// Issues a token to a client (RFC 6749, 4.4).
    ///
    /// # Errors
    /// `Refusal::Scope`.
    #[tracing::instrument(name = "token.issue", level = "debug", skip_all)]
    pub async fn issue(&self, client: &Client, scope: &str) -> Result<Grant, Refusal> {
        let permissions = scope::named(&client.scopes, scope).map_err(Refusal::Scope)?;
        let mut names: Vec<String> = permissions.into_iter().map(scope::scope_name).collect();
        names.dedup();
        let now = self.clock.now();
        let seconds = now.as_millis() / 1000;
        let claims = jwt::Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: client.id,
            client_id: client.id,
            jti: self.ids.next(),
            iat: seconds,
            exp: seconds + i64::try_from(model::LASTS.as_secs()).unwrap_or(0),
            scope: names.join(" "),
        };
        let (key, seed) = self.keys.signing().await?;
        let token = jwt::sign(&seed, &key.id, &claims)?;
        store::touch_client(&self.db, client.id, now).await?;
        Ok(Grant {
            token,
            scope: claims.scope,
        })
    }

    /// Revokes a token of a client (RFC 7009). What is no token of the client changes nothing, and nobody is told.
    ///
    /// # Errors
    /// The database failed.
    pub async fn revoke_issued(&self, client: &Client, token: &str) -> Result<(), Error> {
        if let Some(claims) = self.claims(token).await?
            && claims.client_id == client.id
        {
            let expires = crate::time::Timestamp::from_millis(claims.exp.saturating_mul(1000));
            store::revoke(&self.db, claims.jti, expires, self.clock.now()).await?;
        }
        Ok(())
    }
}

fn may_administer(by: &Account) -> Result<(), Error> {
    if by.may(ADMINISTER) {
        Ok(())
    } else {
        Err(Error::Denied("administer API clients"))
    }
}

fn entry(action: &'static str, client: &Client) -> Entry {
    Entry::new(action)
        .on("client", client.id, client.name.as_str())
        .with("acts-as", client.user_name.as_str())
}
