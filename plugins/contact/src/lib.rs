//! A contact form at `/contact`: what visitors write there is sent to the site's own mail address.
//!
//! A form takes three taps. `form_build` says what it asks for, `form_validate` finds what is wrong besides what the
//! elements themselves say, and `form_submit` acts. Whatever comes between is the site's work: the form's token, wrong
//! answers that are told at their fields, a form that is sent twice or was open all night.

mod message;

use trovato_sdk::prelude::*;

/// The form's name. The site knows it as `contact.message`, after the plugin.
const FORM: &str = "message";
const FULL_NAME: &str = "contact.message";

/// Who may write: an administrator grants this to a role, `Anonymous user` for everybody.
const PERMISSION: &str = "use the contact form";

#[tap]
fn perm() -> Permission {
    Permission::new(PERMISSION, "Write to the site by the contact form")
}

/// The page at which the form stands.
#[tap]
fn menu() -> Route {
    Route::new("contact", "/contact")
        .title("Contact")
        .needs(PERMISSION)
        .in_menu("footer", 10)
}

/// The page: an introduction, and a place for the form. The form is sent to this page as well.
#[tap]
fn page(_: PageRequest) -> Result<Tree> {
    let intro: String = variables::get("intro")?;
    Ok(tree().child(paragraph().text(intro)).child(form::embed(FORM)))
}

/// What the form asks for. Built when it is shown, and again when it is sent.
#[tap]
fn form_build(request: FormRequest) -> Result<Form> {
    if request.form != FORM {
        return Err(Error::not_found());
    }
    Ok(Form::new("Contact")
        .with(name())
        .with(
            form::email("mail", "Your e-mail address")
                .required()
                .autocomplete("email"),
        )
        .with(form::text("subject", "Subject").required().max_length(150))
        .with(form::textarea("message", "Message").required().max_length(10_000))
        // Nobody sees this one. Programs that fill in every field give themselves away by it.
        .with(form::hidden(message::TRAP, ""))
        .with(form::actions().with(form::submit("send", "Send the message"))))
}

/// Somebody who is signed in need not type their name.
fn name() -> form::Field {
    let field = form::text("name", "Your name")
        .required()
        .max_length(100)
        .autocomplete("name");
    let user = users::current();
    if user.id == trovato_sdk::value::NOBODY {
        field
    } else {
        field.initial(user.name)
    }
}

/// Called for every form of the site, so it looks at which one it is first.
#[tap]
fn form_validate(submission: Submission) -> Vec<FieldError> {
    if submission.form != FULL_NAME {
        return Vec::new();
    }
    message::faults(submission.text("message"))
}

/// The form is in order: the message is sent.
#[tap]
fn form_submit(submission: Submission) -> Result<Outcome> {
    if submission.form != FULL_NAME {
        return Ok(Outcome::Done);
    }
    let thanks: String = variables::get("thanks")?;
    if !message::is_trapped(&submission) {
        if !counters::hit("messages", 60 * 60, variables::get("per_hour")?) {
            return Err(Error::other(
                "You have written several messages already. Please wait an hour before the next.",
            ));
        }
        let subject: String = variables::get("subject")?;
        mail::message(
            message::subject(&subject, &submission),
            message::text(&submission),
        )
        .reply_to(submission.text("mail"))
        .send_to_site()?;
    }
    // A program that was caught is told the same as everybody else.
    messages::status(&thanks);
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use trovato_sdk_test::{MockKernel, submission};

    use super::*;

    /// A kernel with the settings of the manifest.
    fn kernel() -> MockKernel {
        let kernel = MockKernel::start();
        kernel.setting("thanks", "Thank you.");
        kernel.setting("subject", "[Contact]");
        kernel.setting("per_hour", 2);
        kernel
    }

    fn sent(trap: &str) -> Submission {
        let answers = [
            ("name", "Ada"),
            ("mail", "ada@example.com"),
            ("subject", "Engines"),
            ("message", "Good day."),
            (message::TRAP, trap),
        ];
        submission(FULL_NAME, answers)
    }

    #[test]
    fn a_message_is_sent_to_the_site_and_its_writer_thanked() {
        let kernel = kernel();
        assert!(matches!(form_submit(sent("")), Ok(Outcome::Done)));
        assert_eq!(
            kernel.mail(),
            [("site".to_owned(), "[Contact] Engines".to_owned())]
        );
        assert_eq!(kernel.messages(), ["status: Thank you."]);
    }

    #[test]
    fn a_program_that_was_caught_is_thanked_and_sends_nothing() {
        let kernel = kernel();
        assert!(matches!(
            form_submit(sent("https://example.org")),
            Ok(Outcome::Done)
        ));
        assert!(kernel.mail().is_empty() && kernel.messages() == ["status: Thank you."]);
    }

    #[test]
    fn who_writes_a_lot_is_told_to_wait() {
        let kernel = kernel();
        for _ in 0..2 {
            assert!(form_submit(sent("")).is_ok());
        }
        assert!(form_submit(sent("")).is_err());
        assert_eq!(kernel.mail().len(), 2);
    }

    #[test]
    fn who_is_signed_in_need_not_type_a_name() {
        let kernel = kernel();
        kernel.signed_in("Ada", &[]);
        assert_eq!(
            name(),
            form::text("name", "Your name")
                .required()
                .max_length(100)
                .autocomplete("name")
                .initial("Ada")
        );
    }
}
