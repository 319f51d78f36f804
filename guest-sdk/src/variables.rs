//! The plugin's own settings, as declared in `[config]` of its manifest.
//!
//! ```no_run
//! use trovato_sdk::prelude::*;
//!
//! fn posts_per_page() -> Result<u32> {
//!     variables::get("posts_per_page")
//! }
//! ```

use crate::error::{Error, Result};
use crate::value::{FieldValue, FromValue};
use crate::wit::variables;

/// The value of a setting, or its default from the manifest.
pub fn get<T: FromValue>(name: &str) -> Result<T> {
    let value = variables::get(name)?;
    value
        .get()
        .map_err(|error| Error::Other(format!("the setting `{name}`: {error}")))
}

/// Stores a value. `Invalid` where it does not fit the manifest's declaration.
pub fn set(name: &str, value: impl Into<FieldValue>) -> Result<()> {
    Ok(variables::set(name, &value.into())?)
}

/// Returns to the default.
pub fn reset(name: &str) -> Result<()> {
    Ok(variables::reset(name)?)
}
