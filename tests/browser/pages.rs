//! The pages that visitors read.

use trovato_tests::chromium::Visitor;
use trovato_tests::{Package, in_browser};

in_browser! {
    async fn the_home_page_leads_to_posts_and_back(reader: Visitor) {
        reader.app().with_content().await;
        reader.visit("/").await;
        reader.follow("Everything is an item").await;
        reader.at("/blog/everything-is-an-item").await;
        reader.sees_heading("Everything is an item").await;
        reader.finds_no_barrier_anywhere().await;
        reader.follow("Trovato").await;
        reader.at("/").await;
        reader.finds_no_barrier_anywhere().await;
    }

    async fn a_tag_leads_to_its_posts(reader: Visitor) {
        reader.app().with_content().await;
        reader.visit("/blog").await;
        reader.finds_no_barrier_anywhere().await;
        reader.within("Plugins are components").follow("webassembly").await;
        reader.at("/blog/tag/webassembly").await;
        reader.sees_heading("Posts tagged “webassembly”").await;
        reader.does_not_see("Everything is an item").await;
        reader.finds_no_barrier_anywhere().await;
    }

    async fn who_is_lost_is_told_so(reader: Visitor) {
        reader.visit("/nowhere").await;
        assert_eq!(reader.status(), 404);
        reader.finds_no_barrier_anywhere().await;
        reader.follow("Go to the front page").await;
        reader.at("/").await;
        reader.sees("There is nothing here yet.").await;
        reader.finds_no_barrier_anywhere().await;
    }

    async fn who_may_not_see_a_page_is_told_so(reader: Visitor) {
        reader.app().with(Package::fixture("prober")).await;
        reader.visit("/probe/this").await;
        assert_eq!(reader.status(), 403);
        reader.finds_no_barrier_anywhere().await;
    }

    async fn a_failure_is_told_without_its_cause(reader: Visitor) {
        reader.app().with(Package::fixture("prober")).await;
        reader.visit("/probe?answer=other").await;
        assert_eq!(reader.status(), 500);
        reader.app().logged("it broke");
        reader.finds_no_barrier_anywhere().await;
    }

    async fn everything_can_be_read_without_scripts(reader: Visitor) {
        reader.app().with_content().await;
        reader.without_script().await;
        reader.visit("/").await;
        assert!(!reader.has("button", "Colours: automatic").await, "what needs scripts is hidden");
        reader.follow("Blog").await;
        reader.at("/blog").await;
        reader.follow("Welcome to Trovato").await;
        reader.sees_heading("Welcome to Trovato").await;
    }

    async fn the_colours_can_be_switched(reader: Visitor) {
        reader.visit("/").await;
        reader.press("Colours: automatic").await;
        reader.press("Colours: light").await;
        assert_eq!(background(&reader).await, background_in_the_dark(&reader).await);
        reader.visit("/").await;
        assert!(reader.has("button", "Colours: dark").await, "the choice is kept");
    }

    async fn the_keyboard_reaches_the_content_first(reader: Visitor) {
        reader.visit("/").await;
        reader.types("Tab").await;
        reader.is_focused_on("Skip to content").await;
        reader.types("Enter").await;
        assert!(reader.path().ends_with("#main"));
    }
}

async fn background(reader: &Visitor) -> serde_json::Value {
    reader
        .run("getComputedStyle(document.body).backgroundColor")
        .await
        .unwrap()
}

async fn background_in_the_dark(reader: &Visitor) -> serde_json::Value {
    let other = reader.another().await;
    other.in_the_dark().await;
    other.visit("/").await;
    background(&other).await
}
