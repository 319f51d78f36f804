//! Render trees as plugins write them, turned into the theme's and back.

use super::theme::{
    Alteration, Attribute, Element, FormattedText, ItemEmbed, NamedValue, Node, NodeKind, OtherEmbed, Pager,
    Tag, Template, TemplateValue, Tree, ViewMode,
};
use crate::wit::render::Tag as WitTag;
use crate::wit::types::ViewMode as WitViewMode;
use crate::wit::{render, types};

macro_rules! same_cases {
    ($from:ident, $to:ident, $($case:ident),* ; $($carrying:ident),*) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value {
                    $($from::$case => Self::$case,)*
                    $($from::$carrying(inner) => Self::$carrying(inner.into()),)*
                }
            }
        }
        impl From<$to> for $from {
            fn from(value: $to) -> Self {
                match value {
                    $($to::$case => Self::$case,)*
                    $($to::$carrying(inner) => Self::$carrying(inner.into()),)*
                }
            }
        }
    };
}

same_cases!(
    WitTag, Tag,
    A, Abbr, Article, Aside, Blockquote, Br, Caption, Cite, Code, Dd, Del, Details, Div, Dl, Dt, Em, Figcaption,
    Figure, Footer, H2, H3, H4, H5, H6, Header, Hr, Img, Ins, Kbd, Li, Main, Mark, Nav, Ol, P, Pre, Q, S, Section,
    Small, Span, Strong, Sub, Summary, Sup, Table, Tbody, Td, Tfoot, Th, Thead, Time, Tr, Ul ; Other
);

same_cases!(WitViewMode, ViewMode, Full, Teaser, SearchResult ; Other);

impl From<render::Attribute> for Attribute {
    fn from(attribute: render::Attribute) -> Self {
        use render::Attribute as From;
        match attribute {
            From::Class(value) => Self::Class(value),
            From::Id(value) => Self::Id(value),
            From::Href(value) => Self::Href(value),
            From::Src(value) => Self::Src(value),
            From::Alt(value) => Self::Alt(value),
            From::Title(value) => Self::Title(value),
            From::Datetime(value) => Self::Datetime(value),
            From::Lang(value) => Self::Lang(value),
            From::Rel(value) => Self::Rel(value),
            From::Role(value) => Self::Role(value),
            From::AriaLabel(value) => Self::AriaLabel(value),
            From::Width(value) => Self::Width(value),
            From::Height(value) => Self::Height(value),
            From::Colspan(value) => Self::Colspan(value),
            From::Rowspan(value) => Self::Rowspan(value),
            From::Other((name, value)) => Self::Other(name, value),
        }
    }
}

impl From<Attribute> for render::Attribute {
    fn from(attribute: Attribute) -> Self {
        match attribute {
            Attribute::Class(value) => Self::Class(value),
            Attribute::Id(value) => Self::Id(value),
            Attribute::Href(value) => Self::Href(value),
            Attribute::Src(value) => Self::Src(value),
            Attribute::Alt(value) => Self::Alt(value),
            Attribute::Title(value) => Self::Title(value),
            Attribute::Datetime(value) => Self::Datetime(value),
            Attribute::Lang(value) => Self::Lang(value),
            Attribute::Rel(value) => Self::Rel(value),
            Attribute::Role(value) => Self::Role(value),
            Attribute::AriaLabel(value) => Self::AriaLabel(value),
            Attribute::Width(value) => Self::Width(value),
            Attribute::Height(value) => Self::Height(value),
            Attribute::Colspan(value) => Self::Colspan(value),
            Attribute::Rowspan(value) => Self::Rowspan(value),
            Attribute::Other(name, value) => Self::Other((name, value)),
        }
    }
}

impl From<types::FieldValue> for TemplateValue {
    fn from(value: types::FieldValue) -> Self {
        use types::FieldValue as From;
        match value {
            From::Null => Self::Null,
            From::Boolean(value) => Self::Boolean(value),
            From::Integer(value) => Self::Integer(value),
            From::Decimal(value) => Self::Decimal(value),
            From::Floating(value) => Self::Floating(value),
            From::Text(value) => Self::Text(value),
            From::Formatted(text) => Self::Formatted(FormattedText {
                value: text.value,
                format: text.format,
            }),
            From::Reference(to) => Self::Reference {
                target: to.target,
                target_type: to.target_type,
            },
            From::Moment(moment) => Self::Moment(moment),
            From::Json(text) => Self::Json(text),
            From::Other(other) => Self::Json(other.json),
        }
    }
}

impl From<TemplateValue> for types::FieldValue {
    fn from(value: TemplateValue) -> Self {
        match value {
            TemplateValue::Null => Self::Null,
            TemplateValue::Boolean(value) => Self::Boolean(value),
            TemplateValue::Integer(value) => Self::Integer(value),
            TemplateValue::Decimal(value) => Self::Decimal(value),
            TemplateValue::Floating(value) => Self::Floating(value),
            TemplateValue::Text(value) => Self::Text(value),
            TemplateValue::Formatted(text) => Self::Formatted(types::FormattedText {
                value: text.value,
                format: text.format,
            }),
            TemplateValue::Reference { target, target_type } => {
                Self::Reference(types::Reference { target, target_type })
            }
            TemplateValue::Moment(moment) => Self::Moment(moment),
            TemplateValue::Json(text) => Self::Json(text),
        }
    }
}

/// The variables of a template.
pub fn variables_from(variables: Vec<types::NamedValue>) -> Vec<NamedValue> {
    variables
        .into_iter()
        .map(|named| NamedValue {
            name: named.name,
            value: named.value.into(),
        })
        .collect()
}

fn variables_to(variables: Vec<NamedValue>) -> Vec<types::NamedValue> {
    variables
        .into_iter()
        .map(|named| types::NamedValue {
            name: named.name,
            value: named.value.into(),
        })
        .collect()
}

fn kind_from(kind: render::NodeKind, plugin: &str) -> NodeKind {
    use render::NodeKind as From;
    match kind {
        From::Text(text) => NodeKind::Text(text),
        From::Formatted(text) => NodeKind::Formatted(FormattedText {
            value: text.value,
            format: text.format,
        }),
        From::Element(element) => NodeKind::Element(Element {
            tag: element.tag.into(),
            attributes: element.attributes.into_iter().map(Into::into).collect(),
        }),
        From::Item(embed) => NodeKind::Item(ItemEmbed {
            item: embed.item,
            mode: embed.mode.into(),
        }),
        From::Pager(pager) => NodeKind::Pager(Pager {
            page: pager.page,
            pages: pager.pages,
            path: pager.path,
        }),
        From::Template(template) => NodeKind::Template(Template {
            plugin: plugin.to_owned(),
            name: template.name,
            variables: variables_from(template.variables),
        }),
        From::Other(other) => NodeKind::Other(OtherEmbed {
            kind: other.kind,
            settings: variables_from(other.settings),
        }),
    }
}

fn kind_to(kind: NodeKind) -> render::NodeKind {
    use render::NodeKind as To;
    match kind {
        NodeKind::Text(text) => To::Text(text),
        NodeKind::Formatted(text) => To::Formatted(types::FormattedText {
            value: text.value,
            format: text.format,
        }),
        NodeKind::Element(element) => To::Element(render::Element {
            tag: element.tag.into(),
            attributes: element.attributes.into_iter().map(Into::into).collect(),
        }),
        NodeKind::Item(embed) => To::Item(render::ItemEmbed {
            item: embed.item,
            mode: embed.mode.into(),
        }),
        NodeKind::Pager(pager) => To::Pager(render::Pager {
            page: pager.page,
            pages: pager.pages,
            path: pager.path,
        }),
        NodeKind::Template(template) => To::Template(render::Template {
            name: template.name,
            variables: variables_to(template.variables),
        }),
        // For plugins a field is a place that they may move or remove.
        NodeKind::Field(name) => To::Other(render::OtherEmbed {
            kind: "field".to_owned(),
            settings: vec![types::NamedValue {
                name: "name".to_owned(),
                value: types::FieldValue::Text(name),
            }],
        }),
        NodeKind::Other(other) => To::Other(render::OtherEmbed {
            kind: other.kind,
            settings: variables_to(other.settings),
        }),
    }
}

fn node_from(node: render::Node, plugin: &str) -> Node {
    Node {
        parent: node.parent,
        weight: node.weight,
        kind: kind_from(node.kind, plugin),
    }
}

/// A plugin's tree. Templates in it are the plugin's own.
pub fn tree_from(tree: render::Tree, plugin: &str) -> Tree {
    Tree {
        nodes: tree
            .nodes
            .into_iter()
            .map(|node| node_from(node, plugin))
            .collect(),
        cache_tags: tree.cache_tags,
        max_age: tree.max_age,
    }
}

/// A tree as plugins see it.
pub fn tree_to(tree: &Tree) -> render::Tree {
    let node = |node: &Node| render::Node {
        parent: node.parent,
        weight: node.weight,
        kind: kind_to(node.kind.clone()),
    };
    render::Tree {
        nodes: tree.nodes.iter().map(node).collect(),
        cache_tags: tree.cache_tags.clone(),
        max_age: tree.max_age,
    }
}

/// A plugin's changes to a tree.
pub fn alterations_from(changes: Vec<render::Alteration>, plugin: &str) -> Vec<Alteration> {
    use render::Alteration as From;
    let change = |change| match change {
        From::Add(node) => Alteration::Add(node_from(node, plugin)),
        From::Change((index, kind)) => Alteration::Change(index, kind_from(kind, plugin)),
        From::Weigh((index, weight)) => Alteration::Weigh(index, weight),
        From::Remove(index) => Alteration::Remove(index),
    };
    changes.into_iter().map(change).collect()
}
