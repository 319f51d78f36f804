//! The picture that stands for an item where its address is shared.

use uuid::Uuid;

use super::super::names::Names;
use crate::subsystems::item::model::{Item, Value};
use crate::subsystems::item_type::{Display, Field};
use crate::web::Picture;

/// Media types that those who show previews of pages can show.
const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/// The first picture among the fields that are shown, in their order.
pub(super) fn first(item: &Item, displayed: &[(&Field, &Display)], names: &Names) -> Option<Picture> {
    let values = displayed.iter().flat_map(|(field, _)| item.values(&field.name));
    values.flat_map(of_value).find_map(|(target, alt)| {
        let file = names.files.get(&target)?;
        SHOWN.contains(&file.mime.as_str()).then(|| Picture {
            path: file.url(),
            alt,
        })
    })
}

/// The files of a value, each with what it shows in words.
fn of_value(value: &Value) -> Vec<(Uuid, String)> {
    match value {
        Value::Reference { target, kind } if kind == "file" => vec![(*target, String::new())],
        Value::Other { json, .. } => {
            let blocks = json.get("blocks").and_then(serde_json::Value::as_array);
            let inside = blocks.into_iter().flatten().filter_map(of_json);
            of_json(json).into_iter().chain(inside).collect()
        }
        _ => Vec::new(),
    }
}

fn of_json(json: &serde_json::Value) -> Option<(Uuid, String)> {
    let target = Uuid::parse_str(json.get("target_id")?.as_str()?).ok()?;
    let alt = json.get("alt").and_then(serde_json::Value::as_str);
    Some((target, alt.unwrap_or_default().to_owned()))
}
