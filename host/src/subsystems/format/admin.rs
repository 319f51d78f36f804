//! Text formats in the administration: which filters they have in which order, and who may write in them.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;

use super::{ADMINISTER, AllowedHtml, Definition, Filter, Formats, PLAIN, Refusal, permission};
use crate::subsystems::access::{Grant, Role};
use crate::subsystems::admin::{AdminPage, Cell, Column, Row, RowAction, Table};
use crate::subsystems::form::{self, Choice, Element, Errors, Form, Handler, Outcome, Submission, Values};
use crate::subsystems::{Cx, Session, Site};
use crate::web::{Error, Page};

const LIST: &str = "/admin/config/formats";
/// The filters with what people call them.
const FILTERS: [(&str, &str); 6] = [
    ("escape", "Show all markup as text"),
    ("markdown", "Read Markdown"),
    ("links", "Make links of web addresses"),
    ("line_breaks", "Make paragraphs and line breaks"),
    ("allowed_html", "Keep only the allowed HTML"),
    ("highlight", "Colour code"),
];

pub(super) fn pages() -> Vec<AdminPage> {
    let page = |path, title, answers| AdminPage::new(path, title, answers).permission(ADMINISTER);
    vec![
        page(LIST, "Text formats", get(list))
            .description("How what editors write becomes HTML, and who may write in which format")
            .keywords("filters html markdown editor"),
        page(
            "/admin/config/formats/add",
            "Add a text format",
            get(add).post(add),
        )
        .action(),
        page(
            "/admin/config/formats/{format}",
            "Text format",
            get(edit).post(edit),
        ),
        page(
            "/admin/config/formats/{format}/delete",
            "Remove",
            get(remove).post(remove),
        ),
    ]
}

async fn list(State(site): State<Site>, session: Cx) -> Result<Page, Error> {
    let access = &site.services().access;
    let table = Table::new(LIST, "Text formats")
        .column(Column::new("label", "Name"))
        .column(Column::new("name", "Machine name"))
        .column(Column::new("filters", "Filters"))
        .column(Column::new("roles", "Who may write in it"));
    let asked = table.asked(session.request())?;
    let formats = site.services().formats.definitions();
    let rows: Vec<Row> = formats
        .into_iter()
        .map(|format| {
            let filters: Vec<&str> = format.filters.iter().map(label).collect();
            let roles = access.roles();
            let may = |role: &&Role| access.of_role(role.id).contains(&permission(&format.name));
            let roles: Vec<&str> = roles.iter().filter(may).map(|role| role.label.as_str()).collect();
            let who = if format.name == PLAIN {
                "everybody".to_owned()
            } else {
                roles.join(", ")
            };
            let href = format!("{LIST}/{}", format.name);
            let row = Row::new(format.name.as_str(), format.label.as_str())
                .fixed()
                .cell(Cell::link(format.label.as_str(), href.as_str()))
                .cell(Cell::code(format.name.as_str()))
                .cell(Cell::text(filters.join(", ")))
                .cell(Cell::text(who));
            let verb = if Formats::is_built_in(&format.name) {
                "Reset"
            } else {
                "Remove"
            };
            row.action(RowAction::link(verb, format!("{href}/delete")).dangerous())
        })
        .collect();
    let total = rows.len() as u64;
    let content = table.show(&site, &asked, asked.page_of(rows), total);
    Ok(Page::admin("Text formats", content.to_string()))
}

fn label(filter: &Filter) -> &'static str {
    let known = FILTERS.iter().find(|(name, _)| *name == filter.name());
    known.map_or("", |(_, label)| label)
}

async fn add(session: Cx, submission: Submission) -> Result<Response, Error> {
    form::answer(&session, &Edit(None), submission).await
}

async fn edit(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    form::answer(&session, &Edit(Some(find(&site, &name)?)), submission).await
}

async fn remove(
    State(site): State<Site>,
    session: Cx,
    Path(name): Path<String>,
    submission: Submission,
) -> Result<Response, Error> {
    form::answer(&session, &Remove(find(&site, &name)?), submission).await
}

fn find(site: &Site, name: &str) -> Result<Definition, Error> {
    let formats = site.services().formats.definitions().into_iter();
    formats
        .into_iter()
        .find(|format| format.name == name)
        .ok_or(Error::NotFound)
}

struct Edit(Option<Definition>);

impl Edit {
    fn rows(&self) -> Vec<Values> {
        let filters = self.0.iter().flat_map(|format| &format.filters);
        filters
            .map(|filter| {
                let mut row = Values::default();
                row.set("filter", filter.name());
                row
            })
            .collect()
    }

    /// The HTML that the format keeps; for a new one what filtered HTML keeps.
    fn allowed(&self) -> AllowedHtml {
        let filters = self.0.iter().flat_map(|format| &format.filters);
        let mut found = filters.filter_map(|filter| match filter {
            Filter::AllowedHtml(allowed) => Some(allowed.clone()),
            _ => None,
        });
        found.next_back().unwrap_or_else(AllowedHtml::basic)
    }

    fn roles(&self, cx: &Session) -> Vec<Role> {
        let is_plain = self.0.as_ref().is_some_and(|format| format.name == PLAIN);
        if is_plain || !cx.request().account.may(crate::subsystems::access::ADMINISTER) {
            return Vec::new();
        }
        cx.services().access.roles().to_vec()
    }

    fn has(&self, cx: &Session, role: &Role) -> bool {
        let name = self.0.as_ref().map(|format| permission(&format.name));
        name.is_some_and(|name| cx.services().access.of_role(role.id).contains(&name))
    }

    async fn grant(&self, cx: &Session, name: &str, chosen: &[String]) -> Result<(), Error> {
        let roles = self.roles(cx);
        let grants = roles.iter().filter_map(|role| {
            let granted = chosen.contains(&role.id.to_string());
            let permission = permission(name);
            (granted != self.has(cx, role)).then_some(Grant {
                role: role.id,
                permission,
                granted,
            })
        });
        let grants: Vec<Grant> = grants.collect();
        if !grants.is_empty() {
            cx.services().access.grant(cx, &grants).await?;
        }
        Ok(())
    }
}

impl Handler for Edit {
    fn id(&self) -> &str {
        "text_format"
    }

    async fn build(&self, cx: &Session, _: &form::State) -> Result<Form, Error> {
        let title = self.0.as_ref().map_or_else(
            || "Add a text format".to_owned(),
            |format| format!("Text format {}", format.label),
        );
        let mut form = Form::new(title).with(
            Element::text("label", "Name").required().default(
                self.0
                    .as_ref()
                    .map(|format| format.label.clone())
                    .unwrap_or_default(),
            ),
        );
        if self.0.is_none() {
            form = form.with(
                Element::text("name", "Machine name")
                    .required()
                    .max_length(64)
                    .pattern(
                        "[a-z][a-z0-9_]*",
                        "Lower-case letters, digits and underscores, a letter first.",
                    ),
            );
        }
        let roles = self.roles(cx);
        if !roles.is_empty() {
            let has: Vec<String> = roles
                .iter()
                .filter(|role| self.has(cx, role))
                .map(|role| role.id.to_string())
                .collect();
            let choices = roles
                .iter()
                .map(|role| Choice::from((role.id.to_string(), role.label.clone())));
            form = form.with(
                Element::checkboxes("roles", "Who may write in it")
                    .choices(choices.collect::<Vec<_>>())
                    .default(has),
            );
        }
        let allowed = self.allowed();
        let elements = allowed.elements.iter().map(|(element, attributes)| {
            let attributes = attributes
                .iter()
                .fold(String::new(), |list, attribute| list + " " + attribute);
            format!("{element}{attributes}")
        });
        let schemes: Vec<&str> = allowed.schemes.iter().map(String::as_str).collect();
        Ok(form
            .with(
                Element::group("filters", "Filters")
                    .rows(1, 12)
                    .add_label("Add a filter")
                    .help("They run from top to bottom. What markup comes out of must pass the allowed HTML at the end.")
                    .default(self.rows())
                    .with(Element::select("filter", "Filter").choices(FILTERS)),
            )
            .with(
                Element::details("html", "The allowed HTML")
                    .open()
                    .with(
                        Element::textarea("elements", "Elements")
                            .default(elements.collect::<Vec<_>>().join("\n"))
                            .help("One on each line, with its attributes after it: a href hreflang. What could run code is never kept."),
                    )
                    .with(Element::text("schemes", "Schemes of links").default(schemes.join(" ")))
                    .with(Element::checkbox("ids", "Elements keep their identifiers").default(allowed.ids))
                    .with(Element::checkbox("nofollow", "Search engines are told not to count links").default(allowed.nofollow)),
            )
            .with(
                Element::actions()
                    .with(Element::submit("save", "Save"))
                    .with(Element::link("cancel", "Cancel", LIST)),
            ))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut form::State) -> Result<Outcome, Error> {
        let formats = &cx.services().formats;
        let name = self
            .0
            .as_ref()
            .map_or_else(|| values.text("name").to_owned(), |format| format.name.clone());
        if self.0.is_none() && formats.has(&name) {
            return Ok(Outcome::invalid(
                "name",
                format!("There is a text format {name} already."),
            ));
        }
        let allowed = AllowedHtml {
            elements: elements(values.text("elements")),
            schemes: values
                .text("schemes")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            ids: values.flag("ids"),
            nofollow: values.flag("nofollow"),
            ..self.allowed()
        };
        let filter = |row: &Values| {
            Some(match row.text("filter") {
                "escape" => Filter::Escape,
                "markdown" => Filter::Markdown,
                "links" => Filter::Links,
                "line_breaks" => Filter::LineBreaks,
                "allowed_html" => Filter::AllowedHtml(allowed.clone()),
                "highlight" => Filter::Highlight,
                _ => return None,
            })
        };
        let label = values.text("label").trim().to_owned();
        let format = Definition {
            name: name.clone(),
            label: label.clone(),
            filters: values.rows("filters").iter().filter_map(filter).collect(),
        };
        match formats.save(cx, format).await {
            Ok(()) => {
                self.grant(cx, &name, values.list("roles")).await?;
                Ok(Outcome::redirect(LIST).message(&format!("The text format {label} is saved.")))
            }
            Err(Refusal::Definition(error)) => {
                let mut errors = Errors::default();
                let place = if matches!(error, super::Error::Name(_)) {
                    "name"
                } else {
                    "filters"
                };
                errors.add(place, format!("{error}."));
                Ok(Outcome::Invalid(errors))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Lines of an element and its attributes.
fn elements(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut elements = BTreeMap::<String, BTreeSet<String>>::new();
    for line in text.lines() {
        let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
        if let Some(element) = words.next() {
            elements.entry(element).or_default().extend(words);
        }
    }
    elements
}

struct Remove(Definition);

impl Handler for Remove {
    fn id(&self) -> &str {
        "text_format_remove"
    }

    async fn build(&self, _: &Session, _: &form::State) -> Result<Form, Error> {
        let label = &self.0.label;
        let (title, note, verb) = if Formats::is_built_in(&self.0.name) {
            (
                format!("Reset the text format {label}?"),
                "It becomes what it was when the site was made.",
                "Reset",
            )
        } else {
            let note = "Text that was written in it is shown as it was typed, with its markup, until it gets another format.";
            (format!("Remove the text format {label}?"), note, "Remove")
        };
        Ok(Form::new(title).with(Element::note("what", note)).with(
            Element::actions()
                .with(Element::submit("remove", verb).danger())
                .with(Element::link("cancel", "Cancel", LIST)),
        ))
    }

    async fn submit(&self, cx: &Session, _: Values, _: &mut form::State) -> Result<Outcome, Error> {
        match cx.services().formats.remove(cx, &self.0.name).await {
            Ok(()) => Ok(Outcome::redirect(LIST).message("Done.")),
            Err(Refusal::NotFound) => {
                Ok(Outcome::redirect(LIST).message("It is as it was when the site was made."))
            }
            Err(error) => Err(error.into()),
        }
    }
}
