//! The words that handlers speak: pages, errors, what a request carries. It knows axum and no subsystem.

mod entrance;
mod error;
mod page;

pub use entrance::{Arrival, Entrance, ProxyHeader};
pub use error::Error;
pub use page::{Action, Feed, Page};
