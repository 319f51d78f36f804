//! A new password by mail.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use trovato::request::SignInState;
use trovato::subsystems::user::Changes;
use trovato_tests::{ReceivedLetter, TestApp, both};

use super::{PASSWORD, account, browser};

const ASK: &str = "/user/password-reset";
const NEW: &str = "another long password";

async fn letters(app: &TestApp) -> Vec<ReceivedLetter> {
    app.services().resets.drain(Duration::from_secs(10)).await;
    app.letters().await
}

async fn ask(app: &TestApp, mail: &str) {
    let answer = app.form(ASK).await.fill("mail", mail).press("send").await;
    assert!(
        answer.status.is_redirection(),
        "{}: {}",
        answer.status,
        answer.text
    );
    assert_eq!(answer.header("location"), "/user/login");
}

/// The path of the link in the last letter.
async fn link(app: &TestApp) -> String {
    let letters = letters(app).await;
    let letter = letters
        .iter()
        .rev()
        .find(|letter| letter.header("Subject").contains("new password"))
        .unwrap();
    let link = letter.link("/user/password-reset/").to_owned();
    link[link.find("/user").unwrap()..].to_owned()
}

async fn choose(app: &TestApp, path: &str, password: &str) -> trovato_tests::Answer {
    let form = app.form(path).await;
    form.fill("password", password)
        .fill("password.again", password)
        .press("save")
        .await
}

async fn is_void(app: &TestApp, path: &str) {
    let page = app.get(path).await;
    assert!(page.contains("does not work any more"), "{}", page.text);
}

async fn has_password(app: &TestApp, name: &str, password: &str) -> bool {
    let users = &app.services().users;
    let (_, hash, _) = users.credentials(name).await.unwrap().unwrap();
    let turn = users.hasher().turn().await.unwrap();
    users
        .hasher()
        .verify(turn, password.to_owned(), hash)
        .await
        .unwrap()
}

/// Ways to bring up a host.
const POISONED: [(&str, &[(&str, &str)]); 7] = [
    ("another host", &[("host", "evil.example")]),
    ("with a port", &[("host", "evil.example:443")]),
    ("one that ends like ours", &[("host", "evil.localhost")]),
    ("one that begins like ours", &[("host", "localhost.evil.example")]),
    (
        "a proxy's",
        &[("host", "localhost"), ("x-forwarded-host", "evil.example")],
    ),
    (
        "of RFC 7239",
        &[
            ("host", "localhost"),
            ("forwarded", "host=evil.example;proto=https"),
        ],
    ),
    (
        "other headers",
        &[
            ("host", "localhost"),
            ("x-host", "evil.example"),
            ("x-original-url", "http://evil.example/"),
        ],
    ),
];

/// Asks for a link with these headers and gives the links that came of it.
async fn links_after(app: &TestApp, headers: &[(&str, &str)]) -> Vec<String> {
    let before = letters(app).await.len();
    let form = app.form(ASK).await.fill("mail", "ada@example.com");
    let mut request = Request::builder()
        .method("POST")
        .uri(ASK)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    form.in_browser().send(request, Body::from(form.body())).await;
    let letters = letters(app).await.split_off(before);
    // Limits are another test's.
    app.wait(Duration::from_secs(3600));
    for letter in &letters {
        assert!(!letter.text.contains("evil"), "{headers:?}: {}", letter.text);
    }
    letters
        .iter()
        .map(|letter| letter.link("/user/password-reset/").to_owned())
        .collect()
}

both! {
    async fn a_link_sets_a_new_password_once_and_ends_all_sessions(app: TestApp) {
        let ada = account(&app, "Ada", &[]).await;
        let elsewhere = browser(&app, &ada, SignInState::Open).await;
        assert_eq!(elsewhere.get("/user/security").await.status, 200);
        ask(&app, "ADA@example.com").await;
        let path = link(&app).await;
        let answer = choose(&app, &path, NEW).await;
        assert_eq!(answer.header("location"), "/user/login", "{}", answer.text);
        assert!(has_password(&app, "Ada", NEW).await && !has_password(&app, "Ada", PASSWORD).await);
        assert_eq!(elsewhere.get("/user/security").await.status, 403);
        is_void(&app, &path).await;
        let letters = letters(&app).await;
        assert!(letters.iter().any(|letter| letter.header("Subject").contains("a new password was set")));
    }

    async fn nobody_learns_whether_there_is_an_account(app: TestApp) {
        account(&app, "Ada", &[]).await;
        let known = app.form(ASK).await.fill("mail", "ada@example.com").press("send").await;
        let unknown = app.form(ASK).await.fill("mail", "eve@example.com").press("send").await;
        assert_eq!((known.status, known.header("location")), (unknown.status, unknown.header("location")));
        assert_eq!(letters(&app).await.len(), 1);
    }

    async fn a_blocked_account_gets_no_link(app: TestApp) {
        let ada = account(&app, "Ada", &[]).await;
        let block = Changes { active: Some(false), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, block, None).await.unwrap();
        ask(&app, "ada@example.com").await;
        assert!(letters(&app).await.is_empty());
    }

    async fn looking_at_a_link_does_not_use_it_up(app: TestApp) {
        account(&app, "Ada", &[]).await;
        ask(&app, "ada@example.com").await;
        let path = link(&app).await;
        for _ in 0..3 {
            let page = app.get(&path).await;
            assert_eq!((page.status.as_u16(), page.header("referrer-policy")), (200, "same-origin"));
            assert_eq!(page.header("cache-control"), "no-store");
        }
        assert!(choose(&app, &path, NEW).await.status.is_redirection());
    }

    async fn a_password_that_can_t_be_leaves_the_link_as_it_is(app: TestApp) {
        account(&app, "Ada", &[]).await;
        ask(&app, "ada@example.com").await;
        let path = link(&app).await;
        assert!(!choose(&app, &path, "short").await.status.is_redirection());
        assert!(choose(&app, &path, NEW).await.status.is_redirection());
    }

    async fn a_link_works_for_an_hour_and_not_after_a_change_of_the_account(app: TestApp) {
        let ada = account(&app, "Ada", &[]).await;
        ask(&app, "ada@example.com").await;
        let path = link(&app).await;
        let changes = Changes { mail: Some(Some("lovelace@example.com".to_owned())), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, changes, None).await.unwrap();
        is_void(&app, &path).await;
        ask(&app, "lovelace@example.com").await;
        let path = link(&app).await;
        let changes = Changes { password: Some(NEW.to_owned()), ..Changes::default() };
        app.services().users.update(&app.system(), ada.id, changes, None).await.unwrap();
        is_void(&app, &path).await;
        ask(&app, "lovelace@example.com").await;
        let path = link(&app).await;
        app.wait(Duration::from_secs(3600));
        is_void(&app, &path).await;
        is_void(&app, "/user/password-reset/nonsense").await;
    }

    async fn a_host_that_only_the_client_has_brought_up_is_in_no_link(app: TestApp) {
        account(&app, "Ada", &[]).await;
        let ours = ["http://localhost/", "http://127.0.0.1:3000/"];
        let app = app.restart_with(|config| config.public_url = None).await;
        for (name, headers) in POISONED {
            let links = links_after(&app, headers).await;
            assert_eq!(links.len(), 1, "{name}: the request was taken");
            assert!(ours.iter().any(|origin| links[0].starts_with(origin)), "{name}: {}", links[0]);
        }
        let app = app.restart_with(|config| config.public_url = Some("https://example.org".to_owned())).await;
        for (name, headers) in POISONED {
            let links = links_after(&app, headers).await;
            assert_eq!(links.len(), 1, "{name}: the request was taken");
            assert!(links[0].starts_with("https://example.org/user/password-reset/"), "{name}: {}", links[0]);
        }
    }

    async fn a_host_that_is_none_and_two_at_once_are_refused(app: TestApp) {
        account(&app, "Ada", &[]).await;
        let app = app.restart_with(|config| config.public_url = None).await;
        for headers in [
            &[("host", "localhost@evil.example")][..],
            &[("host", "evil.example/localhost")],
            &[("host", "localhost evil.example")],
            &[("host", "evil.example?localhost")],
            &[("host", "localhost"), ("host", "evil.example")],
        ] {
            assert!(links_after(&app, headers).await.is_empty(), "{headers:?}");
        }
    }

    async fn links_are_limited_by_address_and_by_client(app: TestApp) {
        account(&app, "Ada", &[]).await;
        for _ in 0..5 {
            ask(&app, "ada@example.com").await;
        }
        assert_eq!(letters(&app).await.len(), 3);
        for _ in 0..5 {
            ask(&app, "eve@example.com").await;
        }
        let refused = app.form(ASK).await.fill("mail", "bob@example.com").press("send").await;
        assert!(refused.contains("Too many links"), "{}", refused.text);
    }

    async fn a_link_is_stored_as_a_digest(app: TestApp) {
        account(&app, "Ada", &[]).await;
        ask(&app, "ada@example.com").await;
        let path = link(&app).await;
        let (stored,): (String,) =
            app.services().db.fetch_one(trovato::db::sql("SELECT token FROM password_reset", ())).await.unwrap();
        assert!(!path.contains(&stored));
    }
}
