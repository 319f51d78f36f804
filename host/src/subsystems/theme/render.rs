//! Writes a safe tree as HTML: the one place, besides templates, that writes tags.
//!
//! Items are rendered by whoever asks for the tree, since that runs taps: first [`collect_embeds`], then [`render`]
//! with what they look like. No recursion: how deep a tree is does not matter.

use std::collections::HashMap;

use super::safe::SafeHtml;
use super::sanitise::{SafeElement, SafeKind, SafeTree};
use super::tree::{ItemEmbed, Pager, Template};
use super::value::FormattedText;
use crate::subsystems::format::{VOID, escape_into};

/// The rendered items and fields of a tree. One that is not there (the visitor may not see it, the field is empty) is
/// left out.
#[derive(Debug, Clone, Default)]
pub struct Embeds {
    items: HashMap<ItemEmbed, SafeHtml>,
    fields: HashMap<String, SafeHtml>,
}

impl Embeds {
    /// Says what an item looks like in a view mode.
    pub fn insert(&mut self, embed: ItemEmbed, html: SafeHtml) {
        self.items.insert(embed, html);
    }

    /// Says what a field looks like.
    pub fn insert_field(&mut self, name: impl Into<String>, html: SafeHtml) {
        self.fields.insert(name.into(), html);
    }
}

/// Renders those nodes that are not elements or text.
pub trait Parts {
    /// Text in a text format.
    fn formatted(&self, text: &FormattedText) -> SafeHtml;
    /// The template of a plugin.
    fn template(&self, template: &Template) -> SafeHtml;
    /// Links to the pages of a list.
    fn pager(&self, pager: &Pager) -> SafeHtml;
}

/// The items that a tree embeds, each once, in their order.
#[must_use]
pub fn collect_embeds(tree: &SafeTree) -> Vec<ItemEmbed> {
    let mut seen = std::collections::HashSet::new();
    let embeds = tree.nodes.iter().filter_map(|node| match &node.kind {
        SafeKind::Item(embed) => Some(embed),
        _ => None,
    });
    embeds.filter(|embed| seen.insert(*embed)).cloned().collect()
}

enum Step {
    Node(usize),
    Close(&'static str),
}

/// Writes a tree as HTML.
#[must_use]
pub fn render(tree: &SafeTree, embeds: &Embeds, parts: &impl Parts) -> SafeHtml {
    let (top, mut children) = by_parent(tree);
    let mut html = String::new();
    let mut stack: Vec<Step> = top.into_iter().rev().map(Step::Node).collect();
    while let Some(step) = stack.pop() {
        let index = match step {
            Step::Node(index) => index,
            Step::Close(name) => {
                close(name, &mut html);
                continue;
            }
        };
        match tree.nodes.get(index).map(|node| &node.kind) {
            Some(SafeKind::Text(text)) => escape_into(text, &mut html),
            Some(SafeKind::Formatted(text)) => html.push_str(parts.formatted(text).as_str()),
            Some(SafeKind::Template(template)) => html.push_str(parts.template(template).as_str()),
            Some(SafeKind::Pager(pager)) => html.push_str(parts.pager(pager).as_str()),
            Some(SafeKind::Item(embed)) => {
                html.push_str(embeds.items.get(embed).map_or("", SafeHtml::as_str))
            }
            Some(SafeKind::Field(name)) => {
                html.push_str(embeds.fields.get(name).map_or("", SafeHtml::as_str));
            }
            Some(SafeKind::Element(element)) => {
                open(element, &mut html);
                if !VOID.contains(&element.name) {
                    stack.push(Step::Close(element.name));
                    let inside = children.get_mut(index).map(std::mem::take).unwrap_or_default();
                    stack.extend(inside.into_iter().rev().map(Step::Node));
                }
            }
            None => {}
        }
    }
    SafeHtml::trusted(html)
}

/// The nodes at the top, and those in each node; lighter ones first, equal ones in the order of the tree.
fn by_parent(tree: &SafeTree) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut order: Vec<usize> = (0..tree.nodes.len()).collect();
    order.sort_by_key(|index| tree.nodes.get(*index).map(|node| node.weight));
    let mut top = Vec::new();
    let mut children = vec![Vec::new(); tree.nodes.len()];
    for index in order {
        match tree.nodes.get(index).and_then(|node| node.parent) {
            Some(parent) => children
                .get_mut(parent)
                .into_iter()
                .for_each(|siblings| siblings.push(index)),
            None => top.push(index),
        }
    }
    (top, children)
}

fn open(element: &SafeElement, html: &mut String) {
    html.push('<');
    html.push_str(element.name);
    for (name, value) in &element.attributes {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape_into(value, html);
        html.push('"');
    }
    html.push('>');
}

fn close(name: &str, html: &mut String) {
    html.push_str("</");
    html.push_str(name);
    html.push('>');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::sanitise::{Limits, sanitise};
    use super::super::tree::{Attribute, Element, Node, NodeKind, Tag, Tree, ViewMode};
    use super::*;

    struct Plain;

    impl Parts for Plain {
        fn formatted(&self, text: &FormattedText) -> SafeHtml {
            SafeHtml::trusted(format!("[{}]", text.format))
        }

        fn template(&self, template: &Template) -> SafeHtml {
            SafeHtml::trusted(format!("[{}/{}]", template.plugin, template.name))
        }

        fn pager(&self, pager: &Pager) -> SafeHtml {
            SafeHtml::trusted(format!("[{}]", pager.path))
        }
    }

    fn html(tree: Tree) -> String {
        let tree = sanitise(tree, &Limits::default()).unwrap();
        render(&tree, &Embeds::default(), &Plain).to_string()
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut tree = Tree::default();
        let link = tree.link(None, "/a?b=\"c\"&d", "<script>alert('1')</script>");
        tree.element(
            Some(link),
            Element::new(Tag::Img).with(Attribute::Alt("\"><script>".into())),
        );
        assert_eq!(
            html(tree),
            "<a href=\"/a?b=&quot;c&quot;&amp;d\">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\
             <img alt=\"&quot;&gt;&lt;script&gt;\"></a>"
        );
    }

    #[test]
    fn weight_sorts_siblings_and_ties_keep_their_order() {
        let mut tree = Tree::default();
        let list = tree.element(None, Element::new(Tag::Ul));
        for (weight, text) in [(5, "d"), (0, "b"), (0, "c"), (-3, "a")] {
            tree.nodes.push(Node {
                parent: Some(list),
                weight,
                kind: NodeKind::Text(text.into()),
            });
        }
        tree.nodes.push(Node {
            parent: None,
            weight: -1,
            kind: NodeKind::Text("first ".into()),
        });
        assert_eq!(html(tree), "first <ul>abcd</ul>");
    }

    #[test]
    fn void_elements_have_no_content_and_no_end() {
        let mut tree = Tree::default();
        let line = tree.element(None, Element::new(Tag::Hr));
        tree.text(Some(line), "lost");
        tree.element(None, Element::new(Tag::Br));
        assert_eq!(html(tree), "<hr><br>");
    }

    #[test]
    fn a_tree_9000_levels_deep_is_rendered() {
        let mut tree = Tree::default();
        let mut parent = None;
        for _ in 0..9_000 {
            parent = Some(tree.element(parent, Element::new(Tag::Div)));
        }
        tree.text(parent, "deep");
        assert_eq!(
            html(tree),
            format!("{}deep{}", "<div>".repeat(9_000), "</div>".repeat(9_000))
        );
    }

    #[test]
    fn other_nodes_are_rendered_by_those_who_know_how() {
        let mut tree = Tree::default();
        tree.push(
            None,
            NodeKind::Formatted(FormattedText {
                value: "x".into(),
                format: "markdown".into(),
            }),
        );
        tree.push(
            None,
            NodeKind::Pager(Pager {
                page: 0,
                pages: 2,
                path: "/blog".into(),
            }),
        );
        let template = Template {
            plugin: "blog".into(),
            name: "a.html".into(),
            variables: vec![],
        };
        tree.push(None, NodeKind::Template(template));
        assert_eq!(html(tree), "[markdown][/blog][blog/a.html]");
    }

    #[test]
    fn items_are_collected_once_and_those_that_may_not_be_seen_left_out() {
        let embed = |item: &str| ItemEmbed {
            item: item.into(),
            mode: ViewMode::Teaser,
        };
        let mut tree = Tree::default();
        for item in ["a", "b", "a"] {
            tree.push(None, NodeKind::Item(embed(item)));
        }
        let tree = sanitise(tree, &Limits::default()).unwrap();
        assert_eq!(collect_embeds(&tree), [embed("a"), embed("b")]);
        let mut embeds = Embeds::default();
        embeds.insert(embed("a"), SafeHtml::trusted("<b>A</b>"));
        assert_eq!(render(&tree, &embeds, &Plain).as_str(), "<b>A</b><b>A</b>");
    }
}
