//! The one place where WIT becomes Rust.

use semver::Version;

use crate::kernel::Contract;
use crate::taps;

pub mod wasi;

mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "host",
        imports: {
            "trovato:kernel/item": trappable,
            "trovato:kernel/item-fields": trappable,
            "trovato:kernel/form-subject": trappable,
            "trovato:kernel/items": async | trappable,
            "trovato:kernel/random": trappable,
            "trovato:kernel/crypto.hmac-sha256": trappable,
            "trovato:kernel/cache": async,
            "trovato:kernel/db": async,
            "trovato:kernel/raw-sql": async,
            "trovato:kernel/variables.get": exact,
            "trovato:kernel/variables": async,
            "trovato:kernel/plugins": async,
            "trovato:kernel/mail": async,
            "trovato:kernel/counters": async,
            "trovato:kernel/users.has-permission": exact,
            "trovato:kernel/users": async,
        },
        with: {
            "trovato:kernel/item.item": crate::wit::ItemHandle,
        },
        additional_derives: [PartialEq],
    });
}

pub use generated::trovato::kernel::*;

/// What a handle to an item stands for: the record itself is kept by the host.
#[derive(Debug)]
pub enum ItemHandle {}

/// The files of the WIT package, as text.
pub const FILES: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/wit.rs"));

/// The version of the WIT package.
pub const VERSION: Version = Version::new(0, 1, 0);

/// The contract with plugins.
#[must_use]
pub fn contract() -> Contract {
    Contract::new(FILES, taps::NAMES, VERSION)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    /// What components that are out there were built against, version 0.1.0: lines are only ever added.
    const RELEASED: &str = include_str!("wit/released.txt");

    #[test]
    fn the_contract_only_grows() {
        let shapes = super::contract().shapes().unwrap();
        let now: BTreeSet<&str> = shapes.iter().map(String::as_str).collect();
        let lost: Vec<&str> = RELEASED.lines().filter(|line| !now.contains(line)).collect();
        assert!(
            lost.is_empty(),
            "components that are out there would break; a breaking change needs another minor version of the \
             package and a decision record. Changed or gone:\n{}",
            lost.join("\n"),
        );
    }
}
