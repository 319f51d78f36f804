//! Who shows a token (RFC 6750).

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{Error, Tokens, digest, jwt, model, narrowed, scope, store};
use crate::request::Account;

/// What personal tokens begin with, so that people and scanners know one when they see it.
pub(super) const PREFIX: &str = "trv_";
/// Bytes of a personal token: the prefix and 256 bits in base 64.
const LENGTH: usize = PREFIX.len() + 43;
/// How exactly it is known when a token was last used.
const TOUCH: Duration = Duration::from_secs(60);
/// How much the clocks of nodes may differ, in seconds.
const SKEW: i64 = 60;

/// Somebody who shows a token.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The account, narrowed to the scopes of the token.
    pub account: Account,
    /// What its requests are counted by: the token, or the client whose token it is.
    pub id: Uuid,
    /// The name of the token or client.
    pub name: Arc<str>,
}

impl Tokens {
    /// Who shows a token in the header `Authorization`; none for a header of another scheme.
    ///
    /// # Errors
    /// [`Error::Refused`], which says nothing more.
    #[tracing::instrument(name = "token.authenticate", level = "debug", skip_all)]
    pub async fn authenticate(&self, authorization: &str) -> Result<Option<Bearer>, Error> {
        let (scheme, token) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        let token = token.trim();
        let bearer = if token.starts_with(PREFIX) {
            self.by_personal(token).await?
        } else {
            self.by_client(token).await?
        };
        bearer.map(Some).ok_or(Error::Refused)
    }

    async fn by_personal(&self, token: &str) -> Result<Option<Bearer>, Error> {
        if token.len() != LENGTH {
            return Ok(None);
        }
        let now = self.clock.now();
        let rows = store::shown(&self.db, &digest(token), now).await?;
        let Some((row, roles)) = with_roles(rows) else {
            return Ok(None);
        };
        if row.last_used.is_none_or(|last| now.since(last) >= TOUCH) {
            store::touch(&self.db, row.id, now).await?;
        }
        Ok(Some(self.bearer(row, &roles, None)))
    }

    async fn by_client(&self, token: &str) -> Result<Option<Bearer>, Error> {
        let Some(claims) = self.claims(token).await? else {
            return Ok(None);
        };
        let rows = store::client_shown(&self.db, claims.client_id, claims.jti).await?;
        let Some((row, roles)) = with_roles(rows) else {
            return Ok(None);
        };
        Ok(Some(self.bearer(row, &roles, Some(&claims.scope))))
    }

    /// What a signed token says, if it is this site's and of now.
    pub(super) async fn claims(&self, token: &str) -> Result<Option<jwt::Claims>, Error> {
        let Some(key) = jwt::key_of(token) else {
            return Ok(None);
        };
        let Some(key) = self.keys.find(&key).await? else {
            return Ok(None);
        };
        let now = self.clock.now().as_millis() / 1000;
        let lasts = i64::try_from(model::LASTS.as_secs()).unwrap_or(0);
        let of_now = |claims: &jwt::Claims| {
            claims.exp > now && claims.iat <= now + SKEW && claims.exp - claims.iat <= lasts
        };
        Ok(jwt::verify(token, &key.public, &self.issuer).filter(of_now))
    }

    fn bearer(&self, row: store::ShownRow, roles: &[Uuid], asked: Option<&str>) -> Bearer {
        let scopes = match asked {
            // A scope that the client has lost since counts for nothing.
            Some(asked) => row
                .scopes
                .0
                .into_iter()
                .filter(|permission| {
                    let name = scope::scope_name(permission);
                    asked.split(' ').any(|scope| scope == name)
                })
                .collect(),
            None => row.scopes.0,
        };
        let permissions = self.access.of_roles(roles);
        Bearer {
            account: Account {
                id: row.user_id,
                name: Arc::from(row.user_name),
                is_admin: false,
                permissions: Arc::new(narrowed(scopes, row.is_admin, &permissions)),
            },
            id: row.id,
            name: Arc::from(row.name),
        }
    }
}

/// A row for each role, the account's own columns the same in each.
fn with_roles(rows: Vec<store::ShownRow>) -> Option<(store::ShownRow, Vec<Uuid>)> {
    let roles = rows.iter().filter_map(|row| row.role_id).collect();
    Some((rows.into_iter().next()?, roles))
}
