//! Letters in the form of RFC 5322. Whatever goes into a header is checked here, whoever wrote it.

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Error, Letter, Recipient};
use crate::time::{Ids, Timestamp};

/// Characters of a subject or a name.
const LINE: usize = 200;
/// Bytes of a text.
const TEXT: usize = 256 << 10;
/// Bytes of an address (RFC 5321, 4.5.3.1.3, less the brackets).
const ADDRESS: usize = 254;

/// Makes messages.
pub(super) struct Composer {
    /// The configured name of the sender; the site's where there is none.
    name: Option<String>,
    address: Address,
    /// The address of the site; empty where it is not known.
    pub(super) site_url: String,
    ids: Ids,
}

impl Composer {
    pub(super) fn new(from: Option<&str>, public_url: &str, ids: Ids) -> Result<Self, Error> {
        let from = match from {
            Some(from) => from.parse::<Mailbox>().map_err(|error| {
                Error::Setup(format!(
                    "from: '{from}' is no sender ({error}); write `me@example.com` or `My site <me@example.com>`"
                ))
            })?,
            None => {
                let host = url::Url::parse(public_url)
                    .ok()
                    .and_then(|url| url.domain().map(str::to_owned));
                let host = host.unwrap_or_else(|| "localhost".to_owned());
                let address = Address::new("no-reply", host).map_err(|error| Error::Setup(error.to_string()))?;
                Mailbox::new(None, address)
            }
        };
        Ok(Self {
            name: from.name,
            address: from.email,
            site_url: public_url.trim_end_matches('/').to_owned(),
            ids,
        })
    }

    /// The address of the sender.
    pub(super) fn sender(&self) -> &str {
        self.address.as_ref()
    }

    pub(super) fn compose(&self, letter: &Letter, site_name: &str, now: Timestamp) -> Result<Message, Error> {
        check_line("subject", &letter.subject)?;
        if letter.subject.trim().is_empty() {
            return Err(wrong("subject", "a message has a subject"));
        }
        check_text("text", &letter.text)?;
        check_text("html", letter.html.as_deref().unwrap_or_default())?;
        let since_epoch = Duration::from_millis(u64::try_from(now.as_millis()).unwrap_or(0));
        // A name of the site that can't stand in a header is left out.
        let name = self.name.as_deref().unwrap_or(site_name);
        let name = check_line("from", name).is_ok().then(|| name.to_owned());
        let mut builder = Message::builder()
            .from(Mailbox::new(name, self.address.clone()))
            .to(mailbox(&letter.to)?)
            .subject(&letter.subject)
            .date(UNIX_EPOCH + since_epoch)
            .message_id(Some(format!("<{}@{}>", self.ids.next(), self.address.domain())))
            // RFC 3834, 5: no machine answers a machine.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = &letter.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address("reply-to", reply_to)?));
        }
        let message = match &letter.html {
            Some(html) => builder.multipart(MultiPart::alternative_plain_html(
                letter.text.clone(),
                html.clone(),
            )),
            None => builder.singlepart(SinglePart::plain(letter.text.clone())),
        };
        message.map_err(|error| wrong("message", &error.to_string()))
    }
}

fn mailbox(to: &Recipient) -> Result<Mailbox, Error> {
    if let Some(name) = &to.name {
        check_line("to", name)?;
    }
    Ok(Mailbox::new(to.name.clone(), address("to", &to.address)?))
}

/// One address (RFC 5321, 4.1.2). Quoted local parts are refused: nobody has them, and they can hold anything.
pub(super) fn address(field: &'static str, text: &str) -> Result<Address, Error> {
    check_line(field, text)?;
    let plain = text.len() <= ADDRESS && !text.contains(['"', ',', ';', '<', '>', '(', ')', ' ']);
    let parsed = plain.then(|| text.parse::<Address>().ok()).flatten();
    parsed.ok_or_else(|| wrong(field, "this is no e-mail address; write one as name@example.com"))
}

/// A line break in a header would begin another header.
fn check_line(field: &'static str, text: &str) -> Result<(), Error> {
    if text
        .chars()
        .any(|char| char.is_control() || matches!(char, '\u{2028}' | '\u{2029}'))
    {
        return Err(wrong(
            field,
            "a line has no line breaks and no control characters",
        ));
    }
    if text.chars().count() > LINE {
        return Err(wrong(field, "a line has at most 200 characters"));
    }
    Ok(())
}

fn check_text(field: &'static str, text: &str) -> Result<(), Error> {
    if text.len() > TEXT {
        return Err(wrong(field, "a text has at most 256 KiB"));
    }
    if text.contains('\0') {
        return Err(wrong(field, "a text has no NUL characters"));
    }
    Ok(())
}

fn wrong(field: &'static str, problem: &str) -> Error {
    Error::Letter {
        field,
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Clock;

    fn letter() -> Letter {
        Letter {
            to: Recipient {
                name: Some("Ada".to_owned()),
                address: "ada@example.com".to_owned(),
            },
            reply_to: None,
            subject: "Grüße".to_owned(),
            text: "One\nTwo".to_owned(),
            html: Some("<p>One</p>".to_owned()),
        }
    }

    fn compose(letter: &Letter) -> Result<String, Error> {
        let clock = Clock::fixed(Timestamp(1_700_000_000_000));
        let composer = Composer::new(None, "https://site.example/", Ids::new(clock.clone())).unwrap();
        let message = composer.compose(letter, "My site", clock.now())?;
        Ok(String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn a_letter_has_its_sender_date_and_both_texts() {
        let message = compose(&letter()).unwrap();
        for part in [
            "From: \"My site\" <no-reply@site.example>",
            "To: Ada <ada@example.com>",
            "Date: Tue, 14 Nov 2023 22:13:20 +0000",
            "Auto-Submitted: auto-generated",
            "text/plain",
            "text/html",
        ] {
            assert!(message.contains(part), "{part} is missing in\n{message}");
        }
    }

    #[test]
    fn a_line_break_in_any_header_is_refused() {
        let bad = "x\r\nBcc: eve@example.com";
        type Set = fn(&mut Letter, String);
        let broken: [(&str, Set); 4] = [
            ("subject", |letter, text| letter.subject = text),
            ("to", |letter, text| letter.to.address = text),
            ("to", |letter, text| letter.to.name = Some(text)),
            ("reply-to", |letter, text| letter.reply_to = Some(text)),
        ];
        for (field, set) in broken {
            for text in [bad, "a\nb", "a\rb", "a\u{2028}b", "a\0b"] {
                let mut letter = letter();
                set(&mut letter, text.to_owned());
                let error = compose(&letter).unwrap_err();
                assert!(
                    matches!(error, Error::Letter { field: named, .. } if named == field),
                    "{error}"
                );
            }
        }
    }

    #[test]
    fn a_letter_goes_to_one_address() {
        for address in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "ada@example.com, eve@example.com",
            "ada@example.com,eve@example.com",
            "Ada <ada@example.com>",
            "\"a b\"@example.com",
            "ada@exam ple.com",
        ] {
            let mut letter = letter();
            letter.to.address = address.to_owned();
            assert!(compose(&letter).is_err(), "'{address}' was taken for an address");
        }
    }

    #[test]
    fn a_sender_that_is_none_is_refused_with_what_would_be_right() {
        let ids = Ids::new(Clock::fixed(Timestamp(0)));
        let error = Composer::new(Some("nobody"), "", ids).err().unwrap();
        assert!(error.to_string().contains("me@example.com"), "{error}");
    }
}
