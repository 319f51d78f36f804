//! Writing to the site by the contact form.

use trovato::subsystems::access::{ANONYMOUS, Grant};
use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

/// A site that everybody may write to.
async fn start(visitor: &Visitor) {
    let app = visitor.app();
    app.enable("contact").await.unwrap();
    let grant = Grant {
        role: ANONYMOUS,
        permission: "use the contact form".to_owned(),
        granted: true,
    };
    app.services()
        .access
        .grant(&app.system(), &[grant])
        .await
        .unwrap();
}

async fn write(visitor: &Visitor, message: &str) {
    visitor.fill("Your name", "Ada").await;
    visitor.fill("Your e-mail address", "ada@example.org").await;
    visitor.fill("Subject", "A question").await;
    visitor.fill("Message", message).await;
    visitor.press("Send the message").await;
}

async fn write_and_be_thanked(visitor: &Visitor) {
    visitor.visit("/").await;
    visitor.within("Footer").follow("Contact").await;
    visitor.at("/contact").await;
    write(visitor, "Is anybody there?").await;
    visitor.sees("Thank you. Your message is on its way.").await;
    let letters = visitor.app().letters().await;
    assert_eq!(letters.len(), 1);
    let letter = letters.last().unwrap();
    assert_eq!(letter.header("Reply-To"), "ada@example.org");
    assert!(letter.text.contains("Is anybody there?"), "{}", letter.text);
}

in_browser! {
    async fn a_visitor_writes_to_the_site_and_is_thanked(visitor: Visitor) {
        start(&visitor).await;
        visitor.visit("/contact").await;
        visitor.sees("we read everything that comes in").await;
        visitor.finds_no_barrier_anywhere().await;
        write_and_be_thanked(&visitor).await;
        visitor.finds_no_barrier().await;
    }

    async fn a_visitor_without_scripts_does_the_same(visitor: Visitor) {
        start(&visitor).await;
        visitor.without_script().await;
        write_and_be_thanked(&visitor).await;
    }

    async fn what_is_missing_or_unwanted_is_told_and_what_was_typed_stays(visitor: Visitor) {
        start(&visitor).await;
        visitor.without_script().await;
        visitor.visit("/contact").await;
        write(&visitor, &"https://spam.example ".repeat(6)).await;
        visitor.sees("A message may have 5 links at most; this has 6.").await;
        assert_eq!(visitor.status(), 422);
        assert!(visitor.is_marked_wrong("Message").await);
        assert_eq!(visitor.value("Your e-mail address").await, "ada@example.org");
        assert!(visitor.app().letters().await.is_empty());
        visitor.with_script().await;
        visitor.finds_no_barrier_anywhere().await;
    }

    async fn a_program_that_fills_in_what_nobody_sees_sends_nothing(visitor: Visitor) {
        start(&visitor).await;
        visitor.visit("/contact").await;
        visitor.does_not_see("website").await;
        assert!(!visitor.has("textbox", "website").await, "nobody meets it by keyboard or ear either");
        visitor.run("document.querySelector('[name=website]').value = 'https://spam.example'; 0").await.unwrap();
        write(&visitor, "Buy this.").await;
        visitor.sees("Thank you. Your message is on its way.").await;
        assert!(visitor.app().letters().await.is_empty());
    }

    async fn who_may_not_write_is_led_to_logging_in(visitor: Visitor) {
        visitor.app().enable("contact").await.unwrap();
        visitor.visit("/").await;
        assert!(!visitor.has("link", "Contact").await, "no link leads where nobody may go");
        visitor.visit("/contact").await;
        assert_eq!(visitor.status(), 403);
        visitor.finds_no_barrier_anywhere().await;
        visitor.within("main").follow("Log in").await;
        visitor.at("/user/login?destination=%2Fcontact").await;
    }
}
