//! The floor: the same work as a handle tap, compiled natively, with no boundary to cross.

use bench_reader::{BODY, Read, SEEN, SUMMARY, VIEWS, part, seen};
use trovato::subsystems::item::{Item, Value};
use trovato_sdk::wit::render::ViewAnswer;

/// Reads three fields, sets one and answers a tree, as the guest does with its handle.
pub fn view(item: &mut Item) -> ViewAnswer {
    let text = |field| {
        item.first(field)
            .and_then(Value::as_text)
            .unwrap_or_default()
            .to_owned()
    };
    let read = Read {
        summary: text(SUMMARY),
        views: match item.first(VIEWS) {
            Some(Value::Integer(views)) => *views,
            _ => 0,
        },
        body: text(BODY),
    };
    item.fields
        .insert(SEEN.to_owned(), vec![Value::Text(seen(&read))]);
    part(&read).into()
}
