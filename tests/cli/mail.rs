//! `trovato mail`.

use trovato_tests::{TestApp, both};

use super::{command, trovato, with};

both! {
    async fn a_message_is_sent_to_try_the_set_up(app: TestApp) {
        let said = trovato(&app, &["mail", "test", "ada@example.org"]).await.well();
        assert!(said.starts_with("The message was taken. Mail is not sent but written to "), "{said}");
        let letters = app.letters().await;
        assert_eq!((letters.len(), letters[0].header("To")), (1, "ada@example.org"));
    }

    async fn an_address_that_is_none_and_a_server_that_is_away_are_told_apart(app: TestApp) {
        let wrong = trovato(&app, &["mail", "test", "not an address"]).await.failed(2);
        assert!(wrong.starts_with("trovato: to: "), "{wrong}");
        let mut away = command(&app, &["mail", "test", "ada@example.org"]);
        away.env("TROVATO_MAIL_SMTP_URL", "smtp://127.0.0.1:9");
        let away = with(away, None).await.failed(1);
        assert!(away.contains("could not be sent") && away.contains("Mail is sent over"), "{away}");
    }
}
