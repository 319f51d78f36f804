//! The words of the save and access taps.

pub use crate::wit::saving::{Access, ItemOperation, SaveOperation};
