//! What the blog adds to a post: who wrote it, its tags, and in listings the first paragraph of a post that has no
//! summary. Weights place a part among the fields: the byline comes before the text, the tags after it.

use trovato_sdk::prelude::*;
use trovato_sdk::value::NOBODY;

use crate::post;

const BEFORE_THE_TEXT: i32 = -5;
const AFTER_THE_TEXT: i32 = 50;

/// On the post's own page.
pub fn full(item: &Item) -> Tree {
    tree()
        .children(byline(authors(item), item.text(post::TEAM)))
        .children(tags(item.texts(post::TAGS)))
        .cache_tag(format!("user:{}", item.author()))
}

/// In listings.
pub fn teaser(item: &Item) -> Tree {
    let excerpt = match item.text(post::SUMMARY) {
        Some(_) => None,
        None => item.formatted(post::BODY).map(first_paragraph),
    };
    full(item).children(excerpt.map(|text| div().class("post-excerpt").child(text)))
}

/// The authors that the post names, or else whoever posted it.
fn authors(item: &Item) -> Vec<String> {
    let named = item.texts(post::AUTHORS);
    let author = item.author();
    if !named.is_empty() || author == NOBODY {
        return named;
    }
    users::load(&author).map(|user| user.name).into_iter().collect()
}

fn byline(authors: Vec<String>, team: Option<String>) -> Option<Element> {
    if authors.is_empty() {
        return None;
    }
    let byline = paragraph()
        .class("byline")
        .weight(BEFORE_THE_TEXT)
        .text(format!("By {}", enumerate(&authors)));
    Some(match team {
        Some(team) => byline.text(", ").child(span().class("byline-team").text(team)),
        None => byline,
    })
}

/// `A`, `A and B`, `A, B and C`.
fn enumerate(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn tags(tags: Vec<String>) -> Option<Element> {
    if tags.is_empty() {
        return None;
    }
    let links = tags.iter().map(|tag| link(path(["blog", "tag", tag]), tag));
    // A list and no landmark: in a listing of posts there would be one of the same name for each.
    Some(
        list(links)
            .class("tags")
            .aria_label("Tags")
            .weight(AFTER_THE_TEXT),
    )
}

/// The text up to the first blank line or the end of the first HTML paragraph, in the same text format.
fn first_paragraph(text: FormattedText) -> FormattedText {
    let value = text.value.trim();
    let end_of_html = value.find("</p>").map(|start| start + "</p>".len());
    let end = [value.find("\n\n"), end_of_html].into_iter().flatten().min();
    let paragraph = end.and_then(|end| value.get(..end)).unwrap_or(value);
    FormattedText::new(paragraph, text.format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.into()).collect()
    }

    #[test]
    fn names_are_enumerated_as_in_a_sentence() {
        assert_eq!(enumerate(&names(&["Ada"])), "Ada");
        assert_eq!(
            enumerate(&names(&["Ada", "Grace", "Edsger"])),
            "Ada, Grace and Edsger"
        );
    }

    #[test]
    fn a_post_by_nobody_has_no_byline() {
        assert_eq!(byline(vec![], Some("Compiler".into())), None);
    }

    #[test]
    fn tags_link_to_their_listing() {
        let expected = list([link("/blog/tag/C%2B%2B", "C++")])
            .class("tags")
            .aria_label("Tags")
            .weight(AFTER_THE_TEXT);
        assert_eq!(tags(names(&["C++"])), Some(expected));
    }

    #[test]
    fn an_excerpt_ends_with_the_first_paragraph() {
        let excerpt = |text: &str| first_paragraph(FormattedText::new(text, "markdown")).value;
        assert_eq!(excerpt("One\nline.\n\nTwo."), "One\nline.");
        assert_eq!(excerpt("<p>One.</p><p>Two.</p>"), "<p>One.</p>");
        assert_eq!(excerpt("All there is."), "All there is.");
    }
}
