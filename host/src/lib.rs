//! Trovato: a content platform whose kernel is a thin WebAssembly component host.

pub mod db;
pub mod time;
