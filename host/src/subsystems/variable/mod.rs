//! Persistent settings: those of plugins, declared in their manifests, and the site's own.

mod store;
mod web;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value as Json;

use super::change::Changes;
use super::{Interface, Linked, Service, Session, Subsystem, View};
use crate::db::{self, Db, Tx};
use crate::kernel::{Manifest, Plain, Setting, SettingType};
use crate::taps;
use crate::time::{Clock, Ids};
use crate::wit;
use crate::wit::types::{Error, FieldError, FieldValue};

/// The owner of the site's own settings.
pub const SITE: &str = "";
/// The setting with the name of the site.
const SITE_ID: &str = "site_id";

/// The settings.
pub struct Variables {
    db: Db,
    clock: Clock,
    changes: Arc<Changes>,
    values: RwLock<Arc<Values>>,
}

/// By owner, then by name.
type Values = HashMap<String, BTreeMap<String, Json>>;

impl Variables {
    /// Loads the settings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(db: Db, clock: Clock, changes: Arc<Changes>) -> db::Result<Self> {
        let values = RwLock::new(Arc::new(store::load(&db).await?));
        Ok(Self {
            db,
            clock,
            changes,
            values,
        })
    }

    fn values(&self) -> Arc<Values> {
        self.values.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the settings again, after another process has changed them. Names the plugins whose settings differ,
    /// with those settings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn refresh(&self) -> db::Result<Vec<(String, String)>> {
        let fresh = Arc::new(store::load(&self.db).await?);
        let old = std::mem::replace(
            &mut *self.values.write().unwrap_or_else(PoisonError::into_inner),
            fresh.clone(),
        );
        let differ = |owner: &String, name: &String| {
            let value = |values: &Values| values.get(owner).and_then(|settings| settings.get(name)).cloned();
            value(&old) != value(&fresh)
        };
        let mut changed: Vec<(String, String)> = old
            .iter()
            .chain(fresh.iter())
            .flat_map(|(owner, settings)| settings.keys().map(move |name| (owner.clone(), name.clone())))
            .filter(|(owner, name)| differ(owner, name))
            .collect();
        changed.sort();
        changed.dedup();
        Ok(changed)
    }

    /// A stored value.
    #[must_use]
    pub fn stored(&self, owner: &str, name: &str) -> Option<Json> {
        self.values().get(owner)?.get(name).cloned()
    }

    /// A text among the site's own settings.
    #[must_use]
    pub fn site_text(&self, name: &str, default: &str) -> String {
        match self.stored(SITE, name) {
            Some(Json::String(text)) => text,
            _ => default.to_owned(),
        }
    }

    /// Stores a value, or none to go back to the default.
    ///
    /// # Errors
    /// The database failed.
    pub async fn store(&self, owner: &str, name: &str, value: Option<Json>) -> db::Result<()> {
        let mut tx = self.db.begin().await?;
        self.store_in(&mut tx, owner, name, value.as_ref()).await?;
        tx.commit().await?;
        self.changes.tell().await;
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        let settings = Arc::make_mut(&mut values).entry(owner.to_owned()).or_default();
        match value {
            Some(value) => drop(settings.insert(name.to_owned(), value)),
            None => drop(settings.remove(name)),
        }
        Ok(())
    }

    /// As [`Variables::store`], together with what else the transaction does. Whoever commits it has everything read
    /// again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn store_in(
        &self,
        tx: &mut Tx,
        owner: &str,
        name: &str,
        value: Option<&Json>,
    ) -> db::Result<()> {
        match value {
            Some(value) => store::set(tx, owner, name, value, self.clock.now()).await,
            None => store::remove(tx, owner, name).await,
        }
    }

    /// Drops all settings of a plugin.
    ///
    /// # Errors
    /// The database failed.
    pub async fn forget(&self, owner: &str) -> db::Result<()> {
        store::remove_all(&self.db, owner).await?;
        self.changes.tell().await;
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        Arc::make_mut(&mut values).remove(owner);
        Ok(())
    }

    /// A plugin's setting, or its default.
    ///
    /// # Errors
    /// `not-found` for a name that the manifest does not declare.
    pub fn of_plugin(&self, manifest: &Manifest, name: &str) -> Result<FieldValue, Error> {
        let setting = manifest.config.get(name).ok_or(Error::NotFound)?;
        let stored = self
            .stored(&manifest.name, name)
            .and_then(|json| from_json(&json, setting));
        Ok(stored.unwrap_or_else(|| default(setting)))
    }

    async fn set(
        &self,
        session: &Session,
        manifest: &Manifest,
        name: &str,
        value: Option<Json>,
    ) -> Result<(), Error> {
        self.store(&manifest.name, name, value).await?;
        announce(session, &manifest.name, name).await;
        Ok(())
    }
}

/// The name of this site, which is made once and is the same on all its nodes.
///
/// # Errors
/// The database failed.
pub async fn site_id(db: &Db, clock: &Clock, ids: &Ids) -> db::Result<String> {
    if let Some(id) = store::get(db, SITE, SITE_ID).await? {
        return Ok(text(id));
    }
    let fresh = Json::String(ids.next().simple().to_string());
    store::add(db, SITE, SITE_ID, &fresh, clock.now()).await?;
    // Another node may have been faster.
    Ok(text(store::get(db, SITE, SITE_ID).await?.unwrap_or(fresh)))
}

fn text(json: Json) -> String {
    match json {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

/// Calls a plugin's `variable-change` tap.
pub async fn announce(session: &Session, plugin: &str, name: &str) {
    use crate::kernel::Tap;
    let Some(plugin) = session.registry().get(plugin) else {
        return;
    };
    if plugin.answers(taps::VariableChange::SLOT) {
        // A failure is logged where it happens and changes nothing about the setting.
        let _ = session
            .call::<taps::VariableChange>(plugin, &mut Plain(|| (name.to_owned(),)))
            .await;
    }
}

fn default(setting: &Setting) -> FieldValue {
    match &setting.default {
        toml::Value::Boolean(value) => FieldValue::Boolean(*value),
        toml::Value::Integer(value) if setting.kind == SettingType::Number => {
            FieldValue::Floating(*value as f64)
        }
        toml::Value::Integer(value) => FieldValue::Integer(*value),
        toml::Value::Float(value) => FieldValue::Floating(*value),
        toml::Value::String(value) => FieldValue::Text(value.clone()),
        _ => FieldValue::Null,
    }
}

fn from_json(json: &Json, setting: &Setting) -> Option<FieldValue> {
    Some(match setting.kind {
        SettingType::Boolean => FieldValue::Boolean(json.as_bool()?),
        SettingType::Integer => FieldValue::Integer(json.as_i64()?),
        SettingType::Number => FieldValue::Floating(json.as_f64()?),
        SettingType::Text | SettingType::Choice => FieldValue::Text(json.as_str()?.to_owned()),
    })
}

/// The stored form of a value that fits its setting.
///
/// # Errors
/// What the setting allows.
pub fn check(name: &str, setting: &Setting, value: &FieldValue) -> Result<Json, String> {
    let within = |number: f64| {
        setting.minimum.is_none_or(|minimum| number >= minimum)
            && setting.maximum.is_none_or(|maximum| number <= maximum)
    };
    let range = || {
        let least = setting
            .minimum
            .map(|least| format!(" of at least {least}"))
            .unwrap_or_default();
        let most = setting
            .maximum
            .map(|most| format!(" and at most {most}"))
            .unwrap_or_default();
        format!("the setting '{name}' takes a number{least}{most}")
    };
    match (setting.kind, value) {
        (SettingType::Boolean, FieldValue::Boolean(value)) => Ok(Json::from(*value)),
        (SettingType::Integer, FieldValue::Integer(value)) if within(*value as f64) => Ok(Json::from(*value)),
        (SettingType::Number, FieldValue::Floating(value)) if within(*value) => Ok(Json::from(*value)),
        (SettingType::Integer | SettingType::Number, _) => Err(range()),
        (SettingType::Text, FieldValue::Text(value)) => Ok(Json::from(value.as_str())),
        (SettingType::Choice, FieldValue::Text(value)) if setting.choices.contains(value) => {
            Ok(Json::from(value.as_str()))
        }
        (SettingType::Choice, _) => Err(format!(
            "the setting '{name}' takes one of {}",
            setting.choices.join(", ")
        )),
        (kind, _) => Err(format!(
            "the setting '{name}' takes a {}",
            format!("{kind:?}").to_lowercase()
        )),
    }
}

/// A value of a setting in its stored form, if it fits.
///
/// # Errors
/// What the setting allows.
pub fn read(name: &str, setting: &Setting, json: &Json) -> Result<Json, String> {
    check(
        name,
        setting,
        &from_json(json, setting).unwrap_or(FieldValue::Null),
    )
}

impl Subsystem for Variables {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("variables", |linker| {
            wit::variables::add_to_linker::<_, Linked<Self>>(linker, |call| call.waiting_view())
        })]
    }

    fn admin_pages() -> Vec<super::admin::AdminPage> {
        web::pages()
    }
}

impl wit::variables::Host for View<'_, Variables> {
    fn get(&mut self, name: String) -> Result<FieldValue, Error> {
        self.service().of_plugin(&self.call.plugin, &name)
    }

    async fn set(&mut self, name: String, value: FieldValue) -> Result<(), Error> {
        let setting = self.call.plugin.config.get(&name).ok_or(Error::NotFound)?;
        let json = check(&name, setting, &value).map_err(|message| {
            Error::Invalid(vec![FieldError {
                path: name.clone(),
                message,
            }])
        })?;
        self.service()
            .set(self.session(), &self.call.plugin, &name, Some(json))
            .await
    }

    async fn reset(&mut self, name: String) -> Result<(), Error> {
        self.call.plugin.config.get(&name).ok_or(Error::NotFound)?;
        self.service()
            .set(self.session(), &self.call.plugin, &name, None)
            .await
    }
}
