//! What a browser sends: texts by the paths of their fields, as they were typed.

use std::collections::BTreeMap;

use super::model::{Element, Form, GroupRules, Kind};
use super::{Upload, Value, Values};

/// The name of the field that carries the pressed button.
pub const PRESSED: &str = "form_op";

/// Texts and files by path. A path is the element's name; within a group it is `phones.0.number`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Input {
    texts: BTreeMap<String, Vec<String>>,
    files: BTreeMap<String, Vec<Upload>>,
}

impl Input {
    /// Adds a text.
    pub fn push(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.texts.entry(path.into()).or_default().push(text.into());
    }

    /// Adds a file.
    pub fn push_file(&mut self, path: impl Into<String>, file: Upload) {
        self.files.entry(path.into()).or_default().push(file);
    }

    /// Puts a text in the place of all others.
    pub fn set(&mut self, path: impl Into<String>, text: impl Into<String>) {
        self.texts.insert(path.into(), vec![text.into()]);
    }

    /// The first text at a path.
    #[must_use]
    pub fn first(&self, path: &str) -> Option<&str> {
        self.texts.get(path)?.first().map(String::as_str)
    }

    /// All texts at a path.
    #[must_use]
    pub fn all(&self, path: &str) -> &[String] {
        self.texts.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every path with its texts.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.texts
            .iter()
            .map(|(path, texts)| (path.as_str(), texts.as_slice()))
    }

    /// All files at a path.
    #[must_use]
    pub fn files(&self, path: &str) -> &[Upload] {
        self.files.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Lets all files go with whoever holds them.
    pub fn release_files(&self) {
        self.files.values().flatten().for_each(Upload::release);
    }

    /// How many rows a group has, within what it may have.
    #[must_use]
    pub fn rows(&self, path: &str, rules: &GroupRules) -> usize {
        let sent = self.first(&rows_path(path)).and_then(|rows| rows.parse().ok());
        sent.unwrap_or(rules.least).clamp(rules.least, rules.most)
    }

    /// What a form shows before anybody has typed: its defaults, or what was answered before.
    #[must_use]
    pub fn of_defaults(form: &Form, before: Option<&Values>) -> Self {
        let mut input = Self::default();
        input.fill(&form.elements, "", before);
        input
    }

    /// Puts back what can't be changed: browsers don't send it, and whoever sends it all the same is not asked.
    pub fn restore_disabled(&mut self, form: &Form) {
        for element in form
            .all()
            .filter(|element| element.disabled && element.kind.has_value())
        {
            self.texts.remove(&element.name);
            self.fill_value(element, &element.name, &element.default);
        }
    }

    fn fill(&mut self, elements: &[Element], prefix: &str, before: Option<&Values>) {
        for element in elements {
            if element.kind.is_layout() {
                self.fill(&element.children, prefix, before);
            } else if element.kind.has_value() {
                let path = format!("{prefix}{}", element.name);
                let known = before.and_then(|values| values.get(&element.name));
                self.fill_value(element, &path, known.unwrap_or(&element.default));
            }
        }
    }

    fn fill_value(&mut self, element: &Element, path: &str, value: &Value) {
        match value {
            Value::Empty | Value::Flag(false) | Value::Files(_) => {}
            Value::Flag(true) => self.set(path, "1"),
            Value::Integer(number) => self.set(path, number.to_string()),
            Value::Text(text) | Value::Decimal(text) => self.set(path, text.as_str()),
            Value::Formatted { text, format } => {
                self.set(path, text.as_str());
                self.set(format_path(path), format.as_str());
            }
            Value::List(list) => list.iter().for_each(|text| self.push(path, text.as_str())),
            Value::Rows(_) => {}
        }
        if let Kind::Group(rules) = &element.kind {
            let none = Vec::new();
            let rows = if let Value::Rows(rows) = value {
                rows
            } else {
                &none
            };
            let count = rows.len().clamp(rules.least, rules.most);
            self.set(rows_path(path), count.to_string());
            for index in 0..count {
                self.fill(&element.children, &format!("{path}.{index}."), rows.get(index));
            }
        }
    }

    /// Adds an empty row at the end of a group.
    pub fn add_row(&mut self, path: &str, element: &Element, rules: &GroupRules) {
        let count = self.rows(path, rules);
        if count < rules.most {
            self.set(rows_path(path), (count + 1).to_string());
            self.fill(&element.children, &format!("{path}.{count}."), None);
        }
    }

    /// Takes a row out of a group; those after it move up. A row that must be there becomes empty.
    pub fn remove_row(&mut self, path: &str, index: usize, element: &Element, rules: &GroupRules) {
        let count = self.rows(path, rules);
        if index >= count {
            return;
        }
        for at in index..count {
            let row = self.take_row(path, at + 1);
            self.take_row(path, at);
            self.put_row(path, at, row);
        }
        let left = (count - 1).max(rules.least);
        if left == count {
            self.fill(&element.children, &format!("{path}.{}.", count - 1), None);
        }
        self.set(rows_path(path), left.to_string());
    }

    /// Changes the places of two rows that are next to each other.
    pub fn swap_rows(&mut self, path: &str, first: usize, rules: &GroupRules) {
        if first + 1 < self.rows(path, rules) {
            let (one, other) = (self.take_row(path, first), self.take_row(path, first + 1));
            self.put_row(path, first, other);
            self.put_row(path, first + 1, one);
        }
    }

    fn take_row(&mut self, path: &str, index: usize) -> Row {
        let prefix = format!("{path}.{index}.");
        Row {
            texts: take_below(&mut self.texts, &prefix),
            files: take_below(&mut self.files, &prefix),
        }
    }

    fn put_row(&mut self, path: &str, index: usize, row: Row) {
        let whole = |rest: &str| format!("{path}.{index}.{rest}");
        let texts = row.texts.into_iter().map(|(rest, texts)| (whole(&rest), texts));
        let files = row.files.into_iter().map(|(rest, files)| (whole(&rest), files));
        self.texts.extend(texts);
        self.files.extend(files);
    }
}

/// What a row has, by the rest of the paths.
struct Row {
    texts: Vec<(String, Vec<String>)>,
    files: Vec<(String, Vec<Upload>)>,
}

fn take_below<T>(map: &mut BTreeMap<String, Vec<T>>, prefix: &str) -> Vec<(String, Vec<T>)> {
    let paths: Vec<String> = map
        .range(prefix.to_owned()..)
        .map(|(path, _)| path)
        .take_while(|path| path.starts_with(prefix))
        .cloned()
        .collect();
    let rest = |path: &str| path.strip_prefix(prefix).unwrap_or_default().to_owned();
    paths
        .iter()
        .filter_map(|path| Some((rest(path), map.remove(path)?)))
        .collect()
}

/// Where the number of a group's rows is sent.
pub fn rows_path(path: &str) -> String {
    format!("{path}.rows")
}

/// Where the text format of a text is sent.
pub fn format_path(path: &str) -> String {
    format!("{path}.format")
}

/// Where a password is sent a second time.
pub fn again_path(path: &str) -> String {
    format!("{path}.again")
}

/// Where the identifier of a record is sent that was picked from a list.
pub fn picked_path(path: &str) -> String {
    format!("{path}.id")
}
