//! How templates print values: escaped, and slashes left as they are, so that the addresses in a page can be read.

use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, Output, State, Value, escape_formatter};

use crate::subsystems::format::escape;

/// Makes the templates of an environment print as those of themes do.
pub fn escaping(environment: &mut Environment<'_>) {
    environment.set_formatter(print);
}

/// Prints a value; text that is not known to be safe is escaped.
pub(super) fn print(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let escaped = matches!(state.auto_escape(), AutoEscape::Html)
        && value.kind() == ValueKind::String
        && !value.is_safe();
    match value.as_str().filter(|_| escaped) {
        Some(text) => Ok(out.write_str(&escape(text))?),
        None => escape_formatter(out, state, value),
    }
}
