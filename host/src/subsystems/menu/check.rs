//! What menus and links may be.

use super::Error;
use super::links::{self, Entry, Menu};
use crate::subsystems::admin;

/// Characters of a link's text.
pub(super) const TITLE_LIMIT: usize = 100;
/// Characters of where a link leads.
pub(super) const PATH_LIMIT: usize = 1024;
/// Characters of a menu's machine name, and of the name that people see.
pub(super) const NAME_LIMIT: usize = 32;
pub(super) const LABEL_LIMIT: usize = 100;
/// A menu of this name could not be changed: its page is the one that adds menus.
const ADD: &str = "add";

/// Refuses names that are none. The menu of the administration is made of its pages.
fn name(menu: &Menu) -> Result<(), Error> {
    let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    if !(1..=NAME_LIMIT).contains(&menu.name.len()) || !menu.name.chars().all(fits) {
        let rule =
            format!("A machine name has at most {NAME_LIMIT} lower-case letters, digits and underscores.");
        return Err(Error::invalid("name", rule));
    }
    if menu.name == admin::MENU {
        let rule = "The menu of the administration is made of its pages. Choose another name.";
        return Err(Error::invalid("name", rule));
    }
    if menu.name == ADD {
        let rule = "This is the name of the page that adds menus. Choose another name.";
        return Err(Error::invalid("name", rule));
    }
    let label = menu.label.trim();
    if label.is_empty() || label.chars().count() > LABEL_LIMIT || label.contains(char::is_control) {
        let rule = format!("A menu is called something of 1 to {LABEL_LIMIT} characters.");
        return Err(Error::invalid("label", rule));
    }
    Ok(())
}

/// Whether a menu may be this, with these links.
///
/// # Errors
/// [`Error::Invalid`]: names that are none, links that lead nowhere, are not of this menu, or stand in a circle or too
/// deep.
pub fn check(menu: &Menu, links: &[Entry]) -> Result<(), Error> {
    name(menu)?;
    if links.len() > links::MOST {
        return Err(Error::invalid(
            "links",
            format!(
                "A menu has at most {} links. Those of plugins count, also where they are hidden or the plugin is not \
                 at work.",
                links::MOST
            ),
        ));
    }
    each(links, |link| link_alone(link).and_then(|()| place(links, link)))
}

/// Refuses to have links of plugins lead elsewhere.
pub(super) fn links_of(before: &[Entry], links: &[Entry]) -> Result<(), Error> {
    each(links, |link| {
        let known = before.iter().find(|entry| entry.key == link.key);
        if known.is_some_and(|known| known.declared && known.path != link.path) {
            let rule = "A plugin says where this link leads; it can be hidden.";
            return Err(("path", rule.to_owned()));
        }
        Ok(())
    })
}

fn each(links: &[Entry], check: impl Fn(&Entry) -> Result<(), Problem>) -> Result<(), Error> {
    for (index, link) in links.iter().enumerate() {
        check(link).map_err(|(field, problem)| Error::invalid(format!("links.{index}.{field}"), problem))?;
    }
    Ok(())
}

/// A field of a link, and what is wrong with it.
type Problem = (&'static str, String);

fn link_alone(link: &Entry) -> Result<(), Problem> {
    if link.title.trim().is_empty() || link.title.chars().count() > TITLE_LIMIT {
        let rule = format!("The text of a link has 1 to {TITLE_LIMIT} characters.");
        return Err(("title", rule));
    }
    if link.title.contains(char::is_control) {
        return Err(("title", "The text of a link is one line.".to_owned()));
    }
    if !is_target(&link.path) {
        let rule =
            "A link leads to a path of this site, which begins with one slash, or to an http or https URL.";
        return Err(("path", rule.to_owned()));
    }
    Ok(())
}

fn place(links: &[Entry], link: &Entry) -> Result<(), Problem> {
    if let Some(parent) = &link.parent
        && !links.iter().any(|other| other.key == *parent)
    {
        return Err(("parent", "The link above is not in this menu.".to_owned()));
    }
    match links::depth_of(links, &link.key) {
        None => Err(("parent", "A link can't lie below itself.".to_owned())),
        Some(depth) if depth > links::DEPTH => {
            Err(("parent", format!("Links lie at most {} deep.", links::DEPTH)))
        }
        Some(_) => Ok(()),
    }
}

fn is_target(path: &str) -> bool {
    let is_clean = !path.contains(|char: char| char.is_control() || char.is_whitespace() || char == '\\');
    let is_own = path.starts_with('/') && !path.starts_with("//");
    let is_url = path
        .strip_prefix("https://")
        .or_else(|| path.strip_prefix("http://"));
    let is_url = is_url.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    is_clean && (is_own || is_url) && path.chars().count() <= PATH_LIMIT
}
