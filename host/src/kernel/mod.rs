//! The component host: loads plugins, gives them what they were granted, calls their taps, and survives them.
//!
//! It is generic over the services that plugins may import (`System`) and knows nothing of items, databases
//! or HTTP.

mod artefact;
mod call;
mod contract;
mod engine;
mod error;
mod health;
mod instance;
mod limits;
mod manifest;
mod nothing;
mod plugin;
mod registry;
mod running;
mod session;
mod subsystem;
mod suggest;
mod tap;

pub use artefact::{Artefacts, digest};
pub use call::{Call, View};
pub use contract::Contract;
pub use engine::{Engine, Settings};
pub use error::{Error, Failure};
pub use health::{Health, Snapshot, TapCount};
pub use limits::{Budget, Limits};
pub use manifest::{
    AddColumn, AssetRoute, Column, ColumnType, CreateTable, Grants, Index, Manifest, Migration, Minute,
    Schedule, Setting, SettingType, TapOptions,
};
pub use plugin::{Plugin, Source};
pub use registry::Registry;
pub use running::Kernel;
pub use session::Session;
pub use subsystem::{Face, Interface, Link, System};
pub use suggest::suggest;
pub use tap::{Input, Plain, Tap};
