//! Forms in front of people: what they can do with each kind of field, and what is told when something is wrong.

use trovato_tests::chromium::Visitor;
use trovato_tests::{Seen, in_browser};

async fn add_telephones(author: &Visitor, seen: &Seen) {
    author.visit("/all").await;
    author.fill("Title", "Telephones").await;
    author.within("Telephones, 1 of 1").fill("Number", "1").await;
    author.press("Add another telephone").await;
    author.within("Telephones, 2 of 2").fill("Number", "2").await;
    assert_eq!(
        author.value("Title").await,
        "Telephones",
        "what was typed is still there"
    );
    author.press("Add another telephone").await;
    author.within("Telephones, 3 of 3").fill("Number", "3").await;
    assert!(
        !author.has("button", "Add another telephone").await,
        "three are the most"
    );
    author.press("Move Telephones 3 up").await;
    author
        .within("Telephones, 1 of 3")
        .press("Remove Telephones 1")
        .await;
    author.within("Telephones, 2 of 2").fill("Number", "4").await;
    author.press("Save").await;
    author.sees("The entry is saved.").await;
    let values = seen.lock().unwrap().remove(0);
    let numbers: Vec<&str> = values
        .rows("phones")
        .iter()
        .map(|row| row.text("phone"))
        .collect();
    assert_eq!(numbers, ["3", "4"]);
}

in_browser! {
    async fn no_kind_of_field_keeps_anybody_out(author: Visitor) {
        author.app().with_every_kind();
        author.visit("/all").await;
        author.finds_no_barrier_anywhere().await;
    }

    async fn nor_does_any_for_whoever_administers(author: Visitor) {
        author.app().with_every_kind();
        author.is(author.app().administrator()).await;
        author.visit("/all").await;
        author.finds_no_barrier_anywhere().await;
    }

    async fn everything_that_is_wrong_is_told_and_leads_to_its_field(author: Visitor) {
        let seen = author.app().with_every_kind();
        author.visit("/all").await;
        author.fill("Title", "Taken").await;
        author.fill("Number", "1").await;
        author.press("Notes").await;
        // What a browser lets pass and the site does not.
        author.run("document.querySelector('[name=note]').removeAttribute('maxlength'); 0").await.unwrap();
        author.fill("Note", "a long note").await;
        author.press("Save").await;
        author.sees("There are 2 problems").await;
        assert_eq!(author.status(), 422);
        author.is_focused_on("Title").await;
        assert!(author.is_marked_wrong("Title").await);
        assert!(author.description("Title").await.contains("This title is taken."));
        assert_eq!(author.value("Fixed").await, "host's");
        author.finds_no_barrier_anywhere().await;
        author.follow("Note may have 5 characters at most; this has 11.").await;
        author.is_focused_on("Note").await;
        author.fill("Note", "short").await;
        author.fill("Title", "Free").await;
        author.press("Save").await;
        author.sees("The entry is saved.").await;
        assert_eq!(seen.lock().unwrap().len(), 1);
    }

    async fn rows_are_added_moved_and_removed(author: Visitor) {
        let seen = author.app().with_every_kind();
        add_telephones(&author, &seen).await;
    }

    async fn rows_are_added_moved_and_removed_without_scripts(author: Visitor) {
        let seen = author.app().with_every_kind();
        author.without_script().await;
        add_telephones(&author, &seen).await;
    }

    async fn the_focus_goes_to_a_new_row(author: Visitor) {
        author.app().with_every_kind();
        author.visit("/all").await;
        author.press("Add another telephone").await;
        author.is_focused_on("Number").await;
        author.types("555").await;
        assert_eq!(author.within("Telephones, 2 of 2").value("Number").await, "555");
    }

    async fn a_list_follows_another(author: Visitor) {
        author.app().with_every_kind();
        author.visit("/all").await;
        author.choose("Country", "Italy").await;
        author.choose("City", "Trento").await;
        assert_eq!(author.value("City").await, "Trento");
    }

    async fn a_list_follows_another_without_scripts(author: Visitor) {
        author.app().with_every_kind();
        author.without_script().await;
        author.visit("/all").await;
        author.choose("Country", "Italy").await;
        author.press("Update after changing Country").await;
        author.choose("City", "Trento").await;
        assert_eq!(author.value("City").await, "Trento");
    }

    async fn who_presses_twice_acts_once(author: Visitor) {
        let seen = author.app().with_every_kind();
        author.visit("/all").await;
        author.fill("Title", "Once").await;
        author.fill("Number", "1").await;
        let twice = "document.querySelectorAll('[value=save]').forEach((button) => { button.click(); button.click(); })";
        author.run(twice).await.unwrap();
        author.sees("The entry is saved.").await;
        assert_eq!(seen.lock().unwrap().len(), 1);
        author.run("history.back()").await.unwrap();
        author.at("/all").await;
        author.press("Save").await;
        author.at("/").await;
        assert_eq!(seen.lock().unwrap().len(), 1, "a form that was sent is not sent again");
    }

    async fn the_keyboard_fills_a_form_in(author: Visitor) {
        let seen = author.app().with_every_kind();
        author.visit("/all").await;
        author.run("document.querySelector('[name=title]').focus()").await.unwrap();
        author.types("By keyboard").await;
        author.fill("Number", "1").await;
        author.types("Enter").await;
        author.sees("The entry is saved.").await;
        let values = seen.lock().unwrap().remove(0);
        assert_eq!((values.text("title"), values.button.as_str()), ("By keyboard", "save"));
    }
}
