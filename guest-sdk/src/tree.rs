//! Trees: what a plugin shows. Never HTML, but nodes that the host sanitises and renders.
//!
//! ```
//! use trovato_sdk::prelude::*;
//!
//! fn greeting(name: &str) -> Tree {
//!     tree()
//!         .child(heading(2, "Welcome"))
//!         .child(paragraph().class("greeting").text("Hello, ").child(strong().text(name)))
//!         .child(list(["Read", "Write"].map(|word| link("/help", word))))
//!         .cache_tag("greetings")
//! }
//! # assert_eq!(greeting("Ada").len(), 13);
//! ```
//!
//! Text is escaped by the host. For text that somebody wrote in a text format there is [`formatted`]; for other
//! items [`embed`]; for anything that a theme should be able to change, a [`template`] of the plugin.

mod alter;
mod element;
pub mod html;
mod node;

pub use alter::{BuiltTree, Changes};
pub use element::{Element, heading, image, link, list, paragraph, table};
pub use node::{Node, embed, extension, formatted, pager, template, text};

use crate::wit::render;
pub use crate::wit::render::{Alteration, Attribute, NodeKind, Tag, Template};

/// A tree in the making, with how long it stays true.
#[derive(Debug, Clone, Default, PartialEq)]
#[must_use = "a tree does nothing until a tap returns it"]
pub struct Tree {
    nodes: Vec<Node>,
    cache_tags: Vec<String>,
    max_age: Option<u32>,
}

/// An empty tree.
pub fn tree() -> Tree {
    Tree::default()
}

impl Tree {
    /// Adds a node at the top.
    pub fn child(mut self, node: impl Into<Node>) -> Self {
        self.nodes.push(node.into());
        self
    }

    /// Adds several nodes at the top.
    pub fn children<N: Into<Node>>(mut self, nodes: impl IntoIterator<Item = N>) -> Self {
        self.nodes.extend(nodes.into_iter().map(Into::into));
        self
    }

    /// Drops the rendered result when the tag is invalidated: `item:{id}`, `item-type:{name}` or one of the
    /// plugin's own. The tags of embedded items are added by the host.
    pub fn cache_tag(mut self, tag: impl Into<String>) -> Self {
        self.cache_tags.push(tag.into());
        self
    }

    /// Keeps the rendered result for at most so many seconds; 0 to render it anew each time.
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = Some(self.max_age.map_or(seconds, |other| other.min(seconds)));
        self
    }

    /// How many nodes it has, nested ones included.
    pub fn len(&self) -> usize {
        self.nodes.iter().map(Node::len).sum()
    }

    /// Whether it has no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

impl<N: Into<Node>> From<N> for Tree {
    fn from(node: N) -> Self {
        tree().child(node)
    }
}

impl From<Tree> for render::Tree {
    fn from(tree: Tree) -> Self {
        let mut nodes = Vec::with_capacity(tree.len());
        for node in tree.nodes {
            node.flatten(None, 0, &mut nodes);
        }
        Self {
            nodes,
            cache_tags: tree.cache_tags,
            max_age: tree.max_age,
        }
    }
}

/// The answer of a view tap.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum View {
    /// Nothing to add; costs nothing.
    #[default]
    Unchanged,
    /// A part to add.
    Part(Tree),
}

impl<T: Into<Tree>> From<T> for View {
    fn from(tree: T) -> Self {
        Self::Part(tree.into())
    }
}

impl From<View> for render::ViewAnswer {
    fn from(view: View) -> Self {
        match view {
            View::Unchanged => Self::Unchanged,
            View::Part(tree) => Self::Tree(tree.into()),
        }
    }
}

macro_rules! view_answers {
    ($($part:ty),+) => {$(
        impl From<$part> for render::ViewAnswer {
            fn from(part: $part) -> Self {
                Self::Tree(Tree::from(part).into())
            }
        }
    )+};
}

view_answers!(Tree, Node, Element, Template);

#[cfg(test)]
mod tests {
    use super::html::*;
    use super::*;

    #[test]
    fn nesting_becomes_indices_of_earlier_parents() {
        let nested = tree()
            .child(div().child(span().text("a")).child("b"))
            .child(paragraph().weight(-1).text("c"));
        let flat = render::Tree::from(nested);
        let parents: Vec<_> = flat.nodes.iter().map(|node| node.parent).collect();
        assert_eq!(parents, [None, Some(0), Some(1), Some(0), None, Some(4)]);
        let weights: Vec<_> = flat.nodes.iter().map(|node| node.weight).collect();
        assert_eq!(weights, [0, 0, 0, 0, -1, 0]);
    }

    #[test]
    fn the_shortest_age_wins() {
        assert_eq!(
            render::Tree::from(tree().max_age(60).max_age(30).max_age(90)).max_age,
            Some(30)
        );
    }

    #[test]
    fn an_absent_part_leaves_the_view_unchanged() {
        use crate::taps::item_view::Answer as _;
        assert_eq!(None::<Tree>.answer(), render::ViewAnswer::Unchanged);
        assert!(matches!(Some(div()).answer(), render::ViewAnswer::Tree(_)));
    }
}
