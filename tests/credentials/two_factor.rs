//! Codes that change with time, and recovery codes.

use std::time::Duration;

use totp_rs::{Builder, Secret, Totp};
use trovato::subsystems::audit::Filter;
use trovato::subsystems::two_factor::{Error, Proof};
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use super::person;

const STEP: Duration = Duration::from_secs(30);

/// An authenticator app.
struct App(Totp);

impl App {
    /// Takes up the secret as somebody types it.
    fn of(secret: &str) -> Self {
        let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
        Self(Builder::new().with_secret(secret).build().unwrap())
    }

    fn code(&self, app: &TestApp) -> String {
        self.0
            .generate(u64::try_from(app.now().as_millis() / 1000).unwrap())
            .to_string()
    }
}

/// Somebody who has set codes up, a while ago.
async fn with_codes(app: &TestApp, name: &str) -> (Uuid, App, Vec<String>) {
    let user = person(app, name).await;
    let two_factor = &app.services().two_factor;
    let phone = App::of(&two_factor.begin(user, name).await.unwrap().secret);
    let recovery = two_factor.confirm(user, &phone.code(app)).await.unwrap();
    app.wait(STEP * 3);
    (user, phone, recovery)
}

fn is_wrong<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Wrong)), "{result:?}");
}

both! {
    async fn codes_are_asked_for_once_one_was_right(app: TestApp) {
        let user = person(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        assert_eq!(two_factor.status(user).await.unwrap().since, None);
        let made = two_factor.begin(user, "Ada").await.unwrap();
        assert_eq!(two_factor.begin(user, "Ada").await.unwrap().secret, made.secret, "a reload shows the same");
        assert_eq!(two_factor.status(user).await.unwrap().since, None);
        is_wrong(two_factor.confirm(user, "000000").await);
        is_wrong(two_factor.check(user, &App::of(&made.secret).code(&app)).await);
        let recovery = two_factor.confirm(user, &App::of(&made.secret).code(&app)).await.unwrap();
        assert_eq!(recovery.len(), 10);
        let status = two_factor.status(user).await.unwrap();
        assert_eq!((status.since, status.recovery_codes), (Some(app.now()), 10));
        assert!(matches!(two_factor.begin(user, "Ada").await, Err(Error::AlreadyOn)));
    }

    async fn a_code_is_good_for_its_step_and_the_ones_beside_it(app: TestApp) {
        let (user, phone, _) = with_codes(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        let old = phone.code(&app);
        app.wait(STEP * 2);
        is_wrong(two_factor.check(user, &old).await);
        let late = phone.code(&app);
        app.wait(STEP);
        assert_eq!(two_factor.check(user, &late).await.unwrap(), Proof::Code);
        let spaced = phone.code(&app);
        let spaced = format!(" {} {} ", &spaced[..3], &spaced[3..]);
        assert_eq!(two_factor.check(user, &spaced).await.unwrap(), Proof::Code);
    }

    async fn a_code_is_used_once_and_none_before_it_afterwards(app: TestApp) {
        let (user, phone, _) = with_codes(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        let before = phone.code(&app);
        app.wait(STEP);
        let code = phone.code(&app);
        let (first, second) = futures_util::join!(two_factor.check(user, &code), two_factor.check(user, &code));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        is_wrong(two_factor.check(user, &code).await);
        is_wrong(two_factor.check(user, &before).await);
    }

    async fn the_code_that_confirms_is_used(app: TestApp) {
        let user = person(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        let phone = App::of(&two_factor.begin(user, "Ada").await.unwrap().secret);
        two_factor.confirm(user, &phone.code(&app)).await.unwrap();
        is_wrong(two_factor.check(user, &phone.code(&app)).await);
    }

    async fn a_recovery_code_is_used_once_and_new_ones_replace_all(app: TestApp) {
        let (user, _, recovery) = with_codes(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        assert_eq!(two_factor.check(user, &recovery[0].to_lowercase()).await.unwrap(), Proof::Recovery(9));
        is_wrong(two_factor.check(user, &recovery[0]).await);
        let fresh = two_factor.regenerate(user).await.unwrap();
        is_wrong(two_factor.check(user, &recovery[1]).await);
        assert_eq!(two_factor.check(user, &fresh[0].replace('-', " ")).await.unwrap(), Proof::Recovery(9));
    }

    async fn codes_of_somebody_else_and_nonsense_are_wrong(app: TestApp) {
        let (ada, _, _) = with_codes(&app, "Ada").await;
        let (_, phone, recovery) = with_codes(&app, "Eve").await;
        let two_factor = &app.services().two_factor;
        for given in [phone.code(&app), recovery[0].clone(), String::new(), "x".repeat(100_000), "12345".to_owned()] {
            is_wrong(two_factor.check(ada, &given).await);
        }
        is_wrong(two_factor.check(Uuid::from_u128(9), "123456").await);
    }

    async fn the_secret_is_not_readable_in_the_database(app: TestApp) {
        let user = person(&app, "Ada").await;
        let made = app.services().two_factor.begin(user, "Ada").await.unwrap();
        let statement = trovato::db::sql("SELECT secret FROM totp WHERE user_id = $1", (user,));
        let (stored,): (String,) = app.services().db.fetch_one(statement).await.unwrap();
        assert!(stored.starts_with("s1."), "{stored}");
        assert!(!stored.contains(&made.secret.replace(' ', "")));
    }

    async fn what_was_removed_can_be_set_up_anew(app: TestApp) {
        let (user, phone, recovery) = with_codes(&app, "Ada").await;
        let two_factor = &app.services().two_factor;
        assert!(two_factor.remove(user).await.unwrap());
        assert!(!two_factor.remove(user).await.unwrap());
        is_wrong(two_factor.check(user, &phone.code(&app)).await);
        is_wrong(two_factor.check(user, &recovery[0]).await);
        assert!(matches!(two_factor.regenerate(user).await, Err(Error::NotOn)));
        two_factor.begin(user, "Ada").await.unwrap();
    }

    async fn a_role_can_require_a_second_factor_on_every_node(app: TestApp) {
        let other = app.another_node().await;
        let everybody = Uuid::from_u128(2);
        let by = app.system();
        let here = app.services().two_factor.requirement();
        let there = other.services().two_factor.requirement();
        assert!(!there.holds_for(&[]));
        assert!(here.set(by.request(), everybody, true).await.unwrap());
        assert!(!here.set(by.request(), everybody, true).await.unwrap());
        there.follow().await.unwrap();
        assert!(here.holds_for(&[]) && there.holds_for(&[]));
        here.set(by.request(), everybody, false).await.unwrap();
        assert!(!here.holds_for(&[everybody]));
        let filter = Filter { action: Some("role.two-factor".to_owned()), limit: 9, ..Filter::default() };
        let records = app.services().audit.query(&by, &filter).await.unwrap().records;
        assert_eq!(records.len(), 2, "what is no change is not recorded");
    }
}
