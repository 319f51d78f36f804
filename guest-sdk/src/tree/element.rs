//! Elements, and the compositions of them that come up most.

use super::{Attribute, Node, NodeKind, Tag, html};
use crate::wit::render;

/// An element in the making. The functions of [`html`] make one for each tag.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an element does nothing until it is put into a tree"]
pub struct Element {
    tag: Tag,
    attributes: Vec<Attribute>,
    weight: i32,
    children: Vec<Node>,
}

impl Element {
    /// An element of any tag; those that the host does not allow are left out of the page.
    pub fn new(tag: Tag) -> Self {
        Self {
            tag,
            attributes: Vec::new(),
            weight: 0,
            children: Vec::new(),
        }
    }

    /// Adds a child.
    pub fn child(mut self, node: impl Into<Node>) -> Self {
        self.children.push(node.into());
        self
    }

    /// Adds several children.
    pub fn children<N: Into<Node>>(mut self, nodes: impl IntoIterator<Item = N>) -> Self {
        self.children.extend(nodes.into_iter().map(Into::into));
        self
    }

    /// Adds a text as child; the host escapes it.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.child(super::text(text))
    }

    /// Places the element among its siblings: lower comes first, equal weights keep their order.
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = weight;
        self
    }

    /// Sets an attribute; of two with one name the last wins.
    pub fn with(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// Sets an attribute by its name: `data-*`, `aria-*` and what the host allows besides.
    pub fn attribute(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(Attribute::Other((name.into(), value.into())))
    }

    /// One or more class names, separated by spaces.
    pub fn class(self, names: impl Into<String>) -> Self {
        self.with(Attribute::Class(names.into()))
    }

    /// An identifier, unique in the page.
    pub fn id(self, id: impl Into<String>) -> Self {
        self.with(Attribute::Id(id.into()))
    }

    /// The target of a link.
    pub fn href(self, target: impl Into<String>) -> Self {
        self.with(Attribute::Href(target.into()))
    }

    /// Additional advice.
    pub fn title(self, title: impl Into<String>) -> Self {
        self.with(Attribute::Title(title.into()))
    }

    /// An accessible name.
    pub fn aria_label(self, label: impl Into<String>) -> Self {
        self.with(Attribute::AriaLabel(label.into()))
    }

    pub(super) fn into_node(self) -> Node {
        let element = render::Element {
            tag: self.tag,
            attributes: self.attributes,
        };
        Node {
            kind: NodeKind::Element(element),
            weight: self.weight,
            children: self.children,
        }
    }
}

/// A paragraph.
pub fn paragraph() -> Element {
    html::p()
}

/// A link to a path of this site or to a URL.
pub fn link(target: impl Into<String>, content: impl Into<Node>) -> Element {
    html::a().href(target).child(content)
}

/// A heading of level 2 to 6; the page's title is the only one of level 1.
pub fn heading(level: u8, content: impl Into<Node>) -> Element {
    let tag = match level {
        0..=2 => Tag::H2,
        3 => Tag::H3,
        4 => Tag::H4,
        5 => Tag::H5,
        _ => Tag::H6,
    };
    Element::new(tag).child(content)
}

/// An image with what it shows, for those who don't see it; an empty text for mere decoration.
pub fn image(source: impl Into<String>, shows: impl Into<String>) -> Element {
    html::img()
        .with(Attribute::Src(source.into()))
        .with(Attribute::Alt(shows.into()))
}

/// A bulleted list.
pub fn list<N: Into<Node>>(entries: impl IntoIterator<Item = N>) -> Element {
    html::ul().children(entries.into_iter().map(|entry| html::li().child(entry)))
}

/// A table with column headings.
pub fn table<H, R, C>(headings: impl IntoIterator<Item = H>, rows: impl IntoIterator<Item = R>) -> Element
where
    H: Into<Node>,
    R: IntoIterator<Item = C>,
    C: Into<Node>,
{
    let heading = |heading: H| html::th().attribute("scope", "col").child(heading);
    let row = |row: R| html::tr().children(row.into_iter().map(|cell| html::td().child(cell)));
    html::table()
        .child(html::thead().child(html::tr().children(headings.into_iter().map(heading))))
        .child(html::tbody().children(rows.into_iter().map(row)))
}
