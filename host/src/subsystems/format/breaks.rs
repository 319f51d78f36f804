//! The filter that makes paragraphs and line breaks of the line ends in a text.

use super::segments::{Segment, segments};

/// Elements that stand beside paragraphs, not in them. What is inside of them is left as it is.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "div",
    "dl",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "table",
    "ul",
];

/// Makes a paragraph of each block of inline content between blank lines, and `<br>` of the line ends in it.
pub fn break_lines(html: &str) -> String {
    let mut paragraphs = Paragraphs {
        out: String::with_capacity(html.len() + html.len() / 8),
        open: String::new(),
    };
    let mut depth = 0_usize;
    for segment in segments(html) {
        match segment {
            Segment::Tag(tag) if tag.is_one_of(BLOCKS) => {
                paragraphs.close();
                paragraphs.out.push_str(tag.raw);
                if tag.closes {
                    depth = depth.saturating_sub(1);
                } else if tag.opens() {
                    depth += 1;
                }
            }
            Segment::Text(raw) | Segment::Comment(raw) if depth > 0 => paragraphs.out.push_str(raw),
            Segment::Tag(tag) if depth > 0 => paragraphs.out.push_str(tag.raw),
            Segment::Text(text) => paragraphs.text(text),
            Segment::Tag(tag) => paragraphs.open.push_str(tag.raw),
            Segment::Comment(raw) => paragraphs.open.push_str(raw),
        }
    }
    paragraphs.close();
    paragraphs.out
}

struct Paragraphs {
    out: String,
    /// The paragraph that is being read.
    open: String,
}

impl Paragraphs {
    fn text(&mut self, text: &str) {
        let mut blank_lines = 0;
        for (number, line) in text.split('\n').enumerate() {
            let line = line.trim_end_matches('\r');
            if number > 0 {
                blank_lines = if line.trim().is_empty() {
                    blank_lines + 1
                } else {
                    blank_lines
                };
                self.open.push('\n');
            }
            if !line.trim().is_empty() && blank_lines > 0 {
                self.close();
                blank_lines = 0;
            }
            self.open.push_str(line);
        }
        // A text that ends in a blank line ends the paragraph, whatever follows.
        if blank_lines > 1 {
            self.close();
        }
    }

    fn close(&mut self) {
        let paragraph = std::mem::take(&mut self.open);
        let paragraph = paragraph.trim();
        if !paragraph.is_empty() {
            self.out.push_str("<p>");
            self.out.push_str(&paragraph.replace('\n', "<br>\n"));
            self.out.push_str("</p>\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::break_lines;

    #[test]
    fn blank_lines_make_paragraphs_and_line_ends_make_breaks() {
        assert_eq!(
            break_lines("a\nb\n\n\nc <em>d</em>\r\ne\n"),
            "<p>a<br>\nb</p>\n<p>c <em>d</em><br>\ne</p>\n"
        );
    }

    #[test]
    fn a_blank_line_between_inline_elements_ends_the_paragraph() {
        assert_eq!(
            break_lines("<b>a</b>\n\n<b>c</b>"),
            "<p><b>a</b></p>\n<p><b>c</b></p>\n"
        );
    }

    #[test]
    fn block_elements_are_left_as_they_are() {
        assert_eq!(
            break_lines("a\n<ul>\n<li>b\n\nc</li>\n</ul>\nd"),
            "<p>a</p>\n<ul>\n<li>b\n\nc</li>\n</ul><p>d</p>\n"
        );
        assert_eq!(break_lines("<pre>a\n\nb</pre>"), "<pre>a\n\nb</pre>");
    }
}
