//! What is known of a form between its pages: kept by the site, never by the browser.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Input, Values};

/// Bytes that a state may have, as JSON.
pub const SIZE_LIMIT: usize = 256 * 1024;

/// Where somebody is in a form of several steps, with what was answered before.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// The steps that were shown, up to the one that is.
    steps: Vec<String>,
    answers: BTreeMap<String, Values>,
    data: BTreeMap<String, Json>,
    #[serde(skip)]
    typed: Option<Input>,
    #[serde(skip)]
    submission: Uuid,
}

impl State {
    /// The step that is shown; empty for the first.
    #[must_use]
    pub fn step(&self) -> &str {
        self.steps.last().map_or("", String::as_str)
    }

    /// What was answered in the steps so far, all together.
    #[must_use]
    pub fn answers(&self) -> Values {
        let mut all = Values::default();
        let before = self
            .steps
            .iter()
            .map(String::as_str)
            .take(self.steps.len().saturating_sub(1));
        for step in std::iter::once("").chain(before).chain([self.step()]) {
            if let Some(answers) = self.answers.get(step) {
                all.extend(answers.clone());
            }
        }
        all
    }

    /// What was answered in one step.
    #[must_use]
    pub fn answers_of(&self, step: &str) -> Option<&Values> {
        self.answers.get(step)
    }

    /// What is typed into a field at this moment, before it is checked: for parts that depend on it.
    #[must_use]
    pub fn typed(&self, path: &str) -> Option<&str> {
        self.typed.as_ref()?.first(path)
    }

    /// The identifier of what is submitted. It stays the same when the form is sent again after it could not be taken:
    /// what is written under it is written once.
    #[must_use]
    pub fn submission(&self) -> Uuid {
        self.submission
    }

    pub(super) fn set_submission(&mut self, build: Uuid) {
        self.submission = build;
    }

    pub(super) fn input(&self) -> Option<&Input> {
        self.typed.as_ref()
    }

    pub(super) fn take_kept(&mut self) -> BTreeMap<String, Json> {
        std::mem::take(&mut self.data)
    }

    pub(super) fn put_kept(&mut self, kept: BTreeMap<String, Json>) {
        self.data = kept;
    }

    /// Something that the handler or a plugin remembers.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.data.get(key)
    }

    /// Remembers something until the form is finished.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.data.insert(key.into(), value.into());
    }

    /// Whether there is anything to keep.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.steps.is_empty() && self.answers.is_empty() && self.data.is_empty()
    }

    pub(super) fn keep_answers(&mut self, values: Values) {
        self.answers.insert(self.step().to_owned(), values);
    }

    pub(super) fn go_to(&mut self, step: &str) {
        match self.steps.iter().position(|known| known == step) {
            Some(at) => self.steps.truncate(at + 1),
            None if step.is_empty() => self.steps.clear(),
            None => self.steps.push(step.to_owned()),
        }
    }

    pub(super) fn go_back(&mut self) {
        self.steps.pop();
    }

    /// Whether a step was shown.
    pub(super) fn has_reached(&self, step: &str) -> bool {
        step.is_empty() || self.steps.iter().any(|known| known == step) || self.answers.contains_key(step)
    }

    pub(super) fn set_typed(&mut self, input: Input) {
        self.typed = Some(input);
    }
}
