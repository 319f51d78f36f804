//! The part *Search engines* of the form of an item.
//!
//! The names of its elements begin with the plugin's, as all do that are added to a form of others. What is typed there is
//! for this plugin alone: neither the item nor another plugin gets it.

use std::cell::RefCell;

use trovato_sdk::prelude::*;
use trovato_sdk::tree::html::{br, figcaption, figure};
use trovato_sdk::value::NOBODY;

use crate::record::{self, Record};

const TITLE: &str = "seo_title";
const DESCRIPTION: &str = "seo_description";
const PICTURE: &str = "seo_picture";
const NOINDEX: &str = "seo_noindex";
/// Behind the fields of the item, before its buttons.
const PLACE: i32 = 50;
const BUTTONS: i32 = 100;

thread_local! {
    /// What was typed about which item. The same instance is asked for the whole request, and for no other one.
    static TYPED: RefCell<Option<(Id, Record)>> = const { RefCell::new(None) };
}

/// Whether a form makes or changes an item.
pub fn is_of_item(form: &str) -> bool {
    form.starts_with("item_edit_")
}

/// The form with the part.
pub fn extend(form: BuiltForm, item: &Item) -> Result<FormChanges> {
    // An item that was never saved has no revision, and nothing is said about it.
    let record = if item.revision() == NOBODY {
        Record::default()
    } else {
        record::of(&item.id())?
    };
    let part = part(&record, &item.title());
    Ok(form.changes().append(part).weigh("actions", BUTTONS))
}

fn part(record: &Record, title: &str) -> form::Field {
    form::details("seo_part", "Search engines")
        .weight(PLACE)
        .with(
            form::text(TITLE, "Title for search engines")
                .max_length(120)
                .initial(&record.title)
                .help("Some 60 characters are shown. Empty for the title above."),
        )
        .with(
            form::textarea(DESCRIPTION, "Description")
                .max_length(320)
                .initial(&record.description)
                .help("Some 160 characters are shown. Empty for the beginning of the text."),
        )
        .with(
            form::url(PICTURE, "Picture where it is shared")
                .initial(&record.picture)
                .help("A path of this site, or a web address. Empty for the first picture of the page."),
        )
        .with(form::checkbox(NOINDEX, "Ask search engines to leave it out").initial(record.noindex))
        .with(form::markup("seo_preview", preview(record, title)))
}

/// How a search engine may show it, as it is saved.
fn preview(record: &Record, title: &str) -> Tree {
    let or = |text: &str, instead: &str| {
        let text = if text.is_empty() { instead } else { text };
        text.to_owned()
    };
    let shown = if record.noindex {
        paragraph().text("Search engines are asked to leave it out.")
    } else {
        paragraph()
            .child(strong().text(or(&record.title, or(title, "The title").as_str())))
            .child(br())
            .text(or(&record.description, "The beginning of the text."))
    };
    figure()
        .class("seo-preview")
        .child(figcaption().text("How it may be shown, once it is saved:"))
        .child(shown)
        .into()
}

/// Remembers what was typed until the item is saved. A part that somebody has taken out of the form says nothing.
pub fn keep(item: &Item, submission: &Submission) {
    let is_asked = submission.answers.iter().any(|answer| answer.path == TITLE);
    TYPED.set(is_asked.then(|| (item.id(), typed(submission))));
}

fn typed(submission: &Submission) -> Record {
    let text = |name| submission.text(name).trim().to_owned();
    Record {
        title: text(TITLE),
        description: text(DESCRIPTION),
        picture: text(PICTURE),
        noindex: submission.flag(NOINDEX),
    }
}

/// The item is saved: so is what was typed about it, and about no other.
pub fn store(item: &Item) -> Result<()> {
    let id = item.id();
    let typed = TYPED.with_borrow_mut(|typed| typed.take_if(|(about, _)| *about == id));
    match typed {
        Some((_, record)) => record::store(&id, &record),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use trovato_sdk_test::submission;

    use super::*;

    #[test]
    fn what_is_typed_is_trimmed() {
        let sent = submission("item_edit_page", [(TITLE, " A title "), (DESCRIPTION, "")]);
        let expected = Record {
            title: "A title".into(),
            ..Record::default()
        };
        assert_eq!(typed(&sent), expected);
    }

    #[test]
    fn what_is_not_said_is_shown_as_what_stands_for_it() {
        let shown = preview(&Record::default(), "A page");
        let said = preview(&Record::default(), "");
        assert_ne!(shown, said);
        assert_eq!(shown.len(), said.len());
    }
}
