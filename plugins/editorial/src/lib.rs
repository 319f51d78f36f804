//! Content is reviewed before it is published.
//!
//! Each item of a moderated content type is in a *state*, and goes from one to another by *transitions*, each of which takes
//! a permission. The settings say which there are. The plugin takes part wherever something is decided:
//!
//! - in the form of an item people choose the next state (`form_alter`, `form_validate`, `form_submit`);
//! - before an item is saved, by a form or otherwise, it is decided whether that is allowed, and whether the item is
//!   published follows from its state (`item_presave`); afterwards it is written down (`item_insert`, `item_update`);
//! - who reviews sees what is not published yet (`item_access`), and a page lists what waits (`menu`, `page`).

mod access;
mod dates;
mod edit;
mod rules;
mod save;
mod store;
mod waiting;

use trovato_sdk::prelude::*;

use rules::Rules;

/// The permission to see what waits.
const SEE: &str = "see what waits for review";
/// The permission to change what is past review without taking it back.
const CHANGE: &str = "change locked content";
/// The permission to publish what nobody has reviewed.
const WITHOUT_REVIEW: &str = "publish content without review";

#[tap]
fn perm() -> [Permission; 9] {
    [
        Permission::new(
            SEE,
            "See the list of content that waits for review, and that content",
        ),
        Permission::new("submit content for review", "Take a draft to review"),
        Permission::new("return content to draft", "Take content back to be worked on"),
        Permission::new("approve content", "Approve content that is in review"),
        Permission::new("publish approved content", "Publish content that is approved"),
        Permission::new(WITHOUT_REVIEW, "Publish a draft at once"),
        Permission::new("archive content", "Take published content from the site"),
        Permission::new("restore archived content", "Make archived content a draft again"),
        Permission::new(CHANGE, "Change content that is approved, published or archived"),
    ]
}

#[tap]
fn menu() -> Route {
    Route::new("waiting", waiting::PATH)
        .title("Moderation")
        .needs(SEE)
        .in_menu("admin", 15)
}

#[tap]
fn page(request: PageRequest) -> Result<PageAnswer> {
    waiting::page(&request, &Rules::read()?)
}

/// A form is built: that of a moderated item lets people choose its next state.
#[tap]
fn form_alter(form: BuiltForm) -> Result<Option<FormChanges>> {
    match edit::subject(&form.id)? {
        Some((item, rules)) => edit::extend(form, &item, &rules).map(Some),
        None => Ok(None),
    }
}

/// A form was sent: that of an item, or that of the plugin's own settings.
#[tap]
fn form_validate(submission: Submission) -> Vec<FieldError> {
    if submission.form == rules::FORM {
        return rules::faults(&submission);
    }
    match edit::subject(&submission.form) {
        Ok(Some((item, rules))) => edit::faults(&item, &rules, &submission),
        Ok(None) => Vec::new(),
        Err(error) => vec![form::fault("", error.to_string())],
    }
}

/// The form is in order: what was chosen is remembered until the item is saved.
#[tap]
fn form_submit(submission: Submission) -> Result<()> {
    if let Some((item, _)) = edit::subject(&submission.form)? {
        edit::keep(&item, &submission);
    }
    Ok(())
}

/// An item is about to be saved, whoever does it and however.
#[tap]
fn item_presave(item: Item, operation: SaveOperation) -> Result<()> {
    save::decide(&item, operation)
}

#[tap]
fn item_insert(item: Item) -> Result<()> {
    save::write_down(&item)
}

#[tap]
fn item_update(item: Item) -> Result<()> {
    save::write_down(&item)
}

#[tap]
fn item_delete(item: Item) -> Result<()> {
    store::forget(&item.id())
}

/// Whoever reviews sees what is not published, and nobody changes what is settled unless they may.
#[tap]
fn item_access(item: Item, operation: ItemOperation) -> Access {
    access::opinion(&item, operation).unwrap_or_else(|error| {
        log::error!("nothing can be said about who may see an item: {error}");
        access::in_doubt(operation)
    })
}
