//! What a test may ask of its site.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http;
use http_body_util::BodyExt;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tower::ServiceExt;
use uuid::Uuid;

use super::super::{Error, Result};
use super::field::{Field, shown};
use crate::app::App;
use crate::kernel::Plain;
use crate::recent::Recent;
use crate::request::{Account, Request};
use crate::server;
use crate::subsystems::Session;
use crate::subsystems::item::{Item, Value, parse_id};
use crate::subsystems::plugin::Package;
use crate::subsystems::user::NewUser;
use crate::taps;
use crate::time::Clock;

/// The most of an answer that is read.
const BODY: usize = 16 << 20;

/// One thing that is asked for.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Order {
    /// Puts another plugin to work: one of the stock, or one that the site finds.
    Enable { plugin: String },
    /// Stores a setting of a plugin, of the one under test where none is named.
    Set {
        plugin: Option<String>,
        name: String,
        value: Json,
    },
    /// Stores an item, a new one where it has no identifier.
    Save {
        id: Option<String>,
        #[serde(rename = "type")]
        item_type: String,
        title: String,
        published: bool,
        fields: BTreeMap<String, Vec<Field>>,
        #[serde(rename = "as", default)]
        who: Who,
    },
    /// Reads an item.
    Load {
        id: String,
        #[serde(rename = "as", default)]
        who: Who,
    },
    /// Removes an item.
    Delete { id: String },
    /// Asks for a page.
    Get {
        path: String,
        #[serde(rename = "as", default)]
        who: Who,
    },
    /// Calls the plugin's `invoke` tap.
    Ask { function: String, argument: String },
    /// Moves the clock on.
    Wait { milliseconds: u64 },
    /// The warnings and errors since the last time that somebody asked.
    Log,
}

/// Who asks.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Who {
    /// The site itself, which may do anything; for a page, a visitor.
    #[default]
    Anybody,
    /// A visitor.
    Visitor,
    /// Somebody who has signed in and may do this.
    Somebody(Vec<String>),
    /// Somebody who may do anything.
    Administrator,
}

/// A site with the plugin at work.
pub struct Bench<'a> {
    app: &'a App,
    clock: Clock,
    plugin: String,
    log: Recent,
    /// How many lines of the log were read.
    read: Mutex<usize>,
}

type Answered = std::result::Result<Json, String>;

impl<'a> Bench<'a> {
    /// Puts the plugin to work, and those that it needs before.
    ///
    /// # Errors
    /// Why that does not work.
    pub async fn start(app: &'a App, clock: Clock, package: &Package) -> Result<Self> {
        let bench = Self {
            app,
            clock,
            plugin: package.manifest.name.clone(),
            log: Recent::of_process(),
            read: Mutex::default(),
        };
        bench.set_up().await.map_err(Error::failed)?;
        for name in package.manifest.depends.keys() {
            bench.enable(name).await.map_err(Error::failed)?;
        }
        bench.put_to_work(package).await.map_err(Error::failed)?;
        Ok(bench)
    }

    /// A site without an administrator shows nothing but its installer.
    async fn set_up(&self) -> Answered {
        let administrator = NewUser {
            name: "admin".to_owned(),
            active: true,
            is_admin: true,
            ..NewUser::default()
        };
        let users = &self.app.site.services().users;
        let made = users.create(&self.session(&Who::Anybody), administrator).await;
        made.map_err(words)?;
        Ok(Json::Null)
    }

    /// # Errors
    /// Why it is refused, in words.
    pub async fn carry_out(&self, order: Order) -> Answered {
        match order {
            Order::Enable { plugin } => self.enable(&plugin).await,
            Order::Set { plugin, name, value } => self.set(plugin, &name, value).await,
            Order::Save {
                id,
                item_type,
                title,
                published,
                fields,
                who,
            } => {
                let session = self.session(&who);
                let mut item = match id {
                    Some(id) => self.load(&session, &id).await?,
                    None => {
                        let blank = self
                            .app
                            .site
                            .services()
                            .items
                            .blank(&session, &item_type, String::new());
                        blank.map_err(words)?
                    }
                };
                (item.title, item.published) = (title, published);
                for (name, values) in fields {
                    let values: std::result::Result<Vec<Value>, String> =
                        values.into_iter().map(Field::into_value).collect();
                    item.fields.insert(name, values?);
                }
                self.save(&session, item).await
            }
            Order::Load { id, who } => Ok(shown(&self.load(&self.session(&who), &id).await?)),
            Order::Delete { id } => {
                let id = parse_id(&id).map_err(|error| error.in_words())?;
                let items = &self.app.site.services().items;
                items
                    .delete(&self.session(&Who::Anybody), id)
                    .await
                    .map_err(words)?;
                Ok(Json::Null)
            }
            Order::Get { path, who } => self.get(&path, &who).await,
            Order::Ask { function, argument } => self.ask(&function, &argument).await,
            Order::Wait { milliseconds } => {
                self.clock.advance(Duration::from_millis(milliseconds));
                Ok(Json::Null)
            }
            Order::Log => Ok(self.news()),
        }
    }

    async fn enable(&self, name: &str) -> Answered {
        let package = self.app.site.services().plugins.available().find(name);
        self.put_to_work(&package.map_err(words)?).await
    }

    async fn put_to_work(&self, package: &Package) -> Answered {
        let (site, plugins) = (&self.app.site, &self.app.site.services().plugins);
        let agreed = plugins.capabilities_of(site, package).map_err(words)?;
        plugins
            .enable_package(site, package, &agreed)
            .await
            .map_err(words)?;
        Ok(Json::Null)
    }

    async fn set(&self, plugin: Option<String>, name: &str, value: Json) -> Answered {
        let owner = plugin.unwrap_or_else(|| self.plugin.clone());
        let known = self
            .app
            .site
            .registry()
            .get(&owner)
            .map(|plugin| plugin.manifest.clone());
        let manifest = known.ok_or_else(|| format!("the plugin '{owner}' is not at work"))?;
        if !manifest.config.contains_key(name) {
            return Err(format!("the plugin '{owner}' has no setting '{name}'"));
        }
        let variables = &self.app.site.services().variables;
        variables.store(&owner, name, Some(value)).await.map_err(words)?;
        Ok(Json::Null)
    }

    async fn load(&self, session: &Session, id: &str) -> std::result::Result<Item, String> {
        let id = parse_id(id).map_err(|error| error.in_words())?;
        let found = self.app.site.services().items.find(session, id).await;
        found.map_err(words)
    }

    async fn save(&self, session: &Session, item: Item) -> Answered {
        let items = &self.app.site.services().items;
        let (item, saved) = items.save(session, Box::new(item), "A test").await;
        saved.map_err(words)?;
        Ok(shown(&item))
    }

    async fn get(&self, path: &str, who: &Who) -> Answered {
        let mut request = http::Request::get(path).body(Body::empty()).map_err(words)?;
        let account = match who {
            Who::Anybody => self.account(&Who::Visitor),
            who => self.account(who),
        };
        request.extensions_mut().insert(account);
        let answered = server::router(self.app.site.clone()).oneshot(request).await;
        let (parts, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
        let body = http_body_util::Limited::new(body, BODY)
            .collect()
            .await
            .map_err(words)?;
        let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        };
        Ok(json!({
            "status": parts.status.as_u16(),
            "headers": parts.headers.iter().map(header).collect::<BTreeMap<_, _>>(),
            "text": String::from_utf8_lossy(&body.to_bytes()),
        }))
    }

    async fn ask(&self, function: &str, argument: &str) -> Answered {
        let session = self.session(&Who::Anybody);
        let plugin = session.registry().get(&self.plugin);
        let plugin = plugin.ok_or_else(|| format!("the plugin '{}' is not at work", self.plugin))?;
        let mut input = Plain(|| ("test".to_owned(), function.to_owned(), argument.to_owned()));
        match session.call::<taps::Invoke>(plugin, &mut input).await {
            Ok((answer,)) => answer.map(Json::from).map_err(|error| error.in_words()),
            Err(failure) => Err(failure.to_string()),
        }
    }

    fn news(&self) -> Json {
        let entries = self.log.entries();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let new = entries.iter().rev().skip(*read).map(
            |entry| json!({ "error": entry.is_error, "message": entry.message, "plugin": entry.plugin }),
        );
        let new: Vec<Json> = new.collect();
        *read = entries.len();
        new.into()
    }

    fn account(&self, who: &Who) -> Account {
        let somebody = |is_admin, permissions: &[String]| Account {
            id: Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0abc),
            name: Arc::from("Somebody"),
            is_admin,
            permissions: Arc::new(permissions.iter().cloned().collect::<HashSet<_>>()),
        };
        match who {
            Who::Anybody => Account::system(),
            Who::Visitor => self.app.site.services().access.visitor(),
            Who::Somebody(permissions) => somebody(false, permissions),
            Who::Administrator => somebody(true, &[]),
        }
    }

    fn session(&self, who: &Who) -> Session {
        let id = self.app.site.services().ids.next();
        self.app.site.session(Request::new(id, "", self.account(who)))
    }
}

fn words(error: impl ToString) -> String {
    error.to_string()
}
