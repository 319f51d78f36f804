//! Somebody else is at work on an item: who that is, and taking over. It stands in the way of beginning, never of
//! saving: what was written already is not kept from anybody.

use super::super::held::{Holder, TERM};
use super::moment::Zone;
use crate::subsystems::form::{Element, Form, Handler, Outcome, State, Values};
use crate::subsystems::item::Item;
use crate::subsystems::{Session, Site};
use crate::web::Error;

/// The parameter of the address to which taking over is sent.
pub(super) const TAKE_OVER: &str = "take_over";

pub(super) struct Busy {
    pub site: Site,
    pub item: Item,
    /// Who is at work; none if they have left meanwhile.
    pub holder: Option<Holder>,
}

impl Busy {
    fn note(&self, cx: &Session) -> String {
        let zone = Zone::of(cx.request());
        let when = |moment| zone.show(moment).replace('T', " ");
        match &self.holder {
            Some(holder) => format!(
                "{} is at work on this since {}, and was last seen about {}. What you both write at once has to be \
                 brought together.",
                holder.name,
                when(holder.since),
                when(holder.expires.minus(TERM)),
            ),
            None => "Nobody else is at work on this any more.".to_owned(),
        }
    }
}

impl Handler for Busy {
    fn id(&self) -> &str {
        "item_take_over"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let action = format!("/item/{}/edit?{TAKE_OVER}=1", self.item.id);
        Ok(Form::new(format!("Edit “{}”", self.item.title))
            .action(action)
            .with(Element::note("held", self.note(cx)))
            .with(
                Element::actions()
                    .with(Element::submit("take_over", "Take over"))
                    .with(Element::link("back", "Back to the page", self.item.path())),
            ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
        self.site.services().items.hold(cx, self.item.id, true).await?;
        Ok(Outcome::redirect(format!("/item/{}/edit", self.item.id)).message("You are at work on it now."))
    }
}
