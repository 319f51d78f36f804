#![allow(clippy::unwrap_used)]

mod failures;

use std::fs;
use std::path::Path;

use super::*;

/// A folder of themes that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self(std::env::temp_dir().join(format!("trovato-theme-{name}-{}", std::process::id())));
        let _ = fs::remove_dir_all(&folder.0);
        for (path, content) in files {
            folder.write(path, content);
        }
        folder
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).unwrap();
        fs::write(path, content).unwrap();
    }

    fn themes(&self, development: bool) -> Themes {
        let options = Options {
            folder: Some(self.0.clone()),
            development,
            fuel: 50_000,
            ..Options::default()
        };
        Themes::open(options, Arc::new(Formats::built_in().unwrap())).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const PARENT: (&str, &str) = (
    "parent/theme.toml",
    "name = \"parent\"\nlabel = \"P\"\n[libraries]\ncss = [\"p.css\"]\n",
);
const CHILD: (&str, &str) = (
    "child/theme.toml",
    "name = \"child\"\nlabel = \"C\"\nparent = \"parent\"\n[libraries]\ncss = [\"c.css\"]\n",
);

fn item(item_type: &str, mode: &str) -> ItemContext {
    let item = Item {
        id: "7".into(),
        item_type: item_type.into(),
        title: "A <b>".into(),
        mode: mode.into(),
        ..Item::default()
    };
    ItemContext {
        item,
        content: SafeHtml::trusted("<p>content</p>"),
        ..ItemContext::default()
    }
}

fn render_item(themes: &Themes, theme: &str, item: &ItemContext) -> String {
    themes.render_item(theme, item, &Additions::default()).to_string()
}

#[test]
fn the_built_in_templates_make_a_whole_page() {
    let folder = Folder::new("builtin", &[]);
    let themes = folder.themes(false);
    let mut page = PageContext {
        content: SafeHtml::trusted("<p>content</p>"),
        ..PageContext::default()
    };
    page.page.title = "A <b> & \"c\"".into();
    page.breadcrumbs = vec![
        Link {
            title: "Home".into(),
            href: Some("/".into()),
        },
        Link {
            title: "A".into(),
            href: None,
        },
    ];
    page.menus.insert(
        "main".into(),
        vec![MenuLink {
            title: "M".into(),
            href: "/m".into(),
            active: true,
            below: Vec::new(),
        }],
    );
    page.messages = vec![Message {
        kind: "error".into(),
        text: "<script>".into(),
    }];
    page.slots
        .insert("sidebar".into(), SafeHtml::trusted("<p>tile</p>"));
    let html = themes.render_page("no-such-theme", &page, &Additions::default());
    assert!(html.starts_with("<!doctype html>"), "{html}");
    for part in [
        "<h1>A &lt;b&gt; &amp; &quot;c&quot;</h1>",
        "<p>content</p>",
        "<aside aria-label=\"sidebar\"><p>tile</p></aside>",
        "<div class=\"message message--error\" role=\"alert\">&lt;script&gt;</div>",
        "<li><a href=\"/m\" aria-current=\"true\">M</a></li>",
        "<span aria-current=\"page\">A</span>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert_eq!(themes.problems(), []);
}

#[test]
fn fields_items_pagers_and_errors_have_built_in_templates() {
    let folder = Folder::new("parts", &[]);
    let themes = folder.themes(false);
    let mut field = FieldContext::default();
    field.field.label = "Tags".into();
    field.field.items = vec![SafeHtml::trusted("<b>a</b>")];
    let html = themes
        .render_field(BUILT_IN, &field, &Additions::default())
        .to_string();
    assert!(
        html.contains("<p>Tags</p>") && html.contains("<div><b>a</b></div>"),
        "{html}"
    );
    assert!(render_item(&themes, BUILT_IN, &item("blog", "teaser")).contains("A &lt;b&gt;"));
    let pager = Pager {
        page: 1,
        pages: 3,
        path: "/blog".into(),
    };
    assert!(
        themes
            .render_pager(BUILT_IN, &pager)
            .as_str()
            .contains("<a href=\"/blog?page=2\" rel=\"next\">")
    );
    let error = ErrorPage {
        status: 404,
        message: "Not <here>".into(),
        ..ErrorPage::default()
    };
    assert!(
        themes
            .render_error(BUILT_IN, &error)
            .as_str()
            .contains("<p>Not &lt;here&gt;</p>")
    );
    assert_eq!(themes.problems(), []);
}

#[test]
fn the_most_specific_template_of_the_nearest_theme_wins() {
    let folder = Folder::new(
        "chain",
        &[
            PARENT,
            CHILD,
            ("parent/templates/item--blog.html", "parent blog {{ item.title }}"),
            ("parent/templates/item.html", "parent item"),
            ("child/templates/item--blog--teaser.html", "child teaser"),
            (
                "child/templates/item.html",
                "child item, {% include 'item.html' %}, {% include 'partials/a.html' %}",
            ),
            (
                "parent/templates/partials/a.html",
                "{{ item.nothing.at.all }}{{ content }}",
            ),
        ],
    );
    let themes = folder.themes(false);
    assert_eq!(
        render_item(&themes, "child", &item("blog", "teaser")),
        "child teaser"
    );
    assert_eq!(
        render_item(&themes, "child", &item("blog", "full")),
        "parent blog A &lt;b&gt;"
    );
    assert_eq!(
        render_item(&themes, "child", &item("page", "full")),
        "child item, parent item, <p>content</p>"
    );
    assert_eq!(
        render_item(&themes, "parent", &item("page", "full")),
        "parent item"
    );
    assert_eq!(themes.problems(), []);
}

#[test]
fn in_development_the_source_names_what_was_tried_and_what_won() {
    let folder = Folder::new("development", &[]);
    let html = render_item(&folder.themes(true), BUILT_IN, &item("blog", "full"));
    let comment = html.lines().next().unwrap();
    assert_eq!(
        comment,
        "<!-- template builtin/item.html; tried item--blog--7.html, item--blog--full.html, item--blog.html, item.html -->"
    );
    let page = folder
        .themes(true)
        .render_page(BUILT_IN, &PageContext::default(), &Additions::default());
    assert!(page.starts_with("<!doctype html>") && page.contains("<!-- template builtin/page.html; tried"));
    assert!(!render_item(&folder.themes(false), BUILT_IN, &item("blog", "full")).contains("<!--"));
}

#[test]
fn preprocess_variables_are_added_and_the_host_s_kept() {
    let folder = Folder::new(
        "preprocess",
        &[
            PARENT,
            (
                "parent/templates/item.html",
                "{{ reading_time }} {{ item.title }} {{ intro }} {{ content }}",
            ),
        ],
    );
    let mut additions = Additions::default();
    let named = |name: &str, value| NamedValue {
        name: name.into(),
        value,
    };
    let formatted = FormattedText {
        value: "*a*<script>".into(),
        format: "markdown".into(),
    };
    additions.add(
        "blog",
        [
            named("reading_time", TemplateValue::Text("<5>".into())),
            named("intro", TemplateValue::Formatted(formatted)),
            named("content", TemplateValue::Text("mine".into())),
        ],
    );
    let html = folder
        .themes(false)
        .render_item("parent", &item("blog", "full"), &additions);
    assert_eq!(
        html.as_str(),
        "&lt;5&gt; A &lt;b&gt; <p><em>a</em></p> <p>content</p>"
    );
}

#[test]
fn libraries_and_static_files_carry_their_digest() {
    let folder = Folder::new(
        "static",
        &[
            PARENT,
            CHILD,
            ("parent/static/p.css", "p {}"),
            ("child/static/c.css", "c {}"),
            ("child/static/js/a.js", "1"),
        ],
    );
    let themes = folder.themes(true);
    let file = themes.static_file("child", "js/a.js").unwrap();
    assert_eq!(
        (file.mime.as_str(), &file.read().unwrap()[..]),
        ("text/javascript; charset=utf-8", &b"1"[..])
    );
    let css = themes.static_file("parent", "p.css").unwrap();
    let html = themes.render_page("child", &PageContext::default(), &Additions::default());
    let parent_at = html
        .find(&format!("href=\"/theme/parent/p.css?v={}\"", css.hash))
        .unwrap();
    assert!(
        html.find("href=\"/theme/child/c.css?v=").unwrap() > parent_at,
        "{html}"
    );
}

#[test]
fn style_sheets_are_one_file_where_they_mean_the_same() {
    let sheets = |content: &'static str| {
        [
            PARENT,
            CHILD,
            ("parent/static/p.css", "p {}"),
            ("child/static/c.css", content),
        ]
    };
    let folder = Folder::new("bundle", &sheets("c {}"));
    let themes = folder.themes(false);
    let html = themes.render_page("child", &PageContext::default(), &Additions::default());
    let bundle = themes.static_file("child", "bundle.css").unwrap();
    assert_eq!(&bundle.read().unwrap()[..], b"p {}\nc {}\n");
    let address = format!("href=\"/theme/child/bundle.css?v={}\"", bundle.hash);
    assert!(html.contains(&address) && !html.contains("p.css"), "{html}");

    let folder = Folder::new("apart", &sheets("c { background: url(a.png) }"));
    let themes = folder.themes(false);
    let html = themes.render_page("child", &PageContext::default(), &Additions::default());
    assert!(
        html.contains("/theme/child/c.css?v=") && html.contains("/theme/parent/p.css?v="),
        "{html}"
    );
}

#[test]
fn a_plugin_s_template_is_sanitised_unless_the_theme_has_its_own() {
    let folder = Folder::new(
        "plugin",
        &[
            PARENT,
            CHILD,
            ("child/templates/plugin--blog--a.html", "<form>{{ x }}</form>"),
        ],
    );
    let themes = folder.themes(false);
    let source =
        "<p class=\"note\" onclick=\"x\">{{ x|safe }}</p><script>alert(1)</script>{% include 'b.html' %}";
    let templates = [("a.html", source), ("b.html", "b"), ("bad.html", "{{ 1 / 0 }}")];
    let templates = templates
        .map(|(name, source)| (name.into(), source.into()))
        .into();
    themes
        .set_plugin_templates(BTreeMap::from([("blog".into(), templates)]))
        .unwrap();
    let html = |theme: &str, name: &str| {
        let x = TemplateValue::Text("<img src=x onerror=alert(1)>".into());
        let variables = vec![NamedValue {
            name: "x".into(),
            value: x,
        }];
        let mut tree = Tree::default();
        tree.push(
            None,
            NodeKind::Template(Template {
                plugin: "blog".into(),
                name: name.into(),
                variables,
            }),
        );
        let tree = sanitise(tree, &Limits::default()).unwrap();
        themes.render_tree(theme, &tree, &Embeds::default()).to_string()
    };
    assert_eq!(html("parent", "a.html"), "<p class=\"note\"><img src=\"x\"></p>b");
    assert_eq!(
        html("child", "a.html"),
        "<form>&lt;img src=x onerror=alert(1)&gt;</form>"
    );
    assert_eq!(
        (
            html("child", "bad.html").as_str(),
            html("child", "no.html").as_str()
        ),
        ("", "")
    );
    assert_eq!(html("child", "../../child/page.html"), "");
}
