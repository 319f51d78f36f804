//! Accounts, roles and permissions in the administration, and what comes of them for somebody else.

use serde_json::json;
use trovato::subsystems::variable::SITE;
use trovato_tests::chromium::Visitor;
use trovato_tests::{PASSWORD, in_browser};

use crate::people::log_in;

async fn administer(admin: &Visitor) {
    log_in(admin, "admin", PASSWORD).await;
    admin.at("/").await;
}

/// Follows the link of the last letter and says that the address is right.
async fn confirm_address(person: &Visitor) {
    let letters = person.app().letters().await;
    let link = letters.last().unwrap().link("/user/confirm/");
    person.visit(&link[link.find("/user").unwrap()..]).await;
    person.press("Confirm").await;
}

in_browser! {
    async fn what_the_grid_grants_holds_for_whoever_has_the_role(admin: Visitor) {
        admin.app().enable("contact").await.unwrap();
        let visitor = admin.another().await;
        visitor.visit("/contact").await;
        assert_eq!(visitor.status(), 403);

        administer(&admin).await;
        admin.visit("/admin/people/permissions").await;
        admin.finds_no_barrier_anywhere().await;
        let boxes = admin.within("Permissions: contact");
        boxes.tick("Anonymous user: use the contact form").await;
        assert!(boxes.is_ticked("Anonymous user: use the contact form").await);
        admin.press("Save the permissions").await;
        admin.sees("One permission was changed.").await;
        assert!(boxes.is_ticked("Anonymous user: use the contact form").await, "it is kept");

        visitor.visit("/contact").await;
        assert_eq!(visitor.status(), 200);
        visitor.sees_heading("Contact").await;

        boxes.tick("Anonymous user: use the contact form").await;
        admin.press("Save the permissions").await;
        admin.sees("One permission was changed.").await;
        visitor.visit("/contact").await;
        assert_eq!(visitor.status(), 403);
    }

    async fn the_grid_is_filled_in_without_scripts(admin: Visitor) {
        admin.app().enable("contact").await.unwrap();
        admin.without_script().await;
        administer(&admin).await;
        admin.visit("/admin/people/permissions").await;
        admin.tick("Authenticated user: use the contact form").await;
        admin.press("Save the permissions").await;
        admin.sees("One permission was changed.").await;
        admin.visit("/contact").await;
        admin.sees_heading("Contact").await;
    }

    async fn a_role_is_made_given_renamed_and_deleted(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people/roles").await;
        admin.follow("Add a role").await;
        admin.fill("Name", "Proof readers").await;
        admin.fill("Machine name", "Proof Readers").await;
        admin.run("document.querySelector('[name=name]').removeAttribute('pattern'); 0").await.unwrap();
        admin.press("Save").await;
        admin.sees("Lower-case letters, digits and underscores.").await;
        assert_eq!(admin.status(), 422);
        admin.finds_no_barrier_anywhere().await;
        admin.fill("Machine name", "proof_readers").await;
        admin.press("Save").await;
        admin.sees("The role Proof readers is saved.").await;

        admin.visit("/admin/people").await;
        admin.tick("Select user").await;
        admin.tick("Select editor").await;
        admin.sees("2 selected").await;
        admin.choose("What to do with the selected", "Give the role Proof readers").await;
        admin.press("Apply").await;
        admin.sees("2 accounts were changed.").await;
        admin.within("user@example.org").sees("Proof readers").await;

        admin.visit("/admin/people/roles").await;
        admin.within("proof_readers").sees("2").await;
        admin.follow("Proof readers").await;
        admin.fill("Name", "Readers").await;
        admin.press("Save").await;
        admin.sees("The role Readers is saved.").await;
        admin.within("proof_readers").follow("Delete Readers").await;
        admin.sees("It is taken from 2 people").await;
        admin.finds_no_barrier_anywhere().await;
        admin.press("Delete the role").await;
        admin.sees("The role Readers is gone.").await;
    }

    async fn an_account_is_added_and_its_owner_comes_in(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people").await;
        admin.follow("Add an account").await;
        admin.finds_no_barrier_anywhere().await;
        admin.fill("Name", "Grace").await;
        admin.fill("Password", "a battery of horses").await;
        admin.fill("Password again", "a battery of horses").await;
        admin.press("Add the account").await;
        admin.sees("The account Grace is made.").await;
        let grace = admin.another().await;
        log_in(&grace, "grace", "a battery of horses").await;
        grace.at("/").await;
        grace.visit("/user").await;
        grace.sees_heading("Grace").await;
    }

    async fn who_is_blocked_is_out_at_once_and_comes_in_again_later(admin: Visitor) {
        let user = admin.another().await;
        log_in(&user, "user", PASSWORD).await;
        user.visit("/user").await;
        user.sees_heading("user").await;
        administer(&admin).await;
        admin.visit("/admin/people").await;
        assert!(admin.is_disabled("Apply").await, "nobody is selected");
        admin.tick("Select user").await;
        admin.choose("What to do with the selected", "Block").await;
        admin.press("Apply").await;
        admin.sees("One account was changed.").await;
        admin.within("user@example.org").sees("Blocked").await;
        user.visit("/user").await;
        user.sees_heading("Log in").await;
        log_in(&user, "user", PASSWORD).await;
        user.sees("The name or the password is wrong.").await;
        admin.tick("Select user").await;
        admin.choose("What to do with the selected", "Unblock").await;
        admin.press("Apply").await;
        admin.sees("One account was changed.").await;
        log_in(&user, "user", PASSWORD).await;
        user.at("/").await;
    }

    async fn people_are_found_while_one_types(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people").await;
        admin.fill("Name or address", "edit").await;
        admin.sees("Accounts: 1").await;
        admin.does_not_see("user@example.org").await;
        admin.is_focused_on("Name or address").await;
        admin.fill("Name or address", "zebra").await;
        admin.sees("Nothing fits").await;
        admin.finds_no_barrier_anywhere().await;
        admin.follow("Clear the filters").await;
        admin.sees("user@example.org").await;
    }

    async fn an_account_is_cancelled_after_a_question(admin: Visitor) {
        administer(&admin).await;
        admin.visit("/admin/people").await;
        admin.follow("Cancel user").await;
        admin.sees_heading("Cancel the account of user").await;
        admin.finds_no_barrier_anywhere().await;
        admin.follow("Back").await;
        admin.at("/admin/people").await;
        admin.follow("Cancel user").await;
        admin.press("Cancel the account of user").await;
        admin.sees("One account was cancelled.").await;
    }

    async fn who_may_register_makes_an_account_and_uses_it(person: Visitor) {
        person.visit("/user/register").await;
        assert_eq!(person.status(), 404, "nobody may, unless the site says so");
        let variables = &person.app().services().variables;
        variables.store(SITE, "user_register", Some(json!("open"))).await.unwrap();
        person.visit("/user/register").await;
        person.finds_no_barrier_anywhere().await;
        person.fill("Name", "USER").await;
        person.fill("E-mail address", "ada@example.org").await;
        person.fill("Password", "a battery of horses").await;
        person.fill("Password again", "a battery of horses").await;
        person.press("Make the account").await;
        person.sees("This name is taken.").await;
        person.is_focused_on("Name").await;
        person.finds_no_barrier_anywhere().await;
        person.fill("Name", "Ada").await;
        person.fill("Password", "a battery of horses").await;
        person.fill("Password again", "a battery of horses").await;
        person.press("Make the account").await;
        person.sees("Your account is made.").await;
        confirm_address(&person).await;
        log_in(&person, "Ada", "a battery of horses").await;
        person.at("/").await;
    }

    async fn whoever_waits_for_approval_is_told_so(person: Visitor) {
        let variables = &person.app().services().variables;
        variables.store(SITE, "user_register", Some(json!("approval"))).await.unwrap();
        person.without_script().await;
        person.visit("/user/register").await;
        person.fill("Name", "Ada").await;
        person.fill("E-mail address", "ada@example.org").await;
        person.fill("Password", "a battery of horses").await;
        person.fill("Password again", "a battery of horses").await;
        person.press("Make the account").await;
        person.sees("Your account is made.").await;
        confirm_address(&person).await;
        log_in(&person, "Ada", "a battery of horses").await;
        person.sees("The name or the password is wrong.").await;
    }
}
