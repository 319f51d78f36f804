//! WordPress exports (WXR: RSS 2.0 with elements of WordPress's own). Posts and pages become items, with their terms,
//! authors, dates, paths and pictures; menus become menus; what the site has no place for yet is kept or listed.
//!
//! An export is read from its beginning to its end, twice: first for what entries can point to, then for the entries.
//! What it knows comes from the file and the folder of uploads; what it does goes through the services.

mod above;
mod body;
mod comment;
mod entry;
mod fill;
mod lines;
mod menus;
mod pictures;
mod plan;
mod read;
mod run;
mod shortcodes;

pub use run::{Importer, Options};

#[cfg(test)]
mod tests;
