//! Shows the items that share the most terms with the one that is being shown.
//!
//! Looking at all items for each page would take ever longer, so the plugin keeps a table of its own: which item has
//! which term. The manifest declares the table; the taps after a save keep it up to date; the tap that shows an item
//! asks it a few small questions. `terms` is the table, `list` keeps the answers, `view` shows them.

mod list;
mod terms;
mod view;

use trovato_sdk::prelude::*;

/// How many of the newest items are taken in when the plugin is enabled; the rest as they are saved.
const AT_START: u32 = 500;
/// How many the host lists at once.
const AT_ONCE: u32 = 100;

/// The plugin was enabled, perhaps after a while: takes in what is there.
#[tap]
fn enable() -> Result<()> {
    for page in 0..AT_START / AT_ONCE {
        let items = items::query().published().page(page, AT_ONCE).fetch()?.items;
        for id in &items {
            terms::remember(&items::load(id)?)?;
        }
        if items.is_empty() {
            break;
        }
    }
    Ok(())
}

/// An item was made.
#[tap]
fn item_insert(item: Item) -> Result<()> {
    terms::remember(&item)
}

/// An item was changed.
#[tap]
fn item_update(item: Item) -> Result<()> {
    terms::remember(&item)
}

/// An item was deleted.
#[tap]
fn item_delete(item: Item) -> Result<()> {
    terms::forget(&item)
}

/// An item is shown.
#[tap]
fn item_view(item: Item, mode: ViewMode) -> Result<Option<Tree>> {
    if mode != ViewMode::Full {
        return Ok(None);
    }
    let related = terms::related(&item)?;
    Ok(view::list_of(&related, &item.item_type()))
}
