//! One value of a field as safe HTML: formatters.

use serde::Serialize;
use serde_json::Value as Json;
use uuid::Uuid;

use super::super::names::Names;
use super::super::words::{in_words, range};
use super::super::{Items, Value};
use super::fields::SUMMARY;
use crate::subsystems::Session;
use crate::subsystems::item_type::{Display, Field, FieldType};
use crate::subsystems::theme::SafeHtml;

/// What a value is shown with.
#[derive(Clone, Copy)]
pub(super) struct Showing<'a> {
    pub session: &'a Session,
    pub field: &'a Field,
    pub display: &'a Display,
    pub names: &'a Names,
}

#[derive(Default, Serialize)]
struct Shown {
    kind: &'static str,
    text: String,
    href: String,
    src: String,
    alt: String,
    from: String,
    to: String,
    blocks: Vec<Block>,
}

#[derive(Default, Serialize)]
struct Block {
    kind: String,
    text: String,
    html: SafeHtml,
    level: i64,
    lines: Vec<String>,
    ordered: bool,
    detail: String,
    src: String,
    alt: String,
}

/// Whether a formatter needs to know the records that the values of a field refer to.
pub(super) fn needs_names(kind: &FieldType) -> bool {
    matches!(
        kind,
        FieldType::Reference(_) | FieldType::File | FieldType::Image | FieldType::Blocks
    )
}

impl Items {
    /// A value as its formatter shows it. What whoever looks may not know of is not shown.
    pub(super) fn render_value(&self, value: &Value, showing: Showing<'_>) -> SafeHtml {
        let Showing {
            field,
            display,
            names,
            ..
        } = showing;
        let words = || in_words(value, field, names);
        let shown = match (value, field.base()) {
            (Value::Formatted { value, format }, _) if display.formatter == "summary" => {
                return self.formats.summary(format, value, SUMMARY).into();
            }
            (Value::Formatted { value, format }, _) => return self.formats.render(format, value).into(),
            (_, _) if display.formatter == "plain" => {
                return self.formats.render("plain_text", &words()).into();
            }
            (Value::Reference { target, kind }, _) => match reference(*target, kind, names) {
                Some(shown) => shown,
                None => return SafeHtml::default(),
            },
            (Value::Other { json, .. }, FieldType::Image) => match picture(json, names) {
                Some((src, alt)) => Shown {
                    kind: "image",
                    src,
                    alt,
                    ..Shown::default()
                },
                None => return SafeHtml::default(),
            },
            (Value::Other { json, .. }, FieldType::DateRange) => Shown {
                kind: "dates",
                from: text(json, "from"),
                to: text(json, "to"),
                text: range(json),
                ..Shown::default()
            },
            (Value::Other { json, .. }, FieldType::Blocks) => Shown {
                kind: "blocks",
                blocks: self.blocks(json, names),
                ..Shown::default()
            },
            (Value::Text(day), FieldType::Date) => Shown {
                kind: "dates",
                from: day.clone(),
                to: day.clone(),
                text: day.clone(),
                ..Shown::default()
            },
            (Value::Text(mail), FieldType::Email) => Shown {
                kind: "link",
                href: format!("mailto:{mail}"),
                text: mail.clone(),
                ..Shown::default()
            },
            (Value::Text(url), FieldType::Url) => Shown {
                kind: "link",
                href: url.clone(),
                text: url.clone(),
                ..Shown::default()
            },
            (Value::Json(_), _) => Shown {
                kind: "code",
                text: words(),
                ..Shown::default()
            },
            _ => return self.formats.render("plain_text", &words()).into(),
        };
        let variables = minijinja::Value::from(minijinja::value::Serde(&shown));
        let theme = &showing.session.request().theme;
        self.themes
            .render_suggested(theme, &["field-value.html".to_owned()], variables)
    }

    fn blocks(&self, body: &Json, names: &Names) -> Vec<Block> {
        let blocks = body.get("blocks").and_then(Json::as_array).into_iter().flatten();
        blocks.filter_map(|block| self.block(block, names)).collect()
    }

    fn block(&self, block: &Json, names: &Names) -> Option<Block> {
        let kind = text(block, "type");
        let mut shown = Block::default();
        match kind.as_str() {
            "text" => {
                shown.html = self
                    .formats
                    .render(&text(block, "format"), &text(block, "value"))
                    .into()
            }
            "heading" => {
                shown.text = text(block, "text");
                shown.level = block.get("level").and_then(Json::as_i64).unwrap_or(2).clamp(2, 6);
            }
            "quote" => {
                shown.text = text(block, "text");
                shown.detail = text(block, "source");
            }
            "code" => {
                shown.text = text(block, "code");
                shown.detail = text(block, "language");
            }
            "list" => {
                let lines = block.get("items").and_then(Json::as_array).into_iter().flatten();
                shown.lines = lines.filter_map(|line| Some(line.as_str()?.to_owned())).collect();
                shown.ordered = block.get("ordered").and_then(Json::as_bool).unwrap_or(false);
            }
            "image" => {
                (shown.src, shown.alt) = picture(block, names)?;
                shown.detail = text(block, "caption");
            }
            "link" => {
                shown.text = text(block, "text");
                shown.detail = text(block, "url");
            }
            "divider" => {}
            _ => return None,
        }
        Some(Block { kind, ..shown })
    }
}

fn text(json: &Json, name: &str) -> String {
    json.get(name)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn picture(json: &Json, names: &Names) -> Option<(String, String)> {
    let id = Uuid::parse_str(json.get("target_id")?.as_str()?).ok()?;
    Some((names.files.get(&id)?.url(), text(json, "alt")))
}

fn reference(target: Uuid, kind: &str, names: &Names) -> Option<Shown> {
    let (text, href) = match kind {
        "item" => names.items.get(&target)?.clone(),
        "user" => (names.users.get(&target)?.clone(), format!("/user/{target}")),
        "file" => {
            let file = names.files.get(&target)?;
            (file.name.clone(), file.url())
        }
        _ => return None,
    };
    Some(Shown {
        kind: "link",
        text,
        href,
        ..Shown::default()
    })
}
