//! The message: what is taken, and how it reads when it arrives. Nothing here calls the site, so plain tests do.

use trovato_sdk::form::fault;
use trovato_sdk::prelude::*;

/// The field that only programs fill in.
pub const TRAP: &str = "website";
/// Links in a message: more are advertisements.
const MOST_LINKS: usize = 5;

/// What is wrong with a message.
pub fn faults(message: &str) -> Vec<FieldError> {
    let links = message.matches("http://").count() + message.matches("https://").count();
    if links > MOST_LINKS {
        let told = format!("A message may have {MOST_LINKS} links at most; this has {links}.");
        return vec![fault("message", told)];
    }
    Vec::new()
}

/// Whether a program has filled in what nobody sees.
pub fn is_trapped(submission: &Submission) -> bool {
    !submission.text(TRAP).is_empty()
}

/// The subject of the mail.
pub fn subject(beginning: &str, submission: &Submission) -> String {
    format!("{beginning} {}", submission.text("subject"))
        .trim()
        .to_owned()
}

/// The text of the mail.
pub fn text(submission: &Submission) -> String {
    format!(
        "{}\n\n-- \n{} <{}>\n",
        submission.text("message"),
        submission.text("name"),
        submission.text("mail"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_full_of_links_is_refused_at_its_field() {
        assert!(faults("See https://example.org").is_empty());
        let faults = faults(&"https://example.org ".repeat(6));
        assert_eq!(faults.first().map(|fault| fault.path.as_str()), Some("message"));
    }
}
