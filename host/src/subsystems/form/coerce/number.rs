//! Numbers and days.

use jiff::civil::{Date, DateTime};

use super::{Checked, nothing};
use crate::subsystems::form::Value;
use crate::subsystems::form::model::Element;

/// Characters of a number: more than any that can be stored needs.
const DIGITS: usize = 64;

pub(super) fn number(element: &Element, sent: &str, decimals: bool) -> Checked {
    let text = sent.trim();
    if text.is_empty() {
        return nothing(element);
    }
    let name = element.name_for_people();
    let value = if decimals {
        let plain = is_plain(text).then(|| text.trim_start_matches('+').to_owned());
        Value::Decimal(plain.ok_or_else(|| format!("{name} is no number. One looks like 12.5."))?)
    } else {
        let whole = text.parse().map_err(|_| format!("{name} is no whole number."))?;
        Value::Integer(whole)
    };
    within(element, text.parse().unwrap_or(f64::NAN))?;
    Ok(value)
}

fn is_plain(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= DIGITS && digits(whole) && digits(rest)
}

fn within(element: &Element, number: f64) -> Result<(), String> {
    let name = element.name_for_people();
    if let Some(least) = element.rules.min.filter(|least| number < *least) {
        return Err(format!("{name} must be {least} at least."));
    }
    if let Some(most) = element.rules.max.filter(|most| number > *most) {
        return Err(format!("{name} may be {most} at most."));
    }
    Ok(())
}

pub(super) fn date(element: &Element, sent: &str, time: bool) -> Checked {
    let text = sent.trim();
    if text.is_empty() {
        return nothing(element);
    }
    let name = element.name_for_people();
    let canonical = if time {
        let moment: Option<DateTime> = has_form_of_time(text).then(|| text.parse().ok()).flatten();
        moment.map(|moment| moment.strftime("%Y-%m-%dT%H:%M").to_string())
    } else {
        let day: Option<Date> = (text.len() == 10).then(|| text.parse().ok()).flatten();
        day.map(|day| day.to_string())
    };
    let example = if time { "2024-01-31T12:30" } else { "2024-01-31" };
    let canonical = canonical.ok_or_else(|| format!("{name} is no date. One looks like {example}."))?;
    // Written in this way, earlier ones come first in the order of texts, and a day before its moments.
    let rules = &element.rules;
    if let Some(from) = rules.from.as_deref().filter(|from| canonical.as_str() < *from) {
        return Err(format!("{name} must not be before {from}."));
    }
    let after = |until: &str| canonical.as_str() > until && !canonical.starts_with(until);
    if let Some(until) = rules.until.as_deref().filter(|until| after(until)) {
        return Err(format!("{name} must not be after {until}."));
    }
    Ok(Value::Text(canonical))
}

/// Browsers send minutes, and seconds where they are not zero.
fn has_form_of_time(text: &str) -> bool {
    matches!(text.len(), 16 | 19) && text.as_bytes().get(10) == Some(&b'T')
}
