//! The pages on which people protect their accounts.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use trovato::request::SignInState;
use trovato_tests::{Answer, Authenticator, Browser, TestApp, both};

use super::{PASSWORD, account, browser, json as read};

const ORIGIN: &str = "https://example.org";

async fn post(browser: &Browser<'_>, path: &str, body: &Value) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "application/json")
        .header(header::ORIGIN, ORIGIN);
    browser.send(request, Body::from(body.to_string())).await
}

fn code(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let phone = Builder::new().with_secret(secret).build().unwrap();
    phone
        .generate(u64::try_from(app.now().as_millis() / 1000).unwrap())
        .to_string()
}

both! {
    async fn visitors_have_nothing_to_protect(app: TestApp) {
        for path in ["/user/security", "/user/security/codes", "/user/security/tokens/new"] {
            assert_eq!(app.get(path).await.status, 403, "{path}");
        }
    }

    async fn codes_are_set_up_and_turned_off_with_the_password(app: TestApp) {
        let ada = account(&app, "Ada", &[]).await;
        let form = browser(&app, &ada, SignInState::Open).await.form("/user/security/codes").await;
        let wrong = form.press("confirm").await;
        assert!(!wrong.contains("recovery-codes"), "{}", wrong.text);
        let secret = app.services().two_factor.begin(ada.id, "Ada").await.unwrap().secret;
        let form = form.fill("code", &code(&app, &secret));
        let page = form.press("confirm").await;
        assert_eq!(page.text.matches("<li><code>").count(), 10, "{}", page.text);
        let letters = app.letters().await;
        assert!(letters.iter().any(|letter| letter.header("Subject").contains("codes were set up")));
        let off = form.browser().form("/user/security/codes/off").await;
        let refused = off.fill("password", "not this one").press("off").await;
        assert!(refused.contains("This is not your password"), "{}", refused.text);
        let off = browser(&app, &ada, SignInState::Open).await.form("/user/security/codes/off").await;
        let done = off.fill("password", PASSWORD).press("off").await;
        assert_eq!(done.header("location"), "/user/security", "{}", done.text);
        assert_eq!(app.services().two_factor.status(ada.id).await.unwrap().since, None);
    }

    async fn after_a_while_a_passkey_and_recovery_codes_take_the_password_once_more(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned())).await;
        let ada = account(&app, "Ada", &[]).await;
        let mut device = Authenticator::new(ORIGIN);
        let own = browser(&app, &ada, SignInState::Open).await;
        own.get("/user/security").await;
        let begun = read(&post(&own, "/user/passkey/register/begin", &json!({})).await);
        app.wait(Duration::from_secs(10 * 60));
        let made = json!({ "ceremony": begun["ceremony"], "credential": device.create(&begun["options"]), "name": "x" });
        for (path, body) in [("/user/passkey/register", made), ("/user/passkey/register/begin", json!({}))] {
            let refused = post(&own, path, &body).await;
            assert_eq!(refused.status, 400);
            assert!(refused.contains("Give your password once more"), "{}", refused.text);
        }
        let page = own.get("/user/security").await;
        assert!(!page.contains("data-passkey"), "{}", page.text);
        assert!(page.contains("/user/security/again?destination=%2Fuser%2Fsecurity"), "{}", page.text);
        let recovery = own.get("/user/security/recovery-codes").await;
        assert!(recovery.header("location").starts_with("/user/security/again?"), "{}", recovery.text);
        let form = own.form("/user/security/again?destination=/user/security").await;
        let wrong = form.fill("password", "not this one").press("go_on").await;
        assert!(wrong.contains("This is not your password"), "{}", wrong.text);
        let own = browser(&app, &ada, SignInState::Open).await;
        app.wait(Duration::from_secs(10 * 60));
        let form = own.form("/user/security/again?destination=/user/security").await.fill("password", PASSWORD);
        assert_eq!(form.press("go_on").await.header("location"), "/user/security");
        let own = form.browser();
        assert!(own.get("/user/security").await.contains("data-passkey"));
        assert_eq!(post(&own, "/user/passkey/register/begin", &json!({})).await.status, 200);
    }

    async fn a_passkey_is_added_used_and_removed(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned())).await;
        let ada = account(&app, "Ada", &[]).await;
        let mut device = Authenticator::new(ORIGIN);
        let own = browser(&app, &ada, SignInState::Open).await;
        assert!(own.get("/user/security").await.contains("data-passkey=\"register\""));
        let begun = read(&post(&own, "/user/passkey/register/begin", &json!({})).await);
        let made = json!({ "ceremony": begun["ceremony"], "credential": device.create(&begun["options"]), "name": "Phone" });
        let answer = post(&own, "/user/passkey/register", &made).await;
        assert_eq!(read(&answer)["location"], "/user/security", "{}", answer.text);
        let visitor = app.browser();
        visitor.get("/user/password-reset").await;
        let begun = read(&post(&visitor, "/user/passkey/sign-in/begin", &json!({ "autofill": true })).await);
        let shown = json!({
            "ceremony": begun["ceremony"], "credential": device.get(&begun["options"]), "destination": "//evil.example",
        });
        let answer = post(&visitor, "/user/passkey/sign-in", &shown).await;
        assert_eq!(read(&answer)["location"], "/", "{}", answer.text);
        let again = post(&visitor, "/user/passkey/sign-in", &shown).await;
        assert_eq!(again.status, 400);
        let page = visitor.get("/user/security").await;
        assert!(page.contains("Phone"), "{}", page.text);
        let id = app.services().passkeys.list(ada.id).await.unwrap()[0].id.to_string();
        let form = visitor.form("/user/security").await.fill("passkey", &id);
        assert!(form.press("remove_passkey").await.status.is_redirection());
        assert!(app.services().passkeys.list(ada.id).await.unwrap().is_empty());
    }

    async fn another_site_can_t_begin_a_ceremony(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned())).await;
        let ada = account(&app, "Ada", &[]).await;
        let own = browser(&app, &ada, SignInState::Open).await;
        own.get("/user/security").await;
        let foreign = Request::builder()
            .method(Method::POST)
            .uri("/user/passkey/register/begin")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ORIGIN, "https://evil.example");
        assert_eq!(own.send(foreign, Body::from("{}")).await.status, 403);
        let plain = Request::builder()
            .method(Method::POST)
            .uri("/user/passkey/register/begin")
            .header(header::CONTENT_TYPE, "text/plain")
            .header(header::ORIGIN, ORIGIN);
        assert!(own.send(plain, Body::from("{}")).await.status.is_client_error());
        let stranger = app.browser();
        assert!(post(&stranger, "/user/passkey/register/begin", &json!({})).await.status.is_client_error());
    }

    async fn a_passkey_stands_for_the_second_factor(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned())).await;
        let ada = account(&app, "Ada", &["access user profiles"]).await;
        let mut device = Authenticator::new(ORIGIN);
        let own = browser(&app, &ada, SignInState::Open).await;
        own.get("/user/security").await;
        let begun = read(&post(&own, "/user/passkey/register/begin", &json!({})).await);
        let made = json!({ "ceremony": begun["ceremony"], "credential": device.create(&begun["options"]) });
        post(&own, "/user/passkey/register", &made).await;
        app.services().two_factor.requirement().set(app.system().request(), ada.roles[0], true).await.unwrap();
        let waiting = browser(&app, &ada, SignInState::Pending).await;
        assert!(waiting.get("/user/login/second").await.contains("data-passkey=\"check\""));
        let begun = read(&post(&waiting, "/user/passkey/check/begin", &json!({})).await);
        let shown = json!({ "ceremony": begun["ceremony"], "credential": device.get(&begun["options"]) });
        let answer = post(&waiting, "/user/passkey/check", &shown).await;
        assert_eq!(read(&answer)["location"], "/", "{}", answer.text);
        app.wait(Duration::from_secs(1));
        assert_eq!(waiting.get("/user/security").await.status, 200);
    }

    async fn administrators_say_which_roles_require_a_second_factor(app: TestApp) {
        let ada = account(&app, "Ada", &["administer users", "access administration pages"]).await;
        let form = browser(&app, &ada, SignInState::Verified).await.form("/admin/people/two-factor").await;
        let answer = form.choose("roles", &ada.roles[0].to_string()).press("save").await;
        assert!(answer.status.is_redirection(), "{}", answer.text);
        assert!(app.services().two_factor.requirement().holds_for(&ada.roles));
        assert!(!app.services().two_factor.requirement().holds_for(&[]));
    }

    async fn administrators_add_clients_and_see_the_secret_once(app: TestApp) {
        let permissions = ["administer api clients", "access administration pages", "access user profiles", "administer users"];
        let ada = account(&app, "Ada", &permissions).await;
        let list = "/admin/people/api-clients";
        let form = browser(&app, &ada, SignInState::Open).await.form("/admin/people/api-clients/new").await;
        let page = form.fill("name", "Importer").fill("user", "Ada").choose("scopes", "administer users").press("make").await;
        assert!(page.contains("Client secret"), "{}", page.text);
        let browser = browser(&app, &ada, SignInState::Open).await;
        let listed = browser.get(list).await;
        assert!(listed.contains("Importer"), "{}", listed.text);
        let id = app.services().tokens.clients(&app.system().request().account).await.unwrap()[0].id;
        let answer = browser.form(&format!("{list}/{id}")).await.press("off").await;
        assert!(answer.status.is_redirection(), "{}", answer.text);
        assert!(!app.services().tokens.client(&app.system().request().account, id).await.unwrap().active);
    }
}
