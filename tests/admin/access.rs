//! Who may go where.

use trovato::subsystems::Services;
use trovato::subsystems::admin::ENTER;
use trovato_tests::{TestApp, both};

/// Every path of the administration, with something for each name.
fn paths() -> Vec<String> {
    let pages = Services::admin_pages();
    let paths = pages.iter().map(|page| page.about().path);
    let paths = paths.filter(|path| path.starts_with("/admin"));
    paths
        .map(|path| {
            let segments = path
                .split('/')
                .map(|segment| if segment.starts_with('{') { "blog" } else { segment });
            segments.collect::<Vec<_>>().join("/")
        })
        .collect()
}

both! {
    async fn visitors_are_asked_to_sign_in_and_come_back_wherever_they_knock(app: TestApp) {
        let nowhere = ["/admin/nowhere".to_owned(), "/admin/plugins?q=a%26b".to_owned()];
        for path in paths().into_iter().chain(nowhere) {
            let answer = app.get(&path).await;
            assert_eq!(answer.status, 303, "{path}");
            let back = path.replace('/', "%2F").replace('?', "%3F").replace('=', "%3D").replace("%26", "%2526");
            assert_eq!(answer.header("location"), format!("/user/login?destination={back}"));
            assert!(!answer.contains("admin"), "{}", answer.text);
        }
    }

    async fn visitors_who_send_something_are_refused(app: TestApp) {
        for path in paths() {
            assert_eq!(app.post(&path, "action=enable").await.status, 403, "{path}");
        }
    }

    async fn those_without_the_permission_are_refused_wherever_they_knock_and_learn_nothing(app: TestApp) {
        let somebody = app.somebody(&["access content"]);
        let refused = app.get_as(&somebody, "/admin/nowhere").await;
        assert_eq!(refused.status, 403);
        for path in paths() {
            let answer = app.get_as(&somebody, &path).await;
            assert_eq!(answer.status, 403, "{path}");
            assert!(!answer.contains("Administration") && !answer.contains("popover"), "{}", answer.text);
        }
    }

    async fn a_page_needs_its_own_permission_besides(app: TestApp) {
        let clerk = app.somebody(&[ENTER]);
        assert_eq!(app.get_as(&clerk, "/admin").await.status, 200);
        assert_eq!(app.get_as(&clerk, "/admin/reports/log").await.status, 403);
        let reader = app.somebody(&[ENTER, "access site reports"]);
        assert_eq!(app.get_as(&reader, "/admin/reports/log").await.status, 200);
    }

    async fn every_page_is_there_for_an_administrator(app: TestApp) {
        let administrator = app.administrator();
        for page in Services::admin_pages() {
            let path = page.about().path;
            if path.contains('{') || !path.starts_with("/admin") {
                continue;
            }
            let status = app.get_as(&administrator, path).await.status;
            // There is nothing to delete, and some paths are only posted to.
            assert!(matches!(status.as_u16(), 200 | 404 | 405), "{path}: {status}");
        }
    }

    async fn what_somebody_sees_who_is_signed_in_is_kept_by_no_cache_on_the_way(app: TestApp) {
        for path in ["/admin", "/admin/plugins", "/admin/nowhere", "/"] {
            let answer = app.get_as(&app.administrator(), path).await;
            assert_eq!(answer.header("cache-control"), "private, no-cache", "{path}");
        }
    }

    async fn what_is_not_there_is_told_in_the_administrations_own_pages(app: TestApp) {
        let answer = app.get_as(&app.administrator(), "/admin/nowhere").await;
        assert_eq!(answer.status, 404);
        assert!(answer.contains("Go to the dashboard") && answer.contains("id=\"navigation\""), "{}", answer.text);
    }
}
