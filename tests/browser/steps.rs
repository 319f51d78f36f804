//! A form of several steps, with and without scripts.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use trovato::subsystems::form::{self, Element, Form, Handler, Outcome, State, Submission, Values};
use trovato::subsystems::{Cx, Session, Site};
use trovato::web::Error;
use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

type Taken = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct Order(Taken);

impl Handler for Order {
    fn id(&self) -> &str {
        "order"
    }

    async fn build(&self, _: &Session, state: &State) -> Result<Form, Error> {
        let on = Element::actions()
            .with(Element::submit("on", "Continue"))
            .with(Element::back("Back"));
        let form = Form::new("Order");
        Ok(match state.step() {
            "" => form
                .with(Element::text("who", "Your name").required())
                .with(Element::actions().with(Element::submit("on", "Continue"))),
            "cake" => form
                .with(
                    Element::radios("cake", "Cake")
                        .required()
                        .choices([("apple", "Apple pie"), ("cheese", "Cheesecake")]),
                )
                .with(on),
            _ => {
                let answers = state.answers();
                let words = format!("{} gets {}.", answers.text("who"), answers.text("cake"));
                form.with(Element::note("words", words)).with(
                    Element::actions()
                        .with(Element::submit("send", "Order"))
                        .with(Element::back("Back")),
                )
            }
        })
    }

    async fn submit(&self, _: &Session, _: Values, state: &mut State) -> Result<Outcome, Error> {
        Ok(match state.step() {
            "" => Outcome::next("cake"),
            "cake" => Outcome::next("check"),
            _ => {
                let answers = state.answers();
                let words = format!("{}: {}", answers.text("who"), answers.text("cake"));
                self.0.lock().unwrap().push(words);
                Outcome::redirect("/").message("It is in the oven.")
            }
        })
    }
}

fn start(guest: &Visitor) -> Taken {
    let taken = Taken::default();
    let order = Order(taken.clone());
    let page = move |session: Cx, submission: Submission| {
        let order = order.clone();
        async move { form::answer(&session, &order, submission).await }
    };
    let routes = Router::<Site>::new().route("/order", get(page.clone()).post(page));
    guest.app().add_routes(routes);
    taken
}

async fn order(guest: &Visitor, taken: &Taken) {
    guest.visit("/order").await;
    guest.fill("Your name", "Grace").await;
    guest.press("Continue").await;
    guest.tick("Apple pie").await;
    guest.press("Continue").await;
    guest.sees("Grace gets apple.").await;
    guest.press("Back").await;
    assert!(
        guest.is_ticked("Apple pie").await,
        "what was answered is still there"
    );
    guest.press("Back").await;
    assert_eq!(guest.value("Your name").await, "Grace");
    guest.fill("Your name", "Edsger").await;
    guest.press("Continue").await;
    guest.tick("Cheesecake").await;
    guest.press("Continue").await;
    guest.sees("Edsger gets cheese.").await;
    assert!(
        taken.lock().unwrap().is_empty(),
        "nothing is done before the last step"
    );
    guest.press("Order").await;
    guest.at("/").await;
    guest.sees("It is in the oven.").await;
    assert_eq!(*taken.lock().unwrap(), ["Edsger: cheese"]);
}

in_browser! {
    async fn a_guest_goes_on_and_back_and_loses_nothing(guest: Visitor) {
        let taken = start(&guest);
        order(&guest, &taken).await;
    }

    async fn a_guest_without_scripts_does_the_same(guest: Visitor) {
        let taken = start(&guest);
        guest.without_script().await;
        order(&guest, &taken).await;
    }

    async fn each_step_keeps_nobody_out(guest: Visitor) {
        start(&guest);
        guest.visit("/order").await;
        guest.finds_no_barrier_anywhere().await;
        guest.fill("Your name", "Grace").await;
        guest.press("Continue").await;
        guest.sees("Cake").await;
        guest.finds_no_barrier_anywhere().await;
        guest.tick("Apple pie").await;
        guest.press("Continue").await;
        guest.sees("Grace gets apple.").await;
        guest.finds_no_barrier_anywhere().await;
    }
}
