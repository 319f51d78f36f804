//! The site's log. The host adds the plugin's name, the tap and the request.
//!
//! ```no_run
//! use trovato_sdk::prelude::*;
//!
//! fn report(posts: u32, path: &str) {
//!     log::info!("imported {posts} posts", path = path);
//! }
//! ```
//!
//! The message is a format string that may name variables; fields follow as `name = value`, each with a
//! `Display`.

pub use crate::wit::log::Level;
use crate::wit::types::NamedText;

/// Writes a message with fields; the macros of this module are shorter.
pub fn write(level: Level, message: &str, fields: &[NamedText]) {
    crate::wit::log::write(level, message, fields);
}

/// A field of a message.
pub fn field(name: &str, value: impl ToString) -> NamedText {
    NamedText {
        name: name.into(),
        value: value.to_string(),
    }
}

#[doc(hidden)]
#[macro_export]
macro_rules! __log {
    ($level:ident, $message:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::log::write(
            $crate::log::Level::$level,
            &::std::format!($message),
            &[$($crate::log::field(::core::stringify!($name), &$value)),*],
        )
    };
}

/// For whoever develops the plugin.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_debug { ($($arguments:tt)*) => { $crate::__log!(Debug, $($arguments)*) }; }

/// Worth knowing.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_info { ($($arguments:tt)*) => { $crate::__log!(Info, $($arguments)*) }; }

/// Something is off and was dealt with.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_warning { ($($arguments:tt)*) => { $crate::__log!(Warning, $($arguments)*) }; }

/// Something did not work.
#[doc(hidden)]
#[macro_export]
macro_rules! __log_error { ($($arguments:tt)*) => { $crate::__log!(Error, $($arguments)*) }; }

#[doc(inline)]
pub use {__log_debug as debug, __log_error as error, __log_info as info, __log_warning as warning};
