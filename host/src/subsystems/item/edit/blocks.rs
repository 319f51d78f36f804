//! Bodies of blocks as rows: each row is a block, and asks for everything that any kind of block may have. It serves
//! without scripts.

use serde_json::{Map, Value as Json, json};

use super::answer::{Given, Reading, target};
use super::widget::{ALT, Context, TARGET, UPLOAD, part};
use crate::subsystems::form::{Element, Values};
use crate::subsystems::item::{BLOCKS, BlockKind, Member, Value};
use crate::subsystems::item_type::Field;

/// The parts of rows.
const TYPE: &str = "type";
const TEXT: &str = "text";
const FORMAT: &str = "form";
const LEVEL: &str = "lvl";
const NUMBERED: &str = "num";
const DETAIL: &str = "more";
/// Blocks that can be written in a form.
const ROWS: usize = 200;

/// The element of a row that asks for a member.
fn element_of(member: &Member) -> &'static str {
    match member.kind {
        BlockKind::Text | BlockKind::Lines => TEXT,
        BlockKind::Line if member.name == "text" => TEXT,
        BlockKind::Line | BlockKind::Url => DETAIL,
        BlockKind::Format => FORMAT,
        BlockKind::Level => LEVEL,
        BlockKind::Flag => NUMBERED,
        BlockKind::Picture => UPLOAD,
        BlockKind::Alt => ALT,
    }
}

/// The kinds of blocks that have a member in an element, each with what it is called there.
fn kinds_with(element: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    BLOCKS.iter().flat_map(move |block| {
        let members = block
            .members
            .iter()
            .filter(move |member| element_of(member) == element);
        members.map(move |member| (block.name, member.label))
    })
}

pub(super) fn element(field: &Field, value: Option<&Value>, context: &Context) -> Element {
    let blocks = match value {
        Some(Value::Other { json, .. }) => json.get("blocks").and_then(Json::as_array).map(Vec::as_slice),
        _ => None,
    };
    let rows: Vec<Values> = blocks
        .unwrap_or_default()
        .iter()
        .map(|block| row(field, block))
        .collect();
    let kinds = BLOCKS.iter().map(|block| (block.name, block.label));
    let group = Element::group(&field.name, &field.label)
        .rows(1, ROWS.max(rows.len()))
        .add_label("Add a block")
        .kind_in(part(field, TYPE))
        .help(&field.help)
        .default(rows)
        .with(Element::select(part(field, TYPE), "Kind of block").choices(kinds));
    let elements = of_text(field, context).chain(of_pictures(field, context));
    elements.fold(group, Element::with)
}

/// What asks for texts and what belongs to them.
fn of_text(field: &Field, context: &Context) -> impl Iterator<Item = Element> {
    let text = Element::textarea(part(field, TEXT), "Text")
        .max_length(1 << 20)
        .help("The text or code; for a list one entry on each line.")
        .format_in(part(field, FORMAT))
        .serves(kinds_with(TEXT));
    let format = Element::select(part(field, FORMAT), "Text format")
        .choices(context.formats.iter().cloned())
        .serves(kinds_with(FORMAT));
    let level = Element::select(part(field, LEVEL), "Level of a heading")
        .choices([("2", "2"), ("3", "3"), ("4", "4"), ("5", "5"), ("6", "6")])
        .serves(kinds_with(LEVEL));
    let numbered =
        Element::checkbox(part(field, NUMBERED), "A list with numbers").serves(kinds_with(NUMBERED));
    let detail = Element::text(part(field, DETAIL), "Source, language, caption or address")
        .max_length(1000)
        .serves(kinds_with(DETAIL));
    [text, format, level, numbered, detail].into_iter()
}

/// What asks for pictures: those that are there, where there are any, a new one, and what it shows.
fn of_pictures(field: &Field, context: &Context) -> impl Iterator<Item = Element> {
    let files = context.files.values();
    let known = files.map(|file| (file.id.to_string(), file.name.clone()));
    let chosen = Element::select(part(field, TARGET), "Image")
        .choices(known)
        .serves(kinds_with(UPLOAD));
    let chosen = (!context.files.is_empty()).then_some(chosen);
    let pictures = kinds_with(UPLOAD).map(|(kind, _)| (kind, "Upload an image"));
    let upload = Element::file(part(field, UPLOAD), "Upload an image")
        .accept(["image/*"])
        .serves(pictures);
    let shows = Element::text(part(field, ALT), "What the image shows")
        .max_length(500)
        .serves(kinds_with(ALT));
    chosen.into_iter().chain([upload, shows])
}

fn row(field: &Field, block: &Json) -> Values {
    let mut row = Values::default();
    let text = |name: &str| block.get(name).and_then(Json::as_str).unwrap_or_default();
    row.set(part(field, TYPE), text("type"));
    let kind = BLOCKS.iter().find(|kind| kind.name == text("type"));
    for member in kind.into_iter().flat_map(|kind| kind.members) {
        let element = part(field, element_of(member));
        match (member.kind, block.get(member.name)) {
            (BlockKind::Lines, Some(Json::Array(lines))) => {
                let lines: Vec<&str> = lines.iter().filter_map(Json::as_str).collect();
                row.set(element, lines.join("\n"));
            }
            (BlockKind::Picture, Some(Json::String(id))) => row.set(part(field, TARGET), id.as_str()),
            (_, Some(Json::String(text))) => row.set(element, text.as_str()),
            (_, Some(Json::Bool(flag))) => row.set(element, *flag),
            (_, Some(Json::Number(number))) => row.set(element, number.to_string()),
            _ => {}
        }
    }
    row
}

/// The body that was written: the first value of the field. Further ones stay as they are.
pub(super) fn given(field: &Field, rows: &[Values], before: &[Value], reading: &Reading<'_>) -> Given {
    let mut given = Given {
        values: Vec::new(),
        rows: Vec::new(),
    };
    let mut blocks = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let path = format!("{}.{index}", field.name);
        if let Some(block) = block(field, row, &path, reading) {
            blocks.push(block);
            given.rows.push(index);
        }
    }
    if !blocks.is_empty() {
        given.values.push(Value::Other {
            kind: field.field_type.name().to_owned(),
            json: json!({ "blocks": blocks }),
        });
    }
    given.values.extend(before.iter().skip(1).cloned());
    given
}

/// A row without a kind is text, if there is any.
fn block(field: &Field, row: &Values, path: &str, reading: &Reading<'_>) -> Option<Json> {
    let name = match row.text(&part(field, TYPE)) {
        "" if row.text(&part(field, TEXT)).is_empty() => return None,
        "" => "text",
        name => name,
    };
    let kind = BLOCKS.iter().find(|kind| kind.name == name)?;
    let mut block = Map::from_iter([("type".to_owned(), json!(name))]);
    for member in kind.members {
        let element = part(field, element_of(member));
        let text = row.text(&element);
        let value = match member.kind {
            BlockKind::Picture => target(field, row, path, reading).map(|target| json!(target)),
            BlockKind::Flag => row.flag(&element).then_some(Json::Bool(true)),
            BlockKind::Level => Some(json!(text.parse::<u8>().unwrap_or(2))),
            BlockKind::Lines => {
                let lines: Vec<&str> = text
                    .lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty())
                    .collect();
                (!lines.is_empty()).then(|| json!(lines))
            }
            BlockKind::Format if text.is_empty() => Some(json!(crate::subsystems::format::PLAIN)),
            BlockKind::Alt => Some(json!(text)),
            _ => (!text.is_empty()).then(|| json!(text)),
        };
        block.extend(value.map(|value| (member.name.to_owned(), value)));
    }
    Some(Json::Object(block))
}

/// Where a problem within a body is told: `blocks.2.alt`.
pub(super) fn place(field: &Field, within: &str, row: impl Fn(usize) -> usize) -> String {
    let name = &field.name;
    let mut steps = within.split('.').skip(1);
    let Some(index) = steps.next().and_then(|index| index.parse::<usize>().ok()) else {
        return name.clone();
    };
    let member = steps.next().unwrap_or("type");
    let known = BLOCKS
        .iter()
        .flat_map(|block| block.members)
        .find(|known| known.name == member);
    let element = match member {
        "type" => TYPE,
        _ => known.map_or(TYPE, element_of),
    };
    format!("{name}.{}.{}", row(index), part(field, element))
}
