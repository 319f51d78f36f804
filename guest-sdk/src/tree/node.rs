//! Nodes of any kind, and those that are not elements.

use super::{Element, NodeKind, Template};
use crate::value::{FieldValue, FormattedText, NamedValue};
use crate::wit::render;
use crate::wit::types::ViewMode;

/// A node with its children. Texts, elements and templates turn into nodes by themselves wherever one is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub(super) kind: NodeKind,
    pub(super) weight: i32,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// A node of a kind, without children.
    pub fn new(kind: NodeKind) -> Self {
        Self {
            kind,
            weight: 0,
            children: Vec::new(),
        }
    }

    /// Places the node among its siblings: lower comes first, equal weights keep their order.
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = weight;
        self
    }

    /// How many nodes it is with those below it.
    pub(super) fn len(&self) -> usize {
        1 + self.children.iter().map(Node::len).sum::<usize>()
    }

    /// Appends the node and those below it in document order; the list begins at index `base` of the tree.
    pub(super) fn flatten(self, parent: Option<u32>, base: u32, nodes: &mut Vec<render::Node>) {
        let index = base.saturating_add(u32::try_from(nodes.len()).unwrap_or(u32::MAX));
        nodes.push(render::Node {
            parent,
            weight: self.weight,
            kind: self.kind,
        });
        for child in self.children {
            child.flatten(Some(index), base, nodes);
        }
    }
}

/// Text; the host escapes it.
pub fn text(text: impl Into<String>) -> Node {
    Node::new(NodeKind::Text(text.into()))
}

/// Text, shown through its text format.
pub fn formatted(text: FormattedText) -> Node {
    Node::new(NodeKind::Formatted(text))
}

/// Another item in a view mode, left out where the visitor may not see it.
pub fn embed(item: impl Into<String>, mode: ViewMode) -> Node {
    Node::new(NodeKind::Item(render::ItemEmbed {
        item: item.into(),
        mode,
    }))
}

/// Links to the other pages of a list; pages are counted from 0.
pub fn pager(path: impl Into<String>, page: u32, pages: u32) -> Node {
    Node::new(NodeKind::Pager(render::Pager {
        page,
        pages,
        path: path.into(),
    }))
}

/// Something that a later host may know; left out and logged where it does not.
pub fn extension(kind: impl Into<String>, settings: impl Into<Vec<NamedValue>>) -> Node {
    Node::new(NodeKind::Other(render::OtherEmbed {
        kind: kind.into(),
        settings: settings.into(),
    }))
}

/// One of the plugin's own templates, from its `templates/` folder; a theme may bring its own version.
pub fn template(name: impl Into<String>) -> Template {
    Template {
        name: name.into(),
        variables: Vec::new(),
    }
}

impl Template {
    /// Hands the template a variable.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<FieldValue>) -> Self {
        self.variables.push(NamedValue {
            name: name.into(),
            value: value.into(),
        });
        self
    }

    /// The template as a node with a weight.
    pub fn weight(self, weight: i32) -> Node {
        Node::from(self).weight(weight)
    }
}

impl From<Template> for Node {
    fn from(template: Template) -> Self {
        Self::new(NodeKind::Template(template))
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        element.into_node()
    }
}

impl From<FormattedText> for Node {
    fn from(text: FormattedText) -> Self {
        formatted(text)
    }
}

impl From<String> for Node {
    fn from(value: String) -> Self {
        text(value)
    }
}

impl From<&String> for Node {
    fn from(value: &String) -> Self {
        text(value)
    }
}

impl From<&str> for Node {
    fn from(value: &str) -> Self {
        text(value)
    }
}
