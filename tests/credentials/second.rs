//! What is asked after the password.

use std::time::Duration;

use totp_rs::{Builder, Secret, Totp};
use trovato::request::SignInState;
use trovato::subsystems::login::SecondStep;
use trovato::subsystems::user::User;
use trovato_tests::{TestApp, both};

use super::{account, browser};

const SECOND: &str = "/user/login/second";
const SET_UP: &str = "/user/login/set-up";

fn code(app: &TestApp, phone: &Totp) -> String {
    phone
        .generate(u64::try_from(app.now().as_millis() / 1000).unwrap())
        .to_string()
}

fn phone(secret: &str) -> Totp {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    Builder::new().with_secret(secret).build().unwrap()
}

/// Somebody who has set codes up a while ago.
async fn with_codes(app: &TestApp) -> (User, Totp, Vec<String>) {
    let ada = account(app, "Ada", &["access user profiles"]).await;
    let two_factor = &app.services().two_factor;
    let phone = phone(&two_factor.begin(ada.id, "Ada").await.unwrap().secret);
    let recovery = two_factor.confirm(ada.id, &code(app, &phone)).await.unwrap();
    app.wait(Duration::from_secs(90));
    (ada, phone, recovery)
}

async fn next(app: &TestApp, user: &User) -> Option<&'static str> {
    app.services().security.page(user).await.unwrap()
}

both! {
    async fn a_code_finishes_the_sign_in(app: TestApp) {
        let (ada, phone, _) = with_codes(&app).await;
        assert_eq!(next(&app, &ada).await, Some(SECOND));
        let browser = browser(&app, &ada, SignInState::Pending).await;
        assert_eq!(browser.get("/user/security").await.status, 403);
        let form = browser.form("/user/login/second?destination=/user/security").await;
        let answer = form.fill("code", &code(&app, &phone)).press("go").await;
        assert_eq!(answer.header("location"), "/user/security", "{}", answer.text);
    }

    async fn a_wrong_code_does_not_and_five_of_them_lock(app: TestApp) {
        let (ada, phone, _) = with_codes(&app).await;
        let mut browser = browser(&app, &ada, SignInState::Pending).await;
        for _ in 0..5 {
            let form = browser.form(SECOND).await.fill("code", "000000");
            assert!(form.press("go").await.contains("This code is not right"));
            browser = form.browser();
        }
        let form = browser.form(SECOND).await.fill("code", &code(&app, &phone));
        assert!(form.press("go").await.contains("temporarily locked"));
    }

    async fn a_recovery_code_finishes_it_too_and_says_how_many_are_left(app: TestApp) {
        let (ada, _, recovery) = with_codes(&app).await;
        let form = browser(&app, &ada, SignInState::Pending).await.form(SECOND).await.fill("code", &recovery[0]);
        let answer = form.press("go").await;
        assert_eq!(answer.header("location"), "/", "{}", answer.text);
        let page = form.in_browser().get("/user/security").await;
        assert!(page.contains("9 are left") && page.contains("9 recovery codes"), "{}", page.text);
    }

    async fn nothing_is_asked_of_whoever_has_not_given_the_password(app: TestApp) {
        let (ada, _, _) = with_codes(&app).await;
        assert!(app.get(SECOND).await.status.is_client_error());
        let done = browser(&app, &ada, SignInState::Open).await;
        assert!(done.get(SECOND).await.status.is_client_error());
        assert!(done.get(SET_UP).await.status.is_client_error());
    }

    async fn who_has_to_have_codes_sets_them_up_while_signing_in(app: TestApp) {
        let ada = account(&app, "Ada", &["access user profiles"]).await;
        assert_eq!(next(&app, &ada).await, None);
        app.services().two_factor.requirement().set(app.system().request(), ada.roles[0], true).await.unwrap();
        assert_eq!(next(&app, &ada).await, Some(SET_UP));
        let browser = browser(&app, &ada, SignInState::Pending).await;
        let page = browser.get(SET_UP).await;
        assert!(page.contains("<svg ") && !page.contains("style="), "{}", page.text);
        let secret = app.services().two_factor.begin(ada.id, "Ada").await.unwrap().secret;
        let form = browser.form(SET_UP).await.fill("code", &code(&app, &phone(&secret)));
        let answer = form.press("go").await;
        assert_eq!(answer.header("location"), "/user/security/recovery-codes", "{}", answer.text);
        let form = form.browser().form("/user/security/recovery-codes").await;
        assert!(form.press("make").await.contains("recovery-codes"));
    }

    async fn whoever_has_a_second_factor_can_t_replace_it_before_showing_it(app: TestApp) {
        let (ada, _, _) = with_codes(&app).await;
        let browser = browser(&app, &ada, SignInState::Pending).await;
        assert_eq!(browser.get(SET_UP).await.status, 404);
        for path in ["/user/security/codes", "/user/security/codes/off", "/user/security/recovery-codes"] {
            assert_eq!(browser.get(path).await.status, 403, "{path}");
        }
    }

    async fn a_requirement_holds_for_sessions_that_are_open(app: TestApp) {
        let ada = account(&app, "Ada", &["access user profiles"]).await;
        let open = browser(&app, &ada, SignInState::Open).await;
        let verified = browser(&app, &ada, SignInState::Verified).await;
        assert_eq!(open.get("/user/security").await.status, 200);
        app.services().two_factor.requirement().set(app.system().request(), ada.roles[0], true).await.unwrap();
        assert_eq!(open.get("/user/security").await.status, 403);
        assert_eq!(verified.get("/user/security").await.status, 200);
    }
}
