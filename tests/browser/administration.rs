//! The administration: the palette by keyboard, plugins by consent.

use trovato_tests::chromium::Visitor;
use trovato_tests::{Package, in_browser};

in_browser! {
    async fn the_palette_leads_anywhere_by_keyboard(admin: Visitor) {
        admin.is(admin.app().administrator()).await;
        admin.visit("/admin").await;
        admin.types("Control+k").await;
        admin.finds_no_barrier().await;
        admin.types("plug").await;
        admin.sees("Plugins").await;
        admin.types("Enter").await;
        admin.at("/admin/plugins").await;
        admin.types("Control+k").await;
        admin.types("Escape").await;
        admin.does_not_see("Search for pages").await;
    }

    async fn a_plugin_is_enabled_by_whoever_agrees_to_what_it_asks_for(admin: Visitor) {
        admin.app().add(&Package::fixture("prober"));
        admin.is(admin.app().administrator()).await;
        admin.visit("/admin/plugins").await;
        admin.within("prober").follow("Enable prober").await;
        admin.at("/admin/plugins/prober/enable").await;
        admin.sees("find and read the content that the current user may see").await;
        admin.finds_no_barrier_anywhere().await;
        admin.press("Enable prober").await;
        admin.at("/admin/plugins/prober").await;
        admin.sees("prober is at work.").await;
        admin.finds_no_barrier_anywhere().await;
    }

    async fn a_page_that_is_not_there_keeps_nobody_out_either(admin: Visitor) {
        admin.is(admin.app().administrator()).await;
        admin.visit("/admin/nowhere").await;
        assert_eq!(admin.status(), 404);
        admin.finds_no_barrier_anywhere().await;
    }
}
