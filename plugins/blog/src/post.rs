//! What a blog post is made of.

use trovato_sdk::prelude::*;

/// The content type's machine name.
pub const TYPE: &str = "blog";

pub const BODY: &str = "field_body";
pub const SUMMARY: &str = "field_summary";
pub const TAGS: &str = "field_tags";
pub const IMAGE: &str = "field_image";
pub const AUTHORS: &str = "field_authors";
pub const TEAM: &str = "field_team";

/// Declares the content type. Fields that are shown in no view mode are shown by [`view`](crate::view).
pub fn content_type() -> ItemType {
    ItemType::new(TYPE, "Blog post")
        .description("News, opinion or a report, shown newest first.")
        .paths("blog/[yyyy]/[mm]/[title]")
        .on_home_page()
        .field(
            Field::reference(IMAGE, "Image", "file")
                .help("Shown above the text.")
                .shown_in(Shown::full().without_label().weight(-10))
                .shown_in(Shown::teaser().without_label().weight(-10)),
        )
        .field(
            Field::long_text(BODY, "Body")
                .required()
                .shown_in(Shown::full().without_label()),
        )
        .field(
            Field::text(SUMMARY, "Summary", 500)
                .help("One or two sentences for listings. Without it they show the first paragraph.")
                .shown_in(Shown::teaser().without_label()),
        )
        .field(Field::text(TAGS, "Tags", 64).unlimited())
        .field(
            Field::text(AUTHORS, "Authors", 128)
                .unlimited()
                .help("Who wrote it, if not who posts it."),
        )
        .field(Field::text(TEAM, "Team", 128).help("For whom the authors write."))
}
