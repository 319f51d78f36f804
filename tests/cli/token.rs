//! `trovato token`.

use axum::body::Body;
use axum::http::{Request, header};
use trovato_tests::{Answer, TestApp, both};

use super::trovato;

async fn ask(app: &TestApp, token: &str) -> Answer {
    let request = Request::builder()
        .uri("/api/user")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    app.answer(request.body(Body::empty()).unwrap()).await
}

/// An access token for a client.
async fn grant(app: &TestApp, id: &str, secret: &str) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri("/oauth/token")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let body = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    app.answer(request.body(Body::from(body)).unwrap()).await
}

both! {
    async fn a_token_is_made_listed_and_revoked(app: TestApp) {
        let scope = ["--scope", "access content"];
        let made = trovato(&app, &[&["token", "create", "admin", "--name", "Script"][..], &scope].concat()).await.well();
        let token = made.trim().to_owned();
        assert_eq!(ask(&app, &token).await.status, 200);
        let list = trovato(&app, &["token", "list", "admin"]).await.well();
        assert!(list.contains("Script  access content") && !list.contains(&token), "{list}");
        let id = list.split_whitespace().next().unwrap().to_owned();
        assert_eq!(trovato(&app, &["token", "revoke", "admin", &id]).await.well(), "The token is revoked.\n");
        assert_eq!(ask(&app, &token).await.status, 401);
        let again = trovato(&app, &["token", "revoke", "admin", &id]).await.failed(2);
        assert!(again.starts_with("trovato: "), "{again}");
    }

    async fn a_token_has_to_have_a_scope_and_an_owner_who_may(app: TestApp) {
        trovato(&app, &["token", "create", "admin", "--name", "x"]).await.failed(2);
        let nobody = trovato(&app, &["token", "create", "nobody", "--name", "x", "--scope", "access content"]).await;
        assert!(nobody.failed(2).contains("'nobody'"));
        let stranger = trovato(&app, &["token", "create", "user", "--name", "x", "--scope", "access content"]).await;
        assert!(stranger.failed(1).contains("You may not make access tokens."));
        let unknown = trovato(&app, &["token", "create", "admin", "--name", "x", "--scope", "fly"]).await.failed(2);
        assert!(unknown.contains("fly"), "{unknown}");
    }

    async fn a_client_is_added_switched_off_and_removed(app: TestApp) {
        let add = ["token", "client", "add", "Mirror", "--acts-as", "user", "--scope", "access content"];
        let made = trovato(&app, &add).await.well();
        let value = |name: &str| -> String {
            let line = made.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().nth(1).unwrap().to_owned()
        };
        let (id, secret) = (value("client_id"), value("client_secret"));
        assert_eq!(grant(&app, &id, &secret).await.status, 200);
        let list = trovato(&app, &["token", "client", "list"]).await.well();
        assert!(list.contains("on   Mirror  as user: access content"), "{list}");
        trovato(&app, &["token", "client", "off", &id]).await.well();
        assert_eq!(grant(&app, &id, &secret).await.status, 401);
        trovato(&app, &["token", "client", "on", &id]).await.well();
        let fresh = trovato(&app, &["token", "client", "secret", &id]).await.well();
        assert_eq!(grant(&app, &id, &secret).await.status, 401);
        assert_eq!(grant(&app, &id, fresh.trim()).await.status, 200);
        trovato(&app, &["token", "client", "remove", &id]).await.well();
        assert_eq!(grant(&app, &id, fresh.trim()).await.status, 401);
    }

    async fn the_keys_that_sign_are_changed(app: TestApp) {
        let first = trovato(&app, &["token", "rotate-keys"]).await.well();
        let second = trovato(&app, &["token", "rotate-keys", "--drop"]).await.well();
        assert!(first.starts_with("Tokens are signed with the key ") && first != second, "{first}{second}");
    }
}
