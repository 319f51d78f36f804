//! Trovato.
pub mod kernel;
pub mod request;
