//! Pages that stand on their own, such as "About" or "Contact".
//!
//! The smallest useful plugin: it answers one tap, `item-info`, by which a plugin declares content types. The site
//! does the rest: forms, validation, revisions, access and display.

use trovato_sdk::prelude::*;

#[tap]
fn item_info() -> ItemType {
    ItemType::new("page", "Page")
        .description("A page that stands on its own, such as “About”.")
        .paths("[title]")
        .field(
            Field::long_text("field_body", "Body")
                .shown_in(Shown::full().without_label())
                .shown_in(Shown::teaser().without_label().as_summary()),
        )
}
