//! Moments as people write them: in their time zone, to the minute.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::request::Request;
use crate::time::Timestamp;

/// A time zone.
pub struct Zone(TimeZone);

impl Zone {
    /// That of whoever asks; UTC where they have none.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let named = request
            .session
            .as_ref()
            .and_then(|session| session.timezone.clone());
        let zone = named.and_then(|name| TimeZone::get(&name).ok());
        Self(zone.unwrap_or(TimeZone::UTC))
    }

    /// What is said of it below a field.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("Time zone: {}", self.0.iana_name().unwrap_or("UTC"))
    }

    /// A moment as `2024-01-31T12:30`.
    #[must_use]
    pub fn show(&self, moment: Timestamp) -> String {
        let Ok(moment) = jiff::Timestamp::from_millisecond(moment.as_millis()) else {
            return String::new();
        };
        moment
            .to_zoned(self.0.clone())
            .strftime("%Y-%m-%dT%H:%M")
            .to_string()
    }

    /// The moment that was typed; `before` if that is what it was shown as, with its seconds.
    #[must_use]
    pub fn read(&self, text: &str, before: Option<Timestamp>) -> Option<Timestamp> {
        if let Some(before) = before.filter(|before| self.show(*before) == text) {
            return Some(before);
        }
        let moment = text.parse::<DateTime>().ok()?.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp::from_millis(moment.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_nobody_touched_keeps_its_seconds() {
        let zone = Zone(TimeZone::get("Europe/Rome").unwrap());
        let moment = Timestamp(1_700_000_012_345);
        let shown = zone.show(moment);
        assert_eq!(shown, "2023-11-14T23:13");
        assert_eq!(zone.read(&shown, Some(moment)), Some(moment));
        assert_eq!(
            zone.read("2023-11-14T23:14", Some(moment)),
            Some(Timestamp(1_700_000_040_000))
        );
        assert_eq!(zone.read("soon", None), None);
    }
}
