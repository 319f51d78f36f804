//! Makes the changes that a plugin wants of a form: all of them, or none where one may not be made.

use super::convert::Reading;
use super::model::{Element, Form, Kind};
use super::soundness;
use crate::wit::forms::Alteration;

/// The form with the changes of one plugin.
///
/// # Errors
/// Which change can't be made, and why.
pub fn alter(form: &Form, changes: Vec<Alteration>, reading: &Reading<'_>) -> Result<Form, String> {
    let mut altered = form.clone();
    // Names are unique, so an index stands for a name.
    let mut names: Vec<String> = form.all().map(|element| element.name.clone()).collect();
    let length = names.len();
    let name_at = |names: &[String], index: u32| {
        let name = names.get(index as usize).cloned();
        name.ok_or_else(|| format!("there is no element {index}"))
    };
    for change in changes {
        match change {
            Alteration::Add(element) => {
                let parent = element.parent.map(|parent| name_at(&names, parent)).transpose()?;
                let added = added(reading, element)?;
                names.push(added.name.clone());
                let siblings = match &parent {
                    Some(parent) => &mut find(&mut altered.elements, parent)?.children,
                    None => &mut altered.elements,
                };
                siblings.push(added);
            }
            Alteration::Change((index, wanted)) => {
                let name = name_at(names.get(..length).unwrap_or_default(), index)?;
                let wanted = reading.element(wanted)?;
                change_one(find(&mut altered.elements, &name)?, wanted, reading.plugin)?;
            }
            Alteration::Weigh((index, weight)) => {
                let name = name_at(names.get(..length).unwrap_or_default(), index)?;
                find(&mut altered.elements, &name)?.weight = weight;
            }
            Alteration::Remove(index) => {
                let name = name_at(names.get(..length).unwrap_or_default(), index)?;
                remove(&mut altered.elements, &name, reading.plugin)?;
            }
        }
    }
    soundness::check(&altered)?;
    Ok(altered)
}

fn added(reading: &Reading<'_>, element: crate::wit::forms::Element) -> Result<Element, String> {
    let prefix = format!("{}_", reading.plugin.replace('-', "_"));
    if !element.name.starts_with(&prefix) {
        return Err(format!(
            "the element '{}' is added to a form of others, so its name has to begin with '{prefix}'",
            element.name
        ));
    }
    let mut element = reading.element(element)?;
    if matches!(element.kind, Kind::Password { .. }) {
        return Err(format!("the password '{}' would reach nobody", element.name));
    }
    element.owner = Some(reading.plugin.to_owned());
    Ok(element)
}

fn find<'a>(elements: &'a mut [Element], name: &str) -> Result<&'a mut Element, String> {
    search(elements, name).ok_or_else(|| format!("the element '{name}' is not there any more"))
}

fn search<'a>(elements: &'a mut [Element], name: &str) -> Option<&'a mut Element> {
    elements.iter_mut().find_map(|element| {
        if element.name == name {
            Some(element)
        } else {
            search(&mut element.children, name)
        }
    })
}

fn remove(elements: &mut Vec<Element>, name: &str, plugin: &str) -> Result<(), String> {
    if let Some(at) = elements.iter().position(|element| element.name == name) {
        if let Some(kept) = elements.get(at).and_then(|element| first_kept(element, plugin)) {
            return Err(format!(
                "the element '{}' can't be removed by a plugin",
                kept.name
            ));
        }
        elements.remove(at);
        return Ok(());
    }
    let inside = elements.iter_mut().find(|element| holds(element, name));
    match inside {
        Some(element) => remove(&mut element.children, name, plugin),
        None => Err(format!("the element '{name}' is not there any more")),
    }
}

fn holds(element: &Element, name: &str) -> bool {
    element
        .children
        .iter()
        .any(|child| child.name == name || holds(child, name))
}

/// The first element, from this one inwards, that has to stay.
fn first_kept<'a>(element: &'a Element, plugin: &str) -> Option<&'a Element> {
    if is_kept(element, plugin) {
        return Some(element);
    }
    element
        .children
        .iter()
        .find_map(|child| first_kept(child, plugin))
}

/// What somebody requires or protects, the buttons, and what is hidden.
fn is_kept(element: &Element, plugin: &str) -> bool {
    let others = element.owner.as_deref() != Some(plugin);
    let matters =
        element.required || element.protected || matches!(element.kind, Kind::Submit(_) | Kind::Hidden);
    others && matters
}

/// Changes an element in what may be changed: its place, name, kind and what is in it stay.
fn change_one(element: &mut Element, wanted: Element, plugin: &str) -> Result<(), String> {
    let name = element.name.clone();
    if wanted.name != name || !may_become(&element.kind, &wanted.kind) {
        return Err(format!("the element '{name}' can't get another name or kind"));
    }
    if is_kept(element, plugin) {
        check_tighter(element, &wanted)?;
    }
    let kind = match (&element.kind, wanted.kind) {
        // The host's own was handed over empty.
        (Kind::Markup(html), Kind::Markup(new)) => {
            Kind::Markup(if new.is_empty() { html.clone() } else { new })
        }
        (kept @ (Kind::Password { .. } | Kind::Submit(_) | Kind::Hidden | Kind::Reference { .. }), _) => {
            kept.clone()
        }
        (Kind::File(old), Kind::File(mut new)) => {
            new.most_bytes = new.most_bytes.min(old.most_bytes);
            new.most_files = new.most_files.min(old.most_files);
            Kind::File(new)
        }
        (_, new) => new,
    };
    let keeps_value = matches!(kind, Kind::Password { .. } | Kind::Hidden | Kind::Group(_));
    *element = Element {
        default: if keeps_value {
            element.default.clone()
        } else {
            wanted.default
        },
        protected: element.protected,
        owner: element.owner.take(),
        aid: std::mem::take(&mut element.aid),
        children: std::mem::take(&mut element.children),
        kind,
        ..wanted
    };
    Ok(())
}

/// Kinds whose answers are of the same type may stand for each other.
fn may_become(from: &Kind, to: &Kind) -> bool {
    let several = |kind: &Kind| matches!(kind, Kind::Checkboxes | Kind::Select { multiple: true });
    let one = |kind: &Kind| matches!(kind, Kind::Radios | Kind::Select { multiple: false });
    let text = |kind: &Kind| matches!(kind, Kind::Text | Kind::Textarea);
    from.name() == to.name() && several(from) == several(to)
        || several(from) && several(to)
        || one(from) && one(to)
        || text(from) && text(to)
}

/// What is protected may only be asked for more strictly.
fn check_tighter(old: &Element, new: &Element) -> Result<(), String> {
    let at_least =
        |old: Option<f64>, new: Option<f64>| old.is_none_or(|old| new.is_some_and(|new| new >= old));
    let at_most =
        |old: Option<f64>, new: Option<f64>| old.is_none_or(|old| new.is_some_and(|new| new <= old));
    let number = |count: Option<usize>| count.map(|count| count as f64);
    let (was, is) = (&old.rules, &new.rules);
    let later = was.from.is_none() || is.from >= was.from;
    let earlier = was.until.is_none() || is.until.is_some() && is.until <= was.until;
    let offered = |choice: &super::Choice| old.choices.iter().any(|known| known.value == choice.value);
    let fits = new.required >= old.required
        && new.disabled == old.disabled
        && at_least(number(was.min_length), number(is.min_length))
        && at_most(number(was.max_length), number(is.max_length))
        && at_least(was.min, is.min)
        && at_most(was.max, is.max)
        && (was.pattern.is_none() || was.pattern == is.pattern)
        && later
        && earlier
        && new.choices.iter().all(offered);
    if fits {
        Ok(())
    } else {
        Err(format!(
            "what the element '{}' has to keep to can't be loosened by a plugin",
            old.name
        ))
    }
}
