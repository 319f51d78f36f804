//! What becomes of content types and fields that go: asked with numbers, kept until purged.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;

use super::{Field, ItemType, TYPES, answer, at, find, in_form};
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::item_type::Usage;
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

pub(super) async fn delete(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    let usage = site.services().item_types.usage(&name).await?;
    answer(&session, None, &Delete { of, usage }, submission).await
}

pub(super) async fn trash(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    let types = &site.services().item_types;
    let of = types
        .trash()
        .into_iter()
        .find(|of| of.name == name)
        .ok_or(Error::NotFound)?;
    let usage = types.usage(&name).await?;
    answer(&session, None, &Trash { of, usage }, submission).await
}

pub(super) async fn field(
    State(site): State<Site>,
    session: Cx,
    Path((name, field)): Path<(String, String)>,
    submission: Submission,
) -> Result<Response, Error> {
    let of = find(&site, &name)?;
    let removed = of.removed.iter().any(|gone| gone.name == field);
    let field = of
        .fields
        .iter()
        .chain(&of.removed)
        .find(|known| known.name == field);
    let field = field.cloned().ok_or(Error::NotFound)?;
    let usage = site
        .services()
        .item_types
        .usage_of_field(&name, &field.name)
        .await?;
    let handler = RemoveField {
        of: of.clone(),
        field,
        removed,
        usage,
    };
    answer(&session, Some(&of), &handler, submission).await
}

/// How much there is, in words.
fn in_words(usage: Usage) -> String {
    let count = |number: u64, one: &str, many: &str| match number {
        1 => format!("one {one}"),
        number => format!("{number} {many}"),
    };
    format!(
        "{} with {}",
        count(usage.items, "item", "items"),
        count(usage.revisions, "revision", "revisions")
    )
}

struct Delete {
    of: Arc<ItemType>,
    usage: Usage,
}

impl Handler for Delete {
    fn id(&self) -> &str {
        "content_type_delete"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let note = format!(
            "There are {} of it. Nobody can see them any more, and nothing new can be made. They are kept until you purge \
             them; until then the content type can be restored.",
            in_words(self.usage)
        );
        Ok(Form::new(format!("Delete the content type {}?", self.of.label))
            .with(Element::note("what", note))
            .with(
                Element::actions()
                    .with(Element::submit("delete", "Delete the content type").danger())
                    .with(Element::link("cancel", "Cancel", TYPES)),
            ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut form::State) -> Result<Outcome, Error> {
        match cx.services().item_types.delete(cx, &self.of.name).await {
            Ok(()) => Ok(Outcome::redirect(TYPES).message(&format!(
                "The content type {} is deleted. Its content is kept until you purge it.",
                self.of.label
            ))),
            Err(error) => in_form(error, |_| String::new()),
        }
    }
}

struct Trash {
    of: Arc<ItemType>,
    usage: Usage,
}

impl Handler for Trash {
    fn id(&self) -> &str {
        "content_type_trash"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let note = if self.of.purging.is_empty() {
            format!(
                "It is deleted. {} are kept. Purging removes them for good.",
                in_words(self.usage)
            )
        } else {
            format!("It is being purged: {} are left.", in_words(self.usage))
        };
        Ok(Form::new(format!("The deleted content type {}", self.of.label))
            .with(Element::note("what", note))
            .with(
                Element::actions()
                    .with(Element::submit("restore", "Restore"))
                    .with(Element::submit("purge", "Purge").danger())
                    .with(Element::link("cancel", "Cancel", TYPES)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let types = &cx.services().item_types;
        let (done, said) = match values.button.as_str() {
            "purge" => (types.purge(cx, &self.of.name).await, "is being purged"),
            _ => (types.restore(cx, &self.of.name).await, "is restored"),
        };
        match done {
            Ok(()) => {
                Ok(Outcome::redirect(TYPES).message(&format!("The content type {} {said}.", self.of.label)))
            }
            Err(error) => in_form(error, |_| String::new()),
        }
    }
}

struct RemoveField {
    of: Arc<ItemType>,
    field: Field,
    removed: bool,
    usage: Usage,
}

impl Handler for RemoveField {
    fn id(&self) -> &str {
        "content_type_field_remove"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let label = &self.field.label;
        let list = at(&self.of.name, "/fields");
        let used = in_words(self.usage);
        Ok(if self.removed {
            let note =
                format!("It was removed. {used} still have values of it. Purging removes them for good.");
            Form::new(format!("The removed field {label}"))
                .with(Element::note("what", note))
                .with(
                    Element::actions()
                        .with(Element::submit("restore", "Put it back"))
                        .with(Element::submit("purge", "Purge").danger())
                        .with(Element::link("cancel", "Cancel", list)),
                )
        } else {
            let note = format!(
                "{used} have values of it. They are not shown any more and can't be changed. They are kept until you \
                 purge them; until then the field can be put back."
            );
            Form::new(format!("Remove the field {label}?"))
                .with(Element::note("what", note))
                .with(
                    Element::actions()
                        .with(Element::submit("remove", "Remove the field").danger())
                        .with(Element::link("cancel", "Cancel", list)),
                )
        })
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let types = &cx.services().item_types;
        let (of, field) = (self.of.name.as_str(), self.field.name.as_str());
        let (done, said) = match values.button.as_str() {
            "restore" => (types.restore_field(cx, of, field).await, "is back"),
            "purge" => (types.purge_field(cx, of, field).await, "is being purged"),
            _ => (
                types.remove_field(cx, of, field).await,
                "is removed. Its values are kept until you purge them",
            ),
        };
        match done {
            Ok(()) => Ok(Outcome::redirect(at(of, "/fields"))
                .message(&format!("The field {} {said}.", self.field.label))),
            Err(error) => in_form(error, |_| String::new()),
        }
    }
}
