//! What search engines and those who share a page are told.
//!
//! Editors say it in the form of an item: `form_alter` adds a part to that form, whatever the content type. What they type
//! is kept in a table of the plugin's own, once the item itself is saved. When a page is shown, `page_head` looks it up and
//! says it in the head of the page.

mod edit;
mod head;
mod record;
mod settings;

use trovato_sdk::prelude::*;

/// A form is built: those of items get one part more.
#[tap]
fn form_alter(form: BuiltForm) -> Result<Option<FormChanges>> {
    if !edit::is_of_item(&form.id) {
        return Ok(None);
    }
    // What the form is about tells an item that is made from one that is changed.
    match form::subject() {
        Some(item) => edit::extend(form, &item).map(Some),
        None => Ok(None),
    }
}

/// A form is in order, and about to be taken. The item is not saved yet, and may still be refused.
#[tap]
fn form_submit(submission: Submission) {
    if edit::is_of_item(&submission.form)
        && let Some(item) = form::subject()
    {
        edit::keep(&item, &submission);
    }
}

/// An item was made: what was typed in its form belongs to it now.
#[tap]
fn item_insert(item: Item) -> Result<()> {
    edit::store(&item)
}

/// An item was changed.
#[tap]
fn item_update(item: Item) -> Result<()> {
    edit::store(&item)
}

/// An item was deleted.
#[tap]
fn item_delete(item: Item) -> Result<()> {
    record::forget(&item.id())
}

/// A page is about to be shown.
#[tap]
fn page_head(page: PageFacts) -> Result<Head> {
    let record = match &page.item {
        Some(item) => record::kept(&item.id)?,
        None => record::Record::default(),
    };
    Ok(head::of(&page, &record, &settings::Settings::read()?))
}
