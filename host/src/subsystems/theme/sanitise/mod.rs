//! Turns a tree, which may come from anywhere, into one that is safe to render.
//!
//! What is not allowed is dropped and reported, so that one bad attribute does not cost a plugin its whole part; a
//! tree that breaks the rules of trees or a limit is refused. Only this module makes a [`SafeTree`], and rendering
//! takes nothing else.

mod attributes;
mod elements;

#[cfg(test)]
mod tests;

use super::Error;
use super::tree::{Element, ItemEmbed, NodeKind, Pager, Template, Tree};
use super::value::FormattedText;
use crate::subsystems::format::is_address;

/// How large a tree may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Nodes.
    pub nodes: usize,
    /// Bytes of text: in text nodes, attributes and variables.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            nodes: 10_000,
            text_bytes: 1024 * 1024,
        }
    }
}

/// How many dropped things are reported in words.
const MAX_REPORTED: usize = 20;

/// A tree that is safe to render.
#[derive(Debug, Clone, PartialEq)]
pub struct SafeTree {
    pub(super) nodes: Vec<SafeNode>,
    /// Cache tags: the rendered result is dropped when one of them is invalidated.
    pub cache_tags: Vec<String>,
    /// How long the result may be kept, in seconds; none for as long as its tags are valid.
    pub max_age: Option<u32>,
    /// What was left out and why, for the log; the first few things.
    pub dropped: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct SafeNode {
    /// An index before this node's own.
    pub parent: Option<usize>,
    pub weight: i32,
    pub kind: SafeKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum SafeKind {
    Text(String),
    Formatted(FormattedText),
    Element(SafeElement),
    Item(ItemEmbed),
    Pager(Pager),
    Template(Template),
    Field(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SafeElement {
    pub name: &'static str,
    pub attributes: Vec<(String, String)>,
}

/// Keeps of a tree what is allowed.
///
/// # Errors
/// [`Error::Parent`] if a parent does not come before its child, [`Error::Limit`] if the tree is too large.
pub fn sanitise(tree: Tree, limits: &Limits) -> Result<SafeTree, Error> {
    check_size(&tree, limits)?;
    tree.check_parents()?;
    let mut report = Report::default();
    let mut places: Vec<Option<usize>> = Vec::with_capacity(tree.nodes.len());
    let mut nodes = Vec::with_capacity(tree.nodes.len());
    for (index, node) in tree.nodes.into_iter().enumerate() {
        let place = node
            .parent
            .map(|parent| places.get(parent as usize).copied().flatten());
        // What is in something that was left out goes with it.
        let kind = if place == Some(None) {
            None
        } else {
            safe_kind(node.kind, index, &mut report)
        };
        places.push(kind.is_some().then_some(nodes.len()));
        nodes.extend(kind.map(|kind| SafeNode {
            parent: place.flatten(),
            weight: node.weight,
            kind,
        }));
    }
    Ok(SafeTree {
        nodes,
        cache_tags: tree.cache_tags,
        max_age: tree.max_age,
        dropped: report.0,
    })
}

/// Whether a tree can be kept at all, as [`sanitise`] decides.
///
/// # Errors
/// As [`sanitise`].
pub fn check(tree: &Tree, limits: &Limits) -> Result<(), Error> {
    check_size(tree, limits)?;
    tree.check_parents()
}

impl SafeTree {
    /// The targets of links, to be looked at.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.nodes
            .iter()
            .filter_map(|node| match &node.kind {
                SafeKind::Element(element) => Some(&element.attributes),
                _ => None,
            })
            .flatten()
            .filter(|(name, _)| name == "href")
            .map(|(_, value)| value.as_str())
    }

    /// Gives links other targets. The targets must be paths or addresses of the host's own making.
    pub fn redirect_links(&mut self, target: impl Fn(&str) -> Option<String>) {
        for node in &mut self.nodes {
            let SafeKind::Element(element) = &mut node.kind else {
                continue;
            };
            for (name, value) in &mut element.attributes {
                if name == "href"
                    && let Some(other) = target(value)
                {
                    *value = other;
                }
            }
        }
    }
}

/// What was left out.
#[derive(Debug, Default)]
pub(super) struct Report(Vec<String>);

impl Report {
    fn add(&mut self, what: impl FnOnce() -> String) {
        if self.0.len() < MAX_REPORTED {
            self.0.push(what());
        }
    }
}

fn safe_kind(kind: NodeKind, index: usize, report: &mut Report) -> Option<SafeKind> {
    match kind {
        NodeKind::Text(text) => Some(SafeKind::Text(text)),
        NodeKind::Formatted(text) => Some(SafeKind::Formatted(text)),
        NodeKind::Element(element) => safe_element(element, index, report).map(SafeKind::Element),
        NodeKind::Item(embed) => Some(SafeKind::Item(embed)),
        NodeKind::Template(template) => Some(SafeKind::Template(template)),
        NodeKind::Pager(pager) => {
            let is_path = pager.path.starts_with('/') && !pager.path.starts_with("//");
            if is_path && is_address(&pager.path, [""; 0]) {
                return Some(SafeKind::Pager(pager));
            }
            report.add(|| format!("node {index}: the path of a pager begins with one `/`"));
            None
        }
        NodeKind::Field(name) => Some(SafeKind::Field(name)),
        NodeKind::Other(other) => {
            report.add(|| {
                format!(
                    "node {index}: `{}` is nothing that can be shown",
                    name_for_report(&other.kind)
                )
            });
            None
        }
    }
}

fn safe_element(element: Element, index: usize, report: &mut Report) -> Option<SafeElement> {
    let Some(name) = elements::allowed(&element.tag) else {
        report.add(|| {
            format!(
                "node {index}: `<{}>` is not allowed",
                name_for_report(element.tag.name())
            )
        });
        return None;
    };
    let mut kept: Vec<(String, String)> = Vec::with_capacity(element.attributes.len());
    for attribute in element.attributes {
        match attributes::keep(attribute) {
            Ok((name, value)) => {
                kept.retain(|(other, _)| *other != name);
                kept.push((name, value));
            }
            Err(refused) => report.add(|| {
                format!(
                    "node {index}: `{}` is not allowed here",
                    name_for_report(&refused)
                )
            }),
        }
    }
    Some(SafeElement {
        name,
        attributes: kept,
    })
}

/// A name that a plugin chose, short and without control characters.
fn name_for_report(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn check_size(tree: &Tree, limits: &Limits) -> Result<(), Error> {
    let nodes = tree.nodes.len();
    if nodes > limits.nodes {
        return Err(Error::Limit {
            what: "nodes",
            max: limits.nodes,
            found: nodes,
        });
    }
    let found = tree.nodes.iter().map(|node| text_bytes(&node.kind)).sum();
    if found > limits.text_bytes {
        return Err(Error::Limit {
            what: "bytes of text",
            max: limits.text_bytes,
            found,
        });
    }
    Ok(())
}

fn text_bytes(kind: &NodeKind) -> usize {
    match kind {
        NodeKind::Text(text) => text.len(),
        NodeKind::Formatted(text) => text.value.len(),
        NodeKind::Element(element) => element.attributes.iter().map(attributes::text_bytes).sum(),
        NodeKind::Template(template) => template
            .variables
            .iter()
            .map(|variable| variable.name.len() + variable.value.text_bytes())
            .sum(),
        NodeKind::Item(_) | NodeKind::Pager(_) | NodeKind::Field(_) | NodeKind::Other(_) => 0,
    }
}
