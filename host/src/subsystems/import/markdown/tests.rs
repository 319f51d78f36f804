//! A folder, from what is in it to what would be stored.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::plan::{Plan, Planned};
use super::prepare::{Target, prepare};
use super::resolve::Destination;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("trovato-import-{}-{number}", std::process::id()));
        for (name, content) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Self(folder)
    }

    fn plan(&self) -> Plan {
        Plan::of(&self.0).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

fn page(keys: &str) -> String {
    format!("+++\ntitle = \"A\"\n{keys}\n+++\n")
}

fn paths(plan: &Plan) -> Vec<(&str, &str)> {
    plan.documents
        .iter()
        .map(|planned| (planned.file.as_str(), planned.path.as_str()))
        .collect()
}

fn reasons(plan: &Plan) -> Vec<String> {
    plan.skipped.iter().map(ToString::to_string).collect()
}

#[test]
fn documents_and_bundles_get_the_path_they_name_or_that_of_their_file() {
    let folder = Folder::new(&[
        ("b.md", &page("path = \"2018/01/02/b\"")),
        ("2019-03-04-a post.md", &page("")),
        ("sub/c/index.md", &page("")),
        ("sub/d.md", &page("slug = \"dee\"")),
        ("sub/_index.md", "+++\n+++\n"),
        (".git/x.md", ""),
    ]);
    let plan = folder.plan();
    let expected = [
        ("2019-03-04-a post.md", "a-post"),
        ("b.md", "2018/01/02/b"),
        ("sub/c/index.md", "sub/c"),
        ("sub/d.md", "sub/dee"),
    ];
    assert_eq!(paths(&plan), expected);
    assert_eq!(
        reasons(&plan),
        ["sub/_index.md: it describes a section, which listings take the place of"]
    );
}

#[test]
fn a_bad_document_is_listed_with_line_and_reason_and_the_others_stay() {
    let folder = Folder::new(&[
        ("a.md", &page("")),
        ("b.md", "no front matter"),
        ("c.md", &page("date = \"soon\"")),
        ("d.md", &page("path = \"/a/\"")),
    ]);
    fs::write(folder.0.join("e.md"), b"+++\ntitle = \"\xff\"\n+++\n").unwrap();
    let plan = folder.plan();
    assert_eq!(paths(&plan), [("a.md", "a")]);
    let expected = [
        "b.md:1: no front matter: the first line is neither +++ nor ---",
        "c.md:3: 'soon' is no date such as 2018-01-02 or 2018-01-02T10:00:00Z",
        "d.md: its path /a is that of a.md already",
        "e.md:2: it is not UTF-8",
    ];
    assert_eq!(reasons(&plan), expected);
}

#[test]
fn targets_are_found_by_file_by_address_and_by_older_address() {
    let folder = Folder::new(&[
        (
            "a/index.md",
            &page("path = \"2018/01/02/a\"\naliases = [\"old/a.html\"]"),
        ),
        ("a/x y.png", ""),
        ("b.md", &page("path = \"2018/01/03/b (1)\"")),
        ("img/z.png", ""),
    ]);
    let plan = folder.plan();
    let a = Planned {
        file: "a/index.md".to_owned(),
        path: "2018/01/02/a".to_owned(),
    };
    let page = |address: &str| Destination::Page(address.to_owned());
    let asset = |file: &str| Destination::Asset(file.to_owned());
    let cases = [
        ("x%20y.png", asset("a/x y.png")),
        ("./x y.png", asset("a/x y.png")),
        ("../img/z.png", asset("img/z.png")),
        ("/img/z.png", asset("img/z.png")),
        ("/2018/01/02/a/x%20y.png", asset("a/x y.png")),
        ("../b.md#top", page("/2018/01/03/b%20%281%29#top")),
        ("@/b.md?q", page("/2018/01/03/b%20%281%29?q")),
        ("@/a/index.md", page("/2018/01/02/a")),
        ("../../../../old/a.html", page("/2018/01/02/a")),
        ("../03/b (1)", page("/2018/01/03/b%20%281%29")),
        ("/old/a.html#x", page("/2018/01/02/a#x")),
        ("/elsewhere", Destination::Elsewhere),
        ("https://example.org/x.png", Destination::Elsewhere),
        ("mailto:a@example.org", Destination::Elsewhere),
        ("//example.org", Destination::Elsewhere),
        ("#top", Destination::Elsewhere),
        ("gone.png", Destination::Missing),
        ("@/gone.md", Destination::Missing),
        ("../../../../etc/passwd", Destination::Missing),
        ("%ff", Destination::Missing),
    ];
    for (target, expected) in cases {
        assert_eq!(plan.resolve(&a, target), expected, "{target}");
    }
}

#[test]
fn the_digest_changes_with_the_text_its_images_and_the_pages_it_links_to_and_with_nothing_else() {
    let text = page("") + "![x](x.png) [b](b.md) ![gone](y.png)\n";
    let folder = Folder::new(&[
        ("a.md", &text),
        ("b.md", &page("")),
        ("x.png", "1"),
        ("z.png", "1"),
    ]);
    let digest = |folder: &Folder| {
        let plan = folder.plan();
        prepare(&plan, &plan.documents[0], "blog").unwrap().digest
    };
    let first = digest(&folder);
    let change = |name: &str, content: &str| fs::write(folder.0.join(name), content).unwrap();
    change("z.png", "2");
    assert_eq!(digest(&folder), first);
    change("x.png", "2");
    let second = digest(&folder);
    assert_ne!(second, first);
    change("b.md", &page("path = \"c\""));
    let third = digest(&folder);
    assert_ne!(third, second);
    change("a.md", &(text + "more"));
    assert_ne!(digest(&folder), third);
}

#[test]
fn what_is_missing_is_listed_with_its_line_and_stays_as_it_is() {
    let text = page("") + "\n![x](x.png)\n\n`![z](z.png)`\n![y](y.png)\n";
    let folder = Folder::new(&[("a.md", &text), ("x.png", "1")]);
    let plan = folder.plan();
    let prepared = prepare(&plan, &plan.documents[0], "blog").unwrap();
    let skipped: Vec<String> = prepared.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        skipped,
        ["a.md:9: y.png is not in the folder: its address stays as it is"]
    );
    let found: Vec<_> = prepared
        .targets
        .iter()
        .map(|(range, target)| (&prepared.body[range.clone()], target))
        .collect();
    assert!(
        matches!(found[..], [("x.png", Target::Asset { file, .. })] if file == "x.png"),
        "{found:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_not_followed() {
    let outside = Folder::new(&[("secret.png", "1"), ("in/x.md", "")]);
    let folder = Folder::new(&[("a.md", &page("")), ("real.png", "1")]);
    let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, folder.0.join(name)).unwrap();
    link(&outside.0.join("secret.png"), "leak.png");
    link(&outside.0.join("in"), "more");
    link(&folder.0.join("real.png"), "again.png");
    link(&folder.0, "loop");
    let plan = folder.plan();
    let a = &plan.documents[0];
    assert_eq!(plan.resolve(a, "leak.png"), Destination::Missing);
    assert_eq!(
        plan.resolve(a, "again.png"),
        Destination::Asset("again.png".to_owned())
    );
    let expected = [
        "leak.png: it is a link that leads out of the folder",
        "loop: it is a link to a folder, which is not followed",
        "more: it is a link that leads out of the folder",
    ];
    assert_eq!(reasons(&plan), expected);
}
