//! The bindings of everything that the host offers, as `wit-bindgen` makes them from the WIT package.
//!
//! An interface is imported by the finished component only if the plugin calls one of its functions or one of
//! its taps mentions the interface's types.

#[allow(unsafe_code, clippy::all, missing_docs)]
pub(crate) mod generated {
    wit_bindgen::generate!({
        path: "wit",
        world: "host",
        generate_all,
        generate_unused_types: true,
        additional_derives: [PartialEq],
        runtime_path: "::trovato_sdk::wit_bindgen_rt",
    });
}

pub use generated::trovato::kernel::*;

/// Outside a component there is no host: a test's made-up kernel answers in its place.
#[cfg(not(target_arch = "wasm32"))]
pub use crate::mock::interfaces::{
    cache, clock, counters, form_state, form_subject, item, item_fields, items, log, mail, messages, plugins,
    random, request_context, users, variables,
};
