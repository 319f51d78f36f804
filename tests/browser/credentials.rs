//! What proves who somebody is: a new password by mail, codes of an app, passkeys.

use std::time::Duration;

use totp_rs::{Builder, Secret};
use trovato_tests::chromium::{Authenticator, Visitor};
use trovato_tests::{PASSWORD, in_browser};

use crate::people::log_in;

const NEW: &str = "another long password";

/// The code that an app shows now for a key.
fn code(person: &Visitor, key: &str) -> String {
    let secret = Secret::try_from_base32(key.replace(' ', "")).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    let seconds = u64::try_from(person.app().now().as_millis() / 1000).unwrap();
    app.generate(seconds).to_string()
}

/// The text of the first element that fits.
async fn text_of(person: &Visitor, selector: &str) -> String {
    let script = format!("document.querySelector('{selector}').textContent");
    person.run(&script).await.unwrap().as_str().unwrap().to_owned()
}

/// Sets codes up on the page that asks for them; gives the key, and the first of the recovery codes.
async fn set_codes_up(person: &Visitor) -> (String, String) {
    person.sees("Scan this picture").await;
    person.finds_no_barrier_anywhere().await;
    let key = text_of(person, ".two-factor__key").await;
    person.fill("Code that the app shows", "000000").await;
    person.press("Confirm").await;
    person.sees("This code is not right").await;
    assert_eq!(
        text_of(person, ".two-factor__key").await,
        key,
        "it is still the same key"
    );
    person.fill("Code that the app shows", &code(person, &key)).await;
    person.press("Confirm").await;
    person.sees_heading("Your recovery codes").await;
    person.finds_no_barrier_anywhere().await;
    let recovery = text_of(person, ".recovery-codes code").await;
    // A code is good once: the next is another.
    person.app().wait(Duration::from_secs(90));
    (key, recovery)
}

/// Signs in and adds a passkey of a device.
async fn with_a_passkey(person: &Visitor, name: &str) -> Authenticator {
    let device = person.with_an_authenticator().await;
    log_in(person, name, PASSWORD).await;
    person.at("/").await;
    person.visit("/user/security").await;
    person.press("Add a passkey").await;
    person.sees("Your passkeys").await;
    device
}

async fn log_out(person: &Visitor) {
    person.visit("/user/logout").await;
    person.within("main").press("Log out").await;
    person.at("/").await;
}

in_browser! {
    async fn who_has_forgotten_the_password_gets_a_link_by_mail(person: Visitor) {
        person.visit("/user/login").await;
        person.follow("Forgotten your password?").await;
        person.at("/user/password-reset").await;
        person.finds_no_barrier_anywhere().await;
        person.fill("E-mail address", "user@example.org").await;
        person.press("Send the link").await;
        person.at("/user/login").await;
        person.sees("If an account has this e-mail address").await;
        person.app().services().resets.drain(Duration::from_secs(20)).await;
        let letters = person.app().letters().await;
        let link = letters.last().unwrap().link("/user/password-reset/").to_owned();
        person.visit(&link).await;
        person.finds_no_barrier_anywhere().await;
        person.fill("New password", NEW).await;
        person.fill("New password again", NEW).await;
        person.press("Save the password").await;
        person.sees("The new password is set.").await;
        log_in(&person, "user", PASSWORD).await;
        person.sees("The name or the password is wrong.").await;
        log_in(&person, "user", NEW).await;
        person.at("/").await;
    }

    async fn a_link_to_a_new_password_works_once_and_for_an_hour(person: Visitor) {
        let resets = &person.app().services().resets;
        let ask = async || {
            person.visit("/user/password-reset").await;
            person.fill("E-mail address", "user@example.org").await;
            person.press("Send the link").await;
            person.at("/user/login").await;
            resets.drain(Duration::from_secs(20)).await;
            person.app().letters().await.last().unwrap().link("/user/password-reset/").to_owned()
        };
        let link = ask().await;
        person.app().wait(Duration::from_secs(61 * 60));
        person.visit(&link).await;
        person.sees("does not work any more").await;
        person.finds_no_barrier_anywhere().await;
        person.follow("Ask for another link").await;
        person.at("/user/password-reset").await;
        let link = ask().await;
        person.without_script().await;
        person.visit(&link).await;
        person.fill("New password", NEW).await;
        person.fill("New password again", "something else").await;
        person.press("Save the password").await;
        person.sees("The two passwords are not the same.").await;
        person.fill("New password", NEW).await;
        person.fill("New password again", NEW).await;
        person.press("Save the password").await;
        person.sees("The new password is set.").await;
        person.visit(&link).await;
        person.sees("does not work any more").await;
    }

    async fn codes_are_asked_for_after_the_password(person: Visitor) {
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
        person.visit("/user/security").await;
        person.finds_no_barrier_anywhere().await;
        person.follow("Set up codes").await;
        let (key, _) = set_codes_up(&person).await;
        person.follow("I have kept them").await;
        person.sees("You have 10 recovery codes.").await;
        person.finds_no_barrier_anywhere().await;

        let phone = person.another().await;
        log_in(&phone, "user", PASSWORD).await;
        phone.sees_heading("One more step").await;
        phone.finds_no_barrier_anywhere().await;
        phone.visit("/user/security").await;
        assert_eq!(phone.status(), 403, "a password alone opens nothing");
        phone.visit("/user/login/second").await;
        phone.fill("Code", "000000").await;
        phone.press("Log in").await;
        phone.sees("This code is not right").await;
        phone.fill("Code", &code(&phone, &key)).await;
        phone.press("Log in").await;
        phone.at("/").await;
        phone.visit("/user/security").await;
        phone.follow("Turn codes off").await;
        phone.finds_no_barrier_anywhere().await;
        phone.fill("Your password", "a guess").await;
        phone.press("Turn codes off").await;
        phone.sees("This is not your password.").await;
        phone.fill("Your password", PASSWORD).await;
        phone.press("Turn codes off").await;
        phone.sees("Codes are turned off.").await;
    }

    async fn a_recovery_code_stands_in_for_the_phone_once(person: Visitor) {
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
        person.visit("/user/security/codes").await;
        let (_, recovery) = set_codes_up(&person).await;

        let abroad = person.another().await;
        abroad.without_script().await;
        log_in(&abroad, "user", PASSWORD).await;
        abroad.fill("Code", &recovery).await;
        abroad.press("Log in").await;
        abroad.sees("You have used a recovery code; 9 are left.").await;
        let again = person.another().await;
        log_in(&again, "user", PASSWORD).await;
        again.fill("Code", &recovery).await;
        again.press("Log in").await;
        again.sees("This code is not right").await;

        person.visit("/user/security").await;
        person.follow("New recovery codes").await;
        person.finds_no_barrier_anywhere().await;
        person.press("Make new recovery codes").await;
        person.sees_heading("Your recovery codes").await;
        assert_ne!(text_of(&person, ".recovery-codes code").await, recovery);
    }

    async fn a_role_can_ask_for_codes_before_anything_else(person: Visitor) {
        let requirement = person.app().services().two_factor.requirement();
        let editor = person.app().services().access.role_named("editor").unwrap().id;
        requirement.set(person.app().system().request(), editor, true).await.unwrap();
        log_in(&person, "editor", PASSWORD).await;
        person.sees_heading("Set up codes").await;
        person.finds_no_barrier_anywhere().await;
        let key = text_of(&person, ".two-factor__key").await;
        person.fill("Code that the app shows", &code(&person, &key)).await;
        person.press("Confirm and log in").await;
        person.at("/user/security/recovery-codes").await;
        person.sees("Codes are set up.").await;
    }

    async fn a_passkey_opens_the_site_without_a_password(person: Visitor) {
        let device = with_a_passkey(&person, "user").await;
        assert_eq!(device.passkeys().await, 1);
        person.finds_no_barrier_anywhere().await;
        log_out(&person).await;
        device.waits_to_be_asked().await;
        person.visit("/user/login?destination=/user/security").await;
        person.press("Log in with a passkey").await;
        person.at("/user/security").await;
        person.sees("Your passkeys").await;
    }

    async fn a_passkey_is_offered_while_the_name_is_typed(person: Visitor) {
        let device = with_a_passkey(&person, "user").await;
        log_out(&person).await;
        assert_eq!(device.passkeys().await, 1);
        person.visit("/user/login?destination=/user/security").await;
        person.at("/user/security").await;
        // That nobody has touched the page in between is the point.
        person.hears_complaint("NavigationEntryMarkedSkippable").await;
    }

    async fn a_device_that_does_not_know_its_user_opens_nothing(person: Visitor) {
        let device = with_a_passkey(&person, "user").await;
        log_out(&person).await;
        device.recognises_its_user(false).await;
        person.visit("/user/login").await;
        person.press("Log in with a passkey").await;
        person.sees_heading("Log in").await;
        person.visit("/user/security").await;
        assert_eq!(person.status(), 403);
    }

    async fn a_passkey_is_the_second_factor_of_whoever_has_one(person: Visitor) {
        let device = with_a_passkey(&person, "editor").await;
        log_out(&person).await;
        let editor = person.app().services().access.role_named("editor").unwrap().id;
        person.app().services().two_factor.requirement().set(person.app().system().request(), editor, true).await.unwrap();
        device.waits_to_be_asked().await;
        log_in(&person, "editor", PASSWORD).await;
        person.sees_heading("One more step").await;
        person.finds_no_barrier_anywhere().await;
        person.press("Use a passkey").await;
        person.at("/").await;
        person.visit("/user/security").await;
        person.run("document.querySelector('[name=passkey]').click(); 0").await.unwrap();
        person.press("Remove the chosen passkey").await;
        person.sees("The passkey is removed.").await;
    }
}
