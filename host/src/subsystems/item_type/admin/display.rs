//! How a view mode shows the items of a content type: which fields, in which order, with which label and formatter.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::check::{LABEL_LIMIT, NAME_LIMIT};
use super::{ItemType, answer, at, find, in_form, machine_name};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::item_type::{Display, Field, LabelPosition, ViewMode};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

/// How values are shown.
const FORMATTERS: [(&str, &str); 3] = [
    ("default", "As its type is shown"),
    ("summary", "The beginning"),
    ("plain", "Plain text"),
];
/// Where labels go; nowhere for fields that are not shown.
const LABELS: [(&str, &str); 4] = [
    ("no", "Not shown"),
    ("above", "Label above"),
    ("inline", "Label before it"),
    ("hidden", "Without its label"),
];

pub(super) async fn show(
    State(site): State<Site>,
    session: Cx,
    Path((name, mode)): Path<(String, String)>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    let mode = of
        .view_modes()
        .into_iter()
        .find(|known| known.name == mode)
        .ok_or(Error::NotFound)?;
    answer(&session, Some(&of), &Shown { of: of.clone(), mode }, submission).await
}

pub(super) async fn add(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    answer(&session, Some(&of), &Add(of.clone()), submission).await
}

struct Shown {
    of: Arc<ItemType>,
    mode: ViewMode,
}

impl Shown {
    /// The fields in the order of this view mode, those that it does not show last.
    fn rows(&self) -> Vec<Values> {
        let mut fields: Vec<&Field> = self.of.ordered();
        let place = |field: &&Field| {
            field
                .display_in(&self.mode.name)
                .map_or(i32::MAX, |display| display.weight)
        };
        fields.sort_by_key(place);
        let row = |field: &Field| {
            let display = field.display_in(&self.mode.name);
            let mut row = Values::default();
            row.set("name", field.name.as_str());
            row.set("field", field.label.as_str());
            row.set("label", display.map_or("no", |display| display.label.name()));
            row.set(
                "formatter",
                display.map_or("default", |display| display.formatter.as_str()),
            );
            row
        };
        fields.into_iter().map(row).collect()
    }
}

impl Handler for Shown {
    fn id(&self) -> &str {
        "content_type_display"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let rows = self.rows();
        let count = rows.len();
        let mut actions = Element::actions().with(Element::submit("save", "Save"));
        for mode in self.of.view_modes() {
            if mode.name != self.mode.name {
                let href = at(&self.of.name, &format!("/display/{}", mode.name));
                actions = actions.with(Element::link(format!("to_{}", mode.name), mode.label, href));
            }
        }
        let actions = actions.with(Element::link(
            "add",
            "Add a view mode",
            at(&self.of.name, "/modes/add"),
        ));
        // A formatter of a plugin or of an older version can be kept.
        let others = rows.iter().map(|row| row.text("formatter").to_owned());
        let mut formatters: Vec<(String, String)> = FORMATTERS
            .iter()
            .map(|(name, label)| ((*name).to_owned(), (*label).to_owned()))
            .collect();
        for other in others {
            if formatters.iter().all(|(name, _)| *name != other) {
                formatters.push((other.clone(), other));
            }
        }
        Ok(Form::new(format!("{}: {}", self.of.label, self.mode.label))
            .with(
                Element::group("fields", "Fields")
                    .rows(count, count)
                    .default(rows)
                    .with(Element::hidden("name", ""))
                    .with(Element::text("field", "Field").disabled())
                    .with(Element::select("label", "Shown").required().choices(LABELS))
                    .with(Element::select("formatter", "As").required().choices(formatters)),
            )
            .with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let rows = values.rows("fields");
        let arrange = |of: &mut ItemType| {
            for (weight, row) in (0_i32..).zip(rows) {
                let Some(field) = of.fields.iter_mut().find(|field| field.name == row.text("name")) else {
                    continue;
                };
                field.display.retain(|display| display.mode != self.mode.name);
                let label = match row.text("label") {
                    "above" => LabelPosition::Above,
                    "inline" => LabelPosition::Inline,
                    "hidden" => LabelPosition::Hidden,
                    _ => continue,
                };
                field.display.push(Display {
                    mode: self.mode.name.clone(),
                    label,
                    weight,
                    formatter: row.text("formatter").to_owned(),
                });
            }
            Ok(())
        };
        let here = at(&self.of.name, &format!("/display/{}", self.mode.name));
        match cx.services().item_types.change(cx, &self.of.name, arrange).await {
            Ok(()) => Ok(Outcome::redirect(here).message("How it is shown is saved.")),
            Err(error) => in_form(error, |_| "fields".to_owned()),
        }
    }
}

struct Add(Arc<ItemType>);

impl Handler for Add {
    fn id(&self) -> &str {
        "content_type_mode_add"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        Ok(Form::new(format!("Add a view mode to {}", self.0.label))
            .with(Element::text("label", "Name").required().max_length(LABEL_LIMIT))
            .with(
                Element::text("name", "Machine name")
                    .max_length(NAME_LIMIT)
                    .pattern(
                        "[a-z][a-z0-9_]*",
                        "Lower-case letters, digits and underscores, a letter first.",
                    )
                    .help("Empty to make it of the name."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("save", "Add"))
                    .with(Element::link(
                        "cancel",
                        "Cancel",
                        at(&self.0.name, "/display/full"),
                    )),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let label = values.text("label").trim().to_owned();
        let name = values
            .some_text("name")
            .map_or_else(|| machine_name(&label, NAME_LIMIT), str::to_owned);
        let put = |of: &mut ItemType| {
            of.modes.push(ViewMode {
                name: name.clone(),
                label,
            });
            Ok(())
        };
        match cx.services().item_types.change(cx, &self.0.name, put).await {
            Ok(()) => Ok(Outcome::redirect(at(&self.0.name, &format!("/display/{name}")))),
            Err(error) => in_form(error, |_| "name".to_owned()),
        }
    }
}
