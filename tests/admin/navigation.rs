//! What surrounds a page: navigation, breadcrumbs, titles.

use trovato::subsystems::admin::ENTER;
use trovato_tests::{Package, TestApp, both};

fn links(page: &str) -> Vec<&str> {
    let start = page.find("<nav class=\"side__nav\"").unwrap();
    let end = start + page[start..].find("</nav>").unwrap();
    page[start..end]
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

both! {
    async fn the_navigation_has_only_what_may_be_seen(app: TestApp) {
        let clerk = app.get_as(&app.somebody(&[ENTER]), "/admin").await;
        assert_eq!(links(&clerk.text), ["/admin", "/admin/content"]);
        let reader = app.get_as(&app.somebody(&[ENTER, "access site reports"]), "/admin").await;
        assert_eq!(links(&reader.text), ["/admin", "/admin/content", "/admin/reports"]);
        let all = app.get_as(&app.administrator(), "/admin").await;
        assert!(links(&all.text).len() > 3, "{:?}", links(&all.text));
    }

    async fn the_page_at_hand_is_marked_and_those_beside_it_are_shown(app: TestApp) {
        let page = app.get_as(&app.administrator(), "/admin/reports/log").await;
        assert!(links(&page.text).contains(&"/admin/reports/status"));
        assert!(page.contains("href=\"/admin/reports/log\" aria-current=\"page\""), "{}", page.text);
        assert!(page.contains("href=\"/admin/reports\" aria-current=\"true\""), "{}", page.text);
        assert_eq!(page.text.matches("aria-current=\"page\"").count(), 2, "navigation and breadcrumb");
    }

    async fn breadcrumbs_lead_from_the_dashboard_to_the_page(app: TestApp) {
        let page = app.get_as(&app.administrator(), "/admin/reports/log").await;
        let crumbs = "<li><a href=\"/admin\">Dashboard</a></li>\n        <li><a href=\"/admin/reports\">Reports</a></li>\n        \
                      <li><span aria-current=\"page\">Log</span></li>";
        assert!(page.contains(crumbs), "{}", page.text);
    }

    async fn a_section_lists_what_is_in_it(app: TestApp) {
        let page = app.get_as(&app.administrator(), "/admin/reports").await;
        assert!(page.contains("<a href=\"/admin/reports/status\">Status</a>"), "{}", page.text);
    }

    async fn a_plugin_puts_its_page_into_the_navigation_by_the_menu_admin(app: TestApp) {
        app.with(Package::tapper("alpha").setting("path", "/alpha").setting("menu", "admin")).await;
        let page = app.get_as(&app.administrator(), "/admin").await;
        assert!(page.contains("From plugins") && links(&page.text).contains(&"/alpha"), "{:?}", links(&page.text));
        let its_own = app.get_as(&app.administrator(), "/alpha").await;
        assert!(its_own.contains("id=\"navigation\"") && its_own.contains("alpha answers"), "{}", its_own.text);
        let public = app.get("/alpha").await;
        assert!(!public.contains("id=\"navigation\""), "{}", public.text);
    }

    async fn every_page_has_one_main_heading_landmarks_and_a_way_past_the_navigation(app: TestApp) {
        for path in ["/admin", "/admin/reports", "/admin/reports/status", "/admin/reports/log", "/admin/search", "/admin/nowhere"] {
            let page = app.get_as(&app.administrator(), path).await;
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}");
            assert_eq!(page.text.matches("<main").count(), 1, "{path}");
            assert!(page.contains("<a class=\"skip-link\" href=\"#main\">") && page.contains("id=\"main\""), "{path}");
            for refused in [" style=\"", "<style", " onclick=", "javascript:"] {
                assert!(!page.contains(refused), "{path} has {refused}");
            }
        }
    }
}
