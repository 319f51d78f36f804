//! The stock plugin `contact`.

use trovato::request::Account;
use trovato_tests::{Browser, TestApp, both};

async fn start(app: &TestApp) {
    app.enable("contact").await.unwrap();
}

fn writer(app: &TestApp) -> Account {
    let mut visitor = app.visitor();
    let permissions = ["access content", "use the contact form"].map(str::to_owned);
    visitor.permissions = std::sync::Arc::new(permissions.into_iter().collect());
    visitor
}

fn browser(app: &TestApp) -> Browser<'_> {
    app.browser_of(writer(app))
}

async fn write<'a>(app: &'a TestApp, message: &str) -> trovato_tests::Filling<'a> {
    browser(app)
        .form("/contact")
        .await
        .fill("name", "Ada")
        .fill("mail", "ada@example.org")
        .fill("subject", "Hello")
        .fill("message", message)
}

both! {
    async fn what_visitors_write_is_sent_to_the_site_and_they_are_thanked(app: TestApp) {
        start(&app).await;
        let form = write(&app, "Hello there.").await;
        assert!(form.page.contains("we read everything that comes in"), "{}", form.page.text);
        let answer = form.press("send").await;
        assert_eq!(answer.header("location"), "/contact", "{}", answer.text);
        let browser = form.browser();
        assert!(browser.follow(&answer).await.contains("Thank you. Your message is on its way."));
        let letters = app.letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!((letters[0].header("Subject"), letters[0].header("Reply-To")), ("[contact] Hello", "ada@example.org"));
    }

    async fn without_the_permission_there_is_no_form_and_nothing_is_taken(app: TestApp) {
        start(&app).await;
        assert_eq!(app.get("/contact").await.status, 403);
        let form = write(&app, "Hello there.").await;
        assert_eq!(app.post("/contact?_form=message", &form.body()).await.status, 403);
        assert!(app.letters().await.is_empty());
    }

    async fn a_program_that_fills_in_everything_is_thanked_and_nothing_is_sent(app: TestApp) {
        start(&app).await;
        let form = write(&app, "Buy this.").await.fill("website", "https://spam.example");
        assert_eq!(form.press("send").await.status, 303);
        assert!(app.letters().await.is_empty());
    }

    async fn advertisements_are_refused_at_their_field(app: TestApp) {
        start(&app).await;
        let page = write(&app, &"https://spam.example ".repeat(6)).await.press("send").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("A message may have 5 links at most; this has 6."), "{}", page.text);
    }

    async fn nobody_sends_more_than_the_settings_allow(app: TestApp) {
        start(&app).await;
        app.services().variables.store("contact", "per_hour", Some(2.into())).await.unwrap();
        for expected in [303, 303, 422] {
            assert_eq!(write(&app, "Hello there.").await.press("send").await.status, expected);
        }
        assert_eq!(app.letters().await.len(), 2);
        app.wait(std::time::Duration::from_secs(3601));
        assert_eq!(write(&app, "Hello there.").await.press("send").await.status, 303);
    }
}
