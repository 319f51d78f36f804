//! The attributes of an element's main field, so that templates need not know what each kind has.

use serde::Serialize;

use super::{Element, Kind, Painter};
use crate::subsystems::form::input::format_path;

/// An attribute; one without a value stands alone.
#[derive(Serialize)]
pub struct Attribute {
    pub name: &'static str,
    pub value: Option<String>,
}

#[derive(Default)]
struct List(Vec<Attribute>);

impl List {
    fn put(&mut self, name: &'static str, value: impl ToString) {
        let value = Some(value.to_string());
        self.0.push(Attribute { name, value });
    }

    fn put_some(&mut self, name: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    fn put_text(&mut self, name: &'static str, value: &str) {
        self.put_some(name, Some(value).filter(|value| !value.is_empty()));
    }

    fn flag(&mut self, name: &'static str, is_set: bool) {
        if is_set {
            self.0.push(Attribute { name, value: None });
        }
    }
}

/// `is_empty` says that nothing was sent before that need not be sent again.
pub fn attributes(
    painter: &Painter<'_>,
    element: &Element,
    path: &str,
    id: &str,
    is_empty: bool,
) -> Vec<Attribute> {
    let mut list = List::default();
    let is_set = matches!(element.kind, Kind::Checkboxes | Kind::Radios | Kind::Group(_));
    if !element.kind.has_value() {
        return list.0;
    }
    if !is_set {
        list.put("id", id);
        list.put("name", path);
        of_kind(&mut list, element);
        // A box of several files may be left alone where files are there already; the host knows better.
        list.flag("required", element.required && is_empty);
        list.flag("disabled", element.disabled);
    }
    let has_errors = painter.errors.at(path).next().is_some();
    let help = (!element.help.is_empty()).then(|| format!("{id}-help"));
    let error = has_errors.then(|| format!("{id}-error"));
    let described: Vec<String> = [help, error].into_iter().flatten().collect();
    list.put_text("aria-describedby", &described.join(" "));
    if has_errors {
        list.put("aria-invalid", "true");
        list.flag("autofocus", !is_set && painter.is_first_wrong(path));
    }
    if element.refreshes.is_some() {
        list.put("data-form-refresh", path);
    }
    aid(&mut list, element, path);
    list.0
}

/// What scripts find an element by.
fn aid(list: &mut List, element: &Element, path: &str) {
    let beside = |name: &String| match path.rsplit_once('.') {
        Some((row, _)) => format!("{row}.{name}"),
        None => name.clone(),
    };
    let format = match element.kind {
        Kind::Rich => Some(format_path(path)),
        _ => element.aid.format_in.as_ref().map(beside),
    };
    list.put_some("data-form-rich", format);
    list.put_some("data-form-kinds", element.aid.kind_in.as_ref());
}

fn of_kind(list: &mut List, element: &Element) {
    let rules = &element.rules;
    let input_type = match &element.kind {
        Kind::Text | Kind::Reference { .. } => Some("text"),
        Kind::Number { .. } => Some("number"),
        Kind::Date { time: false } => Some("date"),
        Kind::Date { time: true } => Some("datetime-local"),
        // An address of this site is a path, which browsers don't take for a URL.
        Kind::Url => Some("text"),
        Kind::Email => Some("email"),
        Kind::Telephone => Some("tel"),
        Kind::Search => Some("search"),
        Kind::Password { .. } => Some("password"),
        Kind::Hidden => Some("hidden"),
        Kind::Checkbox => Some("checkbox"),
        Kind::File(_) => Some("file"),
        _ => None,
    };
    list.put_some("type", input_type);
    match &element.kind {
        Kind::Number { decimals } => {
            list.put_some("min", rules.min);
            list.put_some("max", rules.max);
            list.put("step", if *decimals { "any" } else { "1" });
        }
        Kind::Date { .. } => {
            list.put_some("min", rules.from.as_ref());
            list.put_some("max", rules.until.as_ref());
        }
        Kind::Select { multiple: true } => list.flag("multiple", true),
        Kind::Textarea | Kind::Rich => list.put("rows", if element.kind == Kind::Rich { 12 } else { 5 }),
        Kind::File(file) => {
            list.put_text("accept", &file.accept.join(","));
            list.flag("multiple", file.most_files > 1);
            list.put("data-form-most-bytes", file.most_bytes);
        }
        Kind::Hidden => return,
        _ => {}
    }
    let is_line = !matches!(element.kind, Kind::Number { .. } | Kind::Date { .. });
    list.put_some("minlength", rules.min_length.filter(|_| is_line));
    list.put_some("maxlength", rules.max_length.filter(|_| is_line));
    list.put_some("pattern", rules.pattern.as_ref());
    list.put_text(
        "title",
        if rules.pattern.is_some() {
            &rules.pattern_help
        } else {
            ""
        },
    );
    list.put_text("placeholder", &element.placeholder);
    list.put_text("autocomplete", &element.autocomplete);
    let mode = if element.kind == Kind::Url {
        "url"
    } else {
        element.input_mode.as_str()
    };
    list.put_text("inputmode", mode);
}
