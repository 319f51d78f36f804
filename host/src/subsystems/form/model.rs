//! What a form is: data, from its title to its buttons.

use super::Value;
use crate::subsystems::theme::SafeHtml;

/// A form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The title of the page that shows it.
    pub title: String,
    /// Where it is sent; none for the address of the page that shows it.
    pub action: Option<String>,
    /// Whether sending it only asks (a filter): then it has no token, and its fields go into the address.
    pub asks: bool,
    /// Whether sending it twice acts twice. Only for what may be repeated, such as signing in.
    pub repeatable: bool,
    /// Whether a plugin has built it.
    pub is_plugins: bool,
    /// Its elements.
    pub elements: Vec<Element>,
}

impl Form {
    /// A form that is sent by POST to the address of its page.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            action: None,
            asks: false,
            repeatable: false,
            is_plugins: false,
            elements: Vec::new(),
        }
    }

    /// A form that only asks: its fields go into the address.
    #[must_use]
    pub fn filter(title: impl Into<String>) -> Self {
        Self {
            asks: true,
            ..Self::new(title)
        }
    }

    /// Sent to another path of this site.
    #[must_use]
    pub fn action(mut self, path: impl Into<String>) -> Self {
        self.action = Some(path.into());
        self
    }

    /// May be sent again and again.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// With one more element.
    #[must_use]
    pub fn with(mut self, element: Element) -> Self {
        self.elements.push(element);
        self
    }

    /// The element of a name, however deep it lies; a group's row is looked through as well.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Element> {
        self.all().find(|element| element.name == name)
    }

    /// Every element, each before those in it.
    pub fn all(&self) -> impl Iterator<Item = &Element> {
        let mut waiting: Vec<&Element> = self.elements.iter().rev().collect();
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            waiting.extend(next.children.iter().rev());
            Some(next)
        })
    }
}

/// What an element is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A line of text.
    Text,
    /// Several lines of text.
    Textarea,
    /// Several lines in one of the text formats that are its choices.
    Rich,
    /// A number; whole unless it may have decimals.
    Number {
        /// Whether it may.
        decimals: bool,
    },
    /// A day, or a day with a time.
    Date {
        /// Whether it has a time.
        time: bool,
    },
    /// An e-mail address.
    Email,
    /// A web address, or a path of this site.
    Url,
    /// A telephone number.
    Telephone,
    /// What to search for.
    Search,
    /// One of the choices, or several, from a list.
    Select {
        /// Whether several.
        multiple: bool,
    },
    /// Yes or no.
    Checkbox,
    /// Any of the choices.
    Checkboxes,
    /// One of the choices.
    Radios,
    /// Sent along unseen. Whoever sends the form can change it.
    Hidden,
    /// A password, which is never sent back.
    Password {
        /// Whether it is typed twice.
        confirm: bool,
        /// Whether it is told how strong it is.
        meter: bool,
    },
    /// Uploaded files.
    File(FileRules),
    /// A record, found by its name.
    Reference {
        /// Where it is looked for, such as `item` or `item:blog`.
        source: String,
    },
    /// Rows of the elements in it.
    Group(GroupRules),
    /// Elements that belong together, under a legend.
    Fieldset,
    /// Elements that can be folded away.
    Details {
        /// Whether they are shown at first.
        open: bool,
    },
    /// The elements in it are shown one at a time.
    Tabs,
    /// The buttons.
    Actions,
    /// Something to read.
    Markup(SafeHtml),
    /// A button that sends the form.
    Submit(Button),
    /// A link among the buttons.
    Link {
        /// Where it leads.
        href: String,
    },
}

impl Kind {
    /// The word by which templates know it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Textarea => "textarea",
            Self::Rich => "rich-text",
            Self::Number { .. } => "number",
            Self::Date { time: false } => "date",
            Self::Date { time: true } => "datetime",
            Self::Email => "email",
            Self::Url => "url",
            Self::Telephone => "tel",
            Self::Search => "search",
            Self::Select { .. } => "select",
            Self::Checkbox => "checkbox",
            Self::Checkboxes => "checkboxes",
            Self::Radios => "radios",
            Self::Hidden => "hidden",
            Self::Password { .. } => "password",
            Self::File(_) => "file",
            Self::Reference { .. } => "reference",
            Self::Group(_) => "group",
            Self::Fieldset => "fieldset",
            Self::Details { .. } => "details",
            Self::Tabs => "tabs",
            Self::Actions => "actions",
            Self::Markup(_) => "markup",
            Self::Submit(_) => "submit",
            Self::Link { .. } => "link",
        }
    }

    /// Whether it holds elements that stand beside its own siblings in the values.
    #[must_use]
    pub fn is_layout(&self) -> bool {
        matches!(
            self,
            Self::Fieldset | Self::Details { .. } | Self::Tabs | Self::Actions
        )
    }

    /// Whether somebody can answer it.
    #[must_use]
    pub fn has_value(&self) -> bool {
        !self.is_layout() && !matches!(self, Self::Markup(_) | Self::Submit(_) | Self::Link { .. })
    }
}

/// Which files are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// Media types such as `image/png` or `image/*`; empty for any.
    pub accept: Vec<String>,
    /// The bytes of one file.
    pub most_bytes: u64,
    /// The number of files.
    pub most_files: usize,
}

/// How many rows a group may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRules {
    /// Rows that are always there.
    pub least: usize,
    /// Rows that may be there.
    pub most: usize,
    /// What the button says that adds a row.
    pub add_label: String,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// What the form is for.
    #[default]
    Primary,
    /// Something else that can be done.
    Quiet,
    /// Something that can't be undone.
    Danger,
}

/// A button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Button {
    /// How it looks.
    pub style: Style,
    /// What it does with the form.
    pub does: Does,
}

/// What a button does with the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Does {
    /// The form is checked and handed to its handler.
    #[default]
    Submit,
    /// The form is handed over as it is, for what needs no answers, such as deleting.
    SubmitUnchecked,
    /// The step before is shown again.
    Back,
}

/// One of the choices of an element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people see.
    pub label: String,
    /// What it means, if that needs words.
    pub help: String,
    /// The choices that it stands among; empty for none.
    pub group: String,
}

impl<V: Into<String>, L: Into<String>> From<(V, L)> for Choice {
    fn from((value, label): (V, L)) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }
}

/// What an answer has to keep to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The least characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// A regular expression for the whole text.
    pub pattern: Option<String>,
    /// What the pattern means, for people.
    pub pattern_help: String,
    /// The least number.
    pub min: Option<f64>,
    /// The greatest number.
    pub max: Option<f64>,
    /// The earliest day, as in RFC 3339.
    pub from: Option<String>,
    /// The latest day.
    pub until: Option<String>,
}

/// What a script may make of an element. Without one it changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aid {
    /// Of a text: the element beside it that chooses its text format.
    pub format_in: Option<String>,
    /// Of a group whose rows are of several kinds: the element in a row that says of which.
    pub kind_in: Option<String>,
    /// Of an element in such a row: the kinds that it is for, each with what it is called there.
    pub serves: Vec<(String, String)>,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its name: lower-case letters, digits and `_`; unique in the form.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What people call it.
    pub label: String,
    /// Whether the label is only for those who don't see the page.
    pub hides_label: bool,
    /// What helps to answer it.
    pub help: String,
    /// Whether it must be answered.
    pub required: bool,
    /// Whether it can't be changed: then its default is its value, whatever is sent.
    pub disabled: bool,
    /// Lower comes first; equal ones keep their order.
    pub weight: i32,
    /// Its value at first.
    pub default: Value,
    /// What an answer has to keep to.
    pub rules: Rules,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// What browsers may fill in (the `autocomplete` tokens of HTML).
    pub autocomplete: String,
    /// Which keyboard a phone shows (`inputmode` of HTML).
    pub input_mode: String,
    /// An example of an answer.
    pub placeholder: String,
    /// The name of the part that is shown anew when this is changed.
    pub refreshes: Option<String>,
    /// Whether plugins can neither remove nor loosen it.
    pub protected: bool,
    /// The plugin that has added it.
    pub owner: Option<String>,
    /// What a script may make of it.
    pub aid: Aid,
    /// The elements in it.
    pub children: Vec<Element>,
}
