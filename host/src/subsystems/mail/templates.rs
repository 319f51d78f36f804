//! What the site writes by itself: subject, text and HTML of each letter.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::{Error, Letter, Recipient};

/// A letter that the site writes: three templates.
#[derive(Debug)]
pub struct Template {
    name: &'static str,
    subject: &'static str,
    text: &'static str,
    html: &'static str,
}

const LAYOUT: &str = include_str!("templates/layout.html");

macro_rules! template {
    ($name:literal, $subject:literal) => {
        Template {
            name: $name,
            subject: $subject,
            text: include_str!(concat!("templates/", $name, ".txt")),
            html: include_str!(concat!("templates/", $name, ".html")),
        }
    };
}

impl Template {
    /// A message to try the set-up with.
    pub const TEST: Self = template!("test", "A message from {{ site.name }}");
    /// The link to choose a new password; `user`, `link`, `minutes`.
    pub const PASSWORD_RESET: Self = template!("password-reset", "Choose a new password at {{ site.name }}");
    /// The link that shows that an address is its owner's; `user`, `link`, `hours`.
    pub const CONFIRM_ADDRESS: Self = template!(
        "confirm-address",
        "Confirm your e-mail address at {{ site.name }}"
    );
    /// Tells that something about how an account is protected has changed; `user`, `change`.
    pub const SECURITY_CHANGE: Self =
        template!("security-change", "Your account at {{ site.name }}: {{ change }}");
}

/// Renders a letter.
pub(super) fn write(
    template: &Template,
    to: Recipient,
    site_name: &str,
    site_url: &str,
    values: Value,
) -> Result<Letter, Error> {
    let failed = |error: minijinja::Error| Error::Template(format!("{}: {error:#}", template.name));
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.add_template("layout.html", LAYOUT).map_err(failed)?;
    let values = context! { site => context! { name => site_name, url => site_url }, ..values };
    let render = |name: &str, source: &str| {
        environment
            .render_named_str(name, source, &values)
            .map_err(failed)
    };
    Ok(Letter {
        to,
        reply_to: None,
        subject: render("subject", template.subject)?,
        text: render("text", template.text)?,
        html: Some(render("body.html", template.html)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reset(name: &str) -> Letter {
        let values =
            context! { user => context! { name }, link => "https://s.example/r/1?a=b&c=d", minutes => 60 };
        let to = Recipient::address("ada@example.com");
        write(
            &Template::PASSWORD_RESET,
            to,
            "A & B",
            "https://s.example",
            values,
        )
        .unwrap()
    }

    #[test]
    fn the_text_is_plain_and_the_html_is_escaped() {
        let letter = reset("<b>Ada</b>");
        assert_eq!(letter.subject, "Choose a new password at A & B");
        assert!(letter.text.contains("<b>Ada</b>") && letter.text.contains("/r/1?a=b&c=d"));
        let html = letter.html.unwrap();
        assert!(
            html.contains("&lt;b&gt;Ada&lt;/b&gt;") || html.contains("&lt;b&gt;Ada&lt;&#x2f;b&gt;"),
            "{html}"
        );
        assert!(!html.contains("<b>Ada"), "{html}");
    }

    #[test]
    fn every_template_can_be_rendered() {
        let values = context! {
            user => context! { name => "Ada" }, link => "https://s.example/", minutes => 60, hours => 24,
            change => "changed",
        };
        for template in [
            Template::TEST,
            Template::PASSWORD_RESET,
            Template::CONFIRM_ADDRESS,
            Template::SECURITY_CHANGE,
        ] {
            let to = Recipient::address("ada@example.com");
            write(&template, to, "Site", "https://s.example", values.clone()).unwrap();
        }
    }
}
