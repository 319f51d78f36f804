//! The elements of a form.

use crate::tree::Tree;
use crate::value::FieldValue;
use crate::wit::forms::{Button, ButtonEffect, ButtonStyle, Choice, Element, ElementKind, GroupRules, Rules};

/// An element in the making.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an element does nothing until it is put into a form"]
pub struct Field {
    element: Element,
    children: Vec<Field>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident => $kind:expr;)*) => {
        $($(#[$doc])*
        pub fn $name(name: impl Into<String>, label: impl Into<String>) -> Field {
            Field::new(name.into(), label.into(), $kind)
        })*
    };
}

kinds! {
    /// A line of text.
    text => ElementKind::Text;
    /// Several lines of text.
    textarea => ElementKind::Textarea;
    /// Several lines in one of the text formats that are its choices.
    rich_text => ElementKind::RichText;
    /// A whole number.
    number => ElementKind::Number;
    /// A number that may have decimals.
    decimal => ElementKind::Decimal;
    /// A day.
    date => ElementKind::Date;
    /// A day with a time.
    datetime => ElementKind::Datetime;
    /// An e-mail address.
    email => ElementKind::Email;
    /// A web address, or a path of this site.
    url => ElementKind::Url;
    /// A telephone number.
    telephone => ElementKind::Telephone;
    /// What to search for.
    search => ElementKind::Search;
    /// One of the choices, from a list.
    select => ElementKind::Select;
    /// Several of the choices, from a list.
    select_many => ElementKind::SelectMany;
    /// Yes or no.
    checkbox => ElementKind::Checkbox;
    /// Any of the choices.
    checkboxes => ElementKind::Checkboxes;
    /// One of the choices.
    radios => ElementKind::Radios;
    /// Elements that belong together.
    fieldset => ElementKind::Fieldset;
    /// Elements that can be folded away, and are at first.
    details => ElementKind::Details(false);
    /// The elements in it, shown one at a time.
    tabs => ElementKind::Tabs;
    /// Rows of the elements in it.
    group => ElementKind::Group(GroupRules { least: 1, most: 50, add_label: "Add another".into() });
    /// A button that sends the form.
    submit => ElementKind::Submit(Button { style: ButtonStyle::Primary, effect: ButtonEffect::Submit });
}

/// The buttons of a form.
pub fn actions() -> Field {
    Field::new("actions".into(), String::new(), ElementKind::Actions)
}

/// Sent along unseen. Whoever sends the form can change it.
pub fn hidden(name: impl Into<String>, value: impl Into<FieldValue>) -> Field {
    Field::new(name.into(), String::new(), ElementKind::Hidden).initial(value)
}

/// A record, found by its name: `item`, `item:{type}` or `user`.
pub fn reference(name: impl Into<String>, label: impl Into<String>, source: impl Into<String>) -> Field {
    Field::new(name.into(), label.into(), ElementKind::Reference(source.into()))
}

/// Something to read.
pub fn markup(name: impl Into<String>, tree: impl Into<Tree>) -> Field {
    let tree: Tree = tree.into();
    Field::new(name.into(), String::new(), ElementKind::Markup(tree.into()))
}

/// The element alone, without what is in it.
impl From<Field> for Element {
    fn from(field: Field) -> Self {
        field.element
    }
}

impl Field {
    fn new(name: String, label: String, kind: ElementKind) -> Self {
        let element = Element {
            parent: None,
            name,
            kind,
            label,
            label_hidden: false,
            help: String::new(),
            required: false,
            disabled: false,
            weight: 0,
            initial: Vec::new(),
            rules: Rules {
                min_length: None,
                max_length: None,
                pattern: None,
                pattern_help: String::new(),
                min: None,
                max: None,
                since: None,
                until: None,
            },
            choices: Vec::new(),
            autocomplete: String::new(),
            input_mode: String::new(),
            placeholder: String::new(),
            refreshes: None,
        };
        Self {
            element,
            children: Vec::new(),
        }
    }

    /// Puts an element into it.
    pub fn with(mut self, field: Field) -> Self {
        self.children.push(field);
        self
    }

    /// Must be answered.
    pub fn required(mut self) -> Self {
        self.element.required = true;
        self
    }

    /// Can't be changed.
    pub fn disabled(mut self) -> Self {
        self.element.disabled = true;
        self
    }

    /// The label is only for those who don't see the page.
    pub fn hide_label(mut self) -> Self {
        self.element.label_hidden = true;
        self
    }

    /// Words that help to answer it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.element.help = help.into();
        self
    }

    /// An example of an answer.
    pub fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.element.placeholder = example.into();
        self
    }

    /// Its value at first.
    pub fn initial(mut self, value: impl Into<FieldValue>) -> Self {
        self.element.initial.push(value.into());
        self
    }

    /// Lower comes first among siblings.
    pub fn weight(mut self, weight: i32) -> Self {
        self.element.weight = weight;
        self
    }

    /// What can be chosen: pairs of what is sent and what people see.
    pub fn choices<V: Into<String>, L: Into<String>>(
        mut self,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        self.element
            .choices
            .extend(choices.into_iter().map(|(value, label)| Choice {
                value: value.into(),
                label: label.into(),
                group: String::new(),
            }));
        self
    }

    /// At least so many characters.
    pub fn min_length(mut self, characters: u32) -> Self {
        self.element.rules.min_length = Some(characters);
        self
    }

    /// At most so many characters.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.element.rules.max_length = Some(characters);
        self
    }

    /// A number of at least this.
    pub fn min(mut self, least: f64) -> Self {
        self.element.rules.min = Some(least);
        self
    }

    /// A number of at most this.
    pub fn max(mut self, most: f64) -> Self {
        self.element.rules.max = Some(most);
        self
    }

    /// The whole text keeps to a regular expression; `help` says what that means.
    pub fn pattern(mut self, pattern: impl Into<String>, help: impl Into<String>) -> Self {
        self.element.rules.pattern = Some(pattern.into());
        self.element.rules.pattern_help = help.into();
        self
    }

    /// What browsers may fill in.
    pub fn autocomplete(mut self, tokens: impl Into<String>) -> Self {
        self.element.autocomplete = tokens.into();
        self
    }

    /// When it is changed, the part of this name is shown anew.
    pub fn refreshes(mut self, part: impl Into<String>) -> Self {
        self.element.refreshes = Some(part.into());
        self
    }

    /// A group of so many rows.
    pub fn rows(mut self, fewest: u32, greatest: u32) -> Self {
        if let ElementKind::Group(rules) = &mut self.element.kind {
            rules.least = fewest;
            rules.most = greatest;
        }
        self
    }

    /// A button for something that can't be undone.
    pub fn danger(self) -> Self {
        self.button(|button| button.style = ButtonStyle::Danger)
    }

    /// A button for something else that can be done.
    pub fn quiet(self) -> Self {
        self.button(|button| button.style = ButtonStyle::Quiet)
    }

    /// A button that hands the form over unchecked.
    pub fn unchecked(self) -> Self {
        self.button(|button| button.effect = ButtonEffect::SubmitUnchecked)
    }

    /// A button that shows the step before.
    pub fn back(self) -> Self {
        self.quiet().button(|button| button.effect = ButtonEffect::Back)
    }

    fn button(mut self, change: impl FnOnce(&mut Button)) -> Self {
        if let ElementKind::Submit(button) = &mut self.element.kind {
            change(button);
        }
        self
    }

    /// Puts it, and what is in it, at the end of a list.
    pub(super) fn flatten(mut self, parent: Option<u32>, out: &mut Vec<Element>) {
        let index = out.len() as u32;
        self.element.parent = parent;
        out.push(self.element);
        for child in self.children {
            child.flatten(Some(index), out);
        }
    }
}
