//! Everything that goes wrong under /api is told as RFC 9457 has it.

use axum::body::Body;
use axum::http::{Method, Request};
use trovato_tests::{Answer, TestApp, both};

use super::{ask, problem, types, writer};

async fn raw(app: &TestApp, kind: &str, body: Vec<u8>) -> Answer {
    raw_with(app, kind, &[], body).await
}

async fn raw_with(app: &TestApp, kind: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
    let mut request = Request::builder().method(Method::POST).uri("/api/items");
    if !kind.is_empty() {
        request = request.header("content-type", kind);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body)).unwrap();
    request.extensions_mut().insert(writer(app));
    app.answer(request).await
}

both! {
    async fn paths_and_methods_that_are_not_there(app: TestApp) {
        let visitor = app.visitor();
        for path in ["/api/none", "/api/items/x/y", "/api/", "/api/items/", "/api/types/none"] {
            problem(&app.get(path).await, 404);
        }
        let cases = [
            (Method::PUT, "/api/items", "GET, HEAD, OPTIONS, POST"),
            (Method::POST, "/api/items/7", "DELETE, GET, HEAD, OPTIONS, PATCH"),
            (Method::DELETE, "/api/types", "GET, HEAD, OPTIONS"),
            (Method::POST, "/api/users", "GET, HEAD, OPTIONS"),
        ];
        for (method, path, allowed) in cases {
            let refused = ask(&app, &visitor, method, path, &[]).await;
            problem(&refused, 405);
            assert_eq!(refused.header("allow"), allowed, "{path}");
            let told = ask(&app, &visitor, Method::OPTIONS, path, &[]).await;
            assert_eq!((told.status.as_u16(), told.header("allow")), (204, allowed), "{path}");
        }
        let told = ask(&app, &visitor, Method::OPTIONS, "/api/items/7", &[]).await;
        assert_eq!(told.header("accept-patch"), "application/merge-patch+json, application/json");
    }

    async fn a_head_is_answered_like_a_get_without_its_body(app: TestApp) {
        types(&app).await;
        let get = app.get("/api/items").await;
        let head = ask(&app, &app.visitor(), Method::HEAD, "/api/items", &[]).await;
        assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
        for name in ["content-type", "etag", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
    }

    async fn bodies_that_are_none(app: TestApp) {
        types(&app).await;
        for (kind, body, status) in [
            ("application/json", "", 400),
            ("application/json", "{", 400),
            ("application/json", "[]", 400),
            ("application/json", "null", 400),
            ("application/json", r#"{"type":"note","type":"form"}"#, 400),
            ("application/json", "{\"title\":\"\\ud800\"}", 400),
            ("text/plain", "{}", 415),
            ("", "{}", 415),
            ("application/x-www-form-urlencoded", "a=b", 415),
            ("application/merge-patch+json", "{}", 415),
            ("application/json; charset=utf-8", "{}", 422),
        ] {
            problem(&raw(&app, kind, body.as_bytes().to_vec()).await, status);
        }
        problem(&raw(&app, "application/json", b"{\"title\":\"\xff\"}".to_vec()).await, 400);
        let compressed = raw_with(&app, "application/json", &[("content-encoding", "gzip")], b"{}".to_vec()).await;
        problem(&compressed, 415);
        assert_eq!(raw(&app, "text/plain", Vec::new()).await.header("accept"), "application/json");
    }

    async fn bodies_that_are_too_large_or_too_deep(app: TestApp) {
        types(&app).await;
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200_000), "]".repeat(200_000));
        problem(&raw(&app, "application/json", deep.into_bytes()).await, 400);
        let large = format!("{{\"title\":\"{}\"}}", "x".repeat(5 << 20));
        problem(&raw(&app, "application/json", large.into_bytes()).await, 413);
    }

    async fn a_page_of_another_site_can_do_nothing(app: TestApp) {
        types(&app).await;
        for headers in [&[("origin", "https://evil.example"), ("host", "localhost")][..], &[("sec-fetch-site", "cross-site")]] {
            problem(&raw_with(&app, "application/json", headers, b"{}".to_vec()).await, 403);
        }
    }

    async fn who_asks_too_often_is_told(app: TestApp) {
        let app = app.restart_with(|config| config.rate_limits.enabled = true).await;
        for _ in 0..100 {
            app.get("/api/types").await;
        }
        let refused = app.get("/api/types").await;
        problem(&refused, 429);
        assert!(!refused.header("retry-after").is_empty());
    }

    async fn a_program_that_makes_much_is_counted_by_the_rules_of_the_api(app: TestApp) {
        let app = app.restart_with(|config| config.rate_limits.enabled = true).await;
        types(&app).await;
        for _ in 0..40 {
            assert_eq!(raw(&app, "application/json", b"{}".to_vec()).await.status, 422);
        }
    }
}
