//! Telling plugins what happened to an account.

use super::model::User;
use crate::kernel::{Plain, Tap};
use crate::subsystems::{Services, Session};
use crate::wit::accounts::Account;

/// An account as the taps get it.
#[must_use]
pub fn account(services: &Services, user: &User) -> Account {
    let roles = services.access.roles();
    Account {
        id: user.id.to_string(),
        name: user.name.clone(),
        active: user.active,
        administrator: user.is_admin,
        created: user.created.as_millis(),
        language: user.language.clone(),
        roles: roles
            .iter()
            .filter(|role| user.roles.contains(&role.id))
            .map(|role| role.name.clone())
            .collect(),
    }
}

/// Tells every plugin that answers the tap; what goes wrong there is logged and undoes nothing.
pub(crate) async fn tell<T>(session: &Session, user: &User)
where
    T: Tap<Params = (Account,), Return = ()>,
{
    if session.has::<T>() {
        let account = account(session.services(), user);
        session.collect::<T>(&mut Plain(|| (account.clone(),))).await;
    }
}
