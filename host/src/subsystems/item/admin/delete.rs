//! Deleting items: they are named first.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::{LIST, selected, tell};
use crate::subsystems::admin::render;
use crate::subsystems::form::{self, Element, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::item::Item;
use crate::subsystems::{Cx, Session, Site};
use crate::web::Error;

/// The question whether items are to be deleted.
struct Asking {
    site: Site,
    items: Vec<Item>,
}

/// The variables of `admin/items-delete.html`.
#[derive(Serialize)]
struct Named<'a> {
    titles: Vec<&'a str>,
}

pub(super) async fn ask(
    State(site): State<Site>,
    session: Cx,
    submission: Submission,
) -> Result<Response, Error> {
    let rows = session.request().query.iter();
    let ids = selected(rows.filter(|(name, _)| name == "row").map(|(_, id)| id.as_str()));
    let items = site.services().items.find_many(&session, &ids).await?;
    if items.is_empty() {
        return Err(Error::NotFound);
    }
    form::answer(&session, &Asking { site, items }, submission).await
}

impl Handler for Asking {
    fn id(&self) -> &str {
        "items_delete"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let title = match self.items.len() {
            1 => "Delete one item".to_owned(),
            count => format!("Delete {count} items"),
        };
        let named = Named {
            titles: self.items.iter().map(|item| item.title.as_str()).collect(),
        };
        Ok(Form::new(&title)
            .with(Element::markup(
                "items",
                render(&self.site, "admin/items-delete.html", &named),
            ))
            .with(
                Element::actions()
                    .with(Element::submit("delete", title).danger())
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let (mut done, mut refused) = (0, Vec::new());
        for item in &self.items {
            match self.site.services().items.delete(cx, item.id).await {
                Ok(()) => done += 1,
                Err(crate::subsystems::item::Error::Db(error)) => return Err(error.into()),
                Err(error) => refused.push(format!("“{}” was not deleted: {error}", item.title)),
            }
        }
        tell(cx, done, "deleted", &refused);
        Ok(Outcome::redirect(LIST))
    }
}
