//! The filters and functions that templates have besides those of minijinja: `date`, `datetime`, `truncate`,
//! `asset` and `url`. None of them reads a file or the network.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, Value};

use crate::subsystems::format::{LINKED, is_address, truncate_text};

/// What a date looks like if the template does not say (strftime).
const DATE_FORMAT: &str = "%-d %B %Y";

/// Where a static file is: the theme that has it, and the digest of its content.
pub type Assets = BTreeMap<String, (String, String)>;

/// Adds filters and functions to an environment.
pub fn add(
    environment: &mut Environment<'static>,
    assets: Arc<Assets>,
    time_zone: TimeZone,
    site_url: String,
) {
    environment.add_filter("date", move |moment: Option<Value>, format: Option<String>| {
        date(
            moment.as_ref(),
            format.as_deref().unwrap_or(DATE_FORMAT),
            &time_zone,
        )
    });
    environment.add_filter("datetime", |moment: Option<Value>| datetime(moment.as_ref()));
    environment.add_filter("truncate", |text: Option<String>, length: Option<usize>| {
        truncate_text(text.as_deref().unwrap_or_default(), length.unwrap_or(255))
    });
    environment.add_function("asset", move |path: String| asset(&path, &assets));
    environment.add_function("url", move |path: String, options: Kwargs| {
        let absolute = options.get::<Option<bool>>("absolute")?.unwrap_or(false);
        options.assert_all_used()?;
        Ok::<_, Error>(url(&path, absolute.then_some(site_url.as_str())))
    });
}

/// The address of a static file, which changes with the file's content.
pub fn asset(path: &str, assets: &Assets) -> String {
    match assets.get(path) {
        Some((theme, hash)) => format!("/theme/{theme}/{path}?v={hash}"),
        None => {
            tracing::debug!(path, "a template asks for a static file that no theme has");
            format!("/theme/missing/{path}")
        }
    }
}

/// A path as an address, whole if the site's own address is given. What is no address leads nowhere.
fn url(path: &str, site_url: Option<&str>) -> String {
    match site_url {
        _ if !is_address(path, LINKED) => "#".to_owned(),
        Some(site) if path.starts_with('/') && !path.starts_with("//") => {
            format!("{}{path}", site.trim_end_matches('/'))
        }
        _ => path.to_owned(),
    }
}

fn date(moment: Option<&Value>, format: &str, time_zone: &TimeZone) -> Result<String, Error> {
    let Some(moment) = timestamp(moment)? else {
        return Ok(String::new());
    };
    jiff::fmt::strtime::format(format, &moment.to_zoned(time_zone.clone())).map_err(|error| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{format}` is no date format: {error}"),
        )
    })
}

fn datetime(moment: Option<&Value>) -> Result<String, Error> {
    Ok(timestamp(moment)?
        .map(|moment| moment.to_string())
        .unwrap_or_default())
}

/// The moment that a value stands for: milliseconds, or text as in RFC 3339; none for no value.
fn timestamp(value: Option<&Value>) -> Result<Option<Timestamp>, Error> {
    let Some(value) = value.filter(|value| !value.is_undefined() && !value.is_none()) else {
        return Ok(None);
    };
    let parsed = match (value.as_i64(), value.as_str()) {
        (Some(milliseconds), _) => Timestamp::from_millisecond(milliseconds).ok(),
        (None, Some(text)) => text.parse().ok(),
        (None, None) => None,
    };
    parsed.map(Some).ok_or_else(|| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("`{value}` is no moment in time"),
        )
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use minijinja::context;

    use super::*;

    fn render(template: &str) -> Result<String, Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Chainable);
        super::super::escape::escaping(&mut environment);
        let assets = Assets::from([("a.css".into(), ("child".into(), "0123".into()))]);
        add(
            &mut environment,
            Arc::new(assets),
            TimeZone::UTC,
            "https://example.org/".into(),
        );
        environment.render_named_str("t.html", template, context! { moment => 1_700_000_000_123_i64 })
    }

    #[test]
    fn moments_are_shown_as_dates() {
        assert_eq!(render("{{ moment|date }}").unwrap(), "14 November 2023");
        assert_eq!(
            render("{{ moment|date('%Y-%m-%d %H:%M') }}").unwrap(),
            "2023-11-14 22:13"
        );
        assert_eq!(
            render("{{ '2024-02-29T00:00:00Z'|date('%d.%m.') }}").unwrap(),
            "29.02."
        );
        assert_eq!(
            render("{{ moment|datetime }}").unwrap(),
            "2023-11-14T22:13:20.123Z"
        );
        assert_eq!(
            render("{{ none|date }}{{ a.b|date }}{{ a.b|datetime }}").unwrap(),
            ""
        );
    }

    #[test]
    fn what_is_no_date_is_an_error() {
        assert!(render("{{ 'soon'|date }}").is_err());
        assert!(render("{{ moment|date('%Ö') }}").is_err());
        assert!(render("{{ 99999999999999999|date }}").is_err());
    }

    #[test]
    fn addresses_of_files_carry_their_digest() {
        assert_eq!(
            render("{{ asset('a.css') }}").unwrap(),
            "/theme/child/a.css?v=0123"
        );
    }

    #[test]
    fn paths_become_addresses_and_scripts_lead_nowhere() {
        assert_eq!(render("{{ url('/a?b') }}").unwrap(), "/a?b");
        assert_eq!(
            render("{{ url('/a', absolute=true) }}").unwrap(),
            "https://example.org/a"
        );
        assert_eq!(render("{{ url('javascript:alert(1)') }}").unwrap(), "#");
    }

    #[test]
    fn long_text_is_cut_between_words() {
        assert_eq!(
            render("{{ 'one <two> three'|truncate(12) }}").unwrap(),
            "one &lt;two&gt;…"
        );
    }
}
