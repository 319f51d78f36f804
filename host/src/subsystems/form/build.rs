//! The words in which forms are written.

use super::Value;
use super::model::{Aid, Button, Choice, Does, Element, FileRules, GroupRules, Kind, Rules, Style};
use crate::subsystems::theme::SafeHtml;

/// Characters of a line of text, unless an element says otherwise.
const LINE: usize = 255;
/// Characters of a long text, unless an element says otherwise.
const TEXT: usize = 65_535;
/// Bytes of a file, unless an element says otherwise.
pub const FILE: u64 = 10 << 20;

/// Characters of an answer, unless an element says otherwise.
pub fn most_length(kind: &Kind) -> Option<usize> {
    match kind {
        Kind::Text | Kind::Search | Kind::Telephone | Kind::Reference { .. } => Some(LINE),
        // RFC 5321, 4.5.3.1: a path has 256 octets with its brackets.
        Kind::Email => Some(254),
        Kind::Url => Some(2048),
        Kind::Textarea | Kind::Rich => Some(TEXT),
        Kind::Password { .. } => Some(1024),
        _ => None,
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident => $kind:expr;)*) => {
        $($(#[$doc])*
        #[must_use]
        pub fn $name(name: impl Into<String>, label: impl Into<String>) -> Self {
            Self::new(name.into(), label.into(), $kind)
        })*
    };
}

impl Element {
    fn new(name: String, label: String, kind: Kind) -> Self {
        let max_length = most_length(&kind);
        Self {
            name,
            kind,
            label,
            hides_label: false,
            help: String::new(),
            required: false,
            disabled: false,
            weight: 0,
            default: Value::Empty,
            rules: Rules {
                max_length,
                ..Rules::default()
            },
            choices: Vec::new(),
            autocomplete: String::new(),
            input_mode: String::new(),
            placeholder: String::new(),
            refreshes: None,
            protected: false,
            owner: None,
            aid: Aid::default(),
            children: Vec::new(),
        }
    }

    kinds! {
        /// A line of text.
        text => Kind::Text;
        /// Several lines of text.
        textarea => Kind::Textarea;
        /// Several lines in one of the text formats that are its choices.
        rich_text => Kind::Rich;
        /// A whole number.
        number => Kind::Number { decimals: false };
        /// A number that may have decimals.
        decimal => Kind::Number { decimals: true };
        /// A day.
        date => Kind::Date { time: false };
        /// A day with a time.
        datetime => Kind::Date { time: true };
        /// An e-mail address.
        email => Kind::Email;
        /// A web address, or a path of this site.
        url => Kind::Url;
        /// A telephone number.
        telephone => Kind::Telephone;
        /// What to search for.
        search => Kind::Search;
        /// One of the choices, from a list.
        select => Kind::Select { multiple: false };
        /// Yes or no.
        checkbox => Kind::Checkbox;
        /// Any of the choices.
        checkboxes => Kind::Checkboxes;
        /// One of the choices.
        radios => Kind::Radios;
        /// A password.
        password => Kind::Password { confirm: false, meter: false };
        /// An uploaded file.
        file => Kind::File(FileRules { accept: Vec::new(), most_bytes: FILE, most_files: 1 });
        /// Rows of the elements in it.
        group => Kind::Group(GroupRules { least: 1, most: 50, add_label: "Add another".to_owned() });
        /// Elements that belong together.
        fieldset => Kind::Fieldset;
        /// Elements that can be folded away, and are at first.
        details => Kind::Details { open: false };
        /// The elements in it, shown one at a time.
        tabs => Kind::Tabs;
        /// A button that sends the form.
        submit => Kind::Submit(Button::default());
    }

    /// The buttons of a form.
    #[must_use]
    pub fn actions() -> Self {
        Self::new("actions".to_owned(), String::new(), Kind::Actions)
    }

    /// Sent along unseen.
    #[must_use]
    pub fn hidden(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self::new(name.into(), String::new(), Kind::Hidden).default(value)
    }

    /// Something to read: a paragraph of plain text.
    #[must_use]
    pub fn note(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self::markup(name, SafeHtml::default()).help(text)
    }

    /// Something to read: HTML of a template or of the render pipeline.
    #[must_use]
    pub fn markup(name: impl Into<String>, html: SafeHtml) -> Self {
        Self::new(name.into(), String::new(), Kind::Markup(html))
    }

    /// A record, found by its name. Sources: `item`, `item:{type}`, `user`.
    #[must_use]
    pub fn reference(name: impl Into<String>, label: impl Into<String>, source: impl Into<String>) -> Self {
        let source = source.into();
        Self::new(name.into(), label.into(), Kind::Reference { source })
    }

    /// A link among the buttons.
    #[must_use]
    pub fn link(name: impl Into<String>, label: impl Into<String>, href: impl Into<String>) -> Self {
        let href = href.into();
        Self::new(name.into(), label.into(), Kind::Link { href })
    }

    /// A button that shows the step before.
    #[must_use]
    pub fn back(label: impl Into<String>) -> Self {
        Self::submit("back", label).does(Does::Back).quiet()
    }

    /// With one more element in it.
    #[must_use]
    pub fn with(mut self, element: Self) -> Self {
        self.children.push(element);
        self
    }

    /// Must be answered.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Can't be changed.
    #[must_use]
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }

    /// Plugins can neither remove nor loosen it.
    #[must_use]
    pub fn protected(mut self) -> Self {
        self.protected = true;
        self
    }

    /// The label is only for those who don't see the page.
    #[must_use]
    pub fn hide_label(mut self) -> Self {
        self.hides_label = true;
        self
    }

    /// With words that help to answer it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// With an example of an answer.
    #[must_use]
    pub fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.placeholder = example.into();
        self
    }

    /// With a value at first.
    #[must_use]
    pub fn default(mut self, value: impl Into<Value>) -> Self {
        self.default = value.into();
        self
    }

    /// Lower comes first.
    #[must_use]
    pub fn weight(mut self, weight: i32) -> Self {
        self.weight = weight;
        self
    }

    /// With choices: pairs of what is sent and what people see.
    #[must_use]
    pub fn choices<C: Into<Choice>>(mut self, choices: impl IntoIterator<Item = C>) -> Self {
        self.choices.extend(choices.into_iter().map(Into::into));
        self
    }

    /// With choices under a heading.
    #[must_use]
    pub fn choice_group<C: Into<Choice>>(
        mut self,
        group: &str,
        choices: impl IntoIterator<Item = C>,
    ) -> Self {
        self.choices.extend(choices.into_iter().map(|choice| Choice {
            group: group.to_owned(),
            ..choice.into()
        }));
        self
    }

    /// What browsers may fill in.
    #[must_use]
    pub fn autocomplete(mut self, tokens: impl Into<String>) -> Self {
        self.autocomplete = tokens.into();
        self
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub fn input_mode(mut self, mode: impl Into<String>) -> Self {
        self.input_mode = mode.into();
        self
    }

    /// When it is changed, the part of this name is shown anew.
    #[must_use]
    pub fn refreshes(mut self, part: impl Into<String>) -> Self {
        self.refreshes = Some(part.into());
        self
    }

    /// Several choices, or several files.
    #[must_use]
    pub fn multiple(mut self) -> Self {
        match &mut self.kind {
            Kind::Select { multiple } => *multiple = true,
            Kind::File(rules) => rules.most_files = 20,
            _ => {}
        }
        self
    }

    /// What the button says that adds a row.
    #[must_use]
    pub fn add_label(mut self, label: impl Into<String>) -> Self {
        if let Kind::Group(rules) = &mut self.kind {
            rules.add_label = label.into();
        }
        self
    }

    /// A text whose format is chosen by the element of this name beside it.
    #[must_use]
    pub fn format_in(mut self, name: impl Into<String>) -> Self {
        self.aid.format_in = Some(name.into());
        self
    }

    /// A group whose rows are of several kinds: the element of this name in a row says of which.
    #[must_use]
    pub fn kind_in(mut self, name: impl Into<String>) -> Self {
        self.aid.kind_in = Some(name.into());
        self
    }

    /// Is for some kinds of rows only: pairs of a kind and what it is called there.
    #[must_use]
    pub fn serves<K: Into<String>, L: Into<String>>(
        mut self,
        kinds: impl IntoIterator<Item = (K, L)>,
    ) -> Self {
        let kinds = kinds.into_iter().map(|(kind, label)| (kind.into(), label.into()));
        self.aid.serves.extend(kinds);
        self
    }

    /// A new password: typed twice, and told how strong it is.
    #[must_use]
    pub fn new_password(mut self) -> Self {
        self.kind = Kind::Password {
            confirm: true,
            meter: true,
        };
        self.autocomplete("new-password")
    }

    /// Shown at first.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.kind = Kind::Details { open: true };
        self
    }

    /// A button for something that can't be undone.
    #[must_use]
    pub fn danger(self) -> Self {
        self.style(Style::Danger)
    }

    /// A button for something else that can be done.
    #[must_use]
    pub fn quiet(self) -> Self {
        self.style(Style::Quiet)
    }

    /// A button that hands the form over unchecked.
    #[must_use]
    pub fn unchecked(self) -> Self {
        self.does(Does::SubmitUnchecked)
    }

    fn style(mut self, style: Style) -> Self {
        if let Kind::Submit(button) = &mut self.kind {
            button.style = style;
        }
        self
    }

    fn does(mut self, does: Does) -> Self {
        if let Kind::Submit(button) = &mut self.kind {
            button.does = does;
        }
        self
    }
}
