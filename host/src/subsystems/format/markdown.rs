//! The filter that reads Markdown: CommonMark with the GitHub extensions, footnotes and anchors on headings.

use std::sync::LazyLock;

use comrak::Options;

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.header_id_prefix = Some(String::new());
    options.render.tasklist_classes = true;
    // Raw HTML passes: the filter for allowed HTML, which has to follow, decides about it.
    options.render.r#unsafe = true;
    options
});

/// Makes HTML of Markdown. Not safe to show: raw HTML in the text is still in it.
pub fn read_markdown(text: &str) -> String {
    comrak::markdown_to_html(text, &OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::read_markdown;

    #[test]
    fn the_github_extensions_are_read() {
        let html = read_markdown(
            "## A *b*\n\n| a |\n|---|\n| b |\n\n~~c~~ https://d.org\n\n- [x] e\n\nf[^1]\n\n[^1]: g\n\n<kbd>h</kbd>\n",
        );
        for part in [
            "id=\"a-b\"",
            "<table>",
            "<del>c</del>",
            "<a href=\"https://d.org\">",
            "type=\"checkbox\"",
            "class=\"footnote-ref\"",
            "<kbd>h</kbd>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn relative_addresses_stay_as_they_are() {
        let html = read_markdown("![a](chart.png) [b](../c/)");
        assert!(html.contains("src=\"chart.png\"") && html.contains("href=\"../c/\""));
    }
}
