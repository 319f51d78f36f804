//! Forms that were not shown, were shown to somebody else, are sent twice, or are no forms at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::{TestApp, both};

#[derive(Clone, Default)]
struct Counted {
    acted: Arc<AtomicUsize>,
    fails: Arc<AtomicUsize>,
}

impl Handler for Counted {
    fn id(&self) -> &str {
        "counted"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Counted")
            .with(Element::text("word", "Word").required().max_length(100))
            .with(Element::actions().with(Element::submit("send", "Send"))))
    }

    async fn submit(&self, _: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        if self
            .fails
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_ok()
        {
            return Err(Error::Unavailable("it rests".to_owned()));
        }
        // Another request has time to come.
        tokio::task::yield_now().await;
        let acted = self.acted.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(Outcome::redirect(format!("/done/{acted}")).message(&format!("Taken: {}", values.text("word"))))
    }
}

fn start(app: &TestApp) -> Counted {
    let counted = Counted::default();
    let handler = counted.clone();
    let page = move |session: Cx, submission: Submission| {
        let handler = handler.clone();
        async move { form::answer(&session, &handler, submission).await }
    };
    app.add_routes(Router::<Site>::new().route("/counted", get(page.clone()).post(page)));
    counted
}

impl Counted {
    fn acted(&self) -> usize {
        self.acted.load(Ordering::SeqCst)
    }
}

both! {
    async fn a_form_without_its_token_or_of_another_browser_is_refused_and_logged(app: TestApp) {
        let counted = start(&app);
        let form = app.form("/counted").await.fill("word", "x");
        let refused = app.post("/counted", &form.body()).await;
        assert_eq!(refused.status, 403);
        assert!(refused.contains("This form does not come from a page that this site has shown to you"), "{}", refused.text);
        let other = app.form("/counted").await;
        assert_eq!(other.in_browser().post("/counted", &form.body()).await.status, 403);
        assert_eq!(form.fill("form_token", "AAAA").submit().await.status, 403);
        let form = app.form("/counted").await.fill("word", "x");
        assert_eq!(form.without("form_token").submit().await.status, 403);
        let form = app.form("/counted").await.fill("word", "x").fill("form_step", "last");
        assert_eq!(form.submit().await.status, 403);
        assert_eq!(counted.acted(), 0);
        app.logged("the form 'counted' at /counted was refused, perhaps a forged request");
    }

    async fn a_form_sent_twice_acts_once_and_both_answers_lead_to_the_same_place(app: TestApp) {
        let counted = start(&app);
        let form = app.form("/counted").await.fill("word", "x");
        let (first, second) = tokio::join!(form.submit(), form.submit());
        assert_eq!((first.status.as_u16(), second.status.as_u16()), (303, 303), "{}", second.text);
        assert_eq!((first.header("location"), second.header("location")), ("/done/1", "/done/1"));
        let later = form.fill("word", "").submit().await;
        assert_eq!(later.header("location"), "/done/1");
        assert_eq!(counted.acted(), 1);
    }

    async fn a_submission_that_failed_can_be_sent_again(app: TestApp) {
        let counted = start(&app);
        counted.fails.store(1, Ordering::SeqCst);
        let form = app.form("/counted").await.fill("word", "x");
        assert_eq!(form.submit().await.status, 503);
        app.logged("/counted could not be answered: it rests");
        assert_eq!(form.submit().await.status, 303);
        assert_eq!(counted.acted(), 1);
    }

    async fn an_expired_form_is_shown_again_with_what_was_typed_and_then_works(app: TestApp) {
        let counted = start(&app);
        let form = app.form("/counted").await.fill("word", "typed long ago");
        app.wait(Duration::from_secs(6 * 60 * 60 + 1));
        let form = form.press_and_go_on("send").await;
        assert_eq!(form.page.status, 422);
        assert!(form.page.contains("This form was open for too long."), "{}", form.page.text);
        assert_eq!(form.value("word"), Some("typed long ago"));
        assert_eq!(counted.acted(), 0);
        assert_eq!(form.press("send").await.status, 303);
    }

    async fn a_page_of_another_site_can_send_nothing(app: TestApp) {
        let counted = start(&app);
        let form = app.form("/counted").await.fill("word", "x");
        for (name, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
            let request = Request::post("/counted")
                .header(header::HOST, "site.example")
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = form.in_browser().send(request, Body::from(form.body())).await;
            assert_eq!(answer.status, 403, "{name}: {value}");
        }
        app.logged("POST /counted was refused: a page of another site has sent it");
        let request = Request::post("/counted")
            .header(header::HOST, "site.example")
            .header("origin", "http://site.example");
        assert_eq!(form.in_browser().send(request, Body::from(form.body())).await.status, 303);
        assert_eq!(counted.acted(), 1);
    }

    async fn what_is_no_form_or_too_much_is_refused_with_words(app: TestApp) {
        let counted = start(&app);
        let form = app.form("/counted").await;
        let many = "a=b&".repeat(10_000) + &form.body();
        let long_name = format!("{}=b&{}", "a".repeat(300), form.body());
        for (body, status) in [
            (many.as_str(), 413),
            (&format!("{}&word={}", form.body(), "x".repeat(3 << 20)), 413),
            (&format!("{}&word=%ff%fe", form.body()), 400),
            (&long_name, 400),
            ("", 403),
            ("&&&===", 403),
        ] {
            let answer = form.in_browser().post("/counted", body).await;
            assert_eq!(answer.status, status, "{}", &body[..body.len().min(80)]);
        }
        for (kind, body, status) in [
            ("text/plain", "a=b", 400),
            ("multipart/form-data; boundary=x", "--x\r\nnonsense", 400),
            ("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\u{1}", 400),
            ("multipart/form-data", "", 400),
        ] {
            let request = Request::post("/counted").header(header::CONTENT_TYPE, kind);
            let answer = form.in_browser().send(request, Body::from(body)).await;
            assert_eq!(answer.status, status, "{kind} {body}");
        }
        app.logged("perhaps a forged request");
        for (word, status) in [("nul\0", 422), (&*"x".repeat(101), 422), ("fine", 303)] {
            let answer = app.form("/counted").await.fill("word", word).submit().await;
            assert_eq!(answer.status, status, "{word:?}");
        }
        assert_eq!(counted.acted(), 1);
    }

    async fn a_redirect_never_leaves_the_site(app: TestApp) {
        struct Away;
        impl Handler for Away {
            fn id(&self) -> &str {
                "away"
            }
            async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
                Ok(Form::new("Away").with(Element::text("to", "To")))
            }
            async fn submit(&self, _: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
                Ok(Outcome::redirect(values.text("to")))
            }
        }
        let page = |session: Cx, submission: Submission| async move { form::answer(&session, &Away, submission).await };
        app.add_routes(Router::<Site>::new().route("/away", get(page).post(page)));
        for (to, location) in [
            ("/here?a=b", "/here?a=b"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ] {
            let answer = app.form("/away").await.fill("to", to).submit().await;
            assert_eq!(answer.header("location"), location, "{to}");
        }
    }

    async fn messages_that_nobody_has_sealed_are_not_shown(app: TestApp) {
        let browser = app.browser();
        browser.set_cookie("trovato_messages", "W3sidG9uZSI6InN0YXR1cyIsInRleHQiOiJldmlsIn1d.AAAA");
        let page = browser.get("/").await;
        assert!(!page.contains("evil"), "{}", page.text);
    }

    async fn a_browser_gets_its_cookie_only_when_a_form_is_shown_and_keeps_it(app: TestApp) {
        start(&app);
        let browser = app.browser();
        assert_eq!(browser.get("/").await.header("set-cookie"), "");
        let shown = browser.get("/counted").await;
        assert!(shown.header("set-cookie").contains("HttpOnly; SameSite=Lax"), "{}", shown.header("set-cookie"));
        assert_eq!(shown.header("cache-control"), "private, no-cache");
        assert_eq!(browser.get("/counted").await.header("set-cookie"), "");
    }

    async fn over_tls_the_cookie_is_held_to_the_site_s_own_host(app: TestApp) {
        let app = app.restart_with(|config| config.public_url = Some("https://site.example".to_owned())).await;
        let app = app.without_people().await;
        let form = app.form(&format!("/install?token={}", app.services().users.set_up_token())).await;
        let cookie = form.page.header("set-cookie");
        assert!(cookie.starts_with("__Host-trovato_browser=") && cookie.contains("; Secure;"), "{cookie}");
    }
}

/// The same with Redis, which remembers forms where it is there.
mod in_redis {
    use trovato_tests::{TestApp, both};

    use super::start;

    both! {
        async fn a_form_sent_twice_acts_once_and_both_answers_lead_to_the_same_place(app: TestApp) {
            super::a_form_sent_twice_acts_once_and_both_answers_lead_to_the_same_place(app.with_redis().await).await;
        }

        async fn a_submission_that_failed_can_be_sent_again(app: TestApp) {
            super::a_submission_that_failed_can_be_sent_again(app.with_redis().await).await;
        }

        async fn an_expired_form_is_shown_again_with_what_was_typed_and_then_works(app: TestApp) {
            super::an_expired_form_is_shown_again_with_what_was_typed_and_then_works(app.with_redis().await).await;
        }

        async fn what_came_of_a_form_is_known_while_redis_is_away_and_when_it_is_back(app: TestApp) {
            let (app, wire) = app.with_redis_by_wire().await;
            app.redis_answers().await;
            let counted = start(&app);
            wire.cut();
            app.redis_is_away().await;
            let form = app.form("/counted").await.fill("word", "x");
            assert_eq!(form.submit().await.header("location"), "/done/1");
            wire.mend();
            app.redis_answers().await;
            assert_eq!(form.submit().await.header("location"), "/done/1");
            assert_eq!(counted.acted(), 1);
            let rows: Vec<(i64,)> = app
                .services()
                .db
                .fetch_all(trovato::db::sql("SELECT COUNT(*) FROM form_state", ()))
                .await
                .unwrap();
            let form = app.form("/counted").await.fill("word", "y");
            assert_eq!(form.submit().await.header("location"), "/done/2");
            let after: Vec<(i64,)> = app
                .services()
                .db
                .fetch_all(trovato::db::sql("SELECT COUNT(*) FROM form_state", ()))
                .await
                .unwrap();
            assert_eq!(rows, after, "with Redis the database is left alone");
        }
    }
}
