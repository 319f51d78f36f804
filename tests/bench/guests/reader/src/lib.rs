//! Reads an item in every way that there is, does the same with what it read, and answers the same tree.
//!
//! The view mode says which way. What is done, [`part`], is plain Rust: compiled natively it is also the floor that
//! the ways are compared with.

pub mod json;

use trovato_sdk::prelude::*;

pub const SUMMARY: &str = "field_summary";
pub const VIEWS: &str = "field_views";
pub const BODY: &str = "field_body";
pub const SEEN: &str = "field_seen";

static SUMMARY_KEY: Key = Key::of(SUMMARY);
static VIEWS_KEY: Key = Key::of(VIEWS);
static BODY_KEY: Key = Key::of(BODY);
static SEEN_KEY: Key = Key::of(SEEN);

/// What is read: one short text, one number and one long text.
#[derive(Debug, Default)]
pub struct Read {
    pub summary: String,
    pub views: i64,
    pub body: String,
}

/// What is shown of it: a heading, the first paragraph and a line of small print.
pub fn part(read: &Read) -> Tree {
    let end = read.body.find("\n\n").unwrap_or(read.body.len());
    let lead = read.body.get(..end).unwrap_or_default();
    let part = div()
        .class("bench")
        .child(heading(2, read.summary.as_str()))
        .child(paragraph().text(lead))
        .child(small().text(format!("Seen {} times", read.views)));
    tree().child(part)
}

/// What is set on the item.
pub fn seen(read: &Read) -> String {
    format!("{} times", read.views + 1)
}

#[tap]
fn item_view(item: Item, mode: ViewMode) -> View {
    match mode {
        ViewMode::Full => by_handle(&item).into(),
        ViewMode::Teaser => by_snapshot(&item).into(),
        ViewMode::SearchResult => by_name(&item).into(),
        ViewMode::Other(calls) => {
            call_often(&item, &calls);
            View::Unchanged
        }
    }
}

fn by_handle(item: &Item) -> Tree {
    let fields = item.fields();
    let read = Read {
        summary: fields.text(&SUMMARY_KEY).unwrap_or_default(),
        views: fields.integer_or(&VIEWS_KEY, 0),
        body: fields.text(&BODY_KEY).unwrap_or_default(),
    };
    fields.set_text(&SEEN_KEY, &seen(&read));
    part(&read)
}

fn by_name(item: &Item) -> Tree {
    let read = Read {
        summary: item.text(SUMMARY).unwrap_or_default(),
        views: item.integer_or(VIEWS, 0),
        body: item.text(BODY).unwrap_or_default(),
    };
    item.set_text(SEEN, &seen(&read));
    part(&read)
}

fn by_snapshot(item: &Item) -> Tree {
    let mut read = Read::default();
    for field in item.snapshot().fields {
        let Some(value) = field.values.into_iter().next() else {
            continue;
        };
        match field.name.as_str() {
            SUMMARY => read.summary = value.get().unwrap_or_default(),
            VIEWS => read.views = value.get().unwrap_or_default(),
            BODY => read.body = value.get().unwrap_or_default(),
            _ => {}
        }
    }
    item.set_text(SEEN, &seen(&read));
    part(&read)
}

/// Calls one function of the host many times: `text 1000`, `number-by-name 1000`.
fn call_often(item: &Item, calls: &str) {
    let (what, count) = calls.split_once(' ').unwrap_or((calls, "0"));
    let count: u32 = count.parse().unwrap_or_default();
    let fields = item.fields();
    match what {
        "text" => (0..count).for_each(|_| drop(fields.text(&BODY_KEY))),
        "number" => (0..count).for_each(|_| _ = fields.integer_or(&VIEWS_KEY, 0)),
        "text-by-name" => (0..count).for_each(|_| drop(item.text(BODY))),
        _ => (0..count).for_each(|_| _ = item.integer_or(VIEWS, 0)),
    }
}

/// The item comes as JSON text, and what is set and shown goes back as JSON text.
#[tap]
fn invoke(_caller: String, _function: String, argument: String) -> Result<String> {
    json::answer(&argument).map_err(|error| Error::other(error.to_string()))
}
