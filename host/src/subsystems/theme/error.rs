//! What can go wrong with render trees and themes. Rendering pages does not fail: it falls back.

/// Why a tree, a change to it or a theme was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A node names a parent that does not come before it.
    #[error("node {node}: its parent {parent} does not come before it")]
    Parent {
        /// The index of the node.
        node: usize,
        /// The index that it names.
        parent: u32,
    },
    /// A tree is larger than it may be.
    #[error("the tree has {found} {what}, and {max} are allowed")]
    Limit {
        /// What there is too much of: `nodes` or `bytes of text`.
        what: &'static str,
        /// How much there may be.
        max: usize,
        /// How much there is.
        found: usize,
    },
    /// A change names a node that it can't be made to. None of the changes was made.
    #[error("alteration {alteration}: there is no node {node} {among}")]
    Alteration {
        /// The index of the change in its list.
        alteration: usize,
        /// The index that it names.
        node: u32,
        /// Where the node was looked for.
        among: &'static str,
    },
    /// A `theme.toml` can't be used.
    #[error("{file}:{line}: {message}")]
    Manifest {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what was probably meant.
        message: String,
    },
    /// A folder of themes can't be read.
    #[error("{path}: {message}")]
    Unreadable {
        /// The file or folder.
        path: String,
        /// What the system says.
        message: String,
    },
    /// A feed can't be rendered.
    #[error("the feed can't be rendered: {0}")]
    Feed(String),
}
