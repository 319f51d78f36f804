//! What plugins know of the request, and the notebook that they share while it lasts.

use super::{Interface, Linked, Subsystem, View};
use crate::request::LIVE;
use crate::wit;
use crate::wit::types::Error;

/// Tells plugins about the request.
#[derive(Clone, Copy, Debug)]
pub struct RequestContext;

impl Subsystem for RequestContext {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("request-context", |linker| {
            wit::request_context::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl wit::request_context::Host for View<'_, RequestContext> {
    fn request_id(&mut self) -> String {
        self.session().request().id.to_string()
    }

    fn path(&mut self) -> String {
        self.session().request().path.clone()
    }

    fn query(&mut self, name: String) -> Option<String> {
        self.session().request().query(&name).map(str::to_owned)
    }

    fn language(&mut self) -> String {
        self.session().request().language.to_string()
    }

    fn stage(&mut self) -> String {
        let stage = self.session().request().stage;
        if stage == LIVE {
            "live".to_owned()
        } else {
            stage.to_string()
        }
    }

    fn theme(&mut self) -> String {
        self.session().request().theme.to_string()
    }

    fn get(&mut self, key: String) -> Option<String> {
        self.session().request().note(&key)
    }

    fn set(&mut self, key: String, value: String) -> Result<(), Error> {
        self.session()
            .request()
            .set_note(key, value)
            .map_err(|limit| Error::Limit(limit.to_owned()))
    }
}
