//! Telling a plugin what becomes of it.

use std::sync::Arc;

use super::Error;
use crate::kernel::{Failure, Plain, Tap};
use crate::subsystems::{Plugin, Session};
use crate::taps;
use crate::wit::types;

/// Calls a lifecycle tap, if the plugin answers it.
pub(super) async fn tell<T>(session: &Session, plugin: &Arc<Plugin>) -> Result<(), Error>
where
    T: Tap<Params = (), Return = (Result<(), types::Error>,)>,
{
    if !plugin.answers(T::SLOT) {
        return Ok(());
    }
    let answer = session.call::<T>(plugin, &mut Plain(|| ())).await;
    judge::<T>(plugin, answer)
}

pub(super) async fn tell_upgrade(session: &Session, plugin: &Arc<Plugin>, from: &str) -> Result<(), Error> {
    if !plugin.answers(taps::Upgrade::SLOT) {
        return Ok(());
    }
    let answer = session
        .call::<taps::Upgrade>(plugin, &mut Plain(|| (from.to_owned(),)))
        .await;
    judge::<taps::Upgrade>(plugin, answer)
}

fn judge<T: Tap>(plugin: &Plugin, answer: Result<(Result<(), types::Error>,), Failure>) -> Result<(), Error> {
    let reason = match answer {
        Ok((Ok(()),)) => return Ok(()),
        Ok((Err(error),)) => error.in_words(),
        Err(failure) => failure.to_string(),
    };
    Err(Error::Tap {
        plugin: plugin.manifest.name.clone(),
        tap: T::NAME,
        reason,
    })
}
