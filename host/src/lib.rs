//! Trovato: a content platform whose kernel is a thin WebAssembly component host.
//!
//! Modules from the top down, each knowing only those below it:
//!
//! - `cli`: one file per command; `app`: the start-up order; `server`: middleware, routes, rendered pages.
//! - `subsystems`: one folder per subject, each with one service and its faces towards the web and plugins.
//! - `web`: the words that handlers speak; `db`: the only code that knows SQL drivers; `redis`: what nodes share; `wit` and `taps`: the contract with plugins.
//! - `kernel`: the component host.
//! - `request`, `config`, `time`, `recent`: leaves.

pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod kernel;
pub mod recent;
pub mod redis;
pub mod request;
pub mod server;
pub mod subsystems;
pub mod taps;
pub mod telemetry;
pub mod time;
pub mod web;
pub mod wit;
