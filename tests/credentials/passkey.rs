//! Passkeys, with a device made of software.

use std::time::Duration;

use trovato::subsystems::passkey::{Error, Passkeys};
use trovato_tests::{Authenticator, TestApp, both};
use uuid::Uuid;

use super::person;

const ORIGIN: &str = "https://example.org";
const BROWSER: &str = "browser";

async fn with_address(app: TestApp) -> TestApp {
    app.restart_with(|config| config.public_url = Some(ORIGIN.to_owned()))
        .await
}

fn passkeys(app: &TestApp) -> &Passkeys {
    &app.services().passkeys
}

/// Somebody with a passkey.
async fn registered(app: &TestApp, name: &str) -> (Uuid, Authenticator) {
    let user = person(app, name).await;
    let mut device = Authenticator::new(ORIGIN);
    let begun = passkeys(app)
        .begin_registration(user, name, BROWSER)
        .await
        .unwrap();
    let answer = device.create(&begun.options);
    passkeys(app)
        .finish_registration(user, BROWSER, &begun.ceremony, "Laptop", answer)
        .await
        .unwrap();
    (user, device)
}

async fn sign_in(app: &TestApp, device: &mut Authenticator) -> Result<Uuid, Error> {
    let begun = passkeys(app).begin_sign_in(BROWSER, false).await?;
    passkeys(app)
        .finish_sign_in(BROWSER, &begun.ceremony, device.get(&begun.options))
        .await
}

fn is_refused<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Refused)), "{result:?}");
}

fn is_expired<T: std::fmt::Debug>(result: Result<T, Error>) {
    assert!(matches!(result, Err(Error::Expired)), "{result:?}");
}

both! {
    async fn a_passkey_is_registered_listed_and_signs_in_by_itself(app: TestApp) {
        let app = with_address(app).await;
        let (user, mut device) = registered(&app, "Ada").await;
        app.wait(Duration::from_secs(60));
        assert_eq!(sign_in(&app, &mut device).await.unwrap(), user);
        let listed = passkeys(&app).list(user).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].name.as_str(), listed[0].last_used), ("Laptop", Some(app.now())));
        assert!(listed[0].created < app.now());
    }

    async fn a_passkey_is_a_second_factor(app: TestApp) {
        let app = with_address(app).await;
        let (user, mut device) = registered(&app, "Ada").await;
        let begun = passkeys(&app).begin_check(user, BROWSER).await.unwrap();
        assert_eq!(begun.options["publicKey"]["allowCredentials"].as_array().unwrap().len(), 1);
        let answer = device.get(&begun.options);
        passkeys(&app).finish_check(user, BROWSER, &begun.ceremony, answer.clone()).await.unwrap();
        is_expired(passkeys(&app).finish_check(user, BROWSER, &begun.ceremony, answer).await);
        let nobody = person(&app, "Bob").await;
        assert!(matches!(passkeys(&app).begin_check(nobody, BROWSER).await, Err(Error::None)));
    }

    async fn the_state_of_a_ceremony_stays_on_the_server(app: TestApp) {
        let app = with_address(app).await;
        let begun = passkeys(&app).begin_sign_in(BROWSER, true).await.unwrap();
        let keys: Vec<&String> = begun.options.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["mediation", "publicKey"]);
        let begun = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        assert_eq!(begun.options.get("mediation").and_then(|mediation| mediation.as_str()), None);
        let options = passkeys(&app).begin_registration(person(&app, "Ada").await, "Ada", BROWSER).await.unwrap().options;
        assert_eq!(options["publicKey"]["authenticatorSelection"]["residentKey"], "preferred");
        assert_eq!(options["publicKey"]["authenticatorSelection"]["userVerification"], "required");
    }

    async fn an_answer_counts_once_for_its_browser_and_within_five_minutes(app: TestApp) {
        let app = with_address(app).await;
        let (_, mut device) = registered(&app, "Ada").await;
        let begun = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        let answer = device.get(&begun.options);
        is_expired(passkeys(&app).finish_sign_in("another", &begun.ceremony, answer.clone()).await);
        is_expired(passkeys(&app).finish_sign_in(BROWSER, &begun.ceremony, answer).await);
        let begun = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        let answer = device.get(&begun.options);
        app.wait(Duration::from_secs(300));
        is_expired(passkeys(&app).finish_sign_in(BROWSER, &begun.ceremony, answer).await);
        is_expired(passkeys(&app).finish_sign_in(BROWSER, "nonsense", device.get(&begun.options)).await);
    }

    async fn an_answer_to_one_ceremony_is_none_to_another(app: TestApp) {
        let app = with_address(app).await;
        let (user, mut device) = registered(&app, "Ada").await;
        let first = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        let second = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        is_refused(passkeys(&app).finish_sign_in(BROWSER, &second.ceremony, device.get(&first.options)).await);
        let check = passkeys(&app).begin_check(user, BROWSER).await.unwrap();
        is_expired(passkeys(&app).finish_sign_in(BROWSER, &check.ceremony, device.get(&check.options)).await);
    }

    async fn a_counter_that_does_not_grow_is_refused(app: TestApp) {
        let app = with_address(app).await;
        let (_, mut device) = registered(&app, "Ada").await;
        device.counter = 10;
        sign_in(&app, &mut device).await.unwrap();
        device.counter = 5;
        is_refused(sign_in(&app, &mut device).await);
        device.counter = 11;
        sign_in(&app, &mut device).await.unwrap();
    }

    async fn another_site_another_key_or_nobody_there_is_refused(app: TestApp) {
        let app = with_address(app).await;
        let (user, mut device) = registered(&app, "Ada").await;
        is_refused(sign_in(&app, &mut Authenticator::new(ORIGIN)).await);
        device.flags = 0x01;
        is_refused(sign_in(&app, &mut device).await);
        let mut elsewhere = Authenticator::new("https://evil.example");
        let begun = passkeys(&app).begin_registration(user, "Ada", BROWSER).await.unwrap();
        let answer = elsewhere.create(&begun.options);
        is_refused(passkeys(&app).finish_registration(user, BROWSER, &begun.ceremony, "x", answer).await);
    }

    async fn a_key_belongs_to_one_account(app: TestApp) {
        let app = with_address(app).await;
        let (_, mut device) = registered(&app, "Ada").await;
        let eve = person(&app, "Eve").await;
        let begun = passkeys(&app).begin_registration(eve, "Eve", BROWSER).await.unwrap();
        let answer = device.create(&begun.options);
        let known = passkeys(&app).finish_registration(eve, BROWSER, &begun.ceremony, "x", answer).await;
        assert!(matches!(known, Err(Error::Known)), "{known:?}");
    }

    async fn a_removed_passkey_is_not_accepted(app: TestApp) {
        let app = with_address(app).await;
        let (user, mut device) = registered(&app, "Ada").await;
        let id = passkeys(&app).list(user).await.unwrap()[0].id;
        let eve = person(&app, "Eve").await;
        assert_eq!(passkeys(&app).remove(eve, id).await.unwrap(), None);
        assert_eq!(passkeys(&app).remove(user, id).await.unwrap().as_deref(), Some("Laptop"));
        is_refused(sign_in(&app, &mut device).await);
    }

    async fn nonsense_is_refused_and_no_address_means_no_passkeys(app: TestApp) {
        assert!(!passkeys(&app).are_possible());
        assert!(matches!(passkeys(&app).begin_sign_in(BROWSER, false).await, Err(Error::NoAddress)));
        let app = with_address(app).await;
        let begun = passkeys(&app).begin_sign_in(BROWSER, false).await.unwrap();
        let odd = passkeys(&app).finish_sign_in(BROWSER, &begun.ceremony, serde_json::json!({ "id": 1 })).await;
        assert!(matches!(odd, Err(Error::Answer)), "{odd:?}");
    }
}
