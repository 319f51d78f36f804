//! What a text format is: a name and an ordered list of filters. Knows the rules that make a list safe, not what
//! the filters do.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Error;
use super::allowed::AllowedHtml;

/// One step from what an editor wrote to what a browser gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "filter", rename_all = "snake_case", deny_unknown_fields)]
pub enum Filter {
    /// Shows all markup as text.
    Escape,
    /// Makes paragraphs of blocks between blank lines, and line breaks of single line ends.
    LineBreaks,
    /// Makes links of web addresses.
    Links,
    /// Reads the text as CommonMark with the GitHub extensions; raw HTML passes through.
    Markdown,
    /// Keeps only the listed elements, attributes and URL schemes.
    AllowedHtml(AllowedHtml),
    /// Marks the parts of code blocks that name their language with classes.
    Highlight,
}

impl Filter {
    /// The name as it stands in a stored definition.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Escape => "escape",
            Self::LineBreaks => "line_breaks",
            Self::Links => "links",
            Self::Markdown => "markdown",
            Self::AllowedHtml(_) => "allowed_html",
            Self::Highlight => "highlight",
        }
    }
}

/// A text format: how text that was written in it becomes HTML.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// The machine name, such as `filtered_html`.
    pub name: String,
    /// The name for people.
    pub label: String,
    /// The filters, in the order in which they run.
    pub filters: Vec<Filter>,
}

impl Definition {
    /// The formats that every site starts with: `plain_text`, `filtered_html`, `full_html` and `markdown`.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        let format = |name: &str, label: &str, filters| Self {
            name: name.into(),
            label: label.into(),
            filters,
        };
        vec![
            format(
                "plain_text",
                "Plain text",
                vec![
                    Filter::Escape,
                    Filter::Links,
                    Filter::LineBreaks,
                    Filter::AllowedHtml(AllowedHtml::links_only()),
                ],
            ),
            format(
                "filtered_html",
                "Filtered HTML",
                vec![
                    Filter::Links,
                    Filter::LineBreaks,
                    Filter::AllowedHtml(AllowedHtml::basic()),
                    Filter::Highlight,
                ],
            ),
            format(
                "full_html",
                "Full HTML",
                vec![Filter::AllowedHtml(AllowedHtml::full()), Filter::Highlight],
            ),
            format(
                "markdown",
                "Markdown",
                vec![
                    Filter::Markdown,
                    Filter::AllowedHtml(AllowedHtml::markdown()),
                    Filter::Highlight,
                ],
            ),
        ]
    }

    /// Checks that the name can be stored and that nothing that the filters let through is unsanitised.
    ///
    /// # Errors
    /// [`Error::Name`], [`Error::Unsafe`] or [`Error::Order`].
    pub fn check(&self) -> Result<(), Error> {
        let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if self.name.len() > 64
            || !self.name.starts_with(|c: char| c.is_ascii_lowercase())
            || !self.name.chars().all(valid)
        {
            return Err(Error::Name(self.name.clone()));
        }
        let mut unsanitised = Some("the text itself");
        for (position, filter) in self.filters.iter().enumerate() {
            match filter {
                Filter::Escape if position > 0 => return Err(self.misplaced(filter, "first")),
                Filter::Escape | Filter::AllowedHtml(_) => unsanitised = None,
                Filter::Highlight if !matches!(self.previous(position), Some(Filter::AllowedHtml(_))) => {
                    return Err(self.misplaced(filter, "right after `allowed_html`"));
                }
                Filter::Highlight => {}
                Filter::LineBreaks | Filter::Links | Filter::Markdown => unsanitised = Some(filter.name()),
            }
        }
        match unsanitised {
            Some(filter) => Err(Error::Unsafe {
                format: self.name.clone(),
                filter,
            }),
            None => Ok(()),
        }
    }

    /// A digest of the whole definition: it changes whenever the result of rendering may change.
    #[must_use]
    pub fn version(&self) -> [u8; 32] {
        // A definition is strings and lists: it always has a JSON form.
        Sha256::digest(serde_json::to_vec(self).unwrap_or_default()).into()
    }

    /// Whether markup, and so the `<!-- more -->` mark, means anything in this format.
    pub(super) fn reads_markup(&self) -> bool {
        !matches!(self.filters.first(), Some(Filter::Escape))
    }

    fn previous(&self, position: usize) -> Option<&Filter> {
        self.filters.get(position.checked_sub(1)?)
    }

    fn misplaced(&self, filter: &Filter, place: &'static str) -> Error {
        Error::Order {
            format: self.name.clone(),
            filter: filter.name(),
            place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(filters: Vec<Filter>) -> Definition {
        Definition {
            name: "test".into(),
            label: "Test".into(),
            filters,
        }
    }

    #[test]
    fn the_built_in_formats_are_safe() {
        for format in Definition::built_in() {
            assert_eq!(format.check(), Ok(()), "{}", format.name);
        }
    }

    #[test]
    fn a_format_that_lets_markup_through_is_refused() {
        for filters in [
            vec![],
            vec![Filter::Markdown],
            vec![Filter::Escape, Filter::Markdown],
            vec![Filter::AllowedHtml(AllowedHtml::basic()), Filter::Links],
        ] {
            assert!(matches!(definition(filters).check(), Err(Error::Unsafe { .. })));
        }
    }

    #[test]
    fn misplaced_filters_are_refused_with_their_place() {
        let late = definition(vec![Filter::Markdown, Filter::Escape]).check();
        assert!(matches!(
            late,
            Err(Error::Order {
                filter: "escape",
                place: "first",
                ..
            })
        ));
        let early = definition(vec![Filter::Highlight, Filter::AllowedHtml(AllowedHtml::basic())]).check();
        assert!(matches!(
            early,
            Err(Error::Order {
                filter: "highlight",
                ..
            })
        ));
    }

    #[test]
    fn any_change_of_a_definition_changes_its_version() {
        let before = definition(vec![Filter::AllowedHtml(AllowedHtml::basic())]);
        let after = definition(vec![Filter::AllowedHtml(AllowedHtml::full())]);
        assert_ne!(before.version(), after.version());
        assert_eq!(before.version(), before.clone().version());
    }

    #[test]
    fn a_definition_survives_being_stored() {
        for format in Definition::built_in() {
            let json = serde_json::to_string(&format).unwrap_or_default();
            assert_eq!(serde_json::from_str::<Definition>(&json).ok(), Some(format));
        }
    }
}
