//! Plugins and forms: they change, check and take those of others, and have their own.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{
    self, Element, Form, Handler, Outcome, PluginSettings, State, Submission, Values,
};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::{Package, TestApp, both};

#[derive(Clone, Default)]
struct Altered(Arc<Mutex<Vec<Values>>>);

impl Handler for Altered {
    fn id(&self) -> &str {
        "altered"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Altered")
            .with(Element::text("word", "Word").required().max_length(10))
            .with(Element::text("note", "Note"))
            .with(Element::password("key", "Key"))
            .with(Element::hidden("secret", "the site's own"))
            .with(Element::fieldset("more", "More").with(Element::text("kept", "Kept").protected()))
            .with(Element::actions().with(Element::submit("send", "Send"))))
    }

    async fn submit(&self, _: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        self.0.lock().unwrap().push(values);
        Ok(Outcome::redirect("/"))
    }
}

fn start(app: &TestApp) -> Altered {
    let altered = Altered::default();
    let handler = altered.clone();
    let page = move |session: Cx, submission: Submission| {
        let handler = handler.clone();
        async move { form::answer(&session, &handler, submission).await }
    };
    app.add_routes(Router::<Site>::new().route("/altered", get(page.clone()).post(page)));
    altered
}

fn former(setting: &str, value: &str) -> Package {
    Package::fixture("former").setting(setting, value)
}

both! {
    async fn a_plugin_adds_changes_moves_and_removes_elements_and_sees_the_answers(app: TestApp) {
        let altered = start(&app);
        app.with(former("alters", "add")).await;
        let form = app.form("/altered").await;
        assert!(form.page.contains("A better word") && form.page.contains("Send me letters"), "{}", form.page.text);
        assert!(!form.page.contains("name=\"note\""), "{}", form.page.text);
        let form = form.fill("word", "hello").fill("key", "hush").fill("former_letter", "1");
        assert_eq!(form.press("send").await.status, 303);
        app.logged("former saw send of altered with former_letter,kept,word");
        let values = altered.0.lock().unwrap().remove(0);
        assert_eq!((values.text("word"), values.text("key"), values.text("secret")), ("hello", "hush", "the site's own"));
        assert_eq!(values.get("former_letter"), None, "what a plugin adds is its own");
    }

    async fn a_plugin_may_ask_for_more(app: TestApp) {
        start(&app);
        app.with(former("alters", "tighten")).await;
        let page = app.form("/altered").await.fill("word", "hello").press("send").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("Word may have 3 characters at most"), "{}", page.text);
    }

    async fn what_is_required_or_protected_can_neither_go_nor_be_loosened(app: TestApp) {
        start(&app);
        app.with(former("alters", "loosen")).await;
        for (alters, told) in [
            ("loosen", "what the element 'word' has to keep to can't be loosened by a plugin"),
            ("lengthen", "what the element 'word' has to keep to can't be loosened by a plugin"),
            ("remove", "the element 'word' can't be removed by a plugin"),
            ("remove-around", "the element 'kept' can't be removed by a plugin"),
            ("remove-button", "the element 'send' can't be removed by a plugin"),
            ("rename", "the element 'word' can't get another name or kind"),
        ] {
            app.services().variables.store("former", "alters", Some(alters.into())).await.unwrap();
            let form = app.form("/altered").await;
            app.logged(told);
            assert_eq!(form.press("send").await.status, 422, "{alters}");
        }
    }

    async fn nonsense_is_left_out_and_logged_and_the_form_is_shown_without_it(app: TestApp) {
        start(&app);
        app.with(former("alters", "twice")).await;
        for (alters, told) in [
            ("twice", "there are two elements 'former_a'"),
            ("foreign-name", "its name has to begin with 'former_'"),
            ("pattern", "the pattern of 'former_a' is none"),
            ("inside", "'note' can't hold other elements"),
            ("many", "the form has more than 500 elements"),
            ("deep", "elements lie more than 8 deep in each other"),
        ] {
            app.services().variables.store("former", "alters", Some(alters.into())).await.unwrap();
            let form = app.form("/altered").await.fill("word", "a");
            assert!(!form.page.contains("name=\"former_") && !form.page.contains("is_admin"), "{alters}");
            app.logged(told);
            assert_eq!(form.press("send").await.status, 303, "{alters}");
        }
    }

    async fn a_plugin_that_fails_at_altering_is_left_out(app: TestApp) {
        start(&app);
        app.with(former("fails_in", "form-alter")).await;
        assert_eq!(app.form("/altered").await.page.status, 200);
        app.logged("plugin 'former' failed in 'form-alter'");
    }

    async fn a_plugin_refuses_an_answer_at_its_element(app: TestApp) {
        let altered = start(&app);
        app.with(former("refuses", "bad")).await;
        let page = app.form("/altered").await.fill("word", "bad").press("send").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("href=\"#form-altered-word\">&#39;bad&#39; is not taken here."), "{}", page.text);
        assert!(page.contains("<li>Nor elsewhere.</li>"), "{}", page.text);
        assert!(altered.0.lock().unwrap().is_empty());
    }

    async fn a_plugin_that_fails_at_checking_or_taking_keeps_the_form_from_being_taken(app: TestApp) {
        let altered = start(&app);
        app.with(former("fails_in", "form-validate")).await;
        for tap in ["form-validate", "form-submit"] {
            app.services().variables.store("former", "fails_in", Some(tap.into())).await.unwrap();
            let page = app.form("/altered").await.fill("word", "a").press("send").await;
            assert_eq!(page.status, 422, "{tap}");
            assert!(page.contains("A part of this site that takes care of this form failed"), "{}", page.text);
            app.logged(&format!("plugin 'former' failed in '{tap}'"));
        }
        assert!(altered.0.lock().unwrap().is_empty());
    }

    async fn a_plugin_that_refuses_to_take_it_lets_it_be_sent_again(app: TestApp) {
        let altered = start(&app);
        app.with(former("alters", "add")).await;
        let form = app.form("/altered").await.fill("word", "no").fill("former_letter", "1");
        let page = form.press("send").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("former takes no such letters"), "{}", page.text);
        assert!(altered.0.lock().unwrap().is_empty());
        assert_eq!(form.fill("word", "yes").press("send").await.status, 303);
        assert_eq!(altered.0.lock().unwrap().len(), 1);
    }

    async fn a_plugin_has_a_form_of_two_steps_on_its_page(app: TestApp) {
        app.with(Package::fixture("former")).await;
        let page = app.get("/order").await;
        assert!(page.contains("Order here.") && page.contains("name=\"dish\""), "{}", page.text);
        app.logged("the form 'none' of plugin 'former' is left out");
        let form = app.form("/order").await;
        let refused = form.press("go_on").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("Order here.") && refused.contains("Dish is required."), "{}", refused.text);
        let form = form.fill("dish", "Soup").fill("portions", "2").press_and_go_on("go_on").await;
        assert!(form.page.contains("For Soup") && form.page.contains("name=\"street\""), "{}", form.page.text);
        let form = form.fill("street", "Main").press_and_go_on("back").await;
        assert_eq!((form.value("dish"), form.value("portions")), (Some("Soup"), Some("2")));
        let form = form.fill("dish", "Cake").press_and_go_on("go_on").await;
        assert_eq!(form.value("street"), Some("Main"), "what was typed stays when somebody goes back");
        let answer = form.press("order").await;
        assert_eq!(answer.header("location"), "/order");
        let again = form.press("order").await;
        assert_eq!(again.header("location"), "/order");
        let browser = form.browser();
        assert!(browser.follow(&answer).await.contains("Cake goes to Main."));
        app.logged("former saw order of former.order");
    }

    async fn the_steps_of_one_browser_are_not_those_of_another(app: TestApp) {
        app.with(Package::fixture("former")).await;
        let form = app.form("/order").await.fill("dish", "Soup");
        let step = form.press("go_on").await;
        let theirs = app.browser().get(step.header("location")).await;
        assert!(theirs.contains("name=\"dish\"") && !theirs.contains("For Soup"), "{}", theirs.text);
        assert!(form.browser().follow(&step).await.contains("For Soup"));
        app.logged("the form 'none' of plugin 'former' is left out");
    }

    async fn steps_that_are_left_alone_for_six_hours_begin_anew(app: TestApp) {
        app.with(Package::fixture("former")).await;
        let form = app.form("/order").await.fill("dish", "Soup").press_and_go_on("go_on").await.fill("street", "Main");
        app.wait(form::AGE + std::time::Duration::from_secs(1));
        let page = form.press("order").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("This form was open for too long.") && page.contains("name=\"dish\""), "{}", page.text);
        app.logged("the form 'none' of plugin 'former' is left out");
    }

    async fn a_plugin_s_page_without_a_form_takes_none(app: TestApp) {
        app.with(Package::fixture("former")).await;
        assert_eq!(app.post("/order", "a=b").await.status, 405);
        assert_eq!(app.post("/order?_form=none", "form_id=former.none").await.status, 403);
        app.logged("the form 'former.none' at /order was refused");
        app.with(former("fails_in", "form-build").version("0.2.0")).await;
        let page = app.get("/order").await;
        assert_eq!(page.status, 200, "the page comes without its form");
        assert!(page.contains("Order here.") && !page.contains("name=\"dish\""), "{}", page.text);
        app.logged("plugin 'former' failed in 'form-build'");
    }

    async fn a_plugin_s_settings_have_a_form_without_code(app: TestApp) {
        app.with(Package::fixture("former")).await;
        let page = |session: Cx, submission: Submission| async move {
            let manifest = session.registry().get("former").unwrap().manifest.clone();
            form::answer(&session, &PluginSettings::new(manifest, "/back"), submission).await
        };
        app.add_routes(Router::<Site>::new().route("/settings", get(page).post(page)));
        let form = app.form("/settings").await;
        assert!(form.page.contains("Most words") && form.page.contains("The word that it does not take."), "{}", form.page.text);
        assert_eq!((form.value("setting_limit"), form.value("setting_mood")), (Some("3"), Some("calm")));
        let refused = form.fill("setting_limit", "10").fill("setting_mood", "sad").press("save").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("Most words may be 9 at most.") && refused.contains("Mood: choose"), "{}", refused.text);
        let form = app.form("/settings").await.fill("setting_limit", "5").fill("setting_loud", "1").fill("setting_refuses", "no");
        assert_eq!(form.press("save").await.header("location"), "/back");
        let stored = |name| app.services().variables.stored("former", name);
        assert_eq!((stored("limit"), stored("loud"), stored("refuses")), (Some(5.into()), Some(true.into()), Some("no".into())));
        assert_eq!(stored("mood"), None, "what is the default stays the default");
        assert_eq!(app.form("/settings").await.press("reset").await.status, 303);
        assert_eq!((stored("limit"), stored("loud")), (None, None));
    }
}
