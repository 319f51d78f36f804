//! People as plugins see them.

use super::{User, Users};
use crate::subsystems::item::parse_id;
use crate::subsystems::{Service, View};
use crate::wit::types::Error;
use crate::wit::users;

impl From<User> for users::User {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name,
            active: user.active,
            created: user.created.as_millis(),
        }
    }
}

impl users::Host for View<'_, Users> {
    async fn current(&mut self) -> users::User {
        let account = &self.session().request().account;
        if let Ok(user) = self.service().find(account, account.id).await {
            return user.into();
        }
        // The site itself has no account.
        users::User {
            id: account.id.to_string(),
            name: account.name.to_string(),
            active: true,
            created: 0,
        }
    }

    fn has_permission(&mut self, permission: String) -> bool {
        self.session().request().account.may(&permission)
    }

    async fn load(&mut self, id: String) -> Result<users::User, Error> {
        let id = parse_id(&id)?;
        let user = self.service().find(&self.session().request().account, id).await?;
        Ok(user.into())
    }
}
