//! `trovato user`.

use trovato::request::{Request, SignInState};
use trovato::subsystems::session::Opening;
use trovato::time::Clock;
use trovato_tests::{PASSWORD, TestApp, both};

use super::{trovato, trovato_reading};

async fn signs_in(app: &TestApp, name: &str, password: &str) -> bool {
    let users = &app.services().users;
    let (_, hash, active) = users.credentials(name).await.unwrap().unwrap();
    let turn = users.hasher().turn().await.unwrap();
    active
        && users
            .hasher()
            .verify(turn, password.to_owned(), hash)
            .await
            .unwrap()
}

async fn open_session(app: &TestApp, name: &str) {
    let user = app.person(name).await.id;
    let opening = Opening {
        user,
        state: SignInState::Open,
        remember: false,
        agent: "Test",
    };
    let request = Request::new(user, "", app.visitor());
    app.services()
        .sessions
        .open(&request, opening)
        .await
        .unwrap()
        .unwrap();
}

both! {
    async fn accounts_are_listed_for_people_and_for_programs(app: TestApp) {
        let text = trovato(&app, &["user", "list"]).await.well();
        assert!(text.starts_with("NAME"), "{text}");
        assert!(text.contains("administrator") && text.ends_with("3 of 3\n"), "{text}");
        let json = trovato(&app, &["user", "list", "--text", "EDIT", "--json"]).await.json();
        assert_eq!(json["total"], 1);
        assert_eq!(json["users"][0]["name"], "editor");
        assert_eq!(json["users"][0]["roles"], serde_json::json!(["editor"]));
        let json = trovato(&app, &["user", "list", "--role", "editor", "--json"]).await.json();
        assert_eq!(json["total"], 1);
        let json = trovato(&app, &["user", "list", "--limit", "1", "--offset", "1", "--json"]).await.json();
        assert_eq!((json["users"].as_array().unwrap().len(), &json["total"]), (1, &serde_json::json!(3)));
    }

    async fn an_account_is_made_and_its_password_read_from_a_pipe(app: TestApp) {
        let arguments = ["user", "create", "Ada", "--mail", "ada@example.org", "--password", "-", "--role", "editor"];
        let said = trovato_reading(&app, &arguments, "a long password\n").await.well();
        assert_eq!(said, "The account 'Ada' is made.\n");
        assert!(signs_in(&app, "Ada", "a long password").await);
        assert_eq!(app.person("Ada").await.roles.len(), 1);
        let again = trovato(&app, &["user", "create", "ADA"]).await.failed(1);
        assert!(again.contains("This name is taken."), "{again}");
        let short = trovato(&app, &["user", "create", "Bob", "--password", "short"]).await.failed(1);
        assert!(short.contains("characters"), "{short}");
        let role = trovato(&app, &["user", "create", "Bob", "--role", "nobody"]).await.failed(2);
        assert!(role.contains("there is no role 'nobody'; the roles are:"), "{role}");
    }

    async fn an_account_is_blocked_and_let_in_again(app: TestApp) {
        open_session(&app, "user").await;
        let id = app.person("user").await.id;
        let json = trovato(&app, &["user", "block", "user", "--json"]).await.json();
        assert_eq!(json["active"], false);
        assert!(app.services().sessions.list(id).await.unwrap().is_empty());
        trovato(&app, &["user", "unblock", "USER"]).await.well();
        assert!(signs_in(&app, "user", PASSWORD).await);
        let last = trovato(&app, &["user", "block", "admin"]).await.failed(1);
        assert!(last.contains("the last administrator"), "{last}");
        let nobody = trovato(&app, &["user", "block", "nobody"]).await.failed(1);
        assert!(nobody.contains("'nobody'"), "{nobody}");
    }

    async fn a_password_is_set_and_its_owner_told(app: TestApp) {
        open_session(&app, "user").await;
        let id = app.person("user").await.id;
        trovato_reading(&app, &["user", "password", "user"], "another password\r\n").await.well();
        assert!(signs_in(&app, "user", "another password").await);
        assert!(app.services().sessions.list(id).await.unwrap().is_empty());
        let letters = app.letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header("Subject"), "Your account at Trovato: a new password was set");
    }

    async fn roles_are_given_and_taken(app: TestApp) {
        let json = trovato(&app, &["user", "role", "user", "--give", "editor", "--json"]).await.json();
        assert_eq!(json["roles"], serde_json::json!(["editor"]));
        let json = trovato(&app, &["user", "role", "user", "--take", "editor", "--json"]).await.json();
        assert_eq!(json["roles"], serde_json::json!([]));
    }

    async fn sessions_are_listed_and_ended(app: TestApp) {
        // The program's clock does not stand still.
        app.wait(Clock::system().now().since(app.now()));
        open_session(&app, "user").await;
        open_session(&app, "user").await;
        let json = trovato(&app, &["user", "sessions", "user", "--json"]).await.json();
        let id = json[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(json.as_array().unwrap().len(), 2);
        let text = trovato(&app, &["user", "sessions", "user", "--end", &id]).await.well();
        assert!(text.starts_with("ID") && !text.contains(&id), "{text}");
        let gone = trovato(&app, &["user", "sessions", "user", "--end", &id]).await.failed(1);
        assert!(gone.contains("has no session"), "{gone}");
        let json = trovato(&app, &["user", "sessions", "user", "--end-all", "--json"]).await.json();
        assert_eq!(json, serde_json::json!([]));
    }
}
