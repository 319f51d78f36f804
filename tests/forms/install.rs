//! The form of the first administrator: the first that a site shows.

use trovato::subsystems::user::Error;
use trovato_tests::{TestApp, both};

fn path(app: &TestApp) -> String {
    format!("/install?token={}", app.services().users.set_up_token())
}

both! {
    async fn the_first_administrator_is_made_by_a_form_and_told_so_on_the_next_page(app: TestApp) {
        let app = app.without_people().await;
        let form = app.form(&path(&app)).await;
        assert!(form.page.contains("<title>Set up this site"), "{}", form.page.text);
        let form = form
            .fill("name", "Ada")
            .fill("mail", "ada@example.org")
            .fill("password", "long enough")
            .fill("password.again", "long enough");
        let answer = form.submit().await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
        let browser = form.browser();
        let home = browser.follow(&answer).await;
        assert!(home.contains("The administrator Ada is made."), "{}", home.text);
        assert!(!browser.get("/").await.contains("The administrator Ada"), "it is told once");
        let again = app.services().users.install(&app.system(), "Bob", None, "long enough".to_owned()).await;
        assert!(matches!(again, Err(Error::Installed)));
        assert_eq!(app.get(&path(&app)).await.status, 404);
    }

    async fn everything_that_is_wrong_is_told_at_once_and_no_password_comes_back(app: TestApp) {
        let app = app.without_people().await;
        let form = app.form(&path(&app)).await;
        let form = form.fill("mail", "no address").fill("password", "secret1").fill("password.again", "other");
        let page = form.submit().await;
        assert_eq!(page.status, 422);
        for told in [
            "There are 3 problems",
            "Name is required.",
            "E-mail address is no e-mail address.",
            "The two passwords are not the same.",
            "href=\"#form-install-name\"",
            "aria-describedby=\"form-install-mail-error\"",
            "value=\"no address\"",
        ] {
            assert!(page.contains(told), "{told} is missing in {}", page.text);
        }
        assert_eq!(page.text.matches("autofocus").count(), 1);
        assert!(!page.contains("secret1"), "a password came back");
    }

    async fn without_the_token_of_the_link_there_is_no_form(app: TestApp) {
        let app = app.without_people().await;
        let told = app.get("/install").await;
        assert!(!told.contains("<input"), "{}", told.text);
        assert_eq!(app.get("/install?token=guess").await.status, 403);
    }
}
