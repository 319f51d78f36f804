//! What templates get as `element`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Attribute, Does, Element, Kind, Painter, Style, attributes};
use crate::subsystems::form::input::{again_path, format_path, picked_path, rows_path};
use crate::subsystems::form::kept::KeptView;
use crate::subsystems::theme::SafeHtml;

/// An element.
#[derive(Serialize)]
pub struct ElementView {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub name: String,
    pub path: String,
    pub id: String,
    pub label: String,
    pub label_hidden: bool,
    pub help: String,
    pub required: bool,
    pub disabled: bool,
    pub value: String,
    pub checked: bool,
    pub groups: Vec<GroupView>,
    pub errors: Vec<String>,
    pub attributes: Vec<Attribute>,
    /// What fields besides the main one are called.
    pub fields: Fields,
    pub rows: Vec<RowView>,
    pub can_add: bool,
    pub can_remove: bool,
    pub add_label: String,
    pub open: bool,
    /// The name of the button that shows a part anew.
    pub refresh: Option<String>,
    pub style: &'static str,
    pub checks: bool,
    pub href: String,
    pub most_bytes: u64,
    /// Files that were sent before and need not be chosen again.
    pub kept: Vec<KeptView>,
    pub meter: bool,
    /// The kinds of rows that it is for, as JSON: what it is called by kind. Empty for all.
    pub serves: String,
}

/// Fields besides the main one.
#[derive(Default, Serialize)]
pub struct Fields {
    pub rows: String,
    pub again: String,
    pub again_id: String,
    pub again_errors: Vec<String>,
    pub format: String,
    pub chosen_format: String,
    pub picked: String,
    pub picked_value: String,
    pub source: String,
}

/// Choices under a heading, or those without one.
#[derive(Serialize)]
pub struct GroupView {
    pub label: String,
    pub choices: Vec<ChoiceView>,
}

/// One choice.
#[derive(Serialize)]
pub struct ChoiceView {
    pub value: String,
    pub label: String,
    pub help: String,
    pub id: String,
    pub chosen: bool,
}

/// A row of a group.
#[derive(Serialize)]
pub struct RowView {
    pub index: usize,
    pub number: usize,
    pub path: String,
    pub children: SafeHtml,
}

impl ElementView {
    pub fn new(painter: &Painter<'_>, element: &Element, path: &str) -> Self {
        let secret = matches!(element.kind, Kind::Password { .. });
        let typed = painter.input.first(path).unwrap_or_default();
        let id = painter.id(path);
        let mut view = Self {
            kind: element.kind.name(),
            name: element.name.clone(),
            path: path.to_owned(),
            label: element.label.clone(),
            label_hidden: element.hides_label,
            help: element.help.clone(),
            required: element.required,
            disabled: element.disabled,
            value: if secret { String::new() } else { typed.to_owned() },
            checked: !matches!(typed, "" | "0"),
            groups: choices(painter, element, path, &id),
            errors: painter.errors.at(path).map(str::to_owned).collect(),
            attributes: Vec::new(),
            fields: fields(painter, element, path),
            rows: Vec::new(),
            can_add: false,
            can_remove: false,
            add_label: String::new(),
            open: false,
            refresh: element.refreshes.as_ref().map(|_| format!("refresh:{path}")),
            style: "",
            checks: true,
            href: String::new(),
            most_bytes: 0,
            kept: kept(painter, element, path),
            meter: false,
            serves: serves(element),
            id,
        };
        view.of_kind(painter, &element.kind);
        view.attributes = attributes(painter, element, path, &view.id, view.kept.is_empty());
        view
    }

    fn of_kind(&mut self, painter: &Painter<'_>, kind: &Kind) {
        match kind {
            Kind::Group(rules) => {
                let rows = painter.input.rows(&self.path, rules);
                self.can_add = rows < rules.most && !self.disabled;
                self.can_remove = rows > rules.least && !self.disabled;
                self.add_label.clone_from(&rules.add_label);
            }
            // What is wrong must not be hidden.
            Kind::Details { open } => self.open = *open || !painter.errors.is_empty(),
            Kind::Submit(button) => {
                self.checks = button.does == Does::Submit;
                self.style = match button.style {
                    Style::Primary => "primary",
                    Style::Quiet => "quiet",
                    Style::Danger => "danger",
                };
            }
            Kind::Link { href } => self.href.clone_from(href),
            Kind::File(rules) => self.most_bytes = rules.most_bytes,
            Kind::Password { meter, .. } => self.meter = *meter,
            _ => {}
        }
    }
}

fn serves(element: &Element) -> String {
    let kinds = &element.aid.serves;
    let kinds: BTreeMap<&str, &str> = kinds
        .iter()
        .map(|(kind, label)| (kind.as_str(), label.as_str()))
        .collect();
    if kinds.is_empty() {
        return String::new();
    }
    serde_json::to_string(&kinds).unwrap_or_default()
}

/// The files at a path, unless something is wrong with them.
fn kept(painter: &Painter<'_>, element: &Element, path: &str) -> Vec<KeptView> {
    let (Kind::File(_), Some(keeper)) = (&element.kind, &painter.keeper) else {
        return Vec::new();
    };
    if painter.errors.at(path).next().is_some() {
        return Vec::new();
    }
    let files = painter.input.files(path).iter();
    files.filter_map(|file| keeper.keep(file)).collect()
}

fn fields(painter: &Painter<'_>, element: &Element, path: &str) -> Fields {
    let mut fields = Fields::default();
    match &element.kind {
        Kind::Group(_) => fields.rows = rows_path(path),
        Kind::Password { confirm: true, .. } => {
            fields.again = again_path(path);
            fields.again_id = painter.id(&fields.again);
            fields.again_errors = painter.errors.at(&fields.again).map(str::to_owned).collect();
        }
        Kind::Rich => {
            fields.format = format_path(path);
            fields.chosen_format = painter.input.first(&fields.format).unwrap_or_default().to_owned();
        }
        Kind::Reference { source } => {
            fields.picked = picked_path(path);
            fields.picked_value = painter.input.first(&fields.picked).unwrap_or_default().to_owned();
            fields.source.clone_from(source);
        }
        _ => {}
    }
    fields
}

fn choices(painter: &Painter<'_>, element: &Element, path: &str, id: &str) -> Vec<GroupView> {
    let chosen: Vec<&str> = match element.kind {
        Kind::Rich => painter.input.first(&format_path(path)).into_iter().collect(),
        _ => painter.input.all(path).iter().map(String::as_str).collect(),
    };
    let mut groups: Vec<GroupView> = Vec::new();
    // Choosing nothing has to be possible where it is allowed, and nothing is chosen where nobody has.
    if matches!(element.kind, Kind::Select { multiple: false })
        && !element.choices.iter().any(|choice| choice.value.is_empty())
        && (!element.required || chosen.iter().all(|chosen| chosen.is_empty()))
    {
        let label = if element.required { "Please choose" } else { "None" };
        groups.push(GroupView {
            label: String::new(),
            choices: vec![ChoiceView {
                value: String::new(),
                label: label.to_owned(),
                help: String::new(),
                id: format!("{id}-none"),
                chosen: false,
            }],
        });
    }
    for (index, choice) in element.choices.iter().enumerate() {
        let view = ChoiceView {
            value: choice.value.clone(),
            label: choice.label.clone(),
            help: choice.help.clone(),
            // The first has the element's own, which links to what is wrong lead to.
            id: if index == 0 {
                id.to_owned()
            } else {
                format!("{id}-{index}")
            },
            chosen: chosen.contains(&choice.value.as_str()),
        };
        match groups.last_mut().filter(|group| group.label == choice.group) {
            Some(group) => group.choices.push(view),
            None => groups.push(GroupView {
                label: choice.group.clone(),
                choices: vec![view],
            }),
        }
    }
    groups
}
