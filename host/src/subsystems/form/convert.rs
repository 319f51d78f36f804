//! Forms as plugins see them, and what plugins make of them as the host's.

use std::collections::BTreeMap;

use super::input::Input;
use super::model::{Button, Choice, Does, Element, FileRules, Form, GroupRules, Kind, Rules, Style};
use super::{Value, Values};
use crate::subsystems::theme::{Embeds, Limits, SafeHtml, Themes, sanitise};
use crate::subsystems::tree;
use crate::wit::forms::{self as wit, ButtonEffect, ButtonStyle, ElementKind};
use crate::wit::render;
use crate::wit::types::{FieldValue, FormattedText, OtherValue};

/// The form as a plugin sees it: its elements in a list, each before those in it, in the order of [`Form::all`].
pub fn to_wit(id: &str, step: &str, form: &Form) -> wit::Form {
    let mut elements = Vec::new();
    flatten(form, &form.elements, None, &mut elements);
    wit::Form {
        id: id.to_owned(),
        title: form.title.clone(),
        step: step.to_owned(),
        elements,
    }
}

fn flatten(form: &Form, list: &[Element], parent: Option<u32>, out: &mut Vec<wit::Element>) {
    for element in list {
        let index = u32::try_from(out.len()).unwrap_or(u32::MAX);
        out.push(element_to_wit(form, element, parent));
        flatten(form, &element.children, Some(index), out);
    }
}

fn element_to_wit(form: &Form, element: &Element, parent: Option<u32>) -> wit::Element {
    let rules = &element.rules;
    let count = |number: Option<usize>| number.map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    wit::Element {
        parent,
        name: element.name.clone(),
        kind: kind_to_wit(&element.kind),
        label: element.label.clone(),
        label_hidden: element.hides_label,
        help: element.help.clone(),
        required: element.required,
        disabled: element.disabled,
        weight: element.weight,
        initial: if is_secret(form, element) {
            Vec::new()
        } else {
            values_to_wit(&element.default)
        },
        rules: wit::Rules {
            min_length: count(rules.min_length),
            max_length: count(rules.max_length),
            pattern: rules.pattern.clone(),
            pattern_help: rules.pattern_help.clone(),
            min: rules.min,
            max: rules.max,
            since: rules.from.clone(),
            until: rules.until.clone(),
        },
        choices: element
            .choices
            .iter()
            .map(|choice| wit::Choice {
                value: choice.value.clone(),
                label: choice.label.clone(),
                group: choice.group.clone(),
            })
            .collect(),
        autocomplete: element.autocomplete.clone(),
        input_mode: element.input_mode.clone(),
        placeholder: element.placeholder.clone(),
        refreshes: element.refreshes.clone(),
    }
}

fn kind_to_wit(kind: &Kind) -> ElementKind {
    match kind {
        Kind::Text => ElementKind::Text,
        Kind::Textarea => ElementKind::Textarea,
        Kind::Rich => ElementKind::RichText,
        Kind::Number { decimals: false } => ElementKind::Number,
        Kind::Number { decimals: true } => ElementKind::Decimal,
        Kind::Date { time: false } => ElementKind::Date,
        Kind::Date { time: true } => ElementKind::Datetime,
        Kind::Email => ElementKind::Email,
        Kind::Url => ElementKind::Url,
        Kind::Telephone => ElementKind::Telephone,
        Kind::Search => ElementKind::Search,
        Kind::Select { multiple: false } => ElementKind::Select,
        Kind::Select { multiple: true } => ElementKind::SelectMany,
        Kind::Checkbox => ElementKind::Checkbox,
        Kind::Checkboxes => ElementKind::Checkboxes,
        Kind::Radios => ElementKind::Radios,
        Kind::Hidden => ElementKind::Hidden,
        Kind::Password { .. } => ElementKind::Password,
        Kind::File(rules) => ElementKind::File(wit::FileRules {
            accept: rules.accept.clone(),
            most_bytes: rules.most_bytes,
            most_files: u32::try_from(rules.most_files).unwrap_or(u32::MAX),
        }),
        Kind::Reference { source } => ElementKind::Reference(source.clone()),
        Kind::Group(rules) => ElementKind::Group(wit::GroupRules {
            least: u32::try_from(rules.least).unwrap_or(u32::MAX),
            most: u32::try_from(rules.most).unwrap_or(u32::MAX),
            add_label: rules.add_label.clone(),
        }),
        Kind::Fieldset => ElementKind::Fieldset,
        Kind::Details { open } => ElementKind::Details(*open),
        Kind::Tabs => ElementKind::Tabs,
        Kind::Actions => ElementKind::Actions,
        Kind::Markup(_) => ElementKind::Markup(render::Tree {
            nodes: Vec::new(),
            cache_tags: Vec::new(),
            max_age: None,
        }),
        Kind::Submit(button) => ElementKind::Submit(wit::Button {
            style: match button.style {
                Style::Primary => ButtonStyle::Primary,
                Style::Quiet => ButtonStyle::Quiet,
                Style::Danger => ButtonStyle::Danger,
            },
            effect: match button.does {
                Does::Submit => ButtonEffect::Submit,
                Does::SubmitUnchecked => ButtonEffect::SubmitUnchecked,
                Does::Back => ButtonEffect::Back,
            },
        }),
        Kind::Link { href } => ElementKind::Link(href.clone()),
    }
}

/// Whether a plugin must not see what is in it: passwords, and what the site's own forms hide.
fn is_secret(form: &Form, element: &Element) -> bool {
    match element.kind {
        Kind::Password { .. } => true,
        Kind::Hidden => !form.is_plugins && element.owner.is_none(),
        _ => false,
    }
}

/// The answers as a plugin sees them.
pub fn answers_to_wit(form: &Form, values: &Values) -> Vec<wit::Answer> {
    let mut answers = Vec::new();
    collect(form, values, "", &mut answers);
    answers
}

fn collect(form: &Form, values: &Values, prefix: &str, out: &mut Vec<wit::Answer>) {
    for (name, value) in values.iter() {
        // What the form no longer has is an answer to an earlier step, which was filtered when it was kept.
        if form.find(name).is_some_and(|element| is_secret(form, element)) {
            continue;
        }
        let path = format!("{prefix}{name}");
        if let Value::Rows(rows) = value {
            for (index, row) in rows.iter().enumerate() {
                collect(form, row, &format!("{path}.{index}."), out);
            }
        } else {
            out.push(wit::Answer {
                path,
                values: values_to_wit(value),
            });
        }
    }
}

/// What is typed, unchecked, as texts.
pub fn typed_to_wit(input: &Input) -> Vec<wit::Answer> {
    let answer = |(path, texts): (&str, &[String])| wit::Answer {
        path: path.to_owned(),
        values: texts.iter().cloned().map(FieldValue::Text).collect(),
    };
    input
        .texts()
        .filter(|(path, _)| !super::soundness::RESERVED.contains(path))
        .map(answer)
        .collect()
}

fn values_to_wit(value: &Value) -> Vec<FieldValue> {
    match value {
        Value::Empty | Value::Rows(_) => Vec::new(),
        Value::Flag(flag) => vec![FieldValue::Boolean(*flag)],
        Value::Integer(number) => vec![FieldValue::Integer(*number)],
        Value::Decimal(number) => vec![FieldValue::Decimal(number.clone())],
        Value::Text(text) => vec![FieldValue::Text(text.clone())],
        Value::Formatted { text, format } => vec![FieldValue::Formatted(FormattedText {
            value: text.clone(),
            format: format.clone(),
        })],
        Value::List(list) => list.iter().cloned().map(FieldValue::Text).collect(),
        Value::Files(files) => files
            .iter()
            .map(|file| {
                FieldValue::Other(OtherValue {
                    kind: "upload".to_owned(),
                    json: serde_json::json!({ "name": file.name, "size": file.size }).to_string(),
                })
            })
            .collect(),
    }
}

/// Makes elements of what plugins say.
pub struct Reading<'a> {
    pub themes: &'a Themes,
    pub theme: &'a str,
    pub plugin: &'a str,
}

impl Reading<'_> {
    /// A form that a plugin has built.
    ///
    /// # Errors
    /// What makes no sense.
    pub fn form(&self, built: wit::Form) -> Result<Form, String> {
        let mut form = Form::new(built.title);
        form.is_plugins = true;
        let mut waiting = BTreeMap::<usize, Vec<Element>>::new();
        for (index, element) in built.elements.into_iter().enumerate().rev() {
            let parent = element.parent.map(|parent| parent as usize);
            if parent.is_some_and(|parent| parent >= index) {
                return Err(format!(
                    "the element '{}' comes before the one that it stands in",
                    element.name
                ));
            }
            let mut made = self.element(element)?;
            made.children = waiting.remove(&index).unwrap_or_default();
            made.children.reverse();
            match parent {
                Some(parent) => waiting.entry(parent).or_default().push(made),
                None => form.elements.push(made),
            }
        }
        form.elements.reverse();
        Ok(form)
    }

    /// An element.
    ///
    /// # Errors
    /// What makes no sense.
    pub fn element(&self, element: wit::Element) -> Result<Element, String> {
        let kind = self.kind(&element)?;
        let default = value_of(&kind, element.initial);
        let rules = element.rules;
        let mut made = Element::text(element.name, element.label)
            .help(element.help)
            .weight(element.weight)
            .default(default)
            .placeholder(element.placeholder)
            .autocomplete(element.autocomplete)
            .input_mode(element.input_mode)
            .choices(element.choices.into_iter().map(|choice| Choice {
                value: choice.value,
                label: choice.label,
                help: String::new(),
                group: choice.group,
            }));
        made.hides_label = element.label_hidden;
        made.required = element.required;
        made.disabled = element.disabled;
        made.refreshes = element.refreshes;
        let most = super::build::most_length(&kind);
        let count = |number: u32| number as usize;
        made.rules = Rules {
            min_length: rules.min_length.map(count),
            max_length: rules.max_length.map(count).into_iter().chain(most).min(),
            pattern: rules.pattern,
            pattern_help: rules.pattern_help,
            min: rules.min,
            max: rules.max,
            from: rules.since,
            until: rules.until,
        };
        made.kind = kind;
        Ok(made)
    }

    fn kind(&self, element: &wit::Element) -> Result<Kind, String> {
        Ok(match &element.kind {
            ElementKind::Text => Kind::Text,
            ElementKind::Textarea => Kind::Textarea,
            ElementKind::RichText => Kind::Rich,
            ElementKind::Number => Kind::Number { decimals: false },
            ElementKind::Decimal => Kind::Number { decimals: true },
            ElementKind::Date => Kind::Date { time: false },
            ElementKind::Datetime => Kind::Date { time: true },
            ElementKind::Email => Kind::Email,
            ElementKind::Url => Kind::Url,
            ElementKind::Telephone => Kind::Telephone,
            ElementKind::Search => Kind::Search,
            ElementKind::Select => Kind::Select { multiple: false },
            ElementKind::SelectMany => Kind::Select { multiple: true },
            ElementKind::Checkbox => Kind::Checkbox,
            ElementKind::Checkboxes => Kind::Checkboxes,
            ElementKind::Radios => Kind::Radios,
            ElementKind::Hidden => Kind::Hidden,
            ElementKind::Password => Kind::Password {
                confirm: false,
                meter: false,
            },
            ElementKind::File(rules) => Kind::File(FileRules {
                accept: rules.accept.clone(),
                most_bytes: rules.most_bytes.min(super::build::FILE),
                most_files: (rules.most_files as usize).clamp(1, 20),
            }),
            ElementKind::Reference(source) => Kind::Reference {
                source: source.clone(),
            },
            ElementKind::Group(rules) => Kind::Group(GroupRules {
                least: (rules.least as usize).min(100),
                most: (rules.most as usize).clamp(rules.least.max(1) as usize, 100.max(rules.least as usize)),
                add_label: rules.add_label.clone(),
            }),
            ElementKind::Fieldset => Kind::Fieldset,
            ElementKind::Details(open) => Kind::Details { open: *open },
            ElementKind::Tabs => Kind::Tabs,
            ElementKind::Actions => Kind::Actions,
            ElementKind::Markup(tree) => Kind::Markup(self.markup(tree)?),
            ElementKind::Submit(button) => Kind::Submit(Button {
                style: match button.style {
                    ButtonStyle::Primary => Style::Primary,
                    ButtonStyle::Quiet => Style::Quiet,
                    ButtonStyle::Danger => Style::Danger,
                },
                does: match button.effect {
                    ButtonEffect::Submit => Does::Submit,
                    ButtonEffect::SubmitUnchecked => Does::SubmitUnchecked,
                    ButtonEffect::Back => Does::Back,
                },
            }),
            ElementKind::Link(path) if path.starts_with('/') && !path.starts_with("//") => {
                Kind::Link { href: path.clone() }
            }
            ElementKind::Link(path) => return Err(format!("'{path}' is no path of this site")),
            ElementKind::Other(kind) => return Err(format!("there is no kind of element '{kind}'")),
        })
    }

    /// Items that it embeds are left out: a form is no place for them.
    fn markup(&self, built: &render::Tree) -> Result<SafeHtml, String> {
        let tree = tree::tree_from(built.clone(), self.plugin);
        let safe = sanitise(tree, &Limits::default()).map_err(|error| error.to_string())?;
        Ok(self.themes.render_tree(self.theme, &safe, &Embeds::default()))
    }
}

fn value_of(kind: &Kind, initial: Vec<FieldValue>) -> Value {
    if matches!(kind, Kind::Checkboxes | Kind::Select { multiple: true }) {
        return Value::List(initial.into_iter().filter_map(text_of).collect());
    }
    match initial.into_iter().next() {
        None | Some(FieldValue::Null) => Value::Empty,
        Some(FieldValue::Boolean(flag)) => Value::Flag(flag),
        Some(FieldValue::Integer(number)) => Value::Integer(number),
        Some(FieldValue::Decimal(number)) => Value::Decimal(number),
        Some(FieldValue::Floating(number)) => Value::Decimal(number.to_string()),
        Some(FieldValue::Formatted(text)) => Value::Formatted {
            text: text.value,
            format: text.format,
        },
        Some(other) => text_of(other).map_or(Value::Empty, Value::Text),
    }
}

fn text_of(value: FieldValue) -> Option<String> {
    match value {
        FieldValue::Text(text) | FieldValue::Json(text) | FieldValue::Decimal(text) => Some(text),
        FieldValue::Reference(reference) => Some(reference.target),
        _ => None,
    }
}
