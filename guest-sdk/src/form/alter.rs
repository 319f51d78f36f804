//! Changes to forms of others.

use super::{BuiltForm, Field};
use crate::wit::forms::{Alteration, Element};

/// A form, as the plugins before have left it.
impl BuiltForm {
    /// An element by its name.
    pub fn element(&self, name: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.name == name)
    }

    /// Changes to it; none so far.
    pub fn changes(self) -> FormChanges {
        FormChanges {
            form: self,
            changes: Vec::new(),
            added: 0,
        }
    }

    fn index(&self, name: &str) -> Option<u32> {
        let found = self.elements.iter().position(|element| element.name == name);
        found.and_then(|index| u32::try_from(index).ok())
    }
}

/// Changes in the making. What the form does not have can't be changed and is passed over.
#[derive(Debug, Clone, PartialEq)]
#[must_use = "changes do nothing until a tap returns them"]
pub struct FormChanges {
    form: BuiltForm,
    changes: Vec<Alteration>,
    added: u32,
}

impl FormChanges {
    /// Adds an element at the end; its name begins with the plugin's.
    pub fn append(self, field: Field) -> Self {
        self.put(None, field)
    }

    /// Adds an element to the one of a name.
    pub fn append_to(self, parent: &str, field: Field) -> Self {
        match self.form.index(parent) {
            Some(index) => self.put(Some(index), field),
            None => self,
        }
    }

    /// Changes an element.
    pub fn change(mut self, name: &str, change: impl FnOnce(&mut Element)) -> Self {
        if let Some(index) = self.form.index(name)
            && let Some(element) = self.form.elements.get(index as usize)
        {
            let mut changed = element.clone();
            change(&mut changed);
            self.changes.push(Alteration::Change((index, changed)));
        }
        self
    }

    /// Moves an element among its siblings.
    pub fn weigh(mut self, name: &str, weight: i32) -> Self {
        let index = self.form.index(name);
        self.changes
            .extend(index.map(|index| Alteration::Weigh((index, weight))));
        self
    }

    /// Removes an element with all that is in it.
    pub fn remove(mut self, name: &str) -> Self {
        let index = self.form.index(name);
        self.changes.extend(index.map(Alteration::Remove));
        self
    }

    fn put(mut self, parent: Option<u32>, field: Field) -> Self {
        let mut flat = Vec::new();
        field.flatten(None, &mut flat);
        let begin = self.form.elements.len() as u32 + self.added;
        self.added += flat.len() as u32;
        self.changes.extend(flat.into_iter().map(|mut element| {
            element.parent = element.parent.map(|inside| begin + inside).or(parent);
            Alteration::Add(element)
        }));
        self
    }
}

impl From<FormChanges> for Vec<Alteration> {
    fn from(changes: FormChanges) -> Self {
        changes.changes
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Form, fieldset, text};
    use super::*;

    #[test]
    fn what_is_added_names_its_parent_by_counting_on() {
        let form: BuiltForm = Form::new("A")
            .with(text("a", "A"))
            .with(fieldset("b", "B"))
            .into();
        let changes: Vec<Alteration> = form
            .changes()
            .append_to("b", fieldset("my_c", "C").with(text("my_d", "D")))
            .append_to("none", text("my_lost", "Lost"))
            .append(fieldset("my_e", "E").with(text("my_f", "F")))
            .into();
        let parents: Vec<_> = changes
            .iter()
            .map(|change| match change {
                Alteration::Add(element) => (element.name.as_str(), element.parent),
                _ => ("", None),
            })
            .collect();
        assert_eq!(
            parents,
            [
                ("my_c", Some(1)),
                ("my_d", Some(2)),
                ("my_e", None),
                ("my_f", Some(4))
            ]
        );
    }
}
