use super::*;

fn problem(text: &str) -> (usize, String) {
    let problem = parse(text).unwrap_err();
    (problem.line, problem.reason)
}

#[test]
fn toml_and_yaml_say_the_same() {
    let toml = "+++\ntitle = \"A\"\npath = \"/2018/01/02/a/\"\ndate = 2018-01-02\nauthors = [\"Ada\", \"Bob\"]\n\
                description = \"Short.\"\naliases = [\"old\", \"/older.html\"]\ndraft = true\n\
                [taxonomies]\ntags = [\"x\"]\ncategories = [\"y\", \"x\"]\n[extra]\nteam = \"Core\"\nother = 1\n+++\nText\n";
    let yaml = "---\ntitle: A\nurl: /2018/01/02/a/\ndate: 2018-01-02\nauthor: [Ada, Bob]\n\
                summary: Short.\naliases:\n  - old\n  - /older.html\ndraft: true\ntags: x\ncategories: [y]\n\
                extra: {team: Core}\nweight: [1, {a: b}]\n---\nText\n";
    let expected = FrontMatter {
        title: "A".to_owned(),
        path: Some("2018/01/02/a".to_owned()),
        slug: None,
        date: Some(Timestamp(1_514_851_200_000)),
        authors: vec!["Ada".to_owned(), "Bob".to_owned()],
        summary: Some("Short.".to_owned()),
        aliases: vec!["old".to_owned(), "older.html".to_owned()],
        tags: vec!["x".to_owned(), "y".to_owned()],
        team: Some("Core".to_owned()),
        draft: true,
    };
    for text in [toml, yaml] {
        let document = parse(text).unwrap();
        assert_eq!(document.front, expected);
        assert_eq!(document.body, "Text\n");
        assert_eq!(text.lines().nth(document.body_line - 1), Some("Text"));
    }
}

#[test]
fn line_ends_of_windows_a_byte_order_mark_and_an_empty_body_are_fine() {
    let document = parse("\u{feff}+++\r\ntitle = \"A\"\r\n+++").unwrap();
    assert_eq!(
        (document.front.title.as_str(), document.body, document.body_line),
        ("A", "", 3)
    );
    let document = parse("---\r\ntitle: A\r\n---\r\n\r\nB").unwrap();
    assert_eq!(
        (document.front.title.as_str(), document.body, document.body_line),
        ("A", "\r\nB", 4)
    );
}

#[test]
fn toml_dates_are_read_in_all_their_forms() {
    for date in [
        "2018-01-02",
        "2018-01-02T00:00:00",
        "2018-01-02T01:00:00+01:00",
        "\"2018-01-02\"",
    ] {
        let text = format!("+++\ntitle = \"A\"\ndate = {date}\n+++\n");
        assert_eq!(
            parse(&text).unwrap().front.date,
            Some(Timestamp(1_514_851_200_000)),
            "{date}"
        );
    }
}

#[test]
fn a_missing_front_matter_end_or_title_is_named() {
    assert_eq!(
        problem("# A\n").1,
        "no front matter: the first line is neither +++ nor ---"
    );
    assert_eq!(problem("").0, 1);
    assert_eq!(
        problem("+++\ntitle = \"A\"\n").1,
        "the front matter has no end: no other line is +++"
    );
    assert_eq!(
        problem("---\ndate: 2018-01-02\n---\n").1,
        "the front matter has no title"
    );
    assert_eq!(problem("---\n---\n").1, "the front matter has no title");
}

#[test]
fn a_wrong_type_is_an_error_with_its_line() {
    let (line, reason) = problem("+++\ntitle = \"A\"\n\nauthors = 7\n+++\n");
    assert_eq!(
        (line, reason.as_str()),
        (4, "invalid type: integer `7`, expected a text or a list of texts")
    );
    let (line, reason) = problem("---\ntitle: A\n\nauthors:\n  name: Ada\n---\n");
    assert_eq!(
        (line, reason.as_str()),
        (5, "invalid type: map, expected a text or a list of texts")
    );
    let (line, reason) = problem("+++\ntitle = \"A\"\ndate = \"soon\"\n+++\n");
    assert_eq!(
        (line, reason.as_str()),
        (3, "'soon' is no date such as 2018-01-02 or 2018-01-02T10:00:00Z")
    );
    let (line, reason) = problem("---\ntitle: A\ndraft: perhaps\n---\n");
    assert_eq!(line, 3, "{reason}");
    let (line, reason) = problem("+++\ntitle = \"A\"\n[extra]\nteam = [1]\n+++\n");
    assert_eq!(line, 4, "{reason}");
}

#[test]
fn a_syntax_error_has_its_line() {
    let (line, reason) = problem("+++\ntitle = \"A\"\nslug = = \"b\"\n+++\n");
    assert_eq!(line, 3, "{reason}");
    let (line, reason) = problem("---\ntitle: A\ntags: [a, b\n---\n");
    assert!((3..=4).contains(&line), "{line}: {reason}");
    let (line, reason) = problem("---\ntitle: A\ntitle: B\n---\n");
    assert_eq!(line, 3, "{reason}");
}

#[test]
fn a_path_that_is_none_is_refused_with_its_line() {
    for path in ["/", "a//b", "../a", "a/./b", "a?b", "a#b", "a\\\\b", "a\\u0000b"] {
        let (line, reason) = problem(&format!("+++\ntitle = \"A\"\npath = \"{path}\"\n+++\n"));
        assert_eq!(line, 3, "{path}: {reason}");
        assert!(reason.contains("is no path"), "{reason}");
    }
}
