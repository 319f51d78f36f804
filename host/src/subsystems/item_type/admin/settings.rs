//! Making a content type and changing its settings.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::check::{LABEL_LIMIT, NAME_LIMIT};
use super::fields::orphaned;
use super::{Field, ItemType, answer, at, find, in_form, machine_name};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn add(session: Cx, submission: Submission) -> Result<Response, Error> {
    answer(&session, None, &Settings(None), submission).await
}

pub(super) async fn edit(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    answer(&session, Some(&of), &Settings(Some(of.clone())), submission).await
}

/// Making a content type or changing its settings.
struct Settings(Option<Arc<ItemType>>);

/// What is said of the fields whose plugins are not at work.
fn orphans(cx: &Session, of: &ItemType) -> Vec<Element> {
    let registry = cx.registry();
    let declared = &registry.noted().field_types;
    let note = |field: &Field| {
        let name = format!("of_{}", field.name.trim_start_matches("field_"));
        let words = orphaned(field, declared)?;
        Some(Element::note(
            name,
            format!("The field {}: {words}.", field.label),
        ))
    };
    declared.orphans(of).filter_map(note).collect()
}

impl Handler for Settings {
    fn id(&self) -> &str {
        "content_type"
    }

    async fn build(&self, cx: &Session, _: &form::State) -> Result<Form, Error> {
        let blank = ItemType::new("", "", Vec::new());
        let of = self.0.as_deref().unwrap_or(&blank);
        let title = match &self.0 {
            None => "Add a content type".to_owned(),
            Some(of) => format!("Content type {}", of.label),
        };
        let mut form = Form::new(title);
        form.elements.extend(orphans(cx, of));
        form = form.with(
            Element::text("label", "Name")
                .required()
                .max_length(LABEL_LIMIT)
                .default(of.label.as_str())
                .help("What editors call it, such as Event."),
        );
        if self.0.is_none() {
            form = form.with(
                Element::text("name", "Machine name")
                    .max_length(NAME_LIMIT)
                    .pattern(
                        "[a-z][a-z0-9_]*",
                        "Lower-case letters, digits and underscores, a letter first.",
                    )
                    .help("Empty to make it of the name. It can't be changed later."),
            );
        }
        Ok(form
            .with(
                Element::textarea("description", "What it is for")
                    .max_length(2000)
                    .default(of.description.as_str()),
            )
            .with(
                Element::text("title_label", "What the title is called")
                    .required()
                    .max_length(LABEL_LIMIT)
                    .default(of.title_label.as_str()),
            )
            .with(Element::checkbox("published", "New ones are published").default(of.published))
            .with(Element::checkbox("promoted", "New ones are on the home page").default(of.promoted))
            .with(
                Element::text("path_pattern", "Pattern of paths")
                    .default(of.path_pattern.clone().unwrap_or_default())
                    .help("Such as blog/[yyyy]/[title]. Empty for none."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("save", "Save"))
                    .with(Element::link("cancel", "Cancel", super::TYPES)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let types = &cx.services().item_types;
        let label = values.text("label").trim().to_owned();
        let fill = |of: &mut ItemType| {
            of.label.clone_from(&label);
            of.description = values.text("description").trim().to_owned();
            of.title_label = values.text("title_label").trim().to_owned();
            of.published = values.flag("published");
            of.promoted = values.flag("promoted");
            of.path_pattern = values
                .some_text("path_pattern")
                .map(|pattern| pattern.trim_matches('/').to_owned());
        };
        let (name, saved) = match &self.0 {
            None => {
                let name = values
                    .some_text("name")
                    .map_or_else(|| machine_name(&label, NAME_LIMIT), str::to_owned);
                let mut of = ItemType::new(&name, "", Vec::new());
                fill(&mut of);
                (name, types.create(cx, of).await)
            }
            Some(of) => {
                let change = |of: &mut ItemType| {
                    fill(of);
                    Ok(())
                };
                (of.name.clone(), types.change(cx, &of.name, change).await)
            }
        };
        match saved {
            Ok(()) => Ok(Outcome::redirect(at(&name, "/fields"))
                .message(&format!("The content type {label} is saved."))),
            Err(error) => in_form(error, str::to_owned),
        }
    }
}
