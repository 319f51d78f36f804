//! Mail in development, and mail of plugins.

use trovato::subsystems::mail::{Error as MailError, Recipient, Template};
use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

async fn with_prober(app: &TestApp) {
    app.with(Package::fixture("prober")).await;
}

async fn send(app: &TestApp, function: &str, argument: &str) -> Result<String, Error> {
    app.ask("prober", &format!("mail.{function}"), argument).await
}

fn fields(error: Result<String, Error>) -> Vec<String> {
    match error {
        Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| problem.path).collect(),
        other => panic!("{other:?} instead of problems with the message"),
    }
}

both! {
    async fn where_nothing_is_set_up_mail_is_written_to_files_that_only_the_site_reads(app: TestApp) {
        app.logged("mail is not sent but written to");
        let mail = &app.services().mail;
        let letter = mail.write(&Template::TEST, Recipient::address("ada@example.com"), Default::default()).unwrap();
        mail.post(&letter).await.unwrap();
        let letters = app.letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header("To"), "ada@example.com");
        assert_eq!(letters[0].header("From"), "Trovato <no-reply@localhost>");
        assert_eq!(letters[0].header("Auto-Submitted"), "auto-generated");
        for entry in std::fs::read_dir(app.place().folder().join("mail")).unwrap() {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    async fn a_recipient_gets_a_limited_number_of_messages_in_an_hour(app: TestApp) {
        let mail = &app.services().mail;
        let write = |address: &str| mail.write(&Template::TEST, Recipient::address(address), Default::default()).unwrap();
        for _ in 0..30 {
            mail.post(&write("ada@example.com")).await.unwrap();
        }
        assert!(matches!(mail.post(&write("ADA@example.com")).await, Err(MailError::TooMany(_))));
        mail.post(&write("eve@example.com")).await.unwrap();
        app.wait(std::time::Duration::from_secs(3600));
        mail.post(&write("ada@example.com")).await.unwrap();
        assert_eq!(app.letters().await.len(), 32);
    }

    async fn a_plugin_writes_to_the_site_and_to_people(app: TestApp) {
        with_prober(&app).await;
        let ada = app.make_person("Ada", Some("ada@example.com")).await;
        send(&app, "site", "|To the site|Text").await.unwrap();
        send(&app, "user", &format!("{}|To Ada|Text|<p>Hi <script>x</script></p>|shop@example.com", ada.id)).await.unwrap();
        let letters = app.letters().await;
        let subjects: Vec<&str> = letters.iter().map(|letter| letter.header("Subject")).collect();
        assert_eq!(subjects, ["To the site", "To Ada"]);
        assert_eq!(letters[0].header("To"), "Trovato <no-reply@localhost>");
        assert_eq!(letters[1].header("To"), "Ada <ada@example.com>");
        assert_eq!(letters[1].header("Reply-To"), "shop@example.com");
        assert!(letters[1].text.contains("Hi ") && !letters[1].text.contains("script"), "{}", letters[1].text);
    }

    async fn a_plugin_writes_to_nobody_who_is_unknown_or_has_no_address(app: TestApp) {
        with_prober(&app).await;
        let ada = app.make_person("Ada", None).await;
        assert_eq!(send(&app, "user", &format!("{}|S|T", ada.id)).await, Err(Error::NotFound));
        assert_eq!(send(&app, "user", "018c0000-0000-7000-8000-00000000ffff|S|T").await, Err(Error::NotFound));
        assert_eq!(fields(send(&app, "user", "Ada|S|T").await), ["id"]);
    }

    async fn a_plugin_writes_to_any_address_only_if_that_was_granted(app: TestApp) {
        with_prober(&app).await;
        assert!(matches!(send(&app, "anyone", "eve@example.com|S|T").await, Err(Error::Denied(_))));
        app.with(Package::fixture("prober").version("0.2.0").grant("mail-anyone", true)).await;
        send(&app, "anyone", "eve@example.com|S|T").await.unwrap();
        assert_eq!(app.letters().await[0].header("To"), "eve@example.com");
        let asks = app.services().plugins.capabilities(app.site(), "prober").unwrap();
        assert!(asks.contains(&"send mail to any address".to_owned()), "{asks:?}");
    }

    async fn a_plugin_can_add_neither_headers_nor_recipients(app: TestApp) {
        app.with(Package::fixture("prober").grant("mail-anyone", true)).await;
        assert_eq!(fields(send(&app, "anyone", "eve@example.com|S\r\nBcc: x@example.com|T").await), ["subject"]);
        assert_eq!(fields(send(&app, "anyone", "eve@example.com\nBcc: x@example.com|S|T").await), ["to"]);
        assert_eq!(fields(send(&app, "anyone", "eve@example.com,x@example.com|S|T").await), ["to"]);
        assert_eq!(fields(send(&app, "site", "|S|T|h|x@example.com\r\nX: y").await), ["reply-to"]);
        assert_eq!(fields(send(&app, "site", "||T").await), ["subject"]);
        assert_eq!(fields(send(&app, "site", &format!("|{}|T", "s".repeat(201))).await), ["subject"]);
        assert!(app.letters().await.is_empty());
    }

    async fn a_plugin_sends_a_limited_number_of_messages_in_an_hour(app: TestApp) {
        let app = app.restart_with(|config| config.mail.plugin_per_hour = 2).await;
        with_prober(&app).await;
        send(&app, "site", "|S|T").await.unwrap();
        send(&app, "site", "|S|T").await.unwrap();
        assert!(matches!(send(&app, "site", "|S|T").await, Err(Error::Limit(_))));
        assert_eq!(app.letters().await.len(), 2);
    }

    async fn nodes_count_together_how_much_a_recipient_gets(app: TestApp) {
        let other = app.another_node().await;
        let letter = app
            .services()
            .mail
            .write(&Template::TEST, Recipient::address("ada@example.com"), Default::default())
            .unwrap();
        for _ in 0..15 {
            app.services().mail.post(&letter).await.unwrap();
            other.services().mail.post(&letter).await.unwrap();
        }
        assert!(matches!(other.services().mail.post(&letter).await, Err(MailError::TooMany(_))));
        other.services().mail.drain(std::time::Duration::from_secs(10)).await;
        assert_eq!(app.letters().await.len(), 30);
    }

    async fn what_waits_when_the_process_ends_is_sent_by_the_next_one(app: TestApp) {
        // Nobody answers there, and the next time to try is after the end of the test.
        let app = app
            .restart_with(|config| {
                config.mail.smtp_url = Some("smtp://127.0.0.1:9".to_owned().into());
                config.mail.retry_s = 3600;
            })
            .await;
        let mail = &app.services().mail;
        let letter = mail.write(&Template::TEST, Recipient::address("ada@example.com"), Default::default()).unwrap();
        mail.post(&letter).await.unwrap();
        let tried = async {
            while app.times_logged("could not be sent yet") == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), tried).await.expect("it was tried");
        let noted = async {
            loop {
                let tries = trovato::db::sql("SELECT tries FROM mail_queue", ());
                let rows: Vec<(i64,)> = app.services().db.fetch_all(tries).await.unwrap();
                if rows == [(1,)] {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), noted).await.expect("the try was noted");
        let app = app.restart_with(|config| config.mail.smtp_url = None).await;
        app.services().mail.take_over().await.unwrap();
        assert!(app.letters().await.is_empty(), "the process that holds it may be at work");
        app.wait(std::time::Duration::from_secs(2 * 3600));
        app.services().mail.take_over().await.unwrap();
        let letters = app.letters().await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header("To"), "ada@example.com");
        app.services().mail.take_over().await.unwrap();
        assert_eq!(app.letters().await.len(), 1);
        assert_eq!(app.services().mail.counts().waiting, 0);
    }
}
