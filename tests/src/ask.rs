//! Calling plugins from a test.

use trovato::kernel::{Failure, Plain};
use trovato::request::Account;
use trovato::subsystems::Session;
use trovato::taps;
use trovato::wit::types::Error;

use crate::TestApp;

impl TestApp {
    /// Calls a function of a plugin's `invoke` tap in a request of the site itself.
    ///
    /// # Errors
    /// What the plugin says.
    pub async fn ask(&self, plugin: &str, function: &str, argument: &str) -> Result<String, Error> {
        self.ask_in(&self.system(), plugin, function, argument).await
    }

    /// The same in a request of somebody.
    ///
    /// # Errors
    /// What the plugin says.
    pub async fn ask_as(
        &self,
        who: Account,
        plugin: &str,
        function: &str,
        argument: &str,
    ) -> Result<String, Error> {
        self.ask_in(&self.session(who), plugin, function, argument).await
    }

    /// The same in a request that goes on.
    ///
    /// # Errors
    /// What the plugin says.
    pub async fn ask_in(
        &self,
        session: &Session,
        plugin: &str,
        function: &str,
        argument: &str,
    ) -> Result<String, Error> {
        match self.try_ask_in(session, plugin, function, argument).await {
            Ok(answer) => answer,
            Err(failure) => panic!(
                "'{plugin}' failed in {function}: {failure}\nThe log:\n{}",
                self.log.text()
            ),
        }
    }

    /// The same where the plugin may fail.
    ///
    /// # Errors
    /// How it failed.
    pub async fn try_ask_in(
        &self,
        session: &Session,
        plugin: &str,
        function: &str,
        argument: &str,
    ) -> Result<Result<String, Error>, Failure> {
        let callee = session
            .registry()
            .get(plugin)
            .unwrap_or_else(|| panic!("'{plugin}' is not enabled"));
        let mut input = Plain(|| ("test".to_owned(), function.to_owned(), argument.to_owned()));
        session
            .call::<taps::Invoke>(callee, &mut input)
            .await
            .map(|(answer,)| answer)
    }
}
