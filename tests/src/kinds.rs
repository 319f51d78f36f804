//! A form with every kind of element, for tests of what people and programs do with it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Errors, Form, Handler, Outcome, State, Submission, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;

use crate::TestApp;

/// What the form has handed over.
pub type Seen = Arc<Mutex<Vec<Values>>>;

impl TestApp {
    /// Puts the form at `/all`.
    pub fn with_every_kind(&self) -> Seen {
        let seen = Seen::default();
        let all = All(seen.clone());
        let page = move |session: Cx, submission: Submission| {
            let all = all.clone();
            async move { form::answer(&session, &all, submission).await }
        };
        self.add_routes(Router::<Site>::new().route("/all", get(page.clone()).post(page)));
        seen
    }
}

#[derive(Clone)]
struct All(Seen);

impl Handler for All {
    fn id(&self) -> &str {
        "all"
    }

    async fn build(&self, _: &Session, state: &State) -> Result<Form, Error> {
        let form = chosen(typed(Form::new("An entry")), state.typed("country"));
        Ok(arranged(form).with(
            Element::actions()
                .with(Element::submit("save", "Save"))
                .with(Element::submit("draft", "Save as a draft").quiet())
                .with(Element::submit("delete", "Delete").danger().unchecked())
                .with(Element::link("cancel", "Cancel", "/")),
        ))
    }

    async fn validate(&self, _: &Session, values: &Values, errors: &mut Errors) -> Result<(), Error> {
        if values.text("title") == "Taken" {
            errors.add("title", "This title is taken.");
        }
        Ok(())
    }

    async fn submit(&self, _: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        self.0.lock().unwrap().push(values);
        Ok(Outcome::redirect("/").message("The entry is saved."))
    }
}

/// What is typed.
fn typed(form: Form) -> Form {
    form.with(
        Element::text("title", "Title")
            .required()
            .help("A few words.")
            .max_length(15)
            .pattern("[A-Z].*", "begin with a capital letter."),
    )
    .with(Element::textarea("body", "Body"))
    .with(
        Element::rich_text("rich", "Rich text").choices([("markdown", "Markdown"), ("plain_text", "Plain")]),
    )
    .with(Element::number("count", "Count").min(1.0).max(9.0))
    .with(Element::decimal("price", "Price").min(0.0))
    .with(Element::date("day", "Day").from("2024-01-01").until("2024-12-31"))
    .with(Element::datetime("moment", "Moment"))
    .with(Element::email("mail", "Mail"))
    .with(Element::url("site", "Site"))
    .with(Element::hidden("kept", "as it was"))
    .with(Element::text("fixed", "Fixed").default("host's").disabled())
    .with(Element::password("secret", "Password").new_password())
}

/// What is chosen: the cities are those of a country.
fn chosen(form: Form, country: Option<&str>) -> Form {
    let cities: &[(&str, &str)] = match country {
        Some("it") => &[("rome", "Rome"), ("trento", "Trento")],
        _ => &[("vienna", "Vienna")],
    };
    form.with(
        Element::fieldset("place", "Place")
            .with(
                Element::select("country", "Country")
                    .choices([("at", "Austria"), ("it", "Italy")])
                    .refreshes("city"),
            )
            .with(Element::select("city", "City").choices(cities.iter().copied())),
    )
    .with(
        Element::select("several", "Several")
            .multiple()
            .choice_group("Letters", [("a", "A"), ("b", "B")]),
    )
    .with(Element::checkbox("agree", "I agree"))
    .with(Element::checkboxes("colours", "Colours").choices([("r", "Red"), ("g", "Green")]))
    .with(Element::radios("size", "Size").choices([("s", "Small"), ("l", "Large")]))
}

/// What holds other elements, and files.
fn arranged(form: Form) -> Form {
    let tabs = Element::tabs("tabs", "Settings")
        .with(Element::fieldset("one", "Search").with(Element::search("words", "Words")))
        .with(Element::fieldset("two", "Notes").with(Element::text("note", "Note").max_length(5)));
    form.with(
        Element::file("photo", "Photo")
            .accept(["image/*"])
            .max_bytes(1000)
            .multiple(),
    )
    .with(
        Element::group("phones", "Telephones")
            .rows(1, 3)
            .add_label("Add another telephone")
            .with(Element::telephone("phone", "Number").required())
            .with(Element::checkbox("mobile", "Mobile")),
    )
    .with(tabs)
    .with(Element::details("more", "More").with(Element::text("rare", "Seldom used")))
}
