//! Whether a value lies between the least and the greatest that its field allows.

use std::cmp::Ordering;

use crate::subsystems::item::model::Value;
use crate::subsystems::item_type::{Field, Settings};

/// What is wrong, if it does not.
pub(super) fn out_of(value: &Value, field: &Field) -> Option<String> {
    let settings = &field.settings;
    match value {
        Value::Integer(number) => outside(settings, "", |bound| compare_decimals(&number.to_string(), bound)),
        Value::Decimal(number) => outside(settings, "", |bound| compare_decimals(number, bound)),
        Value::Floating(number) => outside(settings, "", |bound| number.partial_cmp(&bound.parse().ok()?)),
        Value::Moment(moment) => outside(settings, "", |bound| {
            let bound = bound
                .parse::<jiff::civil::Date>()
                .ok()?
                .to_zoned(jiff::tz::TimeZone::UTC)
                .ok()?;
            moment
                .as_millis()
                .partial_cmp(&bound.timestamp().as_millisecond())
        }),
        Value::Text(text) if *field.base() == crate::subsystems::item_type::FieldType::Date => {
            day(text, settings)
        }
        Value::Text(text) | Value::Formatted { value: text, .. } => {
            let characters = text.chars().count();
            outside(settings, " characters", |bound| {
                characters.partial_cmp(&bound.parse().ok()?)
            })
        }
        _ => None,
    }
}

/// What is wrong with a day, if it lies outside.
pub(super) fn day(day: &str, settings: &Settings) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    outside(settings, "", |bound| day.partial_cmp(&bound.parse().ok()?))
}

/// A bound that can't be read bounds nothing: it is refused where it is set.
fn outside(settings: &Settings, unit: &str, compare: impl Fn(&str) -> Option<Ordering>) -> Option<String> {
    let is = |bound: &Option<String>, wrong| {
        bound
            .as_deref()
            .filter(|bound| compare(bound) == Some(wrong))
            .map(str::to_owned)
    };
    if let Some(least) = is(&settings.min, Ordering::Less) {
        return Some(format!("at least {least}{unit}"));
    }
    is(&settings.max, Ordering::Greater).map(|most| format!("at most {most}{unit}"))
}

/// Whether a text is a decimal number in plain notation.
pub(super) fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= 64 && all_digits(whole) && all_digits(fraction)
}

/// Compares two decimal numbers exactly; none if one is no number.
fn compare_decimals(one: &str, other: &str) -> Option<Ordering> {
    if !is_decimal(one) || !is_decimal(other) {
        return None;
    }
    let (one, other) = (Digits::of(one), Digits::of(other));
    Some(match (one.negative, other.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => one.compare(&other),
        (true, true) => other.compare(&one),
    })
}

/// A number without its sign, its leading zeros, and the zeros at its end.
struct Digits<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
}

impl<'a> Digits<'a> {
    fn of(text: &'a str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        Self {
            negative: text.starts_with('-') && !(whole.is_empty() && fraction.is_empty()),
            whole,
            fraction,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let whole = self.whole.len().cmp(&other.whole.len());
        whole
            .then_with(|| self.whole.cmp(other.whole))
            .then_with(|| self.fraction.cmp(other.fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_compared_exactly() {
        let greater = [
            ("10", "9.99"),
            ("0.10", "0.099999999999999999999"),
            ("1", "-1"),
            ("-1", "-1.01"),
            ("0", "-5"),
        ];
        for (one, other) in greater {
            assert_eq!(
                compare_decimals(one, other),
                Some(Ordering::Greater),
                "{one} {other}"
            );
            assert_eq!(
                compare_decimals(other, one),
                Some(Ordering::Less),
                "{other} {one}"
            );
        }
        for (one, other) in [("1.50", "01.5"), ("-0", "0"), ("-0.00", "0.0")] {
            assert_eq!(
                compare_decimals(one, other),
                Some(Ordering::Equal),
                "{one} {other}"
            );
        }
        assert_eq!(compare_decimals("1", "one"), None);
    }
}
