//! Forms as HTML: what templates get of each element, and the templates put together from the inside out.

mod attributes;
mod editor;
mod element;

use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::Errors;
use super::input::Input;
use super::kept::Keeper;
use super::model::{Does, Element, Form, Kind, Style};
use super::ticket::{self, Ticket};
use crate::subsystems::format::Formats;
use crate::subsystems::theme::{SafeHtml, Themes, suggestions};
use attributes::{Attribute, attributes};
use editor::EditorView;
use element::{ElementView, RowView};

/// A form with all that is shown with it.
pub struct Painter<'a> {
    pub themes: &'a Themes,
    pub formats: &'a Formats,
    pub theme: &'a str,
    pub name: &'a str,
    pub form: &'a Form,
    pub input: &'a Input,
    pub errors: &'a Errors,
    pub ticket: &'a Ticket,
    pub token: String,
    pub action: String,
    pub nonce: &'a str,
    /// What keeps files that were sent, so that the form can name them.
    pub keeper: Option<Keeper<'a>>,
}

/// What `form.html` gets as `form`.
#[derive(Serialize)]
struct FormView<'a> {
    name: &'a str,
    id: String,
    method: &'static str,
    action: &'a str,
    has_files: bool,
    hidden: Vec<(&'static str, String)>,
    /// The button that Enter presses, where another comes before it.
    default_button: Option<&'a str>,
    problems: Vec<Problem>,
    title: &'a str,
    /// What the editor needs to know; none where nothing in the form is written with it.
    editor: Option<EditorView>,
}

/// A line of the summary of what is wrong.
#[derive(Serialize)]
struct Problem {
    href: Option<String>,
    message: String,
}

impl Painter<'_> {
    /// The whole form.
    pub fn form(&self) -> SafeHtml {
        let children = self.elements(&self.form.elements, "");
        let view = FormView {
            name: self.name,
            id: self.id(""),
            method: if self.form.asks { "get" } else { "post" },
            action: &self.action,
            has_files: self
                .form
                .all()
                .any(|element| matches!(element.kind, Kind::File(_))),
            hidden: self.hidden(),
            default_button: self.default_button(),
            problems: self.problems(),
            title: &self.form.title,
            editor: EditorView::of(self),
        };
        let names = suggestions::names("form", &[&[self.name]]);
        let variables = context! {
            form => Value::from(Serde(view)),
            children => children.to_value(),
            csp_nonce => self.nonce,
        };
        self.themes.render_suggested(self.theme, &names, variables)
    }

    /// One element, as it stands in the form.
    pub fn part(&self, element: &Element, path: &str) -> SafeHtml {
        let prefix = path
            .rsplit_once('.')
            .map_or(String::new(), |(before, _)| format!("{before}."));
        self.element(element, &prefix)
    }

    fn elements(&self, elements: &[Element], prefix: &str) -> SafeHtml {
        let mut ordered: Vec<&Element> = elements.iter().collect();
        ordered.sort_by_key(|element| element.weight);
        ordered
            .into_iter()
            .map(|element| self.element(element, prefix))
            .collect()
    }

    fn element(&self, element: &Element, prefix: &str) -> SafeHtml {
        let path = if element.kind.is_layout() {
            element.name.clone()
        } else {
            format!("{prefix}{}", element.name)
        };
        let (children, rows) = match &element.kind {
            Kind::Markup(html) => (html.clone(), Vec::new()),
            Kind::Group(rules) => {
                let count = self.input.rows(&path, rules);
                let row = |index: usize| RowView {
                    index,
                    number: index + 1,
                    path: format!("{path}.{index}"),
                    children: self.elements(&element.children, &format!("{path}.{index}.")),
                };
                (SafeHtml::default(), (0..count).map(row).collect())
            }
            _ => (self.elements(&element.children, prefix), Vec::new()),
        };
        let mut view = ElementView::new(self, element, &path);
        view.rows = rows;
        let names = suggestions::for_form_element(element.kind.name(), self.name);
        let variables = context! {
            element => Value::from(Serde(view)),
            children => children.to_value(),
            form => self.id(""),
            asks => self.form.asks,
        };
        self.themes.render_suggested(self.theme, &names, variables)
    }

    /// The `id` of the field at a path: unique in the page, as long as the form is in it once.
    fn id(&self, path: &str) -> String {
        let name = self.name.replace(['.', ':', '/'], "-");
        if path.is_empty() {
            format!("form-{name}")
        } else {
            format!("form-{name}-{}", path.replace('.', "-"))
        }
    }

    fn hidden(&self) -> Vec<(&'static str, String)> {
        if self.form.asks {
            return Vec::new();
        }
        vec![
            (ticket::FORM_ID, self.name.to_owned()),
            (ticket::BUILD_ID, self.ticket.build.to_string()),
            (ticket::STEP, self.ticket.step.clone()),
            (ticket::TOKEN, self.token.clone()),
        ]
    }

    fn default_button(&self) -> Option<&str> {
        let presses = |element: &&Element| match &element.kind {
            Kind::Submit(_) | Kind::Group(_) => true,
            _ => element.refreshes.is_some(),
        };
        let first = self.form.all().find(presses)?;
        let submits = |element: &&Element| match &element.kind {
            Kind::Submit(button) => button.does == Does::Submit && !element.disabled,
            _ => false,
        };
        let main = self.form.all().find(submits)?;
        (main.name != first.name).then_some(main.name.as_str())
    }

    /// What is wrong, in the order of the fields.
    fn problems(&self) -> Vec<Problem> {
        let order: Vec<&str> = self.form.all().map(|element| element.name.as_str()).collect();
        let mut faults: Vec<_> = self.errors.iter().collect();
        faults.sort_by_key(|fault| {
            let name = fault.path.split('.').next().unwrap_or_default();
            (!fault.path.is_empty()).then(|| order.iter().position(|known| *known == name))
        });
        let problem = |fault: &super::Fault| Problem {
            href: (!fault.path.is_empty()).then(|| format!("#{}", self.id(&fault.path))),
            message: fault.message.clone(),
        };
        faults.into_iter().map(problem).collect()
    }

    /// Whether the field at a path is the first that is wrong.
    fn is_first_wrong(&self, path: &str) -> bool {
        self.problems()
            .iter()
            .find_map(|problem| problem.href.as_deref())
            .is_some_and(|href| href.strip_prefix('#') == Some(self.id(path).as_str()))
    }
}
