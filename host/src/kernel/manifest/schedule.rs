//! When something is due again and again: the five fields of crontab (POSIX, `crontab`), and names for the usual ones.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A schedule, in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Schedule {
    text: String,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether days of the month and of the week are both given: then either will do.
    either_day: bool,
}

/// A moment as schedules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// From 0 to 59.
    pub minute: u32,
    /// From 0 to 23.
    pub hour: u32,
    /// The day of the month, from 1.
    pub day: u32,
    /// From 1 to 12.
    pub month: u32,
    /// From 0, which is Sunday.
    pub weekday: u32,
}

const NAMED: [(&str, &str); 5] = [
    ("@hourly", "0 * * * *"),
    ("@daily", "0 0 * * *"),
    ("@weekly", "0 0 * * 0"),
    ("@monthly", "0 0 1 * *"),
    ("@yearly", "0 0 1 1 *"),
];

/// The fields, with their least and greatest numbers; 7 is another Sunday.
const FIELDS: [(&str, u32, u32); 5] = [
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
];

impl Schedule {
    /// Whether something is due in a minute.
    #[must_use]
    pub fn is_due(&self, at: Minute) -> bool {
        let has = |set: u64, number: u32| set >> number & 1 == 1;
        let (day, weekday) = (has(self.days, at.day), has(self.weekdays, at.weekday));
        let on_day = if self.either_day {
            day || weekday
        } else {
            day && weekday
        };
        has(self.minutes, at.minute) && has(self.hours, at.hour) && has(self.months, at.month) && on_day
    }
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = NAMED.iter().find(|(name, _)| *name == text.trim());
        let fields: Vec<&str> = named
            .map_or(text, |(_, fields)| fields)
            .split_whitespace()
            .collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(format!(
                "`{text}` is no schedule: five fields such as `*/15 * * * *` were expected (minute, hour, day of the \
                 month, month, day of the week), or one of {}",
                NAMED.map(|(name, _)| name).join(", ")
            ));
        };
        let [of_minute, of_hour, of_day, of_month, of_weekday] = FIELDS;
        let weekday_set = set(weekdays, of_weekday)?;
        Ok(Self {
            text: text.trim().to_owned(),
            minutes: set(minutes, of_minute)?,
            hours: set(hours, of_hour)?,
            days: set(days, of_day)?,
            months: set(months, of_month)?,
            weekdays: weekday_set | weekday_set >> 7 & 1,
            either_day: !days.starts_with('*') && !weekdays.starts_with('*'),
        })
    }
}

impl TryFrom<String> for Schedule {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The numbers of a field, as bits.
fn set(text: &str, (name, least, most): (&str, u32, u32)) -> Result<u64, String> {
    let wrong = || {
        format!(
            "`{text}` is no {name} of a schedule: numbers from {least} to {most}, `*`, `1-5`, `1,3`, `*/15`"
        )
    };
    text.split(',').try_fold(0, |all, part| {
        let (range, step) = part
            .split_once('/')
            .map_or((part, None), |(range, step)| (range, Some(step)));
        let step: u32 = step.map_or(Ok(1), str::parse).map_err(|_| wrong())?;
        let (from, to) = match (range, range.split_once('-')) {
            ("*", _) => (least, most),
            (_, Some((from, to))) => (
                from.parse().map_err(|_| wrong())?,
                to.parse().map_err(|_| wrong())?,
            ),
            (one, None) => {
                let one = one.parse().map_err(|_| wrong())?;
                (one, if part.contains('/') { most } else { one })
            }
        };
        if step == 0 || from < least || to > most || from > to {
            return Err(wrong());
        }
        let numbers = (from..=to).step_by(step as usize);
        Ok(numbers.fold(all, |set, number| set | 1 << number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn due(schedule: &str, minute: u32, hour: u32, day: u32, month: u32, weekday: u32) -> bool {
        let schedule: Schedule = schedule.parse().unwrap();
        schedule.is_due(Minute {
            minute,
            hour,
            day,
            month,
            weekday,
        })
    }

    #[test]
    fn fields_have_steps_ranges_and_lists() {
        assert!(due("*/15 * * * *", 30, 3, 1, 1, 1) && !due("*/15 * * * *", 31, 3, 1, 1, 1));
        assert!(due("0 8-10,20 * * *", 0, 9, 1, 1, 1) && due("0 8-10,20 * * *", 0, 20, 1, 1, 1));
        assert!(!due("0 8-10,20 * * *", 0, 11, 1, 1, 1));
        assert!(due("5/20 * * * *", 45, 0, 1, 1, 1) && !due("5/20 * * * *", 0, 0, 1, 1, 1));
    }

    #[test]
    fn seven_is_sunday_and_either_day_will_do_where_both_are_given() {
        assert!(due("0 0 * * 7", 0, 0, 3, 1, 0) && !due("0 0 * * 7", 0, 0, 3, 1, 1));
        assert!(
            due("0 0 1 * 1", 0, 0, 1, 1, 4)
                && due("0 0 1 * 1", 0, 0, 9, 1, 1)
                && !due("0 0 1 * 1", 0, 0, 9, 1, 2)
        );
        assert!(due("@monthly", 0, 0, 1, 6, 2) && !due("@monthly", 0, 0, 2, 6, 2));
    }

    #[test]
    fn what_is_no_schedule_is_refused_with_what_would_be_one() {
        for wrong in [
            "",
            "* * * *",
            "60 * * * *",
            "* * 0 * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "a * * * *",
            "@never",
        ] {
            assert!(
                wrong.parse::<Schedule>().unwrap_err().contains("schedule"),
                "{wrong}"
            );
        }
    }
}
