//! Menus in the administration. A menu is one form: its links are rows, in their order, which buttons move up and down.

use axum::extract::{Path, State as Extract};
use axum::response::Response;
use axum::routing::get;

use super::check::{LABEL_LIMIT, NAME_LIMIT, PATH_LIMIT, TITLE_LIMIT};
use super::{ADMINISTER, BUILT_IN, Entry, Error as Refusal, Menu, links};
use crate::request::Tone;
use crate::subsystems::admin::{AdminPage, Cell, Column, Row, RowAction, Table};
use crate::subsystems::form::{
    self, Element, Errors, Form, Handler, Outcome, State, Submission, Value, Values,
};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const LIST: &str = "/admin/structure/menus";
const ADD: &str = "/admin/structure/menus/add";
/// What the menu was when the form was shown.
const SEEN: &str = "seen";

pub(super) fn pages() -> Vec<AdminPage> {
    vec![
        AdminPage::new(LIST, "Menus", get(list))
            .description("The links by which people find their way")
            .keywords("navigation links")
            .permission(ADMINISTER)
            .weight(30),
        AdminPage::new(ADD, "Add a menu", get(add).post(add))
            .permission(ADMINISTER)
            .action(),
        AdminPage::new("/admin/structure/menus/{name}", "Menu", get(change).post(change))
            .permission(ADMINISTER),
        AdminPage::new(
            "/admin/structure/menus/{name}/remove",
            "Remove",
            get(remove).post(remove),
        )
        .permission(ADMINISTER),
    ]
}

async fn list(Extract(site): Extract<Site>, session: Cx) -> Result<Page, Error> {
    let menus = &site.services().menus;
    let table = Table::new(LIST, "Menus")
        .column(Column::new("label", "Menu"))
        .column(Column::new("name", "Name in themes"))
        .column(Column::new("links", "Links").number());
    let asked = table.asked(session.request())?;
    let all = menus.all();
    let total = all.len() as u64;
    let rows = asked.page_of(all).into_iter().map(|menu| {
        let here = format!("{LIST}/{}", menu.name);
        let row = Row::new(&menu.name, menu.label.as_str())
            .fixed()
            .cell(Cell::link(menu.label, here.as_str()))
            .cell(Cell::code(menu.name.as_str()))
            .cell(Cell::text(menus.entries(&session, &menu.name).len()))
            .action(RowAction::link("Change", here.as_str()));
        if BUILT_IN.contains(&menu.name.as_str()) {
            row
        } else {
            row.action(RowAction::link("Remove", format!("{here}/remove")).dangerous())
        }
    });
    let content = table.show(&site, &asked, rows.collect(), total);
    Ok(Page::admin("Menus", content.to_string()))
}

fn find(session: &Session, name: &str) -> Result<Menu, Error> {
    session.services().menus.find(name).ok_or(Error::NotFound)
}

async fn change(session: Cx, Path(name): Path<String>, submission: Submission) -> Result<Response, Error> {
    let menu = find(&session, &name)?;
    form::answer(&session, &Change { menu }, submission).await
}

/// The links of a menu.
struct Change {
    menu: Menu,
}

impl Change {
    fn links(&self, cx: &Session) -> Element {
        let menus = &cx.services().menus;
        let entries = menus.entries(cx, &self.menu.name);
        let above = entries
            .iter()
            .map(|entry| (entry.key.clone(), entry.title.clone()));
        let waiting = menus.waiting(cx, &self.menu.name).into_iter().map(|entry| {
            let title = format!("{} (its plugin is not at work)", entry.title);
            (entry.key, title)
        });
        let places = std::iter::once((String::new(), "nothing".to_owned()));
        let rows: Vec<Values> = entries.iter().map(row).collect();
        Element::group("links", "Links")
            // None is dropped where plugins have brought more: saving then says what the limit is.
            .rows(0, links::MOST.max(rows.len()))
            .add_label("Add a link")
            .help(
                "In this order. A link of a plugin that is removed here is hidden and can be shown again. \
                 A new link can have others below it once it is saved.",
            )
            .with(Element::hidden("key", ""))
            .with(Element::text("title", "Text").max_length(TITLE_LIMIT))
            .with(
                Element::text("path", "Leads to")
                    .max_length(PATH_LIMIT)
                    .placeholder("/about")
                    .help("A path of this site, which begins with a slash, or the whole address of another site."),
            )
            .with(Element::select("parent", "Below").choices(places.chain(above).chain(waiting)))
            .with(Element::checkbox("shown", "Shown").default(true))
            .default(rows)
    }
}

impl Handler for Change {
    fn id(&self) -> &str {
        "menu_change"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let label = Element::text("label", "Name")
            .required()
            .max_length(LABEL_LIMIT)
            .default(self.menu.label.as_str());
        let seen = cx.services().menus.fingerprint(cx, &self.menu);
        Ok(Form::new(format!("Menu: {}", self.menu.label))
            .with(Element::hidden(SEEN, seen).protected())
            .with(label)
            .with(self.links(cx))
            .with(
                Element::actions()
                    .with(Element::submit("save", "Save"))
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn validate(&self, cx: &Session, values: &Values, errors: &mut Errors) -> Result<(), Error> {
        if values.text(SEEN) != cx.services().menus.fingerprint(cx, &self.menu) {
            errors.add("", Refusal::Changed.to_string());
        }
        Ok(())
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let menus = &cx.services().menus;
        let before = menus.entries(cx, &self.menu.name);
        let rows = values.rows("links").iter().enumerate();
        let (places, links): (Vec<usize>, Vec<Entry>) = rows
            .filter(|(_, row)| !is_empty(row))
            .map(|(place, row)| (place, entry(row, &before)))
            .unzip();
        let menu = Menu {
            label: values.text("label").trim().to_owned(),
            ..self.menu.clone()
        };
        let arranged = menus.arrange_from(cx, Some(values.text(SEEN)), menu, links).await;
        match arranged {
            Ok(()) => {}
            Err(error @ Refusal::Changed) => return Ok(Outcome::invalid("", error.to_string())),
            Err(Refusal::Invalid { place, problem }) => {
                return Ok(Outcome::invalid(as_sent(&place, &places), problem));
            }
            Err(error) => return Err(error.into()),
        }
        let unseen = menus.unseen(cx, &self.menu.name).await;
        let saved = Outcome::redirect(LIST).message("The menu is saved.");
        Ok(if unseen.is_empty() {
            saved
        } else {
            saved.say(
                Tone::Warning,
                &format!(
                    "Not shown to you, since they lead nowhere or to what you may not see: {}.",
                    unseen.join(", ")
                ),
            )
        })
    }
}

fn is_empty(row: &Values) -> bool {
    let mut fields = ["key", "title", "path"].iter();
    fields.all(|name| row.text(name).trim().is_empty())
}

/// The place of a problem in the form, where empty rows count.
fn as_sent(place: &str, places: &[usize]) -> String {
    let in_row = || {
        let (index, field) = place.strip_prefix("links.")?.split_once('.')?;
        let index = places.get(index.parse::<usize>().ok()?)?;
        Some(format!("links.{index}.{field}"))
    };
    in_row().unwrap_or_else(|| place.to_owned())
}

fn row(entry: &Entry) -> Values {
    let mut row = Values::default();
    row.set("key", entry.key.as_str());
    row.set("title", entry.title.as_str());
    row.set("path", entry.path.as_str());
    row.set("parent", entry.parent.as_deref().unwrap_or_default());
    row.set("shown", Value::Flag(entry.shown));
    row
}

/// The link of a row. A key that is none of the menu's counts for nothing.
fn entry(row: &Values, before: &[Entry]) -> Entry {
    let known = before.iter().find(|entry| entry.key == row.text("key"));
    Entry {
        key: known.map_or_else(String::new, |known| known.key.clone()),
        title: row.text("title").trim().to_owned(),
        path: row.text("path").trim().to_owned(),
        parent: row.some_text("parent").map(str::to_owned),
        shown: row.flag("shown"),
        declared: known.is_some_and(|known| known.declared),
    }
}

async fn add(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Add, submission).await
}

struct Add;

impl Handler for Add {
    fn id(&self) -> &str {
        "menu_add"
    }

    async fn build(&self, _: &Session, _: &State) -> Result<Form, Error> {
        Ok(Form::new("Add a menu")
            .with(Element::text("label", "Name").required().max_length(LABEL_LIMIT))
            .with(
                Element::text("name", "Name in themes")
                    .required()
                    .max_length(NAME_LIMIT)
                    .help("Lower-case letters, digits and underscores: a theme shows menus.NAME."),
            )
            .with(
                Element::actions()
                    .with(Element::submit("add", "Add"))
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let menu = Menu {
            name: values.text("name").to_owned(),
            label: values.text("label").to_owned(),
        };
        let here = format!("{LIST}/{}", menu.name);
        match cx.services().menus.create(cx, menu).await {
            Ok(()) => Ok(Outcome::redirect(here).message("The menu is added.")),
            Err(Refusal::Invalid { place, problem }) => Ok(Outcome::invalid(place, problem)),
            Err(error) => Err(error.into()),
        }
    }
}

async fn remove(session: Cx, Path(name): Path<String>, submission: Submission) -> Result<Response, Error> {
    let menu = find(&session, &name)?;
    if BUILT_IN.contains(&menu.name.as_str()) {
        return Err(Error::NotFound);
    }
    form::answer(&session, &Remove { menu }, submission).await
}

/// The question whether a menu is to be removed.
struct Remove {
    menu: Menu,
}

impl Handler for Remove {
    fn id(&self) -> &str {
        "menu_remove"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let count = cx.services().menus.entries(cx, &self.menu.name).len();
        let title = format!("Remove the menu {}", self.menu.label);
        Ok(Form::new(&title)
            .with(Element::note("links", format!("Its {count} links go with it.")))
            .with(
                Element::actions()
                    .with(Element::submit("remove", title).danger())
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut State) -> Result<Outcome, Error> {
        cx.services().menus.delete(cx, &self.menu.name).await?;
        Ok(Outcome::redirect(LIST).message("The menu is removed."))
    }
}
