//! Applies the changes that `item-view-alter` taps make to a tree that others have built.

use super::Error;
use super::tree::{Node, NodeKind, Tree};

/// One change. Indices are those of the tree that is passed in.
#[derive(Debug, Clone, PartialEq)]
pub enum Alteration {
    /// Adds a node. Its parent is an index of the tree that was passed in, or, counted on from that tree's length, a
    /// node added earlier in the list.
    Add(Node),
    /// Replaces what a node is; its children stay.
    Change(u32, NodeKind),
    /// Moves a node among its siblings by a new weight.
    Weigh(u32, i32),
    /// Removes a node with all its children.
    Remove(u32),
}

/// Makes all changes, in their order; if one can't be made, none is.
///
/// # Errors
/// [`Error::Alteration`] names the change and the index that does not exist; [`Error::Parent`] if the tree itself is
/// broken.
pub fn alter(tree: &Tree, changes: Vec<Alteration>) -> Result<Tree, Error> {
    tree.check_parents()?;
    let length = tree.nodes.len();
    let mut altered = tree.clone();
    let mut removed = vec![false; length];
    for (alteration, change) in changes.into_iter().enumerate() {
        let missing = |node, among| Error::Alteration {
            alteration,
            node,
            among,
        };
        match change {
            Alteration::Add(node) => {
                if let Some(parent) = node
                    .parent
                    .filter(|parent| *parent as usize >= altered.nodes.len())
                {
                    return Err(missing(parent, "in the tree or among the nodes added before"));
                }
                altered.nodes.push(node);
                removed.push(false);
            }
            Alteration::Change(index, kind) => {
                node(&mut altered, index, length)
                    .map_err(missing_in(missing))?
                    .kind = kind
            }
            Alteration::Weigh(index, weight) => {
                node(&mut altered, index, length)
                    .map_err(missing_in(missing))?
                    .weight = weight;
            }
            Alteration::Remove(index) => {
                node(&mut altered, index, length).map_err(missing_in(missing))?;
                if let Some(removed) = removed.get_mut(index as usize) {
                    *removed = true;
                }
            }
        }
    }
    remove(&mut altered, removed);
    Ok(altered)
}

fn missing_in(missing: impl Fn(u32, &'static str) -> Error) -> impl Fn(u32) -> Error {
    move |index| missing(index, "in the tree")
}

/// A node of the tree that was passed in; else its index.
fn node(tree: &mut Tree, index: u32, length: usize) -> Result<&mut Node, u32> {
    tree.nodes
        .get_mut(..length)
        .and_then(|nodes| nodes.get_mut(index as usize))
        .ok_or(index)
}

/// Takes nodes out, with all that is in them, and counts the indices of parents anew.
fn remove(tree: &mut Tree, mut removed: Vec<bool>) {
    let mut places: Vec<Option<u32>> = Vec::with_capacity(tree.nodes.len());
    let mut kept: u32 = 0;
    for (index, node) in tree.nodes.iter_mut().enumerate() {
        let place = node
            .parent
            .map(|parent| places.get(parent as usize).copied().flatten());
        let gone = removed.get(index).copied().unwrap_or(false) || place == Some(None);
        if let Some(flag) = removed.get_mut(index) {
            *flag = gone;
        }
        node.parent = place.flatten();
        places.push((!gone).then_some(kept));
        kept += u32::from(!gone);
    }
    let mut gone = removed.into_iter();
    tree.nodes.retain(|_| !gone.next().unwrap_or(false));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::tree::{Element, Tag};
    use super::*;

    fn text(text: &str) -> NodeKind {
        NodeKind::Text(text.into())
    }

    /// 0 div, 1 "a" in it, 2 section in it, 3 "b" in that, 4 "c".
    fn tree() -> Tree {
        let mut tree = Tree::default();
        let div = tree.element(None, Element::new(Tag::Div));
        tree.text(Some(div), "a");
        let section = tree.element(Some(div), Element::new(Tag::Section));
        tree.text(Some(section), "b");
        tree.text(None, "c");
        tree
    }

    fn node(parent: Option<u32>, kind: NodeKind) -> Node {
        Node {
            parent,
            weight: 0,
            kind,
        }
    }

    #[test]
    fn nodes_are_added_changed_weighed_and_removed_with_their_children() {
        let altered = alter(
            &tree(),
            vec![
                Alteration::Add(node(Some(0), NodeKind::Element(Element::new(Tag::Aside)))),
                Alteration::Add(node(Some(5), text("d"))),
                Alteration::Change(1, text("A")),
                Alteration::Weigh(4, -1),
                Alteration::Remove(2),
            ],
        )
        .unwrap();
        let expected = [
            node(None, NodeKind::Element(Element::new(Tag::Div))),
            node(Some(0), text("A")),
            Node {
                parent: None,
                weight: -1,
                kind: text("c"),
            },
            node(Some(0), NodeKind::Element(Element::new(Tag::Aside))),
            node(Some(3), text("d")),
        ];
        assert_eq!(altered.nodes, expected);
    }

    #[test]
    fn a_bad_index_refuses_the_whole_list_and_is_named() {
        for (change, index) in [
            (Alteration::Change(5, text("x")), 5),
            (Alteration::Weigh(9, 1), 9),
            (Alteration::Remove(u32::MAX), u32::MAX),
            (Alteration::Add(node(Some(6), text("x"))), 6),
        ] {
            let changes = vec![Alteration::Add(node(None, text("y"))), change];
            let refused = alter(&tree(), changes).unwrap_err();
            assert!(
                matches!(refused, Error::Alteration { alteration: 1, node, .. } if node == index),
                "{refused}"
            );
        }
    }

    #[test]
    fn a_node_added_to_a_removed_one_goes_with_it() {
        let changes = vec![Alteration::Add(node(Some(0), text("d"))), Alteration::Remove(0)];
        assert_eq!(alter(&tree(), changes).unwrap().nodes, [node(None, text("c"))]);
    }

    #[test]
    fn a_broken_tree_is_refused() {
        let broken = Tree {
            nodes: vec![node(Some(0), text("a"))],
            ..Tree::default()
        };
        assert_eq!(alter(&broken, vec![]), Err(Error::Parent { node: 0, parent: 0 }));
    }
}
