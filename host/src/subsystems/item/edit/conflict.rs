//! Two who have changed one item at once: both versions are shown, what differs is chosen, and nothing is lost.

use serde::Serialize;

use super::super::Item;
use super::super::diff::{Difference, differences};
use super::editing::{Editing, differing};
use crate::subsystems::Session;
use crate::subsystems::form::{Element, Errors, Outcome, State, Values};
use crate::subsystems::item::Error as Refusal;
use crate::web::Error;

/// The revision that the form began with, in the form and in what is kept of it.
pub(super) const BASE: &str = "base";
/// The names of what differs.
pub(super) const DIFFERS: &str = "differs";

const SAID: &str = "Somebody has saved this item while you were writing. Below is what differs, what was saved and what \
                    you wrote. Nothing is lost: choose for each which to keep, and save again.";

#[derive(Serialize)]
struct Compared<'a> {
    differences: &'a [Difference],
    left: &'static str,
    right: &'static str,
}

impl Editing {
    /// Shows both versions; the form goes on from the newer one.
    pub(super) async fn conflict(
        &self,
        cx: &Session,
        mine: Item,
        state: &mut State,
    ) -> Result<Outcome, Error> {
        let items = &self.site.services().items;
        let theirs = items.load(cx, self.item.id).await?.ok_or(Refusal::NotFound)?;
        let names = items.names(cx, &[&mine, &theirs], |_, _| true).await?;
        let found = differences(&self.of, &theirs, &mine, &names);
        let mut found = found;
        found.retain(|difference| !self.closed.contains(&difference.name));
        let compared = Compared {
            differences: &found,
            left: "saved meanwhile",
            right: "yours",
        };
        self.put_above(super::render(cx, "item-diff.html", &compared));
        state.set(BASE, theirs.revision.to_string());
        state.set(
            DIFFERS,
            found.iter().map(|one| one.name.clone()).collect::<Vec<String>>(),
        );
        Ok(Outcome::Conflict(Errors::of("", SAID)))
    }

    /// For everything that differs the question which version is kept.
    pub(super) fn choices_of_conflict(&self, state: &State) -> Vec<Element> {
        let label = |name: &str| match name {
            "title" => self.of.title_label.clone(),
            "published" => "Published".to_owned(),
            name => self
                .of
                .field(name)
                .map_or_else(|| name.to_owned(), |field| field.label.clone()),
        };
        let choice = |name: String| {
            Element::radios(format!("keep_{name}"), format!("{}: keep", label(&name)))
                .choices([
                    ("mine", "What you wrote, as it stands below"),
                    ("theirs", "What was saved meanwhile"),
                ])
                .default("mine")
        };
        differing(state).into_iter().map(choice).collect()
    }

    /// Puts what was chosen from the other version into the item.
    pub(super) fn settle(&self, item: &mut Item, values: &Values, state: &State) {
        for name in differing(state) {
            if values.text(&format!("keep_{name}")) != "theirs" {
                continue;
            }
            match name.as_str() {
                "title" => item.title.clone_from(&self.item.title),
                "published" => item.published = self.item.published,
                name => {
                    item.fields
                        .insert(name.to_owned(), self.item.values(name).to_vec());
                }
            }
        }
    }
}
