//! Forms in front of people: what they can do with each kind of field, and what is told when something is wrong.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Errors, Form, Handler, Outcome, State, Submission, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

/// What the form has handed over.
type Taken = Arc<Mutex<Vec<Values>>>;

#[derive(Clone)]
struct Entry(Taken);

impl Handler for Entry {
    fn id(&self) -> &str {
        "entry"
    }

    async fn build(&self, _: &Session, state: &State) -> Result<Form, Error> {
        let cities: &[(&str, &str)] = match state.typed("country") {
            Some("it") => &[("rome", "Rome"), ("trento", "Trento")],
            _ => &[("vienna", "Vienna")],
        };
        let place = Element::fieldset("place", "Place")
            .with(
                Element::select("country", "Country")
                    .choices([("at", "Austria"), ("it", "Italy")])
                    .refreshes("city"),
            )
            .with(Element::select("city", "City").choices(cities.iter().copied()));
        let phones = Element::group("phones", "Telephones")
            .rows(1, 3)
            .add_label("Add another telephone")
            .with(Element::telephone("number", "Number").required());
        Ok(Form::new("An entry")
            .with(
                Element::text("title", "Title")
                    .required()
                    .help("A few words.")
                    .max_length(20),
            )
            .with(Element::textarea("body", "Body"))
            .with(
                Element::rich_text("rich", "Rich text")
                    .choices([("markdown", "Markdown"), ("plain_text", "Plain")]),
            )
            .with(Element::number("count", "Count").min(1.0).max(9.0))
            .with(Element::date("day", "Day"))
            .with(Element::datetime("moment", "Moment"))
            .with(Element::email("mail", "Mail"))
            .with(Element::url("site", "Site"))
            .with(place)
            .with(Element::checkbox("agree", "I agree"))
            .with(Element::checkboxes("colours", "Colours").choices([("r", "Red"), ("g", "Green")]))
            .with(Element::radios("size", "Size").choices([("s", "Small"), ("l", "Large")]))
            .with(Element::text("fixed", "Fixed").default("as it is").disabled())
            .with(Element::password("secret", "Password").new_password())
            .with(Element::file("photo", "Photo").accept(["image/*"]).multiple())
            .with(phones)
            .with(
                Element::tabs("tabs", "Settings")
                    .with(Element::fieldset("one", "Search").with(Element::search("words", "Words")))
                    .with(
                        Element::fieldset("two", "Notes").with(Element::text("note", "Note").max_length(5)),
                    ),
            )
            .with(Element::details("more", "More").with(Element::text("rare", "Seldom used")))
            .with(
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

fn start(author: &Visitor) -> Taken {
    let taken = Taken::default();
    let entry = Entry(taken.clone());
    let page = move |session: Cx, submission: Submission| {
        let entry = entry.clone();
        async move { form::answer(&session, &entry, submission).await }
    };
    let routes = Router::<Site>::new().route("/entry", get(page.clone()).post(page));
    author.app().add_routes(routes);
    taken
}

async fn add_telephones(author: &Visitor, taken: &Taken) {
    author.visit("/entry").await;
    author.fill("Title", "Telephones").await;
    author.within("Telephones, 1 of 1").fill("Number", "1").await;
    author.press("Add another telephone").await;
    author.within("Telephones, 2 of 2").fill("Number", "2").await;
    assert_eq!(
        author.value("Title").await,
        "Telephones",
        "what was typed is still there"
    );
    author.press("Add another telephone").await;
    author.within("Telephones, 3 of 3").fill("Number", "3").await;
    assert!(
        !author.has("button", "Add another telephone").await,
        "three are the most"
    );
    author.press("Move Telephones 3 up").await;
    author
        .within("Telephones, 1 of 3")
        .press("Remove Telephones 1")
        .await;
    author.within("Telephones, 2 of 2").fill("Number", "4").await;
    author.press("Save").await;
    author.sees("The entry is saved.").await;
    let values = taken.lock().unwrap().remove(0);
    let numbers: Vec<&str> = values
        .rows("phones")
        .iter()
        .map(|row| row.text("number"))
        .collect();
    assert_eq!(numbers, ["3", "4"]);
}

in_browser! {
    async fn no_kind_of_field_keeps_anybody_out(author: Visitor) {
        start(&author);
        author.visit("/entry").await;
        author.finds_no_barrier_anywhere().await;
    }

    async fn nor_does_any_for_whoever_administers(author: Visitor) {
        start(&author);
        author.is(author.app().administrator()).await;
        author.visit("/entry").await;
        author.finds_no_barrier_anywhere().await;
    }

    async fn everything_that_is_wrong_is_told_and_leads_to_its_field(author: Visitor) {
        let taken = start(&author);
        author.visit("/entry").await;
        author.fill("Title", "Taken").await;
        author.fill("Number", "1").await;
        author.press("Notes").await;
        // What a browser lets pass and the site does not.
        author.run("document.querySelector('[name=note]').removeAttribute('maxlength'); 0").await.unwrap();
        author.fill("Note", "a long note").await;
        author.press("Save").await;
        author.sees("There are 2 problems").await;
        assert_eq!(author.status(), 422);
        author.is_focused_on("Title").await;
        assert!(author.is_marked_wrong("Title").await);
        assert!(author.description("Title").await.contains("This title is taken."));
        assert_eq!(author.value("Fixed").await, "as it is");
        author.finds_no_barrier_anywhere().await;
        author.follow("Note may have 5 characters at most; this has 11.").await;
        author.is_focused_on("Note").await;
        author.fill("Note", "short").await;
        author.fill("Title", "Free").await;
        author.press("Save").await;
        author.sees("The entry is saved.").await;
        assert_eq!(taken.lock().unwrap().len(), 1);
    }

    async fn rows_are_added_moved_and_removed(author: Visitor) {
        let taken = start(&author);
        add_telephones(&author, &taken).await;
    }

    async fn rows_are_added_moved_and_removed_without_scripts(author: Visitor) {
        let taken = start(&author);
        author.without_script().await;
        add_telephones(&author, &taken).await;
    }

    async fn the_focus_goes_to_a_new_row(author: Visitor) {
        start(&author);
        author.visit("/entry").await;
        author.press("Add another telephone").await;
        author.is_focused_on("Number").await;
        author.types("555").await;
        assert_eq!(author.within("Telephones, 2 of 2").value("Number").await, "555");
    }

    async fn a_list_follows_another(author: Visitor) {
        start(&author);
        author.visit("/entry").await;
        author.choose("Country", "Italy").await;
        author.choose("City", "Trento").await;
        assert_eq!(author.value("City").await, "Trento");
    }

    async fn a_list_follows_another_without_scripts(author: Visitor) {
        start(&author);
        author.without_script().await;
        author.visit("/entry").await;
        author.choose("Country", "Italy").await;
        author.press("Update after changing Country").await;
        author.choose("City", "Trento").await;
        assert_eq!(author.value("City").await, "Trento");
    }

    async fn who_presses_twice_acts_once(author: Visitor) {
        let taken = start(&author);
        author.visit("/entry").await;
        author.fill("Title", "Once").await;
        author.fill("Number", "1").await;
        let twice = "document.querySelectorAll('[value=save]').forEach((button) => { button.click(); button.click(); })";
        author.run(twice).await.unwrap();
        author.sees("The entry is saved.").await;
        assert_eq!(taken.lock().unwrap().len(), 1);
        author.run("history.back()").await.unwrap();
        author.at("/entry").await;
        author.press("Save").await;
        author.at("/").await;
        assert_eq!(taken.lock().unwrap().len(), 1, "a form that was sent is not sent again");
    }

    async fn the_keyboard_fills_a_form_in(author: Visitor) {
        let taken = start(&author);
        author.visit("/entry").await;
        author.run("document.querySelector('[name=title]').focus()").await.unwrap();
        author.types("By keyboard").await;
        author.fill("Number", "1").await;
        author.types("Enter").await;
        author.sees("The entry is saved.").await;
        let values = taken.lock().unwrap().remove(0);
        assert_eq!((values.text("title"), values.button.as_str()), ("By keyboard", "save"));
    }
}
