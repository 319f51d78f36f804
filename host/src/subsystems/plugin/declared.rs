//! What plugins declare: asked once for each version that is put to work.

use std::sync::{Arc, PoisonError};

use super::{Error, Plugins};
use crate::kernel::{Plain, Tap};
use crate::request::{Account, Request};
use crate::subsystems::access::Permission;
use crate::subsystems::item_type::{self, FieldTypeDeclaration, ItemType};
use crate::subsystems::{Plugin, Session};
use crate::taps;
use crate::wit::declarations::Route;

/// Bytes of a permission's name.
const PERMISSION_LIMIT: usize = 128;

/// What one plugin declares.
#[derive(Debug)]
pub(super) struct Declarations {
    pub(super) field_types: Vec<FieldTypeDeclaration>,
    /// In which types of plugins are names still: those of others are not known here.
    pub(super) types: Vec<ItemType>,
    pub(super) routes: Vec<Route>,
    pub(super) permissions: Vec<Permission>,
}

impl Plugins {
    /// What a plugin declares. It is asked when it is first put to work in this version: one that is suspended for a
    /// while later is not lost for that.
    pub(super) async fn declarations(
        &self,
        session: &Session,
        plugin: &Arc<Plugin>,
    ) -> Result<Arc<Declarations>, Error> {
        let known = self
            .declared
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&plugin.digest)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let asked = Arc::new(Declarations {
            field_types: field_types(session, plugin).await?,
            types: item_types(session, plugin).await?,
            routes: declaration::<taps::Menu, _>(session, plugin).await?,
            permissions: permissions(session, plugin).await?,
        });
        let mut declared = self.declared.write().unwrap_or_else(PoisonError::into_inner);
        declared.insert(plugin.digest.clone(), asked.clone());
        Ok(asked)
    }
}

/// Declaring takes no rights.
pub(super) fn declaring_request() -> Request {
    Request::new(uuid::Uuid::nil(), "", Account::anonymous(Arc::default()))
}

pub(super) async fn item_types(session: &Session, plugin: &Arc<Plugin>) -> Result<Vec<ItemType>, Error> {
    let declared = declaration::<taps::ItemInfo, _>(session, plugin).await?;
    let read: Result<Vec<_>, String> = declared.into_iter().map(item_type::from_declaration).collect();
    read.map_err(|problem| Error::Declaration(format!("Plugin '{}': {problem}", plugin.manifest.name)))
}

pub(super) async fn field_types(
    session: &Session,
    plugin: &Arc<Plugin>,
) -> Result<Vec<FieldTypeDeclaration>, Error> {
    let name = &plugin.manifest.name;
    let declared = declaration::<taps::FieldInfo, _>(session, plugin).await?;
    let read = item_type::field_types_from(name, declared);
    read.map_err(|problem| Error::Declaration(format!("Plugin '{name}': {problem}")))
}

async fn permissions(session: &Session, plugin: &Arc<Plugin>) -> Result<Vec<Permission>, Error> {
    let declared = declaration::<taps::Perm, _>(session, plugin).await?;
    let fits = |name: &str| (1..=PERMISSION_LIMIT).contains(&name.len()) && !name.contains(char::is_control);
    if let Some(odd) = declared.iter().find(|declared| !fits(&declared.name)) {
        return Err(Error::Declaration(format!(
            "Plugin '{}' declares the permission {:?}; a name has 1 to {PERMISSION_LIMIT} bytes and no control characters",
            plugin.manifest.name, odd.name
        )));
    }
    let permission = |declared: crate::wit::declarations::Permission| Permission {
        name: declared.name,
        description: declared.description,
        restricted: declared.restricted,
    };
    Ok(declared.into_iter().map(permission).collect())
}

/// What a plugin declares by a tap; nothing where it does not answer it.
pub(super) async fn declaration<T, D>(session: &Session, plugin: &Arc<Plugin>) -> Result<Vec<D>, Error>
where
    T: Tap<Params = (), Return = (Vec<D>,)>,
{
    if !plugin.answers(T::SLOT) {
        return Ok(Vec::new());
    }
    match session.call::<T>(plugin, &mut Plain(|| ())).await {
        Ok((declared,)) => Ok(declared),
        Err(failure) => Err(Error::Tap {
            plugin: plugin.manifest.name.clone(),
            tap: T::NAME,
            reason: failure.to_string(),
        }),
    }
}
