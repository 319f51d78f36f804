//! The order of fields in forms: rows that are moved by buttons, or dragged.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{ItemType, answer, at, find, in_form};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn order(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    answer(&session, Some(&of), &Order(of.clone()), submission).await
}

struct Order(Arc<ItemType>);

impl Handler for Order {
    fn id(&self) -> &str {
        "content_type_order"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let rows: Vec<Values> = self
            .0
            .ordered()
            .into_iter()
            .map(|field| {
                let mut row = Values::default();
                row.set("name", field.name.as_str());
                row.set("label", field.label.as_str());
                row
            })
            .collect();
        let count = rows.len();
        Ok(Form::new(format!("Order of the fields of {}", self.0.label))
            .with(
                Element::group("fields", "Fields")
                    .rows(count, count)
                    .default(rows)
                    .help("The order in which forms ask. How pages show them is another matter.")
                    .with(Element::hidden("name", ""))
                    .with(Element::text("label", "Name").required()),
            )
            .with(
                Element::actions()
                    .with(Element::submit("save", "Save"))
                    .with(Element::link("cancel", "Cancel", at(&self.0.name, "/fields"))),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let rows = values.rows("fields");
        let arrange = |of: &mut ItemType| {
            for (weight, row) in (0_i32..).zip(rows) {
                // A field that has gone meanwhile stays gone.
                if let Some(field) = of.fields.iter_mut().find(|field| field.name == row.text("name")) {
                    field.weight = weight;
                    field.label = row.text("label").to_owned();
                }
            }
            Ok(())
        };
        match cx.services().item_types.change(cx, &self.0.name, arrange).await {
            Ok(()) => Ok(Outcome::redirect(at(&self.0.name, "/fields")).message("The order is saved.")),
            Err(error) => in_form(error, |_| "fields".to_owned()),
        }
    }
}
