//! Adding a field and changing one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::check::{FIELD_LIMIT, LABEL_LIMIT};
use super::fields::{orphaned, type_label};
use super::{Field, ItemType, answer, at, find, find_field, in_form, machine_name};
use crate::subsystems::form::{self, Choice, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::item::{self, LOG_LIMIT};
use crate::subsystems::item_type::{
    Allowed, Display, Error as Refusal, FieldType, FieldTypes, LabelPosition,
};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn add(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    answer(&session, Some(&of), &Add(of.clone()), submission).await
}

pub(super) async fn edit(
    State(site): State<Site>,
    session: Cx,
    path: Path<(String, String)>,
    submission: Submission,
) -> Result<Response, Error> {
    let (of, field) = find_field(&site, &path)?;
    let editing = Edit {
        of: of.clone(),
        field,
    };
    answer(&session, Some(&of), &editing, submission).await
}

struct Add(Arc<ItemType>);

impl Handler for Add {
    fn id(&self) -> &str {
        "content_type_field_add"
    }

    async fn build(&self, cx: &Session, _: &form::State) -> Result<Form, Error> {
        Ok(Form::new(format!("Add a field to {}", self.0.label))
            .with(Element::text("label", "Name").required().max_length(LABEL_LIMIT))
            .with(
                Element::text("name", "Machine name")
                    .max_length(FIELD_LIMIT)
                    .pattern(
                        "(field_)?[a-z][a-z0-9_]*",
                        "Lower-case letters, digits and underscores, a letter first.",
                    )
                    .help("Empty to make it of the name. It can't be changed later."),
            )
            .with(types(&cx.registry().noted().field_types))
            .with(
                Element::text("choices", "What can be chosen")
                    .help("Only for a choice from a list: the values, separated by commas."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("save", "Add the field"))
                    .with(Element::link("cancel", "Cancel", at(&self.0.name, "/fields"))),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let label = values.text("label").trim().to_owned();
        let bare = values
            .some_text("name")
            .map_or_else(|| machine_name(&label, FIELD_LIMIT - 6), str::to_owned);
        let name = format!("field_{}", bare.trim_start_matches("field_"));
        let chosen = values.text("type");
        let of_plugin = || {
            let declared = cx.registry().noted().field_types.get(chosen)?;
            Some(FieldType::Declared(Box::new(declared.of.clone())))
        };
        let Some(mut kind) = FieldType::by_name(chosen).or_else(of_plugin) else {
            return Ok(Outcome::invalid("type", "Choose a type."));
        };
        if let FieldType::Choice(choices) = &mut kind {
            *choices = list_of(values.text("choices").split(','));
        }
        let put = |of: &mut ItemType| {
            let weight = of.fields.iter().map(|field| field.weight).max().unwrap_or(0);
            let shown = |mode: &str| Display {
                mode: mode.to_owned(),
                label: LabelPosition::Above,
                weight: i32::try_from(of.fields.len()).unwrap_or(0),
                formatter: "default".to_owned(),
            };
            let field = Field {
                label: label.clone(),
                weight,
                display: vec![shown("full")],
                ..Field::new(name.as_str(), kind)
            };
            of.fields.push(field);
            Ok(())
        };
        match cx.services().item_types.change(cx, &self.0.name, put).await {
            Ok(()) => Ok(
                Outcome::redirect(at(&self.0.name, &format!("/fields/{name}"))).message(&format!(
                    "The field {label} is there. Here is what it has to keep to."
                )),
            ),
            Err(error) => in_form(error, |path| last(path).to_owned()),
        }
    }
}

/// What a field can hold: the built-in types, then those of plugins.
fn types(declared: &FieldTypes) -> Element {
    let built_in = FieldType::built_in().into_iter();
    let element = Element::select("type", "Type")
        .required()
        .choices(built_in.map(|(kind, label)| (kind.key(), label)));
    declared.all().fold(element, |element, one| {
        let group = format!("Plugin {}", one.of.plugin());
        element.choice_group(&group, [(one.of.name.as_str(), one.label.as_str())])
    })
}

/// The part of a field that a problem is about.
fn last(path: &str) -> &str {
    match path.rsplit('.').next().unwrap_or_default() {
        part @ ("name" | "label" | "choices" | "min" | "max" | "pattern" | "cardinality") => part,
        _ => "",
    }
}

fn list_of<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let values = values.map(str::trim).filter(|value| !value.is_empty());
    values.map(str::to_owned).collect()
}

struct Edit {
    of: Arc<ItemType>,
    field: Field,
}

impl Edit {
    fn general(&self) -> Vec<Element> {
        let field = &self.field;
        let mut elements = vec![
            Element::text("label", "Name")
                .required()
                .max_length(LABEL_LIMIT)
                .default(field.label.as_str()),
            Element::text("help", "Help")
                .max_length(LOG_LIMIT)
                .default(field.help.as_str())
                .help("A line below the field in forms."),
        ];
        if *field.base() != FieldType::Boolean {
            elements.push(Element::checkbox("required", "Required").default(field.required));
        }
        elements.push(
            Element::number("cardinality", "How many values")
                .required()
                .min(0.0)
                .max(1000.0)
                .default(i64::from(field.cardinality))
                .help("0 for any number."),
        );
        elements
    }

    /// What the type of the field has of its own.
    fn special(&self, cx: &Session) -> Vec<Element> {
        let (settings, kind) = (&self.field.settings, self.field.base());
        let bound = |name: &str, label: &str, value: &Option<String>| {
            Element::text(name, label).default(value.clone().unwrap_or_default())
        };
        let bounds = |least: &str, most: &str| {
            vec![
                bound("min", least, &settings.min),
                bound("max", most, &settings.max),
            ]
        };
        let pattern = || {
            vec![
                Element::text("pattern", "Pattern")
                    .max_length(LOG_LIMIT)
                    .default(settings.pattern.clone().unwrap_or_default())
                    .help("A regular expression for the whole text."),
                Element::text("pattern_help", "What the pattern means")
                    .default(settings.pattern_help.as_str()),
            ]
        };
        let allowed = |label: &str| {
            let lines = settings
                .allowed
                .iter()
                .map(|one| format!("{}|{}", one.value, one.label));
            Element::textarea("allowed", label)
                .default(lines.collect::<Vec<_>>().join("\n"))
                .help("One on each line: the value, or value|label.")
        };
        match kind {
            FieldType::Text(most) => {
                let fewest = bound("min", "Fewest characters", &settings.min);
                if self.field.is_declared() {
                    // The rest is for the plugin to say, which knows what the text means.
                    return std::iter::once(fewest).chain(pattern()).collect();
                }
                let mut elements = vec![
                    Element::number("length", "Most characters")
                        .required()
                        .min(1.0)
                        .max(10_000.0)
                        .default(i64::from(*most)),
                    fewest,
                ];
                elements.extend(pattern());
                elements.push(allowed("Values that are allowed"));
                elements.push(widgets(
                    &settings.widget,
                    &[("", "One line"), ("textarea", "Several lines")],
                ));
                elements
            }
            FieldType::LongText => {
                let formats = cx.services().formats.definitions().into_iter();
                let formats = formats.map(|format| Choice::from((format.name, format.label)));
                let mut elements = vec![
                    Element::checkboxes("formats", "Text formats")
                        .choices(formats)
                        .default(settings.formats.clone())
                        .help("None chosen: all that somebody may use."),
                ];
                elements.extend(bounds("Fewest characters", "Most characters"));
                elements
            }
            FieldType::Integer | FieldType::Decimal | FieldType::Floating => bounds("Least", "Most"),
            FieldType::Date | FieldType::DateRange | FieldType::Moment => {
                bounds("Earliest day", "Latest day")
            }
            FieldType::Email | FieldType::Url => pattern(),
            FieldType::Choice(choices) => {
                let lines = choices
                    .iter()
                    .map(|value| format!("{value}|{}", settings.label_of(value)));
                let lines = lines.collect::<Vec<_>>().join("\n");
                vec![
                    allowed("What can be chosen").required().default(lines),
                    widgets(&settings.widget, &[("", "A list"), ("radios", "Buttons")]),
                ]
            }
            FieldType::Reference(kind) if kind == "item" => {
                let types = cx.services().item_types.all();
                let types: Vec<Choice> = types
                    .iter()
                    .map(|of| Choice::from((of.name.as_str(), of.label.as_str())))
                    .collect();
                vec![
                    Element::checkboxes("targets", "Content types")
                        .choices(types)
                        .default(settings.targets.clone())
                        .help("None chosen: all."),
                ]
            }
            FieldType::File | FieldType::Image => vec![
                Element::text("media", "Media types")
                    .default(settings.media.join(", "))
                    .help("Such as image/png, application/pdf. Empty for any."),
                Element::number("most_mib", "Most MiB")
                    .min(1.0)
                    .max(10.0)
                    .default(settings.most_bytes.map_or(form::Value::Empty, |bytes| {
                        form::Value::Integer(i64::try_from(bytes >> 20).unwrap_or(0))
                    })),
            ],
            _ => Vec::new(),
        }
    }

    fn apply(&self, cx: &Session, values: &Values, field: &mut Field) {
        field.label = values.text("label").trim().to_owned();
        field.help = values.text("help").trim().to_owned();
        field.required = values.flag("required");
        field.cardinality = values
            .integer("cardinality")
            .and_then(|most| u32::try_from(most).ok())
            .unwrap_or(1);
        let optional = |name: &str| {
            values
                .some_text(name)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let settings = &mut field.settings;
        settings.min = optional("min");
        settings.max = optional("max");
        settings.pattern = optional("pattern");
        settings.pattern_help = optional("pattern_help").unwrap_or_default();
        settings.widget = values.text("widget").to_owned();
        settings.formats = values.list("formats").to_vec();
        settings.targets = values.list("targets").to_vec();
        settings.media = list_of(values.text("media").split(','));
        settings.most_bytes = values
            .integer("most_mib")
            .and_then(|most| u64::try_from(most).ok())
            .map(|most| most << 20);
        settings.allowed = values.text("allowed").lines().filter_map(allowed).collect();
        match &mut field.field_type {
            FieldType::Text(most) => {
                *most = values
                    .integer("length")
                    .and_then(|length| u32::try_from(length).ok())
                    .unwrap_or(*most);
            }
            FieldType::Choice(choices) => {
                *choices = settings.allowed.iter().map(|one| one.value.clone()).collect();
                settings.allowed.retain(|one| one.value != one.label);
            }
            _ => {}
        }
        if item::has_default(&field.field_type) {
            field.default_values = item::read_default(cx, field, values);
        }
    }
}

/// A line `value|label`, or a value alone.
fn allowed(line: &str) -> Option<Allowed> {
    let (value, label) = line.split_once('|').unwrap_or((line, line));
    let (value, label) = (value.trim(), label.trim());
    let label = if label.is_empty() { value } else { label };
    (!value.is_empty()).then(|| Allowed {
        value: value.to_owned(),
        label: label.to_owned(),
    })
}

fn widgets(chosen: &str, widgets: &[(&str, &str)]) -> Element {
    Element::radios("widget", "Asked for as")
        .choices(widgets.iter().copied())
        .default(chosen)
}

impl Handler for Edit {
    fn id(&self) -> &str {
        "content_type_field"
    }

    async fn build(&self, cx: &Session, _: &form::State) -> Result<Form, Error> {
        let title = format!("{} of {}", self.field.label, self.of.label);
        let registry = cx.registry();
        let declared = &registry.noted().field_types;
        let note = format!(
            "{}, {}",
            type_label(&self.field.field_type, declared),
            self.field.name
        );
        let mut form = Form::new(title).with(Element::note("what", note));
        let orphaned = orphaned(&self.field, declared).map(|words| format!("The {words}."));
        let help = declared
            .behind(&self.field.field_type)
            .map(|one| one.help.clone());
        if let Some(words) = orphaned.or(help).filter(|words| !words.is_empty()) {
            form = form.with(Element::note("about", words));
        }
        for element in self.general().into_iter().chain(self.special(cx)) {
            form = form.with(element);
        }
        if item::has_default(&self.field.field_type) {
            form = form.with(
                Element::details("defaults", "What new items begin with")
                    .with(item::default_element(cx, &self.field)),
            );
        }
        Ok(form.with(
            Element::actions()
                .with(Element::submit("save", "Save"))
                .with(Element::link(
                    "remove",
                    "Remove the field",
                    at(&self.of.name, &format!("/fields/{}/delete", self.field.name)),
                ))
                .with(Element::link("cancel", "Cancel", at(&self.of.name, "/fields"))),
        ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let change = |of: &mut ItemType| {
            let known = of.fields.iter_mut().find(|known| known.name == self.field.name);
            self.apply(cx, &values, known.ok_or(Refusal::NotFound)?);
            Ok(())
        };
        match cx.services().item_types.change(cx, &self.of.name, change).await {
            Ok(()) => Ok(Outcome::redirect(at(&self.of.name, "/fields"))
                .message(&format!("The field {} is saved.", values.text("label").trim()))),
            Err(error) => in_form(error, |path| match last(path) {
                "choices" => "allowed".to_owned(),
                part => part.to_owned(),
            }),
        }
    }
}
