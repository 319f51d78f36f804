//! Other plugins: whether they are there, and the functions that they offer by their `invoke` tap.

use crate::error::Result;
use crate::wit::plugins;

/// Whether a plugin of this name is enabled.
pub fn exists(name: &str) -> bool {
    plugins::exists(name)
}

/// Calls a function of another plugin. What argument and answer mean is between the two.
pub fn invoke(plugin: &str, function: &str, argument: &str) -> Result<String> {
    Ok(plugins::invoke(plugin, function, argument)?)
}
