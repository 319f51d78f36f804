//! What a page tells about itself: whether it is loading, how it was answered, what it complains about.

use std::sync::Mutex;

use serde_json::Value;

use super::wire::Event;

/// The browser wonders about fields whose name is one of the words for what can be filled in by itself, such as
/// `country`: names are the forms' own affair.
const A_NAME_LIKE_OTHERS: &str = "FormInputAssignedAutocompleteValueToIdOrNameAttributeError";

/// What is known of a page.
#[derive(Default)]
pub struct Watch(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// The frame of the page itself.
    frame: String,
    /// A navigation that was asked for has not begun.
    scheduled: bool,
    loading: bool,
    url: String,
    status: u64,
    complaints: Vec<String>,
    expected: Vec<String>,
}

impl Watch {
    pub fn of(frame: &str) -> Self {
        Self(Mutex::new(Known {
            frame: frame.to_owned(),
            ..Known::default()
        }))
    }

    /// Whether nothing is on its way.
    pub fn is_settled(&self) -> bool {
        let known = self.0.lock().unwrap();
        !known.scheduled && !known.loading
    }

    /// Where the page is.
    pub fn url(&self) -> String {
        self.0.lock().unwrap().url.clone()
    }

    /// The HTTP status that the page was answered with.
    pub fn status(&self) -> u64 {
        self.0.lock().unwrap().status
    }

    /// Whether there is a complaint that has the text. Such ones are no fault from now on.
    pub fn expect(&self, text: &str) -> bool {
        let mut known = self.0.lock().unwrap();
        let found = known.complaints.iter().any(|complaint| complaint.contains(text));
        if found {
            known.expected.push(text.to_owned());
        }
        found
    }

    /// Complaints that have the text are no fault from now on, whether they come or not.
    pub fn bear(&self, text: &str) {
        self.0.lock().unwrap().expected.push(text.to_owned());
    }

    /// What the page complained about and nobody expected: errors in its console, things that its policy forbids.
    pub fn complaints(&self) -> Vec<String> {
        let known = self.0.lock().unwrap();
        let expected = |complaint: &&String| known.expected.iter().any(|text| complaint.contains(text));
        let unexpected = known.complaints.iter().filter(|complaint| !expected(complaint));
        unexpected.cloned().collect()
    }

    /// Takes up an event.
    pub fn hear(&self, event: &Event) {
        let mut known = self.0.lock().unwrap();
        let parameters = &event.parameters;
        let own = parameters["frameId"] == *known.frame;
        match event.name.as_str() {
            "Page.frameScheduledNavigation" | "Page.frameRequestedNavigation" if own => {
                known.scheduled = true
            }
            "Page.frameClearedScheduledNavigation" if own => known.scheduled = false,
            "Page.frameStartedLoading" if own => {
                known.scheduled = false;
                known.loading = true;
            }
            "Page.frameStoppedLoading" if own => known.loading = false,
            "Page.navigatedWithinDocument" if own => {
                known.scheduled = false;
                known.url = text(&parameters["url"]);
            }
            "Page.frameNavigated" if parameters["frame"]["id"] == *known.frame => {
                known.url = text(&parameters["frame"]["url"]);
            }
            "Network.responseReceived" if own && parameters["type"] == "Document" => {
                known.status = parameters["response"]["status"].as_u64().unwrap_or(0);
                known.url = text(&parameters["response"]["url"]);
            }
            _ => {
                if let Some(complaint) = complaint(event, &known.url) {
                    known.complaints.push(complaint);
                }
            }
        }
    }
}

fn complaint(event: &Event, url: &str) -> Option<String> {
    let parameters = &event.parameters;
    match event.name.as_str() {
        "Runtime.exceptionThrown" => {
            let details = &parameters["exceptionDetails"];
            let exception = details["exception"]["description"]
                .as_str()
                .or(details["text"].as_str());
            Some(format!("uncaught: {}", exception.unwrap_or("an exception")))
        }
        "Runtime.consoleAPICalled"
            if matches!(parameters["type"].as_str(), Some("error" | "assert" | "warning")) =>
        {
            let words = parameters["args"].as_array()?.iter();
            let words: Vec<String> = words
                .map(|word| {
                    word["value"]
                        .as_str()
                        .map_or_else(|| text(&word["description"]), str::to_owned)
                })
                .collect();
            Some(format!("console: {}", words.join(" ")))
        }
        "Log.entryAdded" => {
            let entry = &parameters["entry"];
            // That the page itself was answered with an error is its status, and no news.
            let itself = entry["source"] == "network" && entry["url"] == url;
            let grave = entry["level"] == "error" || entry["source"] == "security";
            (grave && !itself).then(|| {
                format!(
                    "{}: {} ({})",
                    text(&entry["source"]),
                    text(&entry["text"]),
                    text(&entry["url"])
                )
            })
        }
        "Audits.issueAdded" => {
            let issue = parameters["issue"].to_string();
            (!issue.contains(A_NAME_LIKE_OTHERS)).then(|| format!("issue: {issue}"))
        }
        "Inspector.targetCrashed" => Some("the page crashed".to_owned()),
        _ => None,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
