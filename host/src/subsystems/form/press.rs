//! Which button sent the form, and what it does with rows and parts. A button's value is its name, or what it does
//! and where: `add:phones`, `remove:phones.1`, `up:phones.1`, `down:phones.1`, `refresh:country`.

use super::input::{Input, PRESSED};
use super::model::{Does, Element, Form, GroupRules, Kind};

/// What the button wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Press {
    /// The form is done: the button's name, and whether the answers are checked.
    Submit { button: String, checks: bool },
    /// The step before.
    Back,
    /// Suggestions for what is typed: the path of its element.
    Suggest(String),
    /// A part of the form has changed: the path of its element.
    Part(String),
}

/// Finds the button and does to the input what it does to rows. Without a button, as when somebody presses Enter, it
/// is the first that submits.
pub fn press(form: &Form, input: &mut Input) -> Press {
    let pressed = input.first(PRESSED).unwrap_or_default().to_owned();
    if let Some(path) = pressed.strip_prefix("suggest:") {
        return Press::Suggest(path.to_owned());
    }
    if let Some((verb, path)) = pressed.split_once(':')
        && let Some(part) = change(form, input, verb, path)
    {
        return Press::Part(part);
    }
    let buttons = || form.all().filter_map(button);
    let named = buttons().find(|(name, _)| *name == pressed);
    let first = || buttons().find(|(_, does)| *does == Does::Submit);
    match named.or_else(first) {
        Some((_, Does::Back)) => Press::Back,
        Some((name, does)) => Press::Submit {
            button: name.to_owned(),
            checks: does == Does::Submit,
        },
        None => Press::Submit {
            button: String::new(),
            checks: true,
        },
    }
}

fn button(element: &Element) -> Option<(&str, Does)> {
    match &element.kind {
        Kind::Submit(button) if !element.disabled => Some((element.name.as_str(), button.does)),
        _ => None,
    }
}

/// Changes rows; the answer is the path of the part that has changed, none for what makes no sense.
fn change(form: &Form, input: &mut Input, verb: &str, path: &str) -> Option<String> {
    if verb == "refresh" {
        let part = at(form, path)?.refreshes.as_deref()?;
        form.find(part)?;
        return Some(part.to_owned());
    }
    if verb == "add" {
        let (element, rules) = group_at(form, path)?;
        input.add_row(path, element, rules);
        return Some(path.to_owned());
    }
    let (group, index) = path.rsplit_once('.')?;
    let index: usize = index.parse().ok()?;
    let (element, rules) = group_at(form, group)?;
    match verb {
        "remove" => input.remove_row(group, index, element, rules),
        "up" => input.swap_rows(group, index.checked_sub(1)?, rules),
        "down" => input.swap_rows(group, index, rules),
        _ => return None,
    }
    Some(group.to_owned())
}

fn group_at<'a>(form: &'a Form, path: &str) -> Option<(&'a Element, &'a GroupRules)> {
    let element = at(form, path)?;
    match &element.kind {
        Kind::Group(rules) if !element.disabled => Some((element, rules)),
        _ => None,
    }
}

/// The element at a path: names are unique in a form, so the last name of the path tells which it is; the names
/// before it must be groups, with the numbers of rows between them.
pub fn at<'a>(form: &'a Form, path: &str) -> Option<&'a Element> {
    let mut parts = path.split('.');
    let mut element = form.find(parts.next()?)?;
    while let Some(index) = parts.next() {
        let row: usize = index.parse().ok()?;
        let Kind::Group(rules) = &element.kind else {
            return None;
        };
        let name = parts.next()?;
        if row >= rules.most {
            return None;
        }
        element = inside(element, name)?;
    }
    Some(element)
}

fn inside<'a>(element: &'a Element, name: &str) -> Option<&'a Element> {
    element.children.iter().find_map(|child| {
        if child.name == name {
            Some(child)
        } else {
            inside(child, name)
        }
    })
}
