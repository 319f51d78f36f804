//! Every kind of element: what it shows, what becomes of what is typed, and what is refused.

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Form, Handler, Outcome, State, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::{TestApp, both};

both! {
    async fn answers_become_values_of_their_kinds(app: TestApp) {
        let seen = app.with_every_kind();
        let form = app.form("/all").await
            .fill("title", " Hello ")
            .fill("body", "a\r\nb")
            .fill("rich", "*a*")
            .fill("rich.format", "plain_text")
            .fill("count", "3")
            .fill("price", "12.50")
            .fill("day", "2024-02-29")
            .fill("moment", "2024-02-29T12:30")
            .fill("mail", "ada@example.org")
            .fill("site", "https://example.org")
            .fill("country", "it")
            .fill("city", "trento")
            .choose("several", "a").choose("several", "b")
            .fill("agree", "1")
            .choose("colours", "g")
            .fill("size", "l")
            .fill("fixed", "somebody else's")
            .fill("phones.0.phone", "1")
            .fill("words", "x")
            .fill("is_admin", "1")
            .attach("photo", "../cat.png", "image/png", b"cat");
        let answer = form.press("save").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let values = seen.lock().unwrap().remove(0);
        assert_eq!(values.text("title"), "Hello");
        assert_eq!(values.text("body"), "a\nb");
        assert_eq!(values.formatted("rich"), Some(("*a*", "plain_text")));
        assert_eq!((values.integer("count"), values.text("price"), values.number("price")), (Some(3), "12.50", Some(12.5)));
        assert_eq!((values.text("day"), values.text("moment")), ("2024-02-29", "2024-02-29T12:30"));
        assert_eq!((values.text("mail"), values.text("site")), ("ada@example.org", "https://example.org"));
        assert_eq!((values.text("country"), values.text("city")), ("it", "trento"));
        assert_eq!((values.list("several"), values.list("colours")), (&["a".to_owned(), "b".to_owned()][..], &["g".to_owned()][..]));
        assert!(values.flag("agree"));
        assert_eq!((values.text("size"), values.text("kept"), values.text("fixed")), ("l", "as it was", "host's"));
        assert_eq!(values.rows("phones").len(), 1);
        assert_eq!(values.rows("phones")[0].text("phone"), "1");
        assert_eq!(values.files("photo")[0].name, "cat.png");
        assert_eq!(values.files("photo")[0].read().await.unwrap().as_ref(), b"cat");
        assert_eq!(values.get("is_admin"), None, "what the form does not ask for is dropped");
        assert_eq!(values.button, "save");
        let path = values.files("photo")[0].path().to_owned();
        drop(values);
        assert!(!path.exists(), "an upload goes when nobody holds it");
    }

    async fn what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(app: TestApp) {
        let seen = app.with_every_kind();
        let form = app.form("/all").await
            .fill("title", "lower case and long")
            .fill("body", "nul \0")
            .fill("rich.format", "full_html").fill("rich", "x")
            .fill("count", "10")
            .fill("price", "1e5")
            .fill("day", "2025-01-01")
            .fill("moment", "yesterday")
            .fill("mail", "ada")
            .fill("site", "javascript:alert(1)")
            .fill("city", "trento")
            .choose("several", "z")
            .fill("size", "xl")
            .attach("photo", "a.txt", "text/plain", b"x");
        let page = form.press("save").await;
        assert_eq!(page.status, 422);
        for told in [
            "Title may have 15 characters at most; this has 19.",
            "Body has characters in it that can&#39;t be stored.",
            "Rich text: choose one of the text formats that you may use.",
            "Count may be 9 at most.",
            "Price is no number.",
            "Day must not be after 2024-12-31.",
            "Moment is no date.",
            "Mail is no e-mail address.",
            "Site is no address.",
            "City: choose from what is listed.",
            "Several: choose from what is listed.",
            "Size: choose from what is listed.",
            "Number is required.",
            "Photo: &#39;a.txt&#39; is of another kind than image/*.",
            "href=\"#form-all-phones-0-phone\"",
            "value=\"lower case and long\"",
            "value=\"host&#39;s\"",
            "value=\"javascript:alert(1)\"",
        ] {
            assert!(page.contains(told), "{told} is missing in {}", page.text);
        }
        assert!(seen.lock().unwrap().is_empty());
    }

    async fn a_handler_s_own_checks_run_beside_those_of_the_elements(app: TestApp) {
        app.with_every_kind();
        let page = app.form("/all").await.fill("title", "Taken").fill("mail", "ada").press("save").await;
        assert!(page.contains("This title is taken.") && page.contains("Mail is no e-mail address."), "{}", page.text);
    }

    async fn a_file_that_is_too_large_is_told_and_not_kept(app: TestApp) {
        app.with_every_kind();
        let form = app.form("/all").await.fill("title", "A").fill("phones.0.phone", "1");
        let page = form.attach("photo", "a.png", "image/png", &[7; 1500]).press("save").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("Photo: a file may have 0.0 MiB at most."), "{}", page.text);
        let uploads = app.place().folder().join("uploads");
        assert_eq!(std::fs::read_dir(uploads).unwrap().count(), 0);
    }

    async fn a_file_stays_while_the_form_comes_back_and_is_named_with_a_way_to_remove_it(app: TestApp) {
        let seen = app.with_every_kind();
        let uploads = app.place().folder().join("uploads");
        let left = || std::fs::read_dir(&uploads).unwrap().count();
        let form = app.form("/all").await.fill("title", "Taken").fill("phones.0.phone", "1");
        let form = form.attach("photo", "cat.png", "image/png", b"cat").press_and_go_on("save").await;
        assert!(form.page.contains("This title is taken."), "{}", form.page.text);
        assert!(form.page.contains("cat.png") && form.page.contains("Remove cat.png"), "{}", form.page.text);
        assert_eq!(left(), 1);
        // Once more, with a second file; then all is right.
        let form = form.attach("photo", "dog.png", "image/png", b"dog").press_and_go_on("save").await;
        assert!(form.page.contains("Remove cat.png") && form.page.contains("Remove dog.png"), "{}", form.page.text);
        assert_eq!(form.fill("title", "A").press("save").await.status, 303);
        let values = seen.lock().unwrap().remove(0);
        let mut files = Vec::new();
        for file in values.files("photo") {
            files.push((file.name.clone(), file.read().await.unwrap()));
        }
        files.sort();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["cat.png", "dog.png"]);
        assert_eq!(files[0].1.as_ref(), b"cat");
        drop(values);
        assert_eq!(left(), 0, "what was taken is gone with those who took it");
    }

    async fn a_kept_file_can_be_removed_and_is_worth_nothing_in_another_browser(app: TestApp) {
        let seen = app.with_every_kind();
        let fill = async || app.form("/all").await.fill("phones.0.phone", "1");
        let form = fill().await.fill("title", "Taken").attach("photo", "cat.png", "image/png", b"cat");
        let form = form.press_and_go_on("save").await;
        let seal = form.value("photo.kept").unwrap().to_owned();
        let (_, rest) = form.page.text.split_once("name=\"photo.drop\" value=\"").unwrap();
        let id = rest.split('"').next().unwrap().to_owned();
        for stolen in [seal.as_str(), "nonsense", ""] {
            assert_eq!(fill().await.fill("title", "A").fill("photo.kept", stolen).press("save").await.status, 303);
            assert!(seen.lock().unwrap().remove(0).files("photo").is_empty());
        }
        assert_eq!(form.fill("title", "A").choose("photo.drop", &id).press("save").await.status, 303);
        assert!(seen.lock().unwrap().remove(0).files("photo").is_empty());
    }

    async fn a_file_that_nobody_comes_back_for_goes_with_its_form(app: TestApp) {
        app.with_every_kind();
        let form = app.form("/all").await.fill("title", "Taken").fill("phones.0.phone", "1");
        form.attach("photo", "cat.png", "image/png", b"cat").press("save").await;
        let uploads = app.place().folder().join("uploads");
        assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 1);
        app.wait(std::time::Duration::from_secs(6 * 3600 + 1));
        app.form("/all").await.press("delete").await;
        assert_eq!(std::fs::read_dir(&uploads).unwrap().count(), 0);
    }

    async fn an_unchecked_button_asks_for_no_answers(app: TestApp) {
        let seen = app.with_every_kind();
        let answer = app.form("/all").await.press("delete").await;
        assert_eq!(answer.status, 303);
        assert_eq!(seen.lock().unwrap()[0].button, "delete");
    }

    async fn rows_are_added_moved_and_removed_without_a_script(app: TestApp) {
        let seen = app.with_every_kind();
        let form = app.form("/all").await.fill("title", "A").fill("phones.0.phone", "first");
        let form = form.press_and_go_on("add:phones").await;
        assert_eq!(form.page.status, 200);
        assert_eq!((form.value("phones.rows"), form.value("phones.0.phone")), (Some("2"), Some("first")));
        let form = form.fill("phones.1.phone", "second").press_and_go_on("up:phones.1").await;
        assert_eq!((form.value("phones.0.phone"), form.value("phones.1.phone")), (Some("second"), Some("first")));
        let form = form.press_and_go_on("add:phones").await.fill("phones.2.phone", "third");
        assert!(!form.page.contains("add:phones"), "three rows are the most");
        let form = form.press_and_go_on("remove:phones.0").await;
        assert_eq!(form.value("phones.rows"), Some("2"));
        assert_eq!(form.press("save").await.status, 303);
        let values = seen.lock().unwrap().remove(0);
        let phones: Vec<&str> = values.rows("phones").iter().map(|row| row.text("phone")).collect();
        assert_eq!(phones, ["first", "third"]);
    }

    async fn a_script_gets_only_the_part_that_has_changed(app: TestApp) {
        app.with_every_kind();
        let form = app.form("/all").await.fill("country", "it").fill("phones.0.phone", "1");
        let part = form.part("refresh:country").await;
        assert_eq!(part.status, 200);
        assert!(part.text.starts_with("<div class=\"form-item form-item--select\" id=\"form-all-city-item\">"), "{}", part.text);
        assert!(part.contains("Trento") && !part.contains("Vienna") && !part.contains("<html"), "{}", part.text);
        let part = form.part("add:phones").await;
        assert!(part.contains("name=\"phones.1.phone\"") && !part.contains("name=\"title\""), "{}", part.text);
        let whole = form.press("refresh:country").await;
        assert!(whole.contains("<html") && whole.contains("Trento"), "the button works without a script");
    }

    async fn a_filter_is_read_out_of_the_address_and_needs_no_token(app: TestApp) {
        struct Filter;
        impl Handler for Filter {
            fn id(&self) -> &str {
                "filter"
            }
            async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
                Ok(Form::filter("Filter")
                    .with(Element::search("words", "Words"))
                    .with(Element::number("year", "Year").default(2024_i64))
                    .with(Element::submit("show", "Show")))
            }
            async fn submit(&self, _: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
                Err(Error::NotFound)
            }
        }
        let page = |session: Cx| async move {
            let asked = form::ask(&session, &Filter).await?;
            let told = format!("[{}|{:?}]", asked.values.text("words"), asked.values.integer("year"));
            Ok::<_, Error>(trovato::web::Page::new("Listing", asked.html.to_string() + &told))
        };
        app.add_routes(Router::<Site>::new().route("/listing", get(page)));
        let form = app.form("/listing?page=3").await;
        assert!(form.page.contains("[|Some(2024)]") && !form.page.contains("form_token"), "{}", form.page.text);
        assert_eq!(form.page.header("set-cookie"), "", "a filter needs no cookie");
        let shown = form.fill("words", "cats").press("show").await;
        assert!(shown.contains("[cats|Some(2024)]") && shown.contains("value=\"cats\""), "{}", shown.text);
        let wrong = app.get("/listing?year=soon&words=%3Cb%3E").await;
        assert!(wrong.contains("Year is no whole number.") && wrong.contains("value=\"&lt;b&gt;\""), "{}", wrong.text);
    }

    async fn nothing_that_is_typed_becomes_html(app: TestApp) {
        app.with_every_kind();
        let evil = "\"><script>alert(1)</script>";
        let form = app.form("/all").await.fill("title", evil).fill("body", &format!("</textarea>{evil}")).choose("several", evil);
        let page = form.press("save").await;
        assert!(!page.contains("<script>alert"), "{}", page.text);
    }
}
