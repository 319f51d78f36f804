//! Personal access tokens, and what programs may ask.

use std::time::Duration;

use trovato::request::SignInState;
use trovato::subsystems::token::{Error, NewToken};
use trovato::subsystems::user::{Changes, User};
use trovato_tests::{TestApp, both};

use super::{account, ask, browser, json};

const USE: &str = "use access tokens";

fn wanted(scopes: &[&str]) -> NewToken {
    NewToken {
        name: "Script".to_owned(),
        scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
        days: Some(30),
    }
}

async fn token(app: &TestApp, user: &User, scopes: &[&str]) -> String {
    let made = app
        .services()
        .tokens
        .create(&app.system(), user.id, wanted(scopes))
        .await;
    made.unwrap().1
}

/// Nothing but that it is not accepted.
async fn is_refused(app: &TestApp, token: &str) {
    let answer = ask(app, "/api/user", token).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
    assert_eq!(answer.header("www-authenticate"), "Bearer");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(
        json(&answer)["detail"],
        "Who asks has to show a valid access token, or log in."
    );
}

both! {
    async fn a_token_acts_as_its_owner_within_its_scopes(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "administer users", "access user profiles"]).await;
        let token = token(&app, &ada, &["administer users"]).await;
        assert!(token.starts_with("trv_") && token.len() == 47, "{token}");
        let answer = ask(&app, "/api/user", &token).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let me = json(&answer);
        assert_eq!(me["name"], "Ada");
        assert_eq!(me["permissions"], serde_json::json!(["administer users"]));
        let users = json(&ask(&app, "/api/users", &token).await);
        assert!(users["users"].as_array().unwrap().iter().any(|user| user["mail"] == "ada@example.com"), "{users}");
        let one = json(&ask(&app, &format!("/api/users/{}", ada.id), &token).await);
        assert_eq!(one["roles"], serde_json::json!(["ada"]));
        assert!(json(&ask(&app, "/api/roles", &token).await)["roles"].as_array().unwrap().len() >= 3);
    }

    async fn a_token_without_the_scope_may_not(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "administer users", "access user profiles"]).await;
        let token = token(&app, &ada, &["access user profiles"]).await;
        for path in ["/api/users", "/api/roles", &format!("/api/users/{}", ada.id)] {
            let answer = ask(&app, path, &token).await;
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        assert_eq!(app.get("/api/users").await.status, 401);
        assert_eq!(app.get("/api/user").await.status, 401);
    }

    async fn what_a_role_loses_its_tokens_lose(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "access user profiles"]).await;
        let token = token(&app, &ada, &["access user profiles"]).await;
        let changes = Changes { roles: Some(Vec::new()), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, changes, None).await.unwrap();
        assert_eq!(json(&ask(&app, "/api/user", &token).await)["permissions"], serde_json::json!([]));
    }

    async fn a_token_of_an_administrator_is_no_administrator(app: TestApp) {
        let ada = account(&app, "Ada", &[]).await;
        let changes = Changes { is_admin: Some(true), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, changes, None).await.unwrap();
        let token = token(&app, &ada, &["access content"]).await;
        let me = json(&ask(&app, "/api/user", &token).await);
        assert_eq!((&me["administrator"], &me["permissions"]), (&false.into(), &serde_json::json!(["access content"])));
        assert_eq!(ask(&app, "/api/users", &token).await.status, 403);
    }

    async fn a_token_that_is_forged_revoked_expired_or_of_somebody_blocked_is_refused(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "access user profiles"]).await;
        for nonsense in ["", "x", "trv_", &format!("trv_{}", "A".repeat(43)), "a.b.c", &"x".repeat(20_000)] {
            is_refused(&app, nonsense).await;
        }
        let revoked = token(&app, &ada, &["access user profiles"]).await;
        let id = app.services().tokens.list(&app.system().request().account, ada.id).await.unwrap()[0].id;
        app.services().tokens.revoke(&app.system(), ada.id, id).await.unwrap();
        is_refused(&app, &revoked).await;
        let token = token(&app, &ada, &["access user profiles"]).await;
        let block = |active| Changes { active: Some(active), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, block(false), None).await.unwrap();
        is_refused(&app, &token).await;
        app.services().users.update(&app.system(), ada.id, block(true), None).await.unwrap();
        assert_eq!(ask(&app, "/api/user", &token).await.status, 200);
        app.wait(Duration::from_secs(30 * 24 * 60 * 60));
        is_refused(&app, &token).await;
    }

    async fn a_refused_token_is_refused_on_every_page(app: TestApp) {
        assert_eq!(ask(&app, "/", "trv_nonsense").await.status, 401);
        assert_eq!(app.get("/").await.status, 200);
    }

    async fn requests_with_a_token_get_no_cookies_and_their_use_is_noted(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "access content"]).await;
        let token = token(&app, &ada, &["access content"]).await;
        let answer = ask(&app, "/", &token).await;
        assert_eq!((answer.status.as_u16(), answer.header("set-cookie")), (200, ""));
        let known = app.services().tokens.list(&app.system().request().account, ada.id).await.unwrap();
        assert_eq!(known[0].last_used, Some(app.now()));
    }

    async fn nobody_hands_on_more_than_they_have(app: TestApp) {
        let ada = account(&app, "Ada", &[USE]).await;
        let tokens = &app.services().tokens;
        let refused = |result: Result<_, Error>| match result {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{:?}", other.map(|(made, _): (trovato::subsystems::token::Personal, String)| made)),
        };
        assert_eq!(refused(tokens.create(&app.system(), ada.id, wanted(&["administer users"])).await), "scopes");
        assert_eq!(refused(tokens.create(&app.system(), ada.id, wanted(&[])).await), "scopes");
        let unnamed = NewToken { name: " ".to_owned(), ..wanted(&[USE]) };
        assert_eq!(refused(tokens.create(&app.system(), ada.id, unnamed).await), "name");
        let ancient = NewToken { days: Some(10_000), ..wanted(&[USE]) };
        assert_eq!(refused(tokens.create(&app.system(), ada.id, ancient).await), "days");
        let without = account(&app, "Eve", &["access user profiles"]).await;
        let denied = tokens.create(&app.system(), without.id, wanted(&["access user profiles"])).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
    }

    async fn a_token_is_shown_once_and_stored_as_a_digest(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "access content"]).await;
        let filling = browser(&app, &ada, SignInState::Open).await.form("/user/security/tokens/new").await;
        let page = filling.fill("name", "Backup").choose("scopes", "access content").press("make").await;
        assert_eq!(page.status, 200, "{}", page.text);
        let at = page.text.find("trv_").unwrap();
        let token = page.text[at..at + 47].to_owned();
        assert_eq!(ask(&app, "/api/user", &token).await.status, 200);
        let statement = trovato::db::sql("SELECT digest FROM access_token", ());
        let (digest,): (String,) = app.services().db.fetch_one(statement).await.unwrap();
        assert!(!digest.contains(&token[4..]) && digest.len() == 64);
        let overview = browser(&app, &ada, SignInState::Open).await.get("/user/security").await;
        assert!(overview.contains("Backup") && !overview.contains("trv_"), "{}", overview.text);
    }

    async fn a_token_sets_nothing_up(app: TestApp) {
        let ada = account(&app, "Ada", &[USE, "access content"]).await;
        let token = token(&app, &ada, &["access content", USE]).await;
        for path in ["/user/security", "/user/security/tokens/new", "/user/security/codes"] {
            assert_eq!(ask(&app, path, &token).await.status, 403, "{path}");
        }
    }
}
