//! Other plugins, as plugins see them.

use super::Plugins;
use crate::kernel::{Plain, Tap};
use crate::subsystems::View;
use crate::taps;
use crate::wit::plugins;
use crate::wit::types::Error;

impl plugins::Host for View<'_, Plugins> {
    async fn exists(&mut self, name: String) -> bool {
        self.session().registry().get(&name).is_some()
    }

    async fn invoke(&mut self, plugin: String, function: String, argument: String) -> Result<String, Error> {
        let session = self.session();
        let callee = session.registry().get(&plugin).ok_or(Error::NotFound)?;
        if !callee.answers(taps::Invoke::SLOT) {
            return Err(Error::NotFound);
        }
        let caller = &self.call.plugin.name;
        let mut input = Plain(|| (caller.clone(), function.clone(), argument.clone()));
        match session.call::<taps::Invoke>(callee, &mut input).await {
            Ok((answer,)) => answer,
            Err(failure) => Err(Error::Unavailable(format!("plugin '{plugin}': {failure}"))),
        }
    }
}
