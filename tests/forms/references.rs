//! Records that are found by their names.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::{TestApp, both};

#[derive(Clone, Default)]
struct Related(Arc<Mutex<Vec<Values>>>, String);

impl Handler for Related {
    fn id(&self) -> &str {
        "related"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Related")
            .with(
                Element::reference("page", "Page", "item:page")
                    .required()
                    .default(self.1.as_str()),
            )
            .with(
                Element::group("more", "More")
                    .rows(0, 5)
                    .with(Element::reference("other", "Other", "item")),
            )
            .with(Element::reference("person", "Person", "user"))
            .with(Element::actions().with(Element::submit("save", "Save"))))
    }

    async fn submit(&self, _: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        self.0.lock().unwrap().push(values);
        Ok(Outcome::redirect("/"))
    }
}

fn start(app: &TestApp, default: &str) -> Related {
    let related = Related(Arc::default(), default.to_owned());
    let handler = related.clone();
    let page = move |session: Cx, submission: Submission| {
        let handler = handler.clone();
        async move { form::answer(&session, &handler, submission).await }
    };
    app.add_routes(Router::<Site>::new().route("/related", get(page.clone()).post(page)));
    related
}

both! {
    async fn what_is_typed_is_found_by_its_name_or_as_it_was_picked(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").save().await;
        let (first, second) = (app.item("page", "Twin").save().await, app.item("page", "Twin").save().await);
        let related = start(&app, "");
        let form = app.form("/related").await.fill("page", "one").press_and_go_on("add:more").await;
        let form = form.fill("more.0.other", "Twin").fill("person", "Nobody");
        let page = form.press("save").await;
        assert_eq!(page.status, 422);
        assert!(page.contains("there are several called &#39;Twin&#39;") && page.contains(&first.id.to_string()), "{}", page.text);
        assert!(page.contains("Person: there is nothing called &#39;Nobody&#39;."), "{}", page.text);
        let form = form.fill("more.0.other.id", &second.id.to_string()).fill("person", "");
        assert_eq!(form.press("save").await.status, 303);
        let values = related.0.lock().unwrap().remove(0);
        assert_eq!(values.text("page"), one.id.to_string());
        assert_eq!(values.rows("more")[0].text("other"), second.id.to_string());
    }

    async fn what_may_not_be_seen_is_neither_suggested_nor_found(app: TestApp) {
        app.enable("page").await.unwrap();
        let hidden = app.item("page", "Hidden page").unpublished().save().await;
        let shown = app.item("page", "Shown page").save().await;
        start(&app, "");
        let form = app.form("/related").await.fill("page", "page");
        let suggested = form.part("suggest:page").await;
        assert_eq!(suggested.status, 200, "{}", suggested.text);
        assert!(suggested.contains(&shown.id.to_string()) && !suggested.contains("Hidden"), "{}", suggested.text);
        assert_eq!(form.part("suggest:nothing").await.status, 404);
        for typed in ["Hidden page", &hidden.id.to_string()] {
            let page = form.in_browser().post("/related", &app.form("/related").await.fill("page", typed).body()).await;
            assert_eq!(page.status, 403, "the form of another browser");
            let page = app.form("/related").await.fill("page", typed).press("save").await;
            assert_eq!(page.status, 422);
            assert!(page.contains("there is nothing called"), "{}", page.text);
        }
        let page = app.form("/related").await.fill("page", "x").fill("page.id", &hidden.id.to_string()).press("save").await;
        assert_eq!(page.status, 422);
        app.logged("perhaps a forged request");
    }

    async fn a_record_that_was_chosen_before_is_shown_by_its_name(app: TestApp) {
        app.enable("page").await.unwrap();
        let one = app.item("page", "One").save().await;
        let related = start(&app, &one.id.to_string());
        let form = app.form("/related").await;
        assert_eq!((form.value("page"), form.value("page.id")), (Some("One"), Some(one.id.to_string().as_str())));
        assert_eq!(form.press("save").await.status, 303);
        assert_eq!(related.0.lock().unwrap()[0].text("page"), one.id.to_string());
    }
}
