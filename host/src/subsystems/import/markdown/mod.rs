//! Markdown documents with front matter, as static site generators keep them: a folder of `.md` files and of
//! folders with an `index.md` and what belongs to it.
//!
//! What it knows of a document comes from the folder alone; what it does goes through the services for items, files
//! and paths.

mod body;
mod date;
mod fields;
mod front_matter;
mod links;
mod paths;
mod plan;
mod prepare;
mod resolve;
mod run;
mod scan;
mod value;

pub use run::Importer;

#[cfg(test)]
mod tests;
