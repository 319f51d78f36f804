//! People as plugins see them.

use super::{ADMINISTER, Filter, User, Users, account};
use crate::subsystems::item::parse_id;
use crate::subsystems::{Service, View};
use crate::wit::accounts::Account;
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

    async fn find_by_name(&mut self, name: String) -> Result<users::User, Error> {
        if name.contains('\0') {
            return Err(Error::NotFound);
        }
        let asks = &self.session().request().account;
        Ok(self.service().find_named(asks, &name).await?.into())
    }

    async fn load_account(&mut self, id: String) -> Result<Account, Error> {
        let id = parse_id(&id)?;
        let asks = &self.session().request().account;
        let user = self.service().find(asks, id).await?;
        if user.id == asks.id || asks.may(ADMINISTER) {
            Ok(account(self.session().services(), &user))
        } else {
            Err(Error::Denied("you may not see the accounts of others".to_owned()))
        }
    }

    async fn search(&mut self, text: String, offset: u32, limit: u32) -> Result<Vec<Account>, Error> {
        let filter = Filter {
            text: Some(text).filter(|text| !text.is_empty()),
            offset,
            limit,
            ..Filter::default()
        };
        let asks = &self.session().request().account;
        let page = self.service().list(asks, &filter).await?;
        let services = self.session().services();
        Ok(page.users.iter().map(|user| account(services, user)).collect())
    }
}
