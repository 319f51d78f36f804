//! The question whether an item is to be deleted.

use std::sync::Arc;

use crate::subsystems::form::{Element, Form, Handler, Outcome, State, Values};
use crate::subsystems::item::Item;
use crate::subsystems::{Session, Site};
use crate::web::Error;

pub(super) struct Deleting {
    pub site: Site,
    pub item: Item,
}

impl Handler for Deleting {
    fn id(&self) -> &str {
        "item_delete"
    }

    fn subject(&self) -> Option<Arc<Item>> {
        Some(Arc::new(self.item.clone()))
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        let title = &self.item.title;
        let note = format!("“{title}” is removed with all its revisions and paths. This can't be undone.");
        Ok(Form::new(format!("Delete “{title}”?"))
            .with(Element::note("what", note))
            .with(
                Element::actions()
                    .with(Element::submit("delete", "Delete").danger())
                    .with(Element::link("cancel", "Cancel", self.item.path())),
            ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
        self.site.services().items.delete(cx, self.item.id).await?;
        let to = if cx.request().account.may(crate::subsystems::admin::ENTER) {
            "/admin/content"
        } else {
            "/"
        };
        Ok(Outcome::redirect(to).message(&format!("“{}” was deleted.", self.item.title)))
    }
}
