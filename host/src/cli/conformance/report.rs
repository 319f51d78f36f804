//! What was proved, for people and for programs.

use std::fmt::Write;
use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// JUnit's XML, for build servers.
    Junit,
    /// JSON.
    Json,
}

/// What came of all cases.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// What was proved, such as `trovato 0.1.0 on sqlite`.
    pub subject: String,
    /// The cases, in their order.
    pub outcomes: Vec<Outcome>,
    /// What no case is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncovered: Vec<String>,
}

/// What came of a case.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// What it belongs to: an interface, or a part of a plugin.
    pub suite: String,
    /// What it says.
    pub name: String,
    /// `success`, `refusal` or `failure`: what it proves.
    pub proves: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Why it does not hold; none where it does.
    pub problem: Option<String>,
}

impl Outcome {
    /// An outcome of something that took a while.
    pub fn new(suite: &str, name: &str, proves: &str, took: Duration, problem: Option<String>) -> Self {
        Self {
            suite: suite.to_owned(),
            name: name.to_owned(),
            proves: proves.to_owned(),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            problem,
        }
    }
}

impl Report {
    /// How many cases don't hold.
    pub fn failures(&self) -> usize {
        let failed = self.outcomes.iter().filter(|outcome| outcome.problem.is_some());
        failed.count()
    }

    /// The report in a format.
    pub fn shown(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Junit => self.junit(),
            Format::Json => serde_json::to_string_pretty(self).unwrap_or_default(),
        }
    }

    fn suites(&self) -> Vec<(&str, Vec<&Outcome>)> {
        let mut suites: Vec<(&str, Vec<&Outcome>)> = Vec::new();
        for outcome in &self.outcomes {
            match suites.iter_mut().find(|(name, _)| *name == outcome.suite) {
                Some((_, outcomes)) => outcomes.push(outcome),
                None => suites.push((&outcome.suite, vec![outcome])),
            }
        }
        suites
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n", self.subject);
        for (suite, outcomes) in self.suites() {
            let held = outcomes
                .iter()
                .filter(|outcome| outcome.problem.is_none())
                .count();
            // Writing to a string can't fail.
            let _ = writeln!(text, "{suite:<18}{held} of {} hold", outcomes.len());
            for outcome in outcomes {
                if let Some(problem) = &outcome.problem {
                    let _ = writeln!(
                        text,
                        "  does not hold: {}\n    {}",
                        outcome.name,
                        problem.replace('\n', "\n    ")
                    );
                }
            }
        }
        if !self.uncovered.is_empty() {
            let _ = writeln!(text, "no case is about  {}", self.uncovered.join(", "));
        }
        let held = self.outcomes.len() - self.failures();
        let _ = write!(text, "{held} of {} cases hold", self.outcomes.len());
        text
    }

    /// As JUnit's XML is read by build servers: <https://github.com/testmoapp/junitxml>.
    fn junit(&self) -> String {
        let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let _ = writeln!(
            xml,
            "<testsuites name=\"{}\" tests=\"{}\" failures=\"{}\">",
            escaped(&self.subject),
            self.outcomes.len(),
            self.failures()
        );
        for (suite, outcomes) in self.suites() {
            let failed = outcomes
                .iter()
                .filter(|outcome| outcome.problem.is_some())
                .count();
            let _ = writeln!(
                xml,
                "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
                escaped(suite),
                outcomes.len()
            );
            for outcome in outcomes {
                let (name, seconds) = (
                    escaped(&outcome.name),
                    Duration::from_millis(outcome.took_ms).as_secs_f64(),
                );
                let case = format!(
                    "    <testcase classname=\"{}\" name=\"{name}\" time=\"{seconds:.3}\"",
                    escaped(suite)
                );
                let _ = match &outcome.problem {
                    None => writeln!(xml, "{case}/>"),
                    Some(problem) => writeln!(
                        xml,
                        "{case}>\n      <failure message=\"{}\"/>\n    </testcase>",
                        escaped(problem)
                    ),
                };
            }
            xml.push_str("  </testsuite>\n");
        }
        xml.push_str("</testsuites>");
        xml
    }
}

/// Text for an attribute of XML 1.0, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let outcome = |name: &str, problem: Option<&str>| {
            let problem = problem.map(str::to_owned);
            Outcome::new("cache", name, "success", Duration::from_millis(1500), problem)
        };
        Report {
            subject: "trovato".to_owned(),
            outcomes: vec![outcome("one", None), outcome("two", Some("<a> & \"b\"\nc"))],
            uncovered: vec!["mail/send".to_owned()],
        }
    }

    #[test]
    fn people_read_what_does_not_hold() {
        let text = "trovato\ncache             1 of 2 hold\n  does not hold: two\n    <a> & \"b\"\n    c\n\
                    no case is about  mail/send\n1 of 2 cases hold";
        assert_eq!(report().shown(Format::Text), text);
    }

    #[test]
    fn build_servers_read_junit() {
        let xml = report().shown(Format::Junit);
        assert!(
            xml.contains("<testsuite name=\"cache\" tests=\"2\" failures=\"1\">"),
            "{xml}"
        );
        assert!(
            xml.contains("<testcase classname=\"cache\" name=\"one\" time=\"1.500\"/>"),
            "{xml}"
        );
        assert!(
            xml.contains("<failure message=\"&lt;a&gt; &amp; &quot;b&quot;&#10;c\"/>"),
            "{xml}"
        );
    }

    #[test]
    fn programs_read_json() {
        let json: serde_json::Value = serde_json::from_str(&report().shown(Format::Json)).unwrap();
        assert_eq!(json["outcomes"][1]["problem"], "<a> & \"b\"\nc");
        assert_eq!(json["outcomes"][0]["problem"], serde_json::Value::Null);
    }
}
