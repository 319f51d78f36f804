//! `trovato token`: access for programs, from the terminal of whoever runs the site.

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::{Error, Result, open, print, system_session};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::Session;
use crate::subsystems::token::{self, NewClient, NewToken};
use crate::subsystems::user::User;

/// What can be done with tokens.
#[derive(Subcommand)]
pub enum Action {
    /// Makes a personal access token for somebody and prints it, this once.
    Create(Create),
    /// Lists somebody's personal access tokens.
    List {
        /// The name of the account.
        user: String,
    },
    /// Revokes a personal access token.
    Revoke {
        /// The name of the account.
        user: String,
        /// The token, as `list` shows it.
        id: Uuid,
    },
    /// Adds, lists, switches and removes API clients (OAuth, client credentials).
    #[command(subcommand)]
    Client(Client),
    /// Signs tokens with a fresh key from now on; tokens that are out stay good until they end.
    RotateKeys {
        /// Drop all keys instead: every token of a client that is out is worth nothing.
        #[arg(long)]
        drop: bool,
    },
}

/// A token to be made.
#[derive(Args)]
pub struct Create {
    /// The name of the account.
    user: String,
    /// What the token is for.
    #[arg(long)]
    name: String,
    /// A permission that it may use; several times for several.
    #[arg(long = "scope", value_name = "PERMISSION", required = true)]
    scopes: Vec<String>,
    /// Days until it ends.
    #[arg(long, default_value_t = 90, conflicts_with = "never_ends")]
    days: u32,
    /// It works until it is revoked.
    #[arg(long)]
    never_ends: bool,
}

/// What can be done with clients.
#[derive(Subcommand)]
pub enum Client {
    /// Adds a client and prints its identifier and secret, this once.
    Add {
        /// Its name.
        name: String,
        /// The name of the account that it acts as.
        #[arg(long, value_name = "USER")]
        acts_as: String,
        /// A permission that it may use; several times for several.
        #[arg(long = "scope", value_name = "PERMISSION", required = true)]
        scopes: Vec<String>,
    },
    /// Lists the clients.
    List,
    /// Gives a client another secret and prints it, this once.
    Secret {
        /// The client.
        id: Uuid,
    },
    /// Switches a client on.
    On {
        /// The client.
        id: Uuid,
    },
    /// Switches a client off: it gets no tokens, and its tokens are not accepted.
    Off {
        /// The client.
        id: Uuid,
    },
    /// Removes a client.
    Remove {
        /// The client.
        id: Uuid,
    },
}

pub async fn run(config: Config, action: Action) -> Result {
    let app = open(config).await?;
    let session = system_session(&app);
    let tokens = &app.site.services().tokens;
    match action {
        Action::Create(create) => self::create(&app, &session, create).await,
        Action::List { user } => list(&app, &session, &user).await,
        Action::Revoke { user, id } => {
            let user = find(&app, &session, &user).await?;
            tokens.revoke(&session, user.id, id).await.map_err(refused)?;
            print("The token is revoked.");
            Ok(())
        }
        Action::Client(client) => self::client(&app, &session, client).await,
        Action::RotateKeys { drop } => {
            let keys = tokens.keys();
            let fresh = if drop {
                keys.drop_all().await
            } else {
                keys.rotate().await
            };
            print(&format!(
                "Tokens are signed with the key {}.",
                fresh.map_err(refused)?
            ));
            Ok(())
        }
    }
}

fn refused(error: token::Error) -> Error {
    match error {
        token::Error::Invalid { .. } | token::Error::NotFound => Error::set_up(error),
        error => Error::failed(error),
    }
}

async fn find(app: &App, session: &Session, name: &str) -> Result<User> {
    let users = &app.site.services().users;
    users
        .find_named(&session.request().account, name)
        .await
        .map_err(|error| Error::set_up(format!("'{name}': {error}")))
}

/// Refuses names that no permission has: a token for them would be good for nothing, and nobody would know why.
fn known(session: &Session, scopes: &[String]) -> Result {
    let groups = session.services().access.catalogue(session);
    let all: Vec<&str> = groups
        .iter()
        .flat_map(|group| &group.permissions)
        .map(|permission| permission.name.as_str())
        .collect();
    match scopes.iter().find(|scope| !all.contains(&scope.as_str())) {
        None => Ok(()),
        Some(unknown) => Err(Error::set_up(format!(
            "there is no permission '{unknown}'; /admin/people/permissions lists them"
        ))),
    }
}

async fn create(app: &App, session: &Session, create: Create) -> Result {
    known(session, &create.scopes)?;
    let user = find(app, session, &create.user).await?;
    let new = NewToken {
        name: create.name,
        scopes: create.scopes,
        days: (!create.never_ends).then_some(create.days),
    };
    let tokens = &app.site.services().tokens;
    let (_, token) = tokens.create(session, user.id, new).await.map_err(refused)?;
    print(&token);
    Ok(())
}

async fn list(app: &App, session: &Session, user: &str) -> Result {
    let user = find(app, session, user).await?;
    let tokens = &app.site.services().tokens;
    for token in tokens
        .list(&session.request().account, user.id)
        .await
        .map_err(refused)?
    {
        print(&format!(
            "{}  {}  {}",
            token.id,
            token.name,
            token.scopes.join(", ")
        ));
    }
    Ok(())
}

async fn client(app: &App, session: &Session, client: Client) -> Result {
    let tokens = &app.site.services().tokens;
    match client {
        Client::Add {
            name,
            acts_as,
            scopes,
        } => {
            known(session, &scopes)?;
            let user = find(app, session, &acts_as).await?.id;
            let new = NewClient { name, user, scopes };
            let (client, secret) = tokens.create_client(session, new).await.map_err(refused)?;
            print(&format!("client_id      {}", client.id));
            print(&format!("client_secret  {secret}"));
        }
        Client::List => {
            for client in tokens
                .clients(&session.request().account)
                .await
                .map_err(refused)?
            {
                let state = if client.active { "on " } else { "off" };
                let (id, name, user) = (client.id, client.name, client.user_name);
                print(&format!(
                    "{id}  {state}  {name}  as {user}: {}",
                    client.scopes.join(", ")
                ));
            }
        }
        Client::Secret { id } => print(&tokens.renew_client(session, id).await.map_err(refused)?),
        Client::On { id } => tokens
            .set_client_active(session, id, true)
            .await
            .map_err(refused)?,
        Client::Off { id } => tokens
            .set_client_active(session, id, false)
            .await
            .map_err(refused)?,
        Client::Remove { id } => tokens.remove_client(session, id).await.map_err(refused)?,
    }
    Ok(())
}
