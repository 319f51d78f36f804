//! Clients, signed tokens and their keys.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use trovato::subsystems::token::{Client, Error, NewClient};
use trovato_tests::{TestApp, both};

use super::{account, ask, json, send};

const GRANT: &str = "grant_type=client_credentials";

struct Registered {
    client: Client,
    secret: String,
}

impl Registered {
    fn basic(&self) -> String {
        format!(
            "Basic {}",
            STANDARD.encode(format!("{}:{}", self.client.id, self.secret))
        )
    }

    async fn token(&self, app: &TestApp) -> String {
        let answer = send(app, "/oauth/token", Some(&self.basic()), GRANT).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        json(&answer)["access_token"].as_str().unwrap().to_owned()
    }
}

async fn registered(app: &TestApp) -> Registered {
    let robot = account(app, "Robot", &["administer users", "access user profiles"]).await;
    let new = NewClient {
        name: "Importer".to_owned(),
        user: robot.id,
        scopes: ["administer users", "access user profiles"]
            .map(str::to_owned)
            .to_vec(),
    };
    let (client, secret) = app
        .services()
        .tokens
        .create_client(&app.system(), new)
        .await
        .unwrap();
    Registered { client, secret }
}

async fn with_address(app: TestApp) -> TestApp {
    app.restart_with(|config| config.public_url = Some("https://example.org".to_owned()))
        .await
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

async fn status(app: &TestApp, token: &str) -> u16 {
    ask(app, "/api/user", token).await.status.as_u16()
}

both! {
    async fn a_client_gets_a_token_that_acts_as_its_account(app: TestApp) {
        let app = with_address(app).await;
        let registered = registered(&app).await;
        let answer = send(&app, "/oauth/token", Some(&registered.basic()), &format!("{GRANT}&scope=access-user-profiles")).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let body = json(&answer);
        assert_eq!((&body["token_type"], &body["expires_in"]), (&"Bearer".into(), &600.into()));
        assert_eq!(body["scope"], "access-user-profiles");
        let token = body["access_token"].as_str().unwrap();
        assert_eq!(part(token, 0)["alg"], "EdDSA");
        assert_eq!(part(token, 0)["typ"], "at+jwt");
        assert_eq!(part(token, 1)["iss"], "https://example.org");
        let me = json(&ask(&app, "/api/user", token).await);
        assert_eq!((&me["name"], &me["permissions"]), (&"Robot".into(), &serde_json::json!(["access user profiles"])));
        let all = registered.token(&app).await;
        assert_eq!(ask(&app, "/api/users", &all).await.status, 200);
    }

    async fn a_client_may_show_its_secret_in_the_body(app: TestApp) {
        let registered = registered(&app).await;
        let body = format!("{GRANT}&client_id={}&client_secret={}", registered.client.id, registered.secret);
        assert_eq!(send(&app, "/oauth/token", None, &body).await.status, 200);
        let both = send(&app, "/oauth/token", Some(&registered.basic()), &body).await;
        assert_eq!((both.status.as_u16(), &json(&both)["error"]), (400, &"invalid_request".into()));
    }

    async fn refusals_have_the_form_that_oauth_asks_for(app: TestApp) {
        let registered = registered(&app).await;
        let basic = registered.basic();
        let wrong = format!("Basic {}", STANDARD.encode(format!("{}:wrong", registered.client.id)));
        for (authorization, body, status, error) in [
            (Some(wrong.as_str()), GRANT, 401, "invalid_client"),
            (Some("Basic nonsense"), GRANT, 401, "invalid_client"),
            (None, GRANT, 401, "invalid_client"),
            (Some(basic.as_str()), "", 400, "invalid_request"),
            (Some(basic.as_str()), "grant_type=password", 400, "unsupported_grant_type"),
            (Some(basic.as_str()), "grant_type=client_credentials&grant_type=client_credentials", 400, "invalid_request"),
            (Some(basic.as_str()), "grant_type=client_credentials&scope=everything", 400, "invalid_scope"),
        ] {
            let answer = send(&app, "/oauth/token", authorization, body).await;
            assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
            assert_eq!(json(&answer)["error"], error, "{body}");
            assert_eq!(answer.header("www-authenticate").starts_with("Basic"), status == 401 && authorization.is_some());
        }
        assert_eq!(app.get("/oauth/token").await.status, 405);
    }

    async fn a_token_ends_and_can_be_revoked(app: TestApp) {
        let registered = registered(&app).await;
        let token = registered.token(&app).await;
        let other = registered.token(&app).await;
        let body = format!("token={token}");
        assert_eq!(send(&app, "/oauth/revoke", None, &body).await.status, 401);
        assert_eq!(status(&app, &token).await, 200);
        assert_eq!(send(&app, "/oauth/revoke", Some(&registered.basic()), &body).await.status, 200);
        assert_eq!(send(&app, "/oauth/revoke", Some(&registered.basic()), "token=nonsense").await.status, 200);
        assert_eq!((status(&app, &token).await, status(&app, &other).await), (401, 200));
        app.wait(Duration::from_secs(600));
        assert_eq!(status(&app, &other).await, 401);
    }

    async fn a_forged_token_is_refused(app: TestApp) {
        let registered = registered(&app).await;
        let token = registered.token(&app).await;
        let parts: Vec<&str> = token.split('.').collect();
        let mut claims = part(&token, 1);
        claims["exp"] = (app.now().as_millis() / 1000 + 500).into();
        claims["scope"] = "administer-users access-user-profiles more".into();
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        let kid = part(&token, 0)["kid"].clone();
        let header = |alg: &str| {
            URL_SAFE_NO_PAD.encode(serde_json::json!({ "alg": alg, "typ": "at+jwt", "kid": kid }).to_string())
        };
        let keys = json(&app.get("/.well-known/jwks.json").await);
        let public = URL_SAFE_NO_PAD.decode(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
        let message = format!("{}.{claims}", header("HS256"));
        let shared = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &public);
        let tag = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&shared, message.as_bytes()));
        for forged in [
            format!("{}.{claims}.{}", parts[0], parts[2]),
            format!("{}.{claims}.", header("none")),
            format!("{message}.{tag}"),
            format!("{}.{}.{}", parts[0], parts[1], parts[2].replace(|_| true, "A")),
        ] {
            assert_eq!(status(&app, &forged).await, 401, "{forged}");
        }
        assert_eq!(status(&app, &token).await, 200);
    }

    async fn keys_overlap_so_that_nobody_notices_a_change(app: TestApp) {
        let other = app.another_node().await;
        let registered = registered(&app).await;
        let old = registered.token(&app).await;
        app.services().tokens.keys().rotate().await.unwrap();
        let new = registered.token(&app).await;
        assert_ne!(part(&old, 0)["kid"], part(&new, 0)["kid"]);
        for node in [&app, &other] {
            assert_eq!((status(node, &old).await, status(node, &new).await), (200, 200));
        }
        let keys = json(&other.get("/.well-known/jwks.json").await)["keys"].as_array().unwrap().clone();
        assert_eq!(keys.len(), 2);
        assert!(keys.iter().all(|key| key["kty"] == "OKP" && key["crv"] == "Ed25519" && key["d"].is_null()), "{keys:?}");
        app.wait(Duration::from_secs(16 * 60));
        let keys = json(&app.get("/.well-known/jwks.json").await);
        assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    }

    async fn the_next_key_is_published_before_it_signs(app: TestApp) {
        let registered = registered(&app).await;
        let first = part(&registered.token(&app).await, 0)["kid"].clone();
        app.wait(Duration::from_secs(29 * 24 * 60 * 60 + 60));
        let keys = json(&app.get("/.well-known/jwks.json").await)["keys"].as_array().unwrap().clone();
        assert_eq!(keys.len(), 2);
        assert_eq!(part(&registered.token(&app).await, 0)["kid"], first);
        app.wait(Duration::from_secs(24 * 60 * 60));
        let second = part(&registered.token(&app).await, 0)["kid"].clone();
        assert_ne!(second, first);
        assert!(keys.iter().any(|key| key["kid"] == second));
    }

    async fn keys_that_are_dropped_void_their_tokens_on_every_node(app: TestApp) {
        let other = app.another_node().await;
        let registered = registered(&app).await;
        let token = registered.token(&app).await;
        assert_eq!(status(&other, &token).await, 200);
        app.services().tokens.keys().drop_all().await.unwrap();
        app.wait(Duration::from_secs(60));
        assert_eq!((status(&app, &token).await, status(&other, &token).await), (401, 401));
        assert_eq!(status(&other, &registered.token(&app).await).await, 200);
    }

    async fn private_keys_are_not_readable_in_the_database(app: TestApp) {
        registered(&app).await.token(&app).await;
        let statement = trovato::db::sql("SELECT private_key FROM signing_key", ());
        let (sealed,): (String,) = app.services().db.fetch_one(statement).await.unwrap();
        assert!(sealed.starts_with("s1."), "{sealed}");
    }

    async fn a_client_that_is_off_or_has_another_secret_gets_nothing(app: TestApp) {
        let registered = registered(&app).await;
        let (tokens, session, id) = (&app.services().tokens, app.system(), registered.client.id);
        let token = registered.token(&app).await;
        tokens.set_client_active(&session, id, false).await.unwrap();
        assert_eq!(status(&app, &token).await, 401);
        assert_eq!(send(&app, "/oauth/token", Some(&registered.basic()), GRANT).await.status, 401);
        tokens.set_client_active(&session, id, true).await.unwrap();
        let fresh = Registered { secret: tokens.renew_client(&session, id).await.unwrap(), client: registered.client.clone() };
        assert_eq!(send(&app, "/oauth/token", Some(&registered.basic()), GRANT).await.status, 401);
        fresh.token(&app).await;
        tokens.remove_client(&session, id).await.unwrap();
        assert_eq!(send(&app, "/oauth/token", Some(&fresh.basic()), GRANT).await.status, 401);
    }

    async fn only_who_may_makes_clients_and_none_that_may_more(app: TestApp) {
        let robot = account(&app, "Robot", &["access user profiles"]).await;
        let tokens = &app.services().tokens;
        let new = || NewClient { name: "C".to_owned(), user: robot.id, scopes: vec!["access user profiles".to_owned()] };
        let nobody = app.session(app.somebody(&["access user profiles"]));
        assert!(matches!(tokens.create_client(&nobody, new()).await, Err(Error::Denied(_))));
        let without = app.session(app.somebody(&["administer api clients"]));
        assert!(matches!(tokens.create_client(&without, new()).await, Err(Error::Invalid { field: "scopes", .. })));
        let with = app.session(app.somebody(&["administer api clients", "access user profiles"]));
        tokens.create_client(&with, new()).await.unwrap();
        let changes = trovato::subsystems::user::Changes { is_admin: Some(true), ..Default::default() };
        app.services().users.update(&app.system(), robot.id, changes, None).await.unwrap();
        assert!(matches!(tokens.create_client(&with, new()).await, Err(Error::Invalid { field: "user", .. })));
    }

    async fn programs_can_find_out_where_tokens_are_issued(app: TestApp) {
        assert_eq!(app.get("/.well-known/oauth-authorization-server").await.status, 404);
        let app = with_address(app).await;
        let told = json(&app.get("/.well-known/oauth-authorization-server").await);
        assert_eq!(told["issuer"], "https://example.org");
        assert_eq!(told["token_endpoint"], "https://example.org/oauth/token");
        assert_eq!(told["jwks_uri"], "https://example.org/.well-known/jwks.json");
        assert_eq!(told["grant_types_supported"], serde_json::json!(["client_credentials"]));
    }
}
