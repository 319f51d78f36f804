//! WASI 0.2 as Rust: what of it plugins get real answers from.

mod generated {
    wasmtime::component::bindgen!({
        path: "wasi",
        world: "trovato:wasi/guest",
        imports: {
            "wasi:io/poll": async | trappable,
            default: trappable,
        },
        with: {
            "wasi:io/error.error": crate::wit::wasi::StreamFailure,
            "wasi:io/poll.pollable": crate::wit::wasi::Moment,
            "wasi:io/streams.input-stream": crate::wit::wasi::Input,
            "wasi:io/streams.output-stream": crate::wit::wasi::Output,
        },
    });
}

pub use generated::wasi::*;

/// Why a stream failed: none does.
#[derive(Debug)]
pub enum StreamFailure {}

/// A moment that is waited for.
#[derive(Debug)]
pub enum Moment {}

/// The standard input, which is at its end.
#[derive(Debug)]
pub enum Input {}

/// The standard output or error.
#[derive(Debug)]
pub enum Output {}
