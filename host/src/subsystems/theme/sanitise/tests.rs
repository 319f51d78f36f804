#![allow(clippy::unwrap_used)]

use super::*;
use crate::subsystems::theme::tree::{Attribute, Node, OtherEmbed, Tag};

fn one(element: Element) -> SafeTree {
    let mut tree = Tree::default();
    tree.element(None, element);
    sanitise(tree, &Limits::default()).unwrap()
}

fn attributes(list: Vec<Attribute>) -> Vec<(String, String)> {
    let tree = one(Element {
        tag: Tag::A,
        attributes: list,
    });
    match &tree.nodes.first().unwrap().kind {
        SafeKind::Element(element) => element.attributes.clone(),
        _ => Vec::new(),
    }
}

fn other(name: &str, value: &str) -> Attribute {
    Attribute::Other(name.into(), value.into())
}

#[test]
fn event_handlers_and_styles_are_dropped_and_reported() {
    for name in [
        "onclick",
        "ONCLICK",
        "onerror",
        "on",
        "style",
        "srcdoc",
        "srcset",
        "formaction",
        "action",
        "xlink:href",
        "ping",
        "background",
        "http-equiv",
        "name",
        "is",
        "slot",
        "x onclick",
        "a\"onclick",
        "",
        "data-",
        "data-onload",
        "data-hx-on",
        "data-trovato-confirm",
        "data-a b",
        "aria-label\u{0}",
    ] {
        assert_eq!(attributes(vec![other(name, "alert(1)")]), [], "{name}");
        assert_eq!(
            one(Element::new(Tag::Div).with(other(name, "x"))).dropped.len(),
            1,
            "{name}"
        );
    }
}

#[test]
fn scripts_in_addresses_are_dropped_in_all_their_guises() {
    for url in [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java\r\nscript:alert(1)",
        "\u{0}javascript:alert(1)",
        "\u{1f}javascript:alert(1)",
        "javascript\u{0}:alert(1)",
        "javascript:%61lert(1)",
        "javascript://a.example/%0aalert(1)",
        "vbscript:x",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml;base64,x",
        "blob:x",
        "filesystem:x",
        "file:///x",
        "jar:x",
        "view-source:x",
        "\u{200b}javascript:alert(1)",
        "java\u{ad}script:x",
    ] {
        assert_eq!(attributes(vec![Attribute::Href(url.into())]), [], "{url:?}");
        assert_eq!(attributes(vec![Attribute::Src(url.into())]), [], "{url:?}");
        assert_eq!(attributes(vec![other("HREF", url)]), [], "{url:?}");
    }
    assert_eq!(attributes(vec![Attribute::Src("mailto:a@b.c".into())]), []);
}

#[test]
fn ordinary_attributes_are_kept() {
    let kept = attributes(vec![
        Attribute::Href("/a?b#c".into()),
        Attribute::Class("a  b\"c d_e-f".into()),
        Attribute::Id("main".into()),
        Attribute::Rel("prev stylesheet nofollow".into()),
        Attribute::Width(4),
        other("data-page", "\"<"),
        other("aria-current", "page"),
        other("tabindex", "0"),
        other("open", ""),
    ]);
    let kept: Vec<_> = kept
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(
        kept,
        [
            ("href", "/a?b#c"),
            ("class", "a d_e-f"),
            ("id", "user-main"),
            ("rel", "prev nofollow"),
            ("width", "4"),
            ("data-page", "\"<"),
            ("aria-current", "page"),
            ("tabindex", "0"),
            ("open", ""),
        ]
    );
}

#[test]
fn of_two_attributes_with_one_name_the_last_wins() {
    let kept = attributes(vec![
        Attribute::Title("a".into()),
        Attribute::Id("b".into()),
        other("TITLE", "c"),
    ]);
    assert_eq!(kept, [("id".into(), "b".into()), ("title".into(), "c".into())]);
}

#[test]
fn elements_that_are_not_allowed_go_with_their_children() {
    for name in [
        "script",
        "SCRIPT",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "template",
        "noscript",
        "textarea",
        "title",
        "base",
        "link",
        "meta",
        "h1",
        "x-y",
        "a onclick=x",
        "",
        "a>",
    ] {
        let mut tree = Tree::default();
        let bad = tree.element(None, Element::new(Tag::Other(name.into())));
        tree.text(Some(bad), "alert(1)");
        tree.text(None, "kept");
        let safe = sanitise(tree, &Limits::default()).unwrap();
        assert_eq!(safe.nodes.len(), 1, "{name}");
        assert_eq!(safe.dropped.len(), 1, "{name}");
    }
    assert_eq!(one(Element::new(Tag::Other("VIDEO".into()))).nodes.len(), 1);
}

#[test]
fn indices_are_right_after_something_was_dropped() {
    let mut tree = Tree::default();
    tree.element(None, Element::new(Tag::Other("script".into())));
    let div = tree.element(None, Element::new(Tag::Div));
    tree.text(Some(div), "a");
    let safe = sanitise(tree, &Limits::default()).unwrap();
    assert_eq!(
        safe.nodes.iter().map(|node| node.parent).collect::<Vec<_>>(),
        [None, Some(0)]
    );
}

#[test]
fn a_parent_that_does_not_come_before_is_refused_so_cycles_can_t_be() {
    for (parents, node, parent) in [
        (vec![Some(0)], 0, 0),
        (vec![Some(1), Some(0)], 0, 1),
        (vec![None, Some(7)], 1, 7),
        (vec![None, Some(u32::MAX)], 1, u32::MAX),
    ] {
        let kind = NodeKind::Text("a".into());
        let nodes = parents
            .into_iter()
            .map(|parent| Node {
                parent,
                weight: 0,
                kind: kind.clone(),
            })
            .collect();
        let refused = sanitise(
            Tree {
                nodes,
                ..Tree::default()
            },
            &Limits::default(),
        );
        assert_eq!(refused, Err(Error::Parent { node, parent }));
    }
}

#[test]
fn a_tree_that_is_too_large_is_refused_with_the_limit() {
    let mut wide = Tree::default();
    for _ in 0..10_001 {
        wide.text(None, "");
    }
    let refused = sanitise(wide, &Limits::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the tree has 10001 nodes, and 10000 are allowed"
    );
    let mut long = Tree::default();
    long.element(
        None,
        Element::new(Tag::Div).with(Attribute::Title("a".repeat(600 * 1024))),
    );
    long.text(None, "a".repeat(600 * 1024));
    let refused = sanitise(long, &Limits::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the tree has 1228800 bytes of text, and 1048576 are allowed"
    );
}

#[test]
fn a_pager_leads_to_a_path_of_this_site() {
    for path in [
        "//evil.example/",
        "https://evil.example/",
        "javascript:alert(1)",
        "",
        "/a\tb",
    ] {
        let mut tree = Tree::default();
        tree.push(
            None,
            NodeKind::Pager(Pager {
                page: 0,
                pages: 2,
                path: path.into(),
            }),
        );
        assert_eq!(sanitise(tree, &Limits::default()).unwrap().nodes, [], "{path}");
    }
}

#[test]
fn what_the_host_does_not_know_is_left_out_and_reported() {
    let mut tree = Tree::default();
    tree.push(
        None,
        NodeKind::Other(OtherEmbed {
            kind: "map".into(),
            settings: vec![],
        }),
    );
    let safe = sanitise(tree, &Limits::default()).unwrap();
    assert_eq!(safe.dropped, ["node 0: `map` is nothing that can be shown"]);
}
