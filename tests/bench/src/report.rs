//! What was measured against what must be reached: a table for people, JSON for machines.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::environment::Environment;
use crate::samples::Samples;

/// What a short run forgives, with its few samples on a machine that does other work: gates are so many times wider.
const SLACK: f64 = 2.5;

/// What a figure counts.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Mebibytes,
    Bytes,
    Times,
    Count,
}

impl Unit {
    /// What nanoseconds are divided by.
    fn nanoseconds(self) -> f64 {
        match self {
            Self::Microseconds => 1e3,
            Self::Milliseconds => 1e6,
            _ => 1.0,
        }
    }

    /// Whether a slower machine makes it larger.
    fn is_time(self) -> bool {
        matches!(self, Self::Nanoseconds | Self::Microseconds | Self::Milliseconds)
    }
}

impl Display for Unit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "µs",
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
            Self::Bytes => "B",
            Self::Times => "x",
            Self::Count => "",
        })
    }
}

/// What a figure must be.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    AtMost(f64),
    AtLeast(f64),
}

impl Gate {
    fn holds(self, value: f64, slack: f64) -> bool {
        match self {
            Self::AtMost(limit) => value <= limit * slack,
            Self::AtLeast(limit) => value >= limit / slack,
        }
    }
}

#[derive(Debug, Serialize)]
struct Figure {
    group: &'static str,
    name: String,
    value: f64,
    unit: Unit,
    gate: Option<Gate>,
    holds: Option<bool>,
}

/// The figures of a run.
#[derive(Debug, Serialize)]
pub struct Report {
    environment: Environment,
    short: bool,
    /// How many times slower than the reference the machine is.
    pace: f64,
    figures: Vec<Figure>,
    #[serde(skip)]
    group: &'static str,
}

impl Report {
    pub fn new(short: bool, pace: f64) -> Self {
        Self {
            environment: Environment::read(),
            short,
            pace,
            figures: Vec::new(),
            group: "",
        }
    }

    /// Begins a group of figures.
    pub fn group(&mut self, name: &'static str) {
        self.group = name;
    }

    /// A figure without a limit.
    pub fn note(&mut self, name: impl Into<String>, value: f64, unit: Unit) {
        self.add(name.into(), value, unit, None);
    }

    /// A figure that must keep to a gate.
    pub fn gate(&mut self, name: impl Into<String>, value: f64, unit: Unit, gate: Gate) {
        self.add(name.into(), value, unit, Some(gate));
    }

    /// The median and the tail of some times, without a limit.
    pub fn note_times(&mut self, name: &str, times: &Samples, unit: Unit) {
        for percent in [50, 95, 99] {
            self.note(
                format!("{name}, p{percent}"),
                times.percentile(percent) / unit.nanoseconds(),
                unit,
            );
        }
    }

    fn add(&mut self, name: String, value: f64, unit: Unit, gate: Option<Gate>) {
        let slack = match (self.short, unit.is_time()) {
            (true, true) => SLACK * self.pace,
            (true, false) => SLACK,
            (false, _) => 1.0,
        };
        let holds = gate.map(|gate| gate.holds(value, slack));
        self.figures.push(Figure {
            group: self.group,
            name,
            value,
            unit,
            gate,
            holds,
        });
    }

    /// Whether every gate holds.
    pub fn holds(&self) -> bool {
        self.figures.iter().all(|figure| figure.holds != Some(false))
    }

    /// The load of the machine now, at the end.
    pub fn close(&mut self) {
        self.environment.close();
    }
}

impl Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.environment)?;
        let width = self
            .figures
            .iter()
            .map(|figure| figure.name.chars().count())
            .max()
            .unwrap_or(0);
        let mut group = "";
        for figure in &self.figures {
            if figure.group != group {
                group = figure.group;
                writeln!(
                    formatter,
                    "\n{group:width$}   {:>12}  {:>12}  verdict",
                    "measured", "must be"
                )?;
            }
            let limit = figure.gate.map_or(String::new(), |gate| match gate {
                Gate::AtMost(limit) => format!("≤ {limit} {}", figure.unit),
                Gate::AtLeast(limit) => format!("≥ {limit} {}", figure.unit),
            });
            let verdict = match figure.holds {
                None => "",
                Some(true) => "ok",
                Some(false) => "MISSED",
            };
            let value = format!("{} {}", digits(figure.value), figure.unit);
            writeln!(
                formatter,
                "{:width$}   {value:>12}  {limit:>12}  {verdict}",
                figure.name
            )?;
        }
        if self.short {
            writeln!(
                formatter,
                "\nA short run: every limit is {SLACK} times wider than shown, and those of times {:.2} times more: so much \
                 slower than the machine of the reference is this one at native work.",
                self.pace
            )?;
        }
        Ok(())
    }
}

/// Three significant digits.
fn digits(value: f64) -> String {
    let magnitude = value.abs();
    let decimals = if magnitude >= 100.0 {
        0
    } else if magnitude >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_forgives_two_and_a_half_times_the_limit_and_no_more() {
        let mut report = Report::new(true, 1.0);
        report.gate("a", 2.4, Unit::Times, Gate::AtMost(1.0));
        report.gate("b", 1.0, Unit::Times, Gate::AtLeast(2.0));
        assert!(report.holds());
        report.gate("c", 2.6, Unit::Times, Gate::AtMost(1.0));
        assert!(!report.holds());
    }

    #[test]
    fn a_slow_machine_excuses_times_in_a_short_run_and_nothing_else() {
        let mut report = Report::new(true, 2.0);
        report.gate("a", 4.9, Unit::Milliseconds, Gate::AtMost(1.0));
        assert!(report.holds());
        report.gate("b", 5.1, Unit::Nanoseconds, Gate::AtMost(1.0));
        assert!(!report.holds());
        for unit in [Unit::Times, Unit::Mebibytes] {
            let mut report = Report::new(true, 2.0);
            report.gate("a", 2.6, unit, Gate::AtMost(1.0));
            assert!(!report.holds(), "{unit}");
        }
        let mut full = Report::new(false, 2.0);
        full.gate("a", 1.1, Unit::Milliseconds, Gate::AtMost(1.0));
        assert!(!full.holds());
    }

    #[test]
    fn a_gate_does_not_hold_for_what_could_not_be_measured() {
        let mut report = Report::new(false, 1.0);
        report.gate("a", f64::NAN, Unit::Times, Gate::AtMost(1.0));
        assert!(!report.holds());
    }
}
