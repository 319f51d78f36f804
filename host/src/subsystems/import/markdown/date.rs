//! Dates of documents, as front matter and file names write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::time::Timestamp;

/// Reads a date with or without a time and an offset; without an offset it is taken as UTC.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    // `2018-01-02 10:00:00 +0100`, as Jekyll writes it.
    let text = text.replace(" +", "+").replace(" -", "-");
    let moment = text
        .parse::<jiff::Timestamp>()
        .ok()
        .or_else(|| at_utc(text.parse::<DateTime>().ok()?));
    moment.map(|moment| Timestamp::from_millis(moment.as_millisecond()))
}

/// The date that a path has in it: `YYYY/MM/DD/` anywhere, or `YYYY-MM-DD-` at the start of its last segment.
pub(super) fn in_path(path: &str) -> Option<Timestamp> {
    let segments: Vec<&str> = path.split('/').collect();
    let folders = segments.windows(4).find_map(|part| match part {
        [year, month, day, _] => date(year, month, day),
        _ => None,
    });
    let date = folders.or_else(|| split_prefix(segments.last()?).map(|(date, _)| date))?;
    at_utc(date.at(0, 0, 0, 0)).map(|moment| Timestamp::from_millis(moment.as_millisecond()))
}

/// A name without the date that it begins with.
pub(super) fn without_prefix(name: &str) -> &str {
    split_prefix(name).map_or(name, |(_, rest)| rest)
}

fn split_prefix(name: &str) -> Option<(Date, &str)> {
    let mut parts = name.splitn(4, '-');
    let date = date(parts.next()?, parts.next()?, parts.next()?)?;
    parts
        .next()
        .filter(|rest| !rest.is_empty())
        .map(|rest| (date, rest))
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn at_utc(moment: DateTime) -> Option<jiff::Timestamp> {
    moment.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDNIGHT: Timestamp = Timestamp(1_514_851_200_000);

    #[test]
    fn a_date_is_read_with_or_without_time_and_offset() {
        let hour = |hours: i64| Some(Timestamp(MIDNIGHT.0 + hours * 3_600_000));
        assert_eq!(parse("2018-01-02"), hour(0));
        assert_eq!(parse("2018-01-02T10:00:00Z"), hour(10));
        assert_eq!(parse("2018-01-02 10:00:00"), hour(10));
        assert_eq!(parse("2018-01-02T10:00:00+01:00"), hour(9));
        assert_eq!(parse("2018-01-02 10:00:00 +0100"), hour(9));
        assert_eq!(parse("2018-01-02 10:00:00 -0100"), hour(11));
        for text in ["", "soon", "2018-13-01", "02.01.2018"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_path_tells_its_date_by_folders_or_by_its_name() {
        for path in [
            "2018/01/02/a",
            "blog/2018/01/02/a/b",
            "2018-01-02-a",
            "blog/2018-01-02-a.md",
        ] {
            assert_eq!(in_path(path), Some(MIDNIGHT), "{path}");
        }
        for path in [
            "2018/01/02",
            "2018/1/2/a",
            "2018/02/30/a",
            "2018-01-02",
            "2018-01-02-/x",
            "a-2018-01-02-b",
        ] {
            assert_eq!(in_path(path), None, "{path}");
        }
        assert_eq!(without_prefix("2018-01-02-a-b"), "a-b");
        assert_eq!(without_prefix("2024-Edition-CFP"), "2024-Edition-CFP");
    }
}
