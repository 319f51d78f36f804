//! The request that is being answered, and a notebook that all plugins share while it lasts.

use crate::error::Result;
use crate::value::Id;
use crate::wit::request_context;

/// The request's identifier, as in the log.
pub fn id() -> Id {
    request_context::request_id()
}

/// The path that was asked for; empty outside a web request.
pub fn path() -> String {
    request_context::path()
}

/// The first value of a query parameter.
pub fn query(name: &str) -> Option<String> {
    request_context::query(name)
}

/// The language of the page (BCP 47).
pub fn language() -> String {
    request_context::language()
}

/// The stage whose content is shown; `live` for visitors.
pub fn stage() -> String {
    request_context::stage()
}

/// The machine name of the theme.
pub fn theme() -> String {
    request_context::theme()
}

/// Reads an entry of the shared notebook.
pub fn get(key: &str) -> Option<String> {
    request_context::get(key)
}

/// Writes an entry of the shared notebook; `Limit` beyond 256 entries or 64 KiB.
pub fn set(key: &str, value: &str) -> Result<()> {
    Ok(request_context::set(key, value)?)
}
