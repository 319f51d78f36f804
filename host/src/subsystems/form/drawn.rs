//! Forms that a page's own template draws, such as a table whose rows can be selected: the token around them is the
//! same, and so is the way that it is judged.

use super::body::Reader;
use super::input::Input;
use super::pipeline::key_of;
use super::submission::Submission;
use super::ticket::{self, Ticket};
use crate::subsystems::Session;
use crate::web::Error;

/// The hidden fields of a form of this name: name and value. Without them it is not taken.
///
/// # Errors
/// There is no randomness.
pub fn fields(cx: &Session, name: &str) -> Result<Vec<(&'static str, String)>, Error> {
    let forms = &cx.services().forms;
    let ticket = Ticket {
        build: forms.ids.next(),
        step: String::new(),
    };
    let token = ticket.token(&forms.secrets, key_of(cx)?, name);
    Ok(vec![
        (ticket::FORM_ID, name.to_owned()),
        (ticket::BUILD_ID, ticket.build.to_string()),
        (ticket::TOKEN, token),
    ])
}

/// What was sent by a form of this name.
///
/// # Errors
/// [`Error::Foreign`] for a form that this site has not shown to this browser; one that was open for too long has to
/// be loaded again.
pub async fn take(cx: &Session, name: &str, submission: Submission) -> Result<Input, Error> {
    let forms = &cx.services().forms;
    let request = cx.request();
    let (_, input) = Reader::begin(&submission.headers, submission.body).await?;
    let ticket = Ticket::of(&input, &forms.secrets, request.binding.key(), name).map_err(|reason| {
        tracing::warn!(
            request.id = %request.id,
            "the form '{name}' at {} was refused, perhaps a forged request: {reason}",
            request.path
        );
        Error::Foreign
    })?;
    if forms.is_expired(ticket.build) {
        return Err(Error::Bad(
            "This page was open for too long. Load it again and repeat what you did.".to_owned(),
        ));
    }
    Ok(input)
}
