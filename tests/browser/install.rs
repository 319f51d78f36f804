//! The first page of a new site: the form that makes its administrator.

use trovato_tests::chromium::Owner;
use trovato_tests::in_browser;

fn path(owner: &Owner) -> String {
    format!("/install?token={}", owner.app().services().users.set_up_token())
}

in_browser! {
    async fn until_the_site_is_set_up_every_page_says_how(owner: Owner) {
        owner.visit("/blog").await;
        owner.at("/install").await;
        owner.sees("This site is not set up yet.").await;
        owner.finds_no_barrier_anywhere().await;
    }

    async fn the_owner_sets_the_site_up_by_the_link_of_the_log(owner: Owner) {
        owner.visit(&path(&owner)).await;
        owner.finds_no_barrier_anywhere().await;
        owner.fill("Name", "Ada").await;
        owner.fill("E-mail address", "ada@example.org").await;
        owner.fill("Password", "a battery of horses").await;
        owner.sees("Strength: good").await;
        owner.fill("Password again", "a battery of horses").await;
        owner.press("Make the administrator").await;
        owner.at("/").await;
        owner.sees("The administrator Ada is made.").await;
        owner.finds_no_barrier().await;
        owner.visit(&path(&owner)).await;
        assert_eq!(owner.status(), 404, "the link leads nowhere any more");
    }

    async fn what_is_wrong_is_told_beside_the_fields_and_in_a_summary_that_leads_there(owner: Owner) {
        owner.without_script().await;
        owner.visit(&path(&owner)).await;
        owner.fill("Name", "Ada").await;
        owner.fill("E-mail address", "ada@example.org").await;
        owner.fill("Password", "a battery of horses").await;
        owner.fill("Password again", "a battery of sheep").await;
        owner.press("Make the administrator").await;
        assert_eq!(owner.status(), 422);
        owner.sees("There is a problem").await;
        assert_eq!(owner.value("Name").await, "Ada");
        assert_eq!(owner.value("Password").await, "", "no password comes back");
        assert!(owner.is_marked_wrong("Password").await);
        assert!(owner.description("Password").await.contains("The two passwords are not the same."));
        owner.is_focused_on("Password").await;
        owner.with_script().await;
        owner.finds_no_barrier_anywhere().await;
    }
}
