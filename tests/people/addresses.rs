//! E-mail addresses: whose they are is shown by a link.

use std::time::Duration;

use serde_json::json;
use trovato::subsystems::user::Changes;
use trovato::subsystems::variable::SITE;
use trovato_tests::{Answer, Browser, PASSWORD, TestApp, both};

use crate::sign_in;

const NEW: &str = "battery staple";

async fn registering(app: &TestApp, policy: &str) {
    let variables = &app.services().variables;
    variables
        .store(SITE, "user_register", Some(json!(policy)))
        .await
        .unwrap();
}

async fn register(app: &TestApp, name: &str) -> Answer {
    let form = app
        .form("/user/register")
        .await
        .fill("name", name)
        .fill("mail", "new@example.org");
    form.fill("password", NEW)
        .fill("password.again", NEW)
        .submit()
        .await
}

/// The path of the link in the last letter to an address.
async fn link(app: &TestApp, to: &str) -> String {
    let letters = app.letters().await;
    let letter = letters
        .iter()
        .rev()
        .find(|letter| letter.header("To").contains(to))
        .expect("a letter");
    let link = letter.link("/user/confirm/");
    link[link.find("/user").unwrap()..].to_owned()
}

async fn confirm(browser: Browser<'_>, path: &str) -> Answer {
    browser.form(path).await.press("confirm").await
}

async fn change_mail(app: &TestApp, name: &str, mail: &str) -> Answer {
    let id = app.person(name).await.id;
    let browser = app.signed_in(name).await;
    let form = browser.form(&format!("/user/{id}/edit")).await;
    form.fill("mail", mail)
        .fill("current", PASSWORD)
        .press("save")
        .await
}

async fn subjects(app: &TestApp, to: &str) -> Vec<String> {
    let letters = app.letters().await;
    let of = letters.iter().filter(|letter| letter.header("To").contains(to));
    of.map(|letter| letter.header("Subject").to_owned()).collect()
}

both! {
    async fn a_new_account_can_be_used_once_its_address_is_confirmed(app: TestApp) {
        registering(&app, "open").await;
        assert_eq!(register(&app, "Newcomer").await.status, 303);
        assert!(!app.person("Newcomer").await.active);
        assert!(sign_in(&app, "Newcomer", NEW).await.is_err());
        let path = link(&app, "new@example.org").await;
        for _ in 0..2 {
            let page = app.get(&path).await;
            assert_eq!((page.header("referrer-policy"), page.header("cache-control")), ("same-origin", "no-store"));
            assert!(page.contains("new@example.org"), "{}", page.text);
        }
        assert!(!app.person("Newcomer").await.active, "looking confirms nothing");
        assert_eq!(confirm(app.browser(), &path).await.header("location"), "/user/login");
        sign_in(&app, "Newcomer", NEW).await.unwrap();
        assert!(app.get(&path).await.contains("does not work any more"));
    }

    async fn where_somebody_approves_accounts_a_link_is_not_enough(app: TestApp) {
        registering(&app, "approval").await;
        register(&app, "Newcomer").await;
        let path = link(&app, "new@example.org").await;
        assert_eq!(confirm(app.browser(), &path).await.header("location"), "/");
        assert!(!app.person("Newcomer").await.active);
        app.wait(Duration::from_secs(48 * 3600));
        app.services().cancellations.remove_unconfirmed(app.site()).await.unwrap();
        assert_eq!(app.person("Newcomer").await.name, "Newcomer");
    }

    async fn an_account_that_nobody_confirms_within_a_day_gives_its_name_back(app: TestApp) {
        registering(&app, "open").await;
        register(&app, "Newcomer").await;
        let path = link(&app, "new@example.org").await;
        app.wait(Duration::from_secs(24 * 3600));
        assert!(app.get(&path).await.contains("does not work any more"));
        app.services().cancellations.remove_unconfirmed(app.site()).await.unwrap();
        assert_eq!(register(&app, "Newcomer").await.status, 303);
        // One that somebody has let in meanwhile stays.
        let id = app.person("Newcomer").await.id;
        let admit = Changes { active: Some(true), ..Changes::default() };
        app.services().users.update(&app.system(), id, admit, None).await.unwrap();
        app.wait(Duration::from_secs(24 * 3600));
        app.services().cancellations.remove_unconfirmed(app.site()).await.unwrap();
        assert!(app.person("Newcomer").await.active);
    }

    async fn another_address_counts_when_it_is_confirmed_and_the_one_before_is_told(app: TestApp) {
        let answer = change_mail(&app, "user", "elsewhere@example.org").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(app.person("user").await.mail.as_deref(), Some("user@example.org"));
        assert!(subjects(&app, "user@example.org").await.is_empty());
        let first = link(&app, "elsewhere@example.org").await;
        change_mail(&app, "user", "third@example.org").await;
        assert!(app.get(&first).await.contains("does not work any more"), "the last one counts");
        let path = link(&app, "third@example.org").await;
        assert_eq!(confirm(app.browser(), &path).await.status, 303);
        assert_eq!(app.person("user").await.mail.as_deref(), Some("third@example.org"));
        let told = subjects(&app, "user@example.org").await;
        assert_eq!(told, ["Your account at Trovato: the e-mail address was changed"]);
    }

    async fn who_administers_people_and_a_site_that_confirms_nothing_change_it_at_once(app: TestApp) {
        let id = app.person("user").await.id;
        let admin = app.session(app.account("admin").await);
        let mail = Changes { mail: Some(Some("given@example.org".to_owned())), ..Changes::default() };
        app.services().users.update(&admin, id, mail, None).await.unwrap();
        assert_eq!(app.person("user").await.mail.as_deref(), Some("given@example.org"));
        app.services().variables.store(SITE, "user_confirm_mail", Some(json!(false))).await.unwrap();
        change_mail(&app, "user", "own@example.org").await;
        assert_eq!(app.person("user").await.mail.as_deref(), Some("own@example.org"));
        assert_eq!(subjects(&app, "given@example.org").await.len(), 1);
    }

    async fn a_link_of_a_blocked_account_changes_nothing(app: TestApp) {
        change_mail(&app, "user", "elsewhere@example.org").await;
        let path = link(&app, "elsewhere@example.org").await;
        let id = app.person("user").await.id;
        let block = Changes { active: Some(false), ..Changes::default() };
        app.services().users.update(&app.system(), id, block, None).await.unwrap();
        assert!(app.get(&path).await.contains("does not work any more"));
        assert!(app.get("/user/confirm/nonsense").await.contains("does not work any more"));
    }

    async fn the_owner_is_told_of_another_password(app: TestApp) {
        let id = app.person("user").await.id;
        let browser = app.signed_in("user").await;
        let form = browser.form(&format!("/user/{id}/edit")).await.fill("current", PASSWORD);
        let answer = form.fill("password", NEW).fill("password.again", NEW).press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert_eq!(subjects(&app, "user@example.org").await, ["Your account at Trovato: a new password was set"]);
    }

    async fn a_present_password_is_guessed_five_times_and_no_more(app: TestApp) {
        let id = app.person("user").await.id;
        let path = format!("/user/{id}/edit");
        let guess = async |password: &str| {
            let form = app.signed_in("user").await.form(&path).await.fill("current", password);
            form.fill("password", NEW).fill("password.again", NEW).press("save").await
        };
        for _ in 0..5 {
            let answer = guess("wrong password").await;
            assert_eq!(answer.status, 422);
            assert!(answer.contains("This is not your present password."), "{}", answer.text);
        }
        for password in ["wrong password", PASSWORD] {
            assert!(guess(password).await.contains("Too many passwords were wrong."));
        }
        app.wait(Duration::from_secs(15 * 60));
        assert_eq!(guess(PASSWORD).await.status, 303);
    }

    async fn the_site_says_in_the_administration_who_may_register(app: TestApp) {
        let admin = app.signed_in("admin").await;
        let form = admin.form("/admin/people/settings").await;
        let answer = form.fill("register", "open").without("confirm").press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        register(&app, "Newcomer").await;
        assert!(app.person("Newcomer").await.active);
        assert!(app.letters().await.is_empty());
    }
}
