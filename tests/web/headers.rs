//! The headers that protect visitors.

use trovato_tests::{Answer, TestApp, both};

use crate::ask;

/// The nonce that an answer's policy allows.
fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let after = policy
        .split("'nonce-")
        .nth(1)
        .unwrap_or_else(|| panic!("no nonce in {policy}"));
    after.split('\'').next().unwrap().to_owned()
}

both! {
    async fn a_page_may_run_what_carries_its_nonce_and_nothing_else_inside(app: TestApp) {
        let (first, second) = (app.get("/").await, app.get("/").await);
        let policy = first.header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self' 'nonce-", "style-src 'self' 'nonce-", "img-src 'self' data: https:", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(policy.contains(part), "{part} is not in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_ne!(nonce(&first), nonce(&second));
        assert!(nonce(&first).len() >= 22, "128 bits are 22 characters");
        let scripts = first.text.matches("<script").count();
        let with_nonce = first.text.matches(&format!("nonce=\"{}\"", nonce(&first))).count();
        assert!(scripts > 0);
        assert_eq!(scripts, with_nonce, "{}", first.text);
        assert!(!first.text.contains(" style=\""), "an inline style would be refused");
    }

    async fn an_error_page_is_protected_as_any_other(app: TestApp) {
        let missing = app.get("/there-is-no-such-page").await;
        assert_eq!(missing.status, 404);
        assert!(missing.contains(&nonce(&missing)));
    }

    async fn what_is_no_page_of_the_theme_has_a_policy_without_nonce(app: TestApp) {
        let health = app.get("/health").await;
        let policy = health.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("nonce"), "{policy}");
    }

    async fn every_answer_has_the_other_headers(app: TestApp) {
        for path in ["/", "/health", "/theme/trovato/css/base.css", "/there-is-no-such-page"] {
            let answer = app.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
            assert_eq!(answer.header("strict-transport-security"), "", "over plain HTTP: {path}");
        }
    }

    async fn browsers_remember_https_where_there_is_https(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some("https://example.org".to_owned())).await;
        assert_eq!(app.get("/").await.header("strict-transport-security"), "max-age=63072000");
    }

    async fn a_host_that_is_none_is_refused(app: TestApp) {
        let answer = app.answer(ask("GET", "/", "203.0.113.9", &[("host", "a@evil.example/")])).await;
        assert_eq!(answer.status, 400);
        assert!(answer.contains("Host header"));
        assert_eq!(app.answer(ask("GET", "/", "203.0.113.9", &[("host", "example.org")])).await.status, 200);
    }
}
