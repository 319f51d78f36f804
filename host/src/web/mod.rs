//! The words that handlers speak: pages, errors, what a request carries. It knows axum and no subsystem.

mod entrance;
mod error;
mod limits;
mod page;
mod problem;
mod validators;

pub use entrance::{Arrival, Entrance, ProxyHeader};
pub use error::Error;
pub use limits::{By, Overrun, Rule, Rules};
pub use page::{About, Action, Feed, Page, Picture};
pub use problem::Problem;
pub use validators::{Validators, http_date};
