//! Browsers that use the API with the cookie of their session.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;
use trovato_tests::{Answer, Browser, TestApp, both};

use super::{ok, problem, types};

async fn send(browser: &Browser<'_>, token: Option<&str>) -> Answer {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri("/api/items")
        .header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("x-csrf-token", token);
    }
    let body = json!({ "type": "note", "title": "a" });
    browser.send(request, Body::from(body.to_string())).await
}

both! {
    async fn a_browser_needs_the_token_of_its_session(app: TestApp) {
        types(&app).await;
        let browser = app.signed_in("admin").await;
        problem(&send(&browser, None).await, 403);
        problem(&send(&browser, Some("x")).await, 403);
        let answer = browser.get("/api/csrf-token").await;
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let token = ok(&answer, 200)["token"].as_str().unwrap().to_owned();
        assert_eq!(send(&browser, Some(&token)).await.status, 201);
        let other = app.signed_in("admin").await;
        problem(&send(&other, Some(&token)).await, 403);
        problem(&app.get("/api/csrf-token").await, 401);
        app.logged("it lacks the token of its session");
    }

    async fn reading_needs_none(app: TestApp) {
        types(&app).await;
        app.item("note", "hidden").unpublished().save().await;
        let browser = app.signed_in("admin").await;
        assert_eq!(ok(&browser.get("/api/items").await, 200)["items"].as_array().unwrap().len(), 1);
    }
}
