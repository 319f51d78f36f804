//! What tables are made of.

use serde::Serialize;

use crate::time::Timestamp;
use crate::web::Action;

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    pub(super) key: &'static str,
    pub(super) title: String,
    pub(super) sortable: bool,
    pub(super) is_number: bool,
}

impl Column {
    /// A column with a heading. The key is what `sort` in the address calls it.
    #[must_use]
    pub fn new(key: &'static str, title: impl Into<String>) -> Self {
        Self {
            key,
            title: title.into(),
            sortable: false,
            is_number: false,
        }
    }

    /// Lets people sort by it.
    #[must_use]
    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// Has numbers, which stand below one another.
    #[must_use]
    pub fn number(mut self) -> Self {
        self.is_number = true;
        self
    }
}

/// A filter: a field of the form above the table.
#[derive(Clone, Debug)]
pub struct Filter {
    pub(super) name: &'static str,
    pub(super) label: String,
    /// Value and text of each choice; none for a text.
    pub(super) choices: Option<Vec<(String, String)>>,
}

impl Filter {
    /// A text to look for.
    #[must_use]
    pub fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self {
            name,
            label: label.into(),
            choices: None,
        }
    }

    /// One of some choices, each with its value and text. `Any` stands before them.
    #[must_use]
    pub fn choice<V: Into<String>, T: Into<String>>(
        name: &'static str,
        label: impl Into<String>,
        choices: impl IntoIterator<Item = (V, T)>,
    ) -> Self {
        let choices = choices.into_iter();
        Self {
            name,
            label: label.into(),
            choices: Some(choices.map(|(value, text)| (value.into(), text.into())).collect()),
        }
    }
}

/// Something that can be done with the selected rows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Bulk {
    name: String,
    title: String,
    danger: bool,
}

impl Bulk {
    pub(super) fn new(name: impl Into<String>, title: impl Into<String>, danger: bool) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            danger,
        }
    }
}

/// What stands where there are no rows, with the next step.
#[derive(Clone, Debug, Serialize)]
pub struct Empty {
    title: String,
    text: String,
    action: Option<Action>,
}

impl Empty {
    /// Says that there is nothing.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: String::new(),
            action: None,
        }
    }

    /// Says what that means, or what can be done.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Leads to the next step.
    #[must_use]
    pub fn action(mut self, title: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some(Action::main(title, href));
        self
    }
}

/// What stands in a column of a row.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cell {
    /// Text, with a line below it.
    Text {
        /// The text.
        text: String,
        /// The line below; may be empty.
        note: String,
    },
    /// A link, with a line below it.
    Link {
        /// The text.
        text: String,
        /// The target.
        href: String,
        /// The line below; may be empty.
        note: String,
    },
    /// A state: `fine`, `notice`, `warning`, `problem` or `quiet`.
    Badge {
        /// How it looks.
        tone: String,
        /// The word for it.
        text: String,
    },
    /// A moment in milliseconds; 0 for never.
    Time {
        /// The moment.
        at: i64,
    },
    /// Text for machines.
    Code {
        /// The text.
        text: String,
    },
}

impl Cell {
    /// Text.
    pub fn text(text: impl ToString) -> Self {
        Self::noted(text, "")
    }

    /// Text with a line below it.
    pub fn noted(text: impl ToString, note: impl Into<String>) -> Self {
        Self::Text {
            text: text.to_string(),
            note: note.into(),
        }
    }

    /// A link.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self::noted_link(text, href, "")
    }

    /// A link with a line below it.
    pub fn noted_link(text: impl Into<String>, href: impl Into<String>, note: impl Into<String>) -> Self {
        Self::Link {
            text: text.into(),
            href: href.into(),
            note: note.into(),
        }
    }

    /// A state: `fine`, `notice`, `warning`, `problem` or `quiet`, and the word for it.
    pub fn badge(tone: impl Into<String>, text: impl Into<String>) -> Self {
        Self::Badge {
            tone: tone.into(),
            text: text.into(),
        }
    }

    /// A moment; the epoch stands for never.
    #[must_use]
    pub fn time(at: Timestamp) -> Self {
        Self::Time { at: at.as_millis() }
    }

    /// Text for machines.
    pub fn code(text: impl Into<String>) -> Self {
        Self::Code { text: text.into() }
    }
}

/// Something that can be done with one row.
#[derive(Clone, Debug, Serialize)]
pub struct RowAction {
    title: String,
    href: String,
    /// Whether it is posted at once, with the token of [`super::Table::posts`].
    posts: bool,
    danger: bool,
}

impl RowAction {
    /// A link.
    pub fn link(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            href: href.into(),
            posts: false,
            danger: false,
        }
    }

    /// A button that posts to an address at once.
    pub fn post(title: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            posts: true,
            ..Self::link(title, href)
        }
    }

    /// Marks what can't be undone.
    #[must_use]
    pub fn dangerous(mut self) -> Self {
        self.danger = true;
        self
    }
}

/// A row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    id: String,
    label: String,
    cells: Vec<Cell>,
    actions: Vec<RowAction>,
    selectable: bool,
}

impl Row {
    /// A row. The id is what is posted when it is selected; the label names it for those who don't see it.
    pub fn new(id: impl ToString, label: impl Into<String>) -> Self {
        Self {
            id: id.to_string(),
            label: label.into(),
            cells: Vec::new(),
            actions: Vec::new(),
            selectable: true,
        }
    }

    /// Adds what stands in the next column.
    #[must_use]
    pub fn cell(mut self, cell: Cell) -> Self {
        self.cells.push(cell);
        self
    }

    /// Adds something that can be done with it.
    #[must_use]
    pub fn action(mut self, action: RowAction) -> Self {
        self.actions.push(action);
        self
    }

    /// Can't be selected.
    #[must_use]
    pub fn fixed(mut self) -> Self {
        self.selectable = false;
        self
    }

    pub(super) fn has_actions(&self) -> bool {
        !self.actions.is_empty()
    }
}
