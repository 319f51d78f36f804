//! What plugins answer to programs.

use axum::http::Method;
use serde_json::json;
use trovato_tests::{Package, TestApp, both};

use crate::{ask, ok, pointers, problem, send};

const ECHO: &str = "/api/plugins/prober/echo";

both! {
    async fn a_plugin_answers_programs_by_every_method(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let who = app.visitor();
        let read = ok(&ask(&app, &who, Method::GET, &format!("{ECHO}?q=a%20b"), &[]).await, 200);
        assert_eq!(read, json!({"method": "ApiMethod::Get", "q": "a b", "body": null}));
        for (method, name) in [(Method::POST, "ApiMethod::Post"), (Method::PUT, "ApiMethod::Put"), (Method::PATCH, "ApiMethod::Patch")] {
            let answer = ok(&send(&app, &who, method, ECHO, &[], &json!({"a": [1, "</script>"]})).await, 200);
            assert_eq!(answer, json!({"method": name, "q": "", "body": {"a": [1, "</script>"]}}));
        }
        let gone = ask(&app, &who, Method::DELETE, "/api/plugins/prober/gone", &[]).await;
        assert_eq!((gone.status.as_u16(), gone.text.as_str(), gone.header("cache-control")), (204, "", "private, no-store"));
        let asked = ask(&app, &who, Method::OPTIONS, ECHO, &[]).await;
        assert_eq!(asked.header("allow"), "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
    }

    async fn what_a_plugin_refuses_is_a_problem(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        app.enable("page").await.unwrap();
        let (visitor, somebody) = (app.visitor(), app.somebody(&[]));
        for (name, status) in [("nothing", 404), ("denied", 403), ("invalid", 422), ("limit", 422), ("conflict", 409)] {
            problem(&ask(&app, &somebody, Method::GET, &format!("/api/plugins/prober/{name}"), &[]).await, status);
        }
        let invalid = ask(&app, &somebody, Method::GET, "/api/plugins/prober/invalid", &[]).await;
        assert_eq!(pointers(&problem(&invalid, 422)), ["#/list/2"]);
        assert_eq!(ask(&app, &visitor, Method::GET, "/api/plugins/prober/denied", &[]).await.status, 401);
        problem(&ask(&app, &somebody, Method::GET, "/api/plugins/prober/away", &[]).await, 503);
        app.logged("it rests");
        for path in ["/api/plugins/nobody/echo", "/api/plugins/page/echo"] {
            problem(&ask(&app, &somebody, Method::GET, path, &[]).await, 404);
        }
        problem(&send(&app, &somebody, Method::POST, ECHO, &[], &json!([1])).await, 400);
        problem(&ask(&app, &somebody, Method::POST, ECHO, &[]).await, 415);
    }

    async fn what_a_plugin_answers_wrongly_and_a_failure_cost_one_answer(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let who = app.somebody(&[]);
        for (name, told) in [
            ("odd-status", "plugin 'prober' answers 'odd-status' with the status 404"),
            ("odd-body", "plugin 'prober' answers 'odd-body' with a body that is no JSON"),
            ("other", "it broke"),
            ("trap", "plugin 'prober' failed in 'api'"),
        ] {
            let path = format!("/api/plugins/prober/{name}");
            let failed = problem(&ask(&app, &who, Method::GET, &path, &[]).await, 500);
            assert!(!failed.to_string().contains("prober answers"), "the cause is for the log: {failed}");
            app.logged(told);
        }
        app.logged("plugin 'prober' failed");
        ok(&ask(&app, &who, Method::GET, ECHO, &[]).await, 200);
    }
}
