//! How the values of a field are asked for. A field of several values, or of one that has parts, is a group of rows.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::moment::Zone;
use super::{blocks, fit};
use crate::subsystems::file::File;
use crate::subsystems::form::{Choice, Element, Value as Answer, Values};
use crate::subsystems::item::Value;
use crate::subsystems::item_type::{Field, FieldType};

/// The parts of rows.
pub(super) const VALUE: &str = "val";
/// The first day.
pub(super) const FROM: &str = "from";
/// The last day.
pub(super) const TO: &str = "to";
/// A file that the item has.
pub(super) const TARGET: &str = "pick";
/// A file that comes along.
pub(super) const UPLOAD: &str = "file";
/// What a picture shows.
pub(super) const ALT: &str = "alt";

/// Rows that a group of any number may have.
const ROWS: usize = 100;
/// Bytes of a file, where its field says nothing.
const FILE: u64 = crate::subsystems::file::SIZE_LIMIT;

/// What widgets are made with.
pub(super) struct Context {
    /// The text formats that whoever asks may write in.
    pub formats: Vec<Choice>,
    /// The files that the item has already.
    pub files: BTreeMap<Uuid, File>,
    /// What plugins ask by for one value of their field types, by the fields' names.
    pub widgets: BTreeMap<String, Element>,
    /// The time zone of whoever asks.
    pub zone: Zone,
}

/// Whether a field is asked for by rows.
pub(super) fn is_grouped(field: &Field) -> bool {
    match field.base() {
        FieldType::Choice(_) => false,
        kind => field.cardinality != 1 || kind.is_composite() || *kind == FieldType::File,
    }
}

/// What the element of a part of a field's rows is called: names are unique in a form, and so is a field's.
pub(super) fn part(field: &Field, part: &str) -> String {
    format!("{part}_{}", field.name.trim_start_matches("field_"))
}

/// The element of a field, with its values.
pub(super) fn element(field: &Field, values: &[Value], context: &Context) -> Element {
    if field.field_type == FieldType::Blocks {
        return blocks::element(field, values.first(), context);
    }
    if !is_grouped(field) {
        return single(field, values, context);
    }
    let rows: Vec<Values> = values.iter().map(|value| row(field, value, context)).collect();
    let most = match field.cardinality {
        0 => ROWS.max(rows.len() + 1),
        most => most as usize,
    };
    let mut group = Element::group(&field.name, &field.label)
        .rows(1, most)
        .add_label(format!("Add another: {}", field.label))
        .help(help(field, context))
        .default(rows);
    group.required = field.required;
    for child in children(field, context) {
        group = group.with(child);
    }
    group
}

/// What a row of a group asks for.
fn children(field: &Field, context: &Context) -> Vec<Element> {
    match &field.field_type {
        FieldType::DateRange => vec![
            bounded(Element::date(part(field, FROM), "From"), field),
            bounded(Element::date(part(field, TO), "To"), field),
        ],
        FieldType::File => file(field, context, "File", "*/*"),
        FieldType::Image => {
            let mut parts = file(field, context, "Image", "image/*");
            parts.push(
                Element::text(part(field, ALT), "What it shows")
                    .max_length(500)
                    .help("For those who don't see it. Empty where it only decorates."),
            );
            parts
        }
        _ => vec![
            Element {
                required: false,
                ..one(&part(field, VALUE), &field.label, field, context)
            }
            .hide_label(),
        ],
    }
}

fn file(field: &Field, context: &Context, label: &str, any: &str) -> Vec<Element> {
    let known = context
        .files
        .values()
        .map(|file| (file.id.to_string(), file.name.clone()));
    let accept = match field.settings.media.as_slice() {
        [] if any == "*/*" => Vec::new(),
        [] => vec![any.to_owned()],
        media => media.to_vec(),
    };
    let mut parts = Vec::new();
    if !context.files.is_empty() {
        parts.push(Element::select(part(field, TARGET), label).choices(known));
    }
    let upload = Element::file(
        part(field, UPLOAD),
        if parts.is_empty() {
            label.to_owned()
        } else {
            "Another file".to_owned()
        },
    )
    .accept(accept)
    .max_bytes(field.settings.most_bytes.unwrap_or(FILE).min(FILE));
    parts.push(upload);
    parts
}

fn single(field: &Field, values: &[Value], context: &Context) -> Element {
    let mut element = one(&field.name, &field.label, field, context).help(help(field, context));
    element.required = field.required && *field.base() != FieldType::Boolean;
    element.default = match &field.field_type {
        FieldType::Choice(_) if field.cardinality != 1 => {
            let chosen = values.iter().filter_map(Value::as_text).map(str::to_owned);
            chosen.collect::<Vec<String>>().into()
        }
        _ => values
            .first()
            .map(|value| answer(value, field, context))
            .unwrap_or_default(),
    };
    lock_format(element, context)
}

/// A text in a format that whoever asks may not write in is shown and stays as it is.
fn lock_format(element: Element, context: &Context) -> Element {
    match &element.default {
        Answer::Formatted { format, .. } if context.formats.iter().all(|known| known.value != *format) => {
            let help = format!(
                "It is written in the text format {format}, which you may not use, so it stays as it is."
            );
            element.help(help).disabled()
        }
        _ => element,
    }
}

/// The help of a field: the site's, else that of the plugin which declares its type.
fn help<'a>(field: &'a Field, context: &'a Context) -> &'a str {
    match context.widgets.get(&field.name) {
        Some(widget) if field.help.is_empty() => &widget.help,
        _ => &field.help,
    }
}

/// The element of one value.
fn one(name: &str, label: &str, field: &Field, context: &Context) -> Element {
    if let Some(widget) = context.widgets.get(&field.name) {
        return Element {
            name: name.to_owned(),
            label: label.to_owned(),
            help: String::new(),
            default: Answer::Empty,
            ..widget.clone()
        };
    }
    let settings = &field.settings;
    let most = settings
        .max
        .as_deref()
        .and_then(|most| most.parse::<usize>().ok());
    match field.base() {
        FieldType::Text(characters) => {
            let characters = most.map_or(*characters as usize, |most| most.min(*characters as usize));
            if !settings.allowed.is_empty() {
                return Element::select(name, label)
                    .choices(labelled(field, settings.allowed.iter().map(|one| &one.value)));
            }
            let element = match settings.widget.as_str() {
                "textarea" => Element::textarea(name, label),
                _ => Element::text(name, label),
            };
            element.max_length(characters)
        }
        FieldType::LongText => {
            let usable =
                |choice: &&Choice| settings.formats.is_empty() || settings.formats.contains(&choice.value);
            let element = Element::rich_text(name, label).max_length(most.unwrap_or(1 << 20));
            element.choices(context.formats.iter().filter(usable).cloned())
        }
        FieldType::Integer => bounded_number(Element::number(name, label), field),
        FieldType::Decimal | FieldType::Floating => bounded_number(Element::decimal(name, label), field),
        FieldType::Boolean => Element::checkbox(name, label),
        FieldType::Moment => Element::datetime(name, label).help(context.zone.in_words()),
        FieldType::Date => bounded(Element::date(name, label), field),
        FieldType::Email => Element::email(name, label),
        FieldType::Url => Element::url(name, label),
        FieldType::Choice(values) if field.cardinality != 1 => {
            Element::checkboxes(name, label).choices(labelled(field, values.iter()))
        }
        FieldType::Choice(values) if settings.widget == "radios" => {
            Element::radios(name, label).choices(labelled(field, values.iter()))
        }
        FieldType::Choice(values) => Element::select(name, label).choices(labelled(field, values.iter())),
        FieldType::Reference(kind) => Element::reference(name, label, source(kind, field)),
        FieldType::Json | FieldType::Declared(_) | FieldType::Other(_) => Element::textarea(name, label)
            .max_length(2 << 20)
            .help("JSON (RFC 8259)."),
        // These are asked for by rows.
        FieldType::DateRange | FieldType::File | FieldType::Image | FieldType::Blocks => {
            Element::text(name, label)
        }
    }
}

fn labelled<'a>(field: &'a Field, values: impl Iterator<Item = &'a String>) -> Vec<Choice> {
    values
        .map(|value| Choice::from((value.as_str(), field.settings.label_of(value))))
        .collect()
}

/// Where records are looked for.
fn source(kind: &str, field: &Field) -> String {
    match field.settings.targets.as_slice() {
        [only] => format!("{kind}:{only}"),
        _ => kind.to_owned(),
    }
}

fn bounded(element: Element, field: &Field) -> Element {
    let element = match &field.settings.min {
        Some(day) => element.from(day),
        None => element,
    };
    match &field.settings.max {
        Some(day) => element.until(day),
        None => element,
    }
}

fn bounded_number(element: Element, field: &Field) -> Element {
    let number = |bound: &Option<String>| bound.as_deref().and_then(|bound| bound.parse::<f64>().ok());
    let element = match number(&field.settings.min) {
        Some(least) => element.min(least),
        None => element,
    };
    match number(&field.settings.max) {
        Some(most) => element.max(most),
        None => element,
    }
}

/// A value as the answer that gives it.
pub(super) fn answer(value: &Value, field: &Field, context: &Context) -> Answer {
    let answer = answer_of_base(value, field, context);
    match context.widgets.get(&field.name) {
        Some(widget) => fit::answer_for(&widget.kind, answer),
        None => answer,
    }
}

fn answer_of_base(value: &Value, field: &Field, context: &Context) -> Answer {
    match value {
        Value::Boolean(flag) => Answer::Flag(*flag),
        Value::Integer(number) => Answer::Integer(*number),
        Value::Decimal(number) => Answer::Decimal(number.clone()),
        Value::Floating(number) => Answer::Decimal(number.to_string()),
        Value::Text(text) if field.field_type == FieldType::LongText => Answer::Formatted {
            text: text.clone(),
            format: crate::subsystems::format::PLAIN.to_owned(),
        },
        Value::Text(text) => Answer::Text(text.clone()),
        Value::Formatted { value, format } => Answer::Formatted {
            text: value.clone(),
            format: format.clone(),
        },
        Value::Reference { target, .. } => Answer::Text(target.to_string()),
        Value::Moment(moment) => Answer::Text(context.zone.show(*moment)),
        Value::Json(json) => Answer::Text(pretty(json)),
        Value::Other { kind, json } => {
            Answer::Text(pretty(&serde_json::json!({ "kind": kind, "json": json })))
        }
    }
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap_or_default()
}

/// A value as the row that gives it.
fn row(field: &Field, value: &Value, context: &Context) -> Values {
    let mut row = Values::default();
    match (&field.field_type, value) {
        (FieldType::File, Value::Reference { target, .. }) => {
            row.set(part(field, TARGET), target.to_string())
        }
        (FieldType::DateRange | FieldType::Image, Value::Other { json, .. }) => {
            for (member, element) in [("from", FROM), ("to", TO), ("target_id", TARGET), ("alt", ALT)] {
                if let Some(text) = json.get(member).and_then(serde_json::Value::as_str) {
                    row.set(part(field, element), text);
                }
            }
        }
        _ => row.set(part(field, VALUE), answer(value, field, context)),
    }
    row
}
