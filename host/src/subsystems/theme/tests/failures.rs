//! What happens when themes are broken or hostile.

use super::*;

#[test]
fn a_syntax_error_names_file_and_line_and_the_parent_s_template_is_used() {
    let folder = Folder::new(
        "syntax",
        &[
            PARENT,
            CHILD,
            ("parent/templates/item.html", "parent"),
            ("child/templates/item.html", "a\nb\n{% if %}\n"),
        ],
    );
    let themes = folder.themes(false);
    assert_eq!(render_item(&themes, "child", &item("blog", "full")), "parent");
    let problems = themes.problems();
    let problem = problems.first().unwrap();
    assert_eq!(
        (
            problems.len(),
            problem.theme.as_str(),
            problem.file.as_str(),
            problem.line
        ),
        (1, "child", "child/item.html", Some(3))
    );
    assert!(
        problem
            .to_string()
            .starts_with("theme `child`: child/item.html:3: syntax error"),
        "{problem}"
    );
}

#[test]
fn an_error_while_rendering_names_the_file_that_it_is_in_and_falls_back() {
    let folder = Folder::new(
        "runtime",
        &[
            PARENT,
            CHILD,
            ("parent/templates/item.html", "parent"),
            ("child/templates/item.html", "x{% include 'partials/bad.html' %}"),
            (
                "child/templates/partials/bad.html",
                "a\n{{ item.title|no_such_filter }}",
            ),
            ("child/templates/base.html", "{{ 1 / 0 }}"),
        ],
    );
    let themes = folder.themes(false);
    for _ in 0..3 {
        assert_eq!(render_item(&themes, "child", &item("blog", "full")), "parent");
        let page = themes.render_page("child", &PageContext::default(), &Additions::default());
        assert!(page.starts_with("<!doctype html>"), "{page}");
    }
    let found: Vec<_> = themes
        .problems()
        .into_iter()
        .map(|problem| (problem.file, problem.line))
        .collect();
    assert_eq!(
        found,
        [
            ("child/base.html".into(), Some(1)),
            ("child/partials/bad.html".into(), Some(2))
        ]
    );
}

#[test]
fn an_endless_template_runs_out_of_fuel() {
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}{{ b }}{% endfor %}{% endfor %}";
    let recursive = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    let folder = Folder::new(
        "fuel",
        &[
            PARENT,
            ("parent/templates/item--a.html", endless),
            ("parent/templates/item--b.html", recursive),
        ],
    );
    let themes = folder.themes(false);
    for item_type in ["a", "b"] {
        assert!(render_item(&themes, "parent", &item(item_type, "full")).contains("<p>content</p>"));
    }
    assert_eq!(themes.problems().len(), 2);
    assert!(
        themes
            .problems()
            .iter()
            .any(|problem| problem.message.contains("fuel")),
        "{:?}",
        themes.problems()
    );
}

#[test]
fn templates_reach_no_file_outside_of_the_themes() {
    let folder = Folder::new("escape", &[PARENT, ("secret.html", "secret")]);
    for (at, path) in [
        "../../secret.html",
        "/etc/passwd",
        "../theme.toml",
        "parent/../../secret.html",
    ]
    .iter()
    .enumerate()
    {
        folder.write(
            &format!("parent/templates/item--t{at}.html"),
            &format!("{{% include '{path}' %}}"),
        );
    }
    let themes = folder.themes(false);
    for at in 0..4 {
        assert!(render_item(&themes, "parent", &item(&format!("t{at}"), "full")).contains("<p>content</p>"));
    }
    assert_eq!(themes.problems().len(), 4);
    for path in ["../theme.toml", "../../secret.html", "/etc/passwd", ""] {
        assert!(themes.static_file("parent", path).is_none());
    }
}

#[test]
fn a_changed_file_is_seen_after_reloading_and_problems_are_forgotten() {
    let folder = Folder::new("reload", &[PARENT, ("parent/templates/item.html", "{{ one")]);
    let themes = folder.themes(false);
    assert_eq!(themes.problems().len(), 1);
    folder.write("parent/templates/item.html", "two");
    themes.reload().unwrap();
    assert_eq!(render_item(&themes, "parent", &item("blog", "full")), "two");
    assert_eq!(themes.problems(), []);
}

#[test]
fn broken_manifests_are_problems_of_their_theme_only() {
    let folder = Folder::new(
        "manifests",
        &[
            PARENT,
            ("typo/theme.toml", "name = \"typo\"\nlabel = \"T\"\nslot = []\n"),
            (
                "orphan/theme.toml",
                "name = \"orphan\"\nlabel = \"O\"\nparent = \"nobody\"\n",
            ),
            (
                "ring/theme.toml",
                "name = \"ring\"\nlabel = \"R\"\nparent = \"ring\"\n",
            ),
            ("empty/readme.txt", ""),
        ],
    );
    let themes = folder.themes(false);
    let problems: Vec<_> = themes.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(
        problems
            .iter()
            .any(|problem| problem.contains("typo/theme.toml:3")
                && problem.contains("did you mean `slots`?"))
    );
    for theme in ["orphan", "ring", "typo", "empty"] {
        assert!(render_item(&themes, theme, &item("blog", "full")).contains("<p>content</p>"));
    }
}
