//! The form of an item, as data.

use std::sync::PoisonError;

use super::super::{Item, LOG_LIMIT, TITLE_LIMIT};
use super::conflict::BASE;
use super::editing::Editing;
use super::widget;
use crate::subsystems::Session;
use crate::subsystems::form::{Element, Form, State, Value as Answer};
use crate::time::Timestamp;

impl Editing {
    fn title(&self) -> String {
        if self.is_new() {
            format!("Add {}", self.of.label)
        } else {
            format!("Edit “{}”", self.item.title)
        }
    }

    pub(super) fn build_form(&self, cx: &Session, state: &State) -> Form {
        let mut item = self.item.clone();
        if let Some(draft) = self.draft.as_ref().filter(|_| self.restores) {
            item = self.assemble(&draft.typed, &|_| None).0;
        }
        let mut form = Form::new(self.title());
        let above = self.above.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !above.is_empty() {
            form = form.with(Element::markup("above", above));
        }
        for element in self.choices_of_conflict(state) {
            form = form.with(element);
        }
        if let Some(note) = self.note_on_draft() {
            form = form.with(note);
        }
        let base = match &self.draft {
            Some(draft) if self.restores => draft.base,
            _ => self.item.revision,
        };
        form = form
            .with(Element::hidden(BASE, base.to_string()).protected())
            .with(
                Element::text("title", &self.of.title_label)
                    .required()
                    .max_length(TITLE_LIMIT)
                    .default(item.title.as_str()),
            );
        for field in self
            .of
            .ordered()
            .into_iter()
            .filter(|field| !self.closed.contains(&field.name))
        {
            form = form.with(widget::element(field, item.values(&field.name), &self.context));
        }
        form.with(self.publishing(&item))
            .with(path(&item, self.of.path_pattern.as_deref()))
            .with(
                Element::text("log_message", "What you changed")
                    .max_length(LOG_LIMIT)
                    .help("A line for the list of revisions."),
            )
            .with(self.actions(cx))
    }

    fn note_on_draft(&self) -> Option<Element> {
        let draft = self.draft.as_ref()?;
        let when = self.context.zone.show(draft.saved).replace('T', " ");
        let note = if self.restores {
            format!("This is your draft of {when}. It is not saved yet.")
        } else {
            format!("You have a draft of {when} that is not saved.")
        };
        Some(Element::note("draft_note", note))
    }

    fn publishing(&self, item: &Item) -> Element {
        let zone = &self.context.zone;
        let shown = |moment: Option<Timestamp>| {
            moment.map_or(Answer::Empty, |moment| Answer::Text(zone.show(moment)))
        };
        Element::details("publishing", "Publishing")
            .open()
            .with(Element::checkbox("published", "Published").default(item.published))
            .with(Element::checkbox("promoted", "On the home page").default(item.promoted))
            .with(Element::checkbox("sticky", "At the top of lists").default(item.sticky))
            .with(
                Element::datetime("publish_on", "Publish by itself on")
                    .default(shown(item.publish_on))
                    .help(zone.in_words()),
            )
            .with(
                Element::datetime("unpublish_on", "Unpublish by itself on")
                    .default(shown(item.unpublish_on))
                    .help(zone.in_words()),
            )
    }

    fn actions(&self, cx: &Session) -> Element {
        let mut actions = Element::actions()
            .with(Element::submit("save", "Save"))
            .with(Element::submit("preview", "Preview").quiet());
        if !cx.request().account.id.is_nil() {
            actions = actions.with(Element::submit("draft", "Keep as draft").unchecked().quiet());
        }
        if self.draft.is_some() {
            if !self.restores {
                actions = actions.with(Element::link(
                    "restore",
                    "Show my draft",
                    format!("{}?draft=1", cx.request().path),
                ));
            }
            actions = actions.with(Element::submit("discard", "Drop my draft").unchecked().quiet());
        }
        let back = if self.is_new() {
            super::ADD.to_owned()
        } else {
            self.item.path()
        };
        actions.with(Element::link("cancel", "Cancel", back))
    }
}

fn path(item: &Item, pattern: Option<&str>) -> Element {
    let help = match (&item.alias, pattern) {
        (Some(_), _) => "The address on this site. The one before leads on to it.".to_owned(),
        (None, Some(pattern)) => format!("The address on this site. Empty for one by the pattern {pattern}."),
        (None, None) => "The address on this site, such as about/us.".to_owned(),
    };
    Element::details("address", "Address").with(
        Element::text("path", "Path")
            .max_length(crate::subsystems::alias::PATH_LIMIT)
            .default(item.alias.clone().unwrap_or_default())
            .help(help),
    )
}
