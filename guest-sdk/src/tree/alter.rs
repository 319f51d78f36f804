//! Reading and changing a tree that others have built: the `item-view-alter` tap.

use super::{Alteration, Attribute, Node, NodeKind};
use crate::wit::render;
/// The tree that an item and its plugins have built so far: nodes in document order, each with the index of its
/// parent.
pub use crate::wit::render::Tree as BuiltTree;

/// What a plugin finds its way with in a tree of others.
impl BuiltTree {
    /// The index of the first element that has the class.
    pub fn find_class(&self, class: &str) -> Option<u32> {
        let index = self.nodes.iter().position(|node| has_class(node, class))?;
        u32::try_from(index).ok()
    }

    /// All plain and formatted text of the tree, as it was written, one line per node.
    pub fn text(&self) -> String {
        let texts = self.nodes.iter().filter_map(|node| match &node.kind {
            NodeKind::Text(text) => Some(text.as_str()),
            NodeKind::Formatted(text) => Some(text.value.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// Starts a list of changes to this tree.
    pub fn changes(&self) -> Changes {
        let length = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        Changes {
            next: length,
            list: Vec::new(),
        }
    }
}

fn has_class(node: &render::Node, class: &str) -> bool {
    let NodeKind::Element(element) = &node.kind else {
        return false;
    };
    element.attributes.iter().any(|attribute| {
        matches!(attribute, Attribute::Class(names) if names.split_whitespace().any(|name| name == class))
    })
}

/// Changes to a tree, made in order. Indices are those of the tree that the tap was handed.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "changes do nothing until the tap returns them"]
pub struct Changes {
    /// The index that the next added node gets.
    next: u32,
    list: Vec<Alteration>,
}

impl Changes {
    /// Adds a node at the top; its weight places it.
    pub fn insert(self, node: impl Into<Node>) -> Self {
        self.push(None, node.into())
    }

    /// Adds a node below another.
    pub fn insert_below(self, parent: u32, node: impl Into<Node>) -> Self {
        self.push(Some(parent), node.into())
    }

    /// Replaces what a node is; its children stay.
    pub fn change(mut self, node: u32, kind: NodeKind) -> Self {
        self.list.push(Alteration::Change((node, kind)));
        self
    }

    /// Moves a node among its siblings.
    pub fn weigh(mut self, node: u32, weight: i32) -> Self {
        self.list.push(Alteration::Weigh((node, weight)));
        self
    }

    /// Removes a node with all its children.
    pub fn remove(mut self, node: u32) -> Self {
        self.list.push(Alteration::Remove(node));
        self
    }

    fn push(mut self, parent: Option<u32>, node: Node) -> Self {
        let mut nodes = Vec::with_capacity(node.len());
        node.flatten(parent, self.next, &mut nodes);
        self.next = self
            .next
            .saturating_add(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        self.list.extend(nodes.into_iter().map(Alteration::Add));
        self
    }
}

impl From<Changes> for Vec<Alteration> {
    fn from(changes: Changes) -> Self {
        changes.list
    }
}

#[cfg(test)]
mod tests {
    use super::super::html::*;
    use super::super::tree;
    use super::*;

    #[test]
    fn added_nodes_are_counted_on_from_the_tree() {
        let built = BuiltTree::from(tree().child(div().class("body wide").child("a")));
        let changes = built
            .changes()
            .insert_below(0, span().text("b"))
            .insert(hr())
            .remove(1);
        let parents: Vec<_> = Vec::from(changes)
            .into_iter()
            .filter_map(|change| match change {
                Alteration::Add(node) => Some(node.parent),
                _ => None,
            })
            .collect();
        assert_eq!(parents, [Some(0), Some(2), None]);
    }

    #[test]
    fn elements_are_found_by_one_of_their_classes() {
        let built = BuiltTree::from(tree().child("a").child(div().class("body wide")));
        assert_eq!(built.find_class("wide"), Some(1));
        assert_eq!(built.find_class("wid"), None);
        assert_eq!(built.text(), "a");
    }
}
