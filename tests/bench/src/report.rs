//! What was measured against what must be reached: a table for people, JSON for machines.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::environment::Environment;
use crate::samples::Samples;

/// Noise of a shared machine that a short run forgives: gates are so many times wider.
const SLACK: f64 = 3.0;

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
    figures: Vec<Figure>,
    #[serde(skip)]
    group: &'static str,
}

impl Report {
    pub fn new(short: bool) -> Self {
        Self {
            environment: Environment::read(),
            short,
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
        let slack = if self.short { SLACK } else { 1.0 };
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
                "\nA short run: every limit is {SLACK} times wider than shown."
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
    fn a_short_run_forgives_three_times_the_limit_and_no_more() {
        let mut report = Report::new(true);
        report.gate("a", 2.9, Unit::Times, Gate::AtMost(1.0));
        report.gate("b", 1.0, Unit::Times, Gate::AtLeast(2.0));
        assert!(report.holds());
        report.gate("c", 3.1, Unit::Times, Gate::AtMost(1.0));
        assert!(!report.holds());
    }

    #[test]
    fn a_gate_does_not_hold_for_what_could_not_be_measured() {
        let mut report = Report::new(false);
        report.gate("a", f64::NAN, Unit::Times, Gate::AtMost(1.0));
        assert!(!report.holds());
    }
}
