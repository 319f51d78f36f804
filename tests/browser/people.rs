//! People in front of the site: signing in and out, being locked out, the account.

use trovato_tests::chromium::Visitor;
use trovato_tests::{PASSWORD, in_browser};

/// Logs in by the form.
pub async fn log_in(person: &Visitor, name: &str, password: &str) {
    person.visit("/user/login").await;
    person.fill("Name", name).await;
    person.fill("Password", password).await;
    person.press("Log in").await;
}

in_browser! {
    async fn somebody_logs_in_looks_at_the_account_and_logs_out(person: Visitor) {
        person.visit("/user/login").await;
        person.finds_no_barrier_anywhere().await;
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
        person.visit("/user").await;
        person.sees_heading("user").await;
        person.finds_no_barrier_anywhere().await;
        person.press("Log out").await;
        person.at("/").await;
        person.sees("You are logged out.").await;
        person.visit("/user").await;
        person.sees_heading("Log in").await;
    }

    async fn who_logs_in_from_a_page_comes_back_to_it(person: Visitor) {
        person.app().with_content().await;
        person.visit("/blog/everything-is-an-item").await;
        person.within("Account").follow("Log in").await;
        person.at("/user/login?destination=%2Fblog%2Feverything-is-an-item").await;
        person.fill("Name", "user").await;
        person.fill("Password", PASSWORD).await;
        person.press("Log in").await;
        person.at("/blog/everything-is-an-item").await;
        person.within("Account").follow("user").await;
        person.sees_heading("user").await;
    }

    async fn who_has_had_a_page_open_for_a_day_is_asked_before_logging_out(person: Visitor) {
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
        person.app().wait(std::time::Duration::from_secs(7 * 60 * 60));
        person.press("Log out").await;
        person.sees("This ends your session on this device.").await;
        person.within("main").press("Log out").await;
        person.sees("You are logged out.").await;
    }

    async fn an_administrator_logs_out_from_any_page(admin: Visitor) {
        log_in(&admin, "admin", PASSWORD).await;
        admin.at("/").await;
        admin.within("Editing").press("admin").await;
        admin.within("Editing").press("Log out").await;
        admin.sees("You are logged out.").await;
        log_in(&admin, "admin", PASSWORD).await;
        admin.at("/").await;
        admin.visit("/admin/people").await;
        admin.press("admin").await;
        admin.press("Log out").await;
        admin.at("/").await;
        admin.sees("You are logged out.").await;
    }

    async fn somebody_without_scripts_logs_in_and_out(person: Visitor) {
        person.without_script().await;
        log_in(&person, "user", PASSWORD).await;
        person.visit("/user").await;
        person.sees("user@example.org").await;
        person.press("Log out").await;
        person.sees("You are logged out.").await;
    }

    async fn a_wrong_password_is_told_and_the_right_one_leads_on(person: Visitor) {
        log_in(&person, "user", "a guess").await;
        person.sees("The name or the password is wrong.").await;
        assert_eq!(person.status(), 401);
        person.finds_no_barrier_anywhere().await;
        assert_eq!(person.value("Name").await, "user");
        assert_eq!(person.value("Password").await, "");
        person.fill("Password", PASSWORD).await;
        person.press("Log in").await;
        person.at("/").await;
    }

    async fn who_guesses_is_locked_out_until_time_has_passed(person: Visitor) {
        for _ in 0..5 {
            log_in(&person, "user", "a guess").await;
            person.sees("The name or the password is wrong.").await;
        }
        log_in(&person, "user", PASSWORD).await;
        person.sees("Account temporarily locked").await;
        assert_eq!(person.status(), 429);
        person.finds_no_barrier_anywhere().await;
        person.app().wait(std::time::Duration::from_secs(16 * 60));
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
    }

    async fn who_knocks_at_the_administration_comes_back_there(admin: Visitor) {
        admin.visit("/admin/plugins").await;
        admin.sees_heading("Log in").await;
        admin.fill("Name", "admin").await;
        admin.fill("Password", PASSWORD).await;
        admin.press("Log in").await;
        admin.at("/admin/plugins").await;
        admin.sees_heading("Plugins").await;
    }

    async fn somebody_changes_the_account_and_sees_the_sessions(person: Visitor) {
        log_in(&person, "user", PASSWORD).await;
        person.visit("/user").await;
        person.follow("Edit the account").await;
        person.finds_no_barrier_anywhere().await;
        person.fill("Language", "en").await;
        person.press("Save").await;
        person.sees_heading("user").await;
        person.follow("See and end sessions").await;
        person.sees("(this one)").await;
        person.finds_no_barrier_anywhere().await;
    }
}
