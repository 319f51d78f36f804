//! The site without a mouse: everything can be reached, and one sees where one is.

use trovato_tests::chromium::Visitor;
use trovato_tests::{PASSWORD, in_browser};

use crate::people::log_in;

async fn administer(admin: &Visitor) {
    log_in(admin, "admin", PASSWORD).await;
    admin.at("/").await;
}

in_browser! {
    async fn visitors_reach_everything_on_public_pages(visitor: Visitor) {
        visitor.app().with_content().await;
        visitor.app().with_every_kind();
        for path in ["/", "/blog/everything-is-an-item", "/user/login", "/all", "/nowhere"] {
            visitor.visit(path).await;
            assert!(visitor.reaches_everything_by_keyboard().await > 4, "{path}");
        }
    }

    async fn what_lies_below_a_link_of_the_header_opens_and_closes(visitor: Visitor) {
        let links = [("Site", "/", None), ("Programs", "/api", Some(0))];
        visitor.app().lay_out("main", &links).await;
        let focus = "document.querySelector('.site-nav summary').focus()";
        visitor.visit("/").await;
        assert!(!visitor.within("Main").has("link", "Programs").await);
        visitor.run(focus).await.unwrap();
        visitor.types("Enter").await;
        visitor.types("Tab").await;
        visitor.is_focused_on("Programs").await;
        visitor.finds_no_barrier().await;
        visitor.types("Escape").await;
        visitor.is_focused_on("Below Site").await;
        assert!(!visitor.within("Main").has("link", "Programs").await);
        visitor.without_script().await;
        visitor.on_a_phone().await;
        visitor.visit("/").await;
        visitor.run(focus).await.unwrap();
        visitor.types("Enter").await;
        assert!(visitor.within("Main").has("link", "Programs").await);
        visitor.needs_no_scrolling_sideways().await;
    }

    async fn administrators_reach_everything(admin: Visitor) {
        admin.app().with_content().await;
        admin.app().with_every_kind();
        administer(&admin).await;
        for path in ["/", "/admin", "/admin/content", "/admin/people", "/admin/people/permissions", "/admin/plugins/blog", "/admin/config"] {
            admin.visit(path).await;
            assert!(admin.reaches_everything_by_keyboard().await > 10, "{path}");
        }
    }

    async fn the_administration_can_be_skipped_to_the_page_itself(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people/roles").await;
        admin.types("Tab").await;
        admin.is_focused_on("Skip to content").await;
        admin.types("Enter").await;
        admin.types("Tab").await;
        admin.is_focused_on("Dashboard").await;
        assert!(admin.within("Breadcrumbs").has("link", "Dashboard").await, "the first link of the page itself");
    }

    async fn the_palette_gives_the_focus_back(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people").await;
        admin.run("document.querySelector('[name=q]').focus()").await.unwrap();
        admin.types("Control+k").await;
        admin.is_focused_on("Page, action or content").await;
        admin.types("Escape").await;
        admin.is_focused_on("Name or address").await;
        admin.types("Control+k").await;
        admin.types("role").await;
        admin.types("ArrowDown").await;
        admin.types("ArrowUp").await;
        admin.finds_no_barrier().await;
        admin.types("Enter").await;
        admin.sees_heading("Add a role").await;
    }

    async fn the_navigation_of_a_phone_opens_and_closes(admin: Visitor) {
        administer(&admin).await;
        admin.on_a_phone().await;
        admin.visit("/admin").await;
        admin.types("Tab").await;
        admin.types("Tab").await;
        admin.is_focused_on("Navigation").await;
        admin.types("Enter").await;
        admin.types("Tab").await;
        admin.types("Tab").await;
        admin.is_focused_on("Close navigation").await;
        admin.finds_no_barrier().await;
        admin.types("Escape").await;
        admin.is_focused_on("Navigation").await;
    }

    async fn rows_are_selected_and_dealt_with(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people").await;
        admin.run("document.querySelector('[aria-label=\"Select editor\"]').focus()").await.unwrap();
        admin.types("Space").await;
        admin.sees("1 selected").await;
        admin.run("document.querySelector('.bulk select').focus()").await.unwrap();
        admin.is_focused_on("What to do with the selected").await;
        admin.types("ArrowDown").await;
        admin.types("Tab").await;
        admin.is_focused_on("Apply").await;
        admin.types("Enter").await;
        admin.sees("One account was changed.").await;
        admin.within("editor@example.org").sees("Blocked").await;
    }

    async fn the_menu_of_the_account_closes_with_escape(admin: Visitor) {
        administer(&admin).await;
        for path in ["/admin", "/"] {
            admin.visit(path).await;
            admin.press("admin").await;
            admin.sees("Your account").await;
            admin.types("Tab").await;
            admin.is_focused_on("Your account").await;
            if path == "/admin" {
                admin.types("Escape").await;
                admin.does_not_see("Your account").await;
                admin.is_focused_on("admin").await;
            }
        }
    }
}
