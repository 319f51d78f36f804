//! What the author of a plugin reads when its manifest is wrong.

use std::path::Path;

use trovato::kernel::Manifest;
use trovato::taps;

const HEAD: &str = "name = \"blog\"\nversion = \"0.1.0\"\nwit = \"0.1\"\n";

/// What is wrong with a manifest.
fn problem(text: &str) -> String {
    let parsed = Manifest::parse(Path::new("plugins/blog/plugin.toml"), text, taps::NAMES);
    parsed.map(|manifest| manifest.name).unwrap_err().to_string()
}

/// What is wrong with a manifest that begins well.
fn problem_after_head(text: &str) -> String {
    problem(&format!("{HEAD}{text}"))
}

#[test]
fn the_smallest_manifest_is_enough() {
    let manifest = Manifest::parse(Path::new("plugin.toml"), HEAD, taps::NAMES).unwrap();
    assert_eq!((manifest.name.as_str(), manifest.weight_of("menu")), ("blog", 0));
}

#[test]
fn a_missing_entry_is_named() {
    let text = problem("name = \"blog\"\nwit = \"0.1\"\n");
    assert_eq!(text, "plugins/blog/plugin.toml:1:1: missing field `version`");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest() {
    let text = problem_after_head("depend = {}\n");
    assert!(
        text.starts_with("plugins/blog/plugin.toml:4:1: unknown field `depend`, expected one of `name`"),
        "{text}"
    );
    assert!(text.ends_with("; did you mean `depends`?"), "{text}");
    let text = problem_after_head("[grants]\nwirte = [\"blog\"]\n");
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:5:1: unknown field `wirte`, expected one of `write`, `views`, `raw-sql`, \
         `mail-anyone`, `memory-mib`; did you mean `write`?"
    );
}

#[test]
fn broken_toml_is_named_with_its_place() {
    let text = problem_after_head("[grants\n");
    assert!(text.starts_with("plugins/blog/plugin.toml:4:"), "{text}");
}

#[test]
fn a_wrong_version_is_named() {
    let text = problem("name = \"blog\"\nversion = \"one\"\nwit = \"0.1\"\n");
    assert!(text.starts_with("plugins/blog/plugin.toml:2:11: "), "{text}");
}

#[test]
fn a_wrong_name_is_refused_with_the_rule() {
    for name in ["Blog", "my_blog", "1blog", "", "blog/../../etc"] {
        let text = problem(&HEAD.replace("blog", name));
        let rule =
            "a plugin's name has at most 40 lower-case letters, digits and dashes, and begins with a letter";
        assert!(
            text.ends_with(&format!("`{name}` is no name for a plugin: {rule}")),
            "{text}"
        );
    }
}

#[test]
fn an_unknown_tap_is_named_with_the_nearest() {
    let text = problem_after_head("[taps]\nitem-veiw = { weight = 1 }\n");
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:5:1: unknown tap `item-veiw`; did you mean `item-view`?"
    );
}

#[test]
fn a_default_that_does_not_fit_its_setting_is_refused() {
    for (kind, default) in [
        ("boolean", "1"),
        ("integer", "\"3\""),
        ("number", "true"),
        ("text", "3"),
    ] {
        let text = problem_after_head(&format!(
            "[config.size]\ntype = \"{kind}\"\ndefault = {default}\n"
        ));
        assert_eq!(
            text,
            "plugins/blog/plugin.toml:4:9: the default of the setting `size` does not fit its type"
        );
    }
    let choice = "[config.size]\ntype = \"choice\"\nchoices = [\"s\", \"m\"]\ndefault = \"xl\"\n";
    let text = problem_after_head(choice);
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:4:9: the default of the setting `size` does not fit its type"
    );
}

#[test]
fn a_table_of_another_name_is_refused() {
    let text = problem_after_head(
        "[[migrations]]\nversion = 1\n[[migrations.create-table]]\nname = \"users\"\nprimary-key = [\"id\"]\n\
         columns = [{ name = \"id\", type = \"id\" }]\n",
    );
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:7:9: the name of the table `users` must begin with `blog_`, in lower case"
    );
}

#[test]
fn a_key_over_a_column_that_is_not_there_is_refused() {
    let text = problem_after_head(
        "[[migrations]]\nversion = 1\n[[migrations.create-table]]\nname = \"blog_a\"\nprimary-key = [\"uid\"]\n\
         columns = [{ name = \"id\", type = \"id\" }]\n",
    );
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:8:17: the table `blog_a` has no column `uid`"
    );
}

#[test]
fn a_gap_in_the_migrations_is_refused() {
    let text = problem_after_head("[[migrations]]\nversion = 2\n");
    assert_eq!(
        text,
        "plugins/blog/plugin.toml:5:1: migrations are numbered from 1 without gaps; expected version 1"
    );
}
