//! One element of a plugin's making, for a place in a form of the site's own.

use super::convert::Reading;
use super::model::{Element, Form};
use super::soundness;
use crate::subsystems::Session;
use crate::wit::forms as wit;

/// The element, under a name of the site's.
///
/// # Errors
/// What makes no sense, for whoever wrote it.
pub fn element_of(
    session: &Session,
    plugin: &str,
    name: &str,
    made: wit::Element,
) -> Result<Element, String> {
    let reading = Reading {
        themes: &session.services().themes,
        theme: &session.request().theme,
        plugin,
    };
    let element = Element {
        name: name.to_owned(),
        refreshes: None,
        ..reading.element(made)?
    };
    soundness::check(&Form::new("").with(element.clone()))?;
    Ok(element)
}
