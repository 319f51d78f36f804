//! What can be wrong with the definition of a text format. Rendering itself never fails.

/// Why the definitions of text formats were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The name can't be stored or written in a URL.
    #[error("text format `{0}`: a name has 1 to 64 of `a-z`, `0-9` and `_`, and begins with a letter")]
    Name(String),
    /// Two definitions share a name.
    #[error("text format `{0}` is defined twice")]
    Duplicate(String),
    /// What an editor writes would reach the browser unsanitised.
    #[error("text format `{format}` is unsafe: `{filter}` needs `allowed_html` after it")]
    Unsafe {
        /// The format's name.
        format: String,
        /// The filter whose output would not be sanitised.
        filter: &'static str,
    },
    /// A filter stands where it can't do its work.
    #[error("text format `{format}`: `{filter}` must come {place}")]
    Order {
        /// The format's name.
        format: String,
        /// The misplaced filter.
        filter: &'static str,
        /// Where it belongs.
        place: &'static str,
    },
    /// There has to be something to fall back on.
    #[error("there must be at least one text format")]
    Empty,
}
