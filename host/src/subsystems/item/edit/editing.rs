//! The form of an item: what comes of it when it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::super::drafts::Draft;
use super::super::{Error as Refusal, FieldError, Item, Operation, ViewMode, declared};
use super::answer::{COMING, Given, place};
use super::conflict::{BASE, DIFFERS};
use super::fit;
use super::moment::Zone;
use super::widget::Context;
use crate::subsystems::file::by_id;
use crate::subsystems::form::{Choice, Errors, Form, Handler, Outcome, State, Values};
use crate::subsystems::item::pointers;
use crate::subsystems::item_type::{Field, ItemType};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Session, Site};
use crate::web::Error;

/// Making an item or changing one.
pub(in crate::subsystems::item) struct Editing {
    pub(super) site: Site,
    /// The item as it is stored, or a new one.
    pub(super) item: Item,
    pub(super) of: Arc<ItemType>,
    pub(super) context: Context,
    /// What whoever asks has typed before and not saved.
    pub(super) draft: Option<Draft>,
    /// Whether the draft is shown in the place of what is stored.
    pub(super) restores: bool,
    /// The fields that whoever asks may not change.
    pub(super) closed: BTreeSet<String>,
    id: String,
    /// What is shown above the form: a preview, or how two versions differ.
    pub(super) above: Mutex<SafeHtml>,
}

impl Editing {
    pub(in crate::subsystems::item) async fn new(
        site: &Site,
        session: &Session,
        item: Item,
        of: Arc<ItemType>,
    ) -> Result<Self, Error> {
        let services = site.services();
        let request = session.request();
        let usable = services.formats.usable(&request.account);
        let known = services.formats.definitions().into_iter();
        let formats = known.filter(|format| usable.contains(&format.name));
        let mut files: Vec<Uuid> = pointers(&item, &of)
            .into_iter()
            .filter(|pointer| pointer.kind == "file")
            .map(|pointer| pointer.target)
            .collect();
        files.dedup();
        let context = Context {
            formats: formats
                .map(|format| Choice::from((format.name, format.label)))
                .collect(),
            files: by_id(services.files.find_many(&files).await?),
            widgets: BTreeMap::new(),
            zone: Zone::of(request),
        };
        let id = format!("item_edit_{}", of.name);
        let mut editing = Self {
            site: site.clone(),
            item,
            of,
            context,
            draft: None,
            restores: false,
            closed: BTreeSet::new(),
            id,
            above: Mutex::default(),
        };
        let asked = Box::new(editing.item.clone());
        let (asked, closed) = services
            .items
            .closed_fields(session, asked, Operation::Edit)
            .await;
        let (_, hidden) = services
            .items
            .closed_fields(session, asked, Operation::View)
            .await;
        editing.closed = closed.into_iter().chain(hidden).collect();
        editing.take_widgets(session).await;
        editing.draft = services.items.draft(session, &editing.subject()).await?;
        editing.restores = editing.draft.is_some() && request.query("draft").is_some();
        Ok(editing)
    }

    /// Asks plugins how the values of their field types are asked for.
    async fn take_widgets(&mut self, session: &Session) {
        self.context.widgets = declared::widgets(session, &self.of, &self.closed).await;
        let loses = |field: &&Field| !fit::keeps(field, self.item.values(&field.name), &self.context);
        let losing: Vec<String> = self
            .of
            .fields
            .iter()
            .filter(loses)
            .map(|field| field.name.clone())
            .collect();
        for name in losing {
            self.context.widgets.remove(&name);
        }
    }

    pub(super) fn is_new(&self) -> bool {
        self.item.revision.is_nil()
    }

    /// What drafts know it by.
    pub(super) fn subject(&self) -> String {
        if self.is_new() {
            format!("add:{}", self.of.name)
        } else {
            self.item.id.to_string()
        }
    }

    /// The address of the form.
    fn here(&self) -> String {
        if self.is_new() {
            format!("{}/{}", super::ADD, self.of.name)
        } else {
            format!("/item/{}/edit", self.item.id)
        }
    }

    pub(super) fn put_above(&self, html: SafeHtml) {
        *self.above.lock().unwrap_or_else(PoisonError::into_inner) = html;
    }

    /// The revision that the form began with.
    fn base(&self, values: &Values, state: &State) -> Uuid {
        let kept = state.get(BASE).and_then(serde_json::Value::as_str);
        Uuid::parse_str(kept.unwrap_or_else(|| values.text(BASE))).unwrap_or(Uuid::nil())
    }

    /// The problems of an item at their places in the form.
    fn tell(&self, problems: Vec<FieldError>, given: &BTreeMap<String, Given>) -> Errors {
        let mut errors = Errors::default();
        let rows = |name: &str| given.get(name).map(|given| given.rows.clone());
        for problem in problems {
            let message = in_capitals(&problem.message);
            errors.add(place(&problem, &self.of, &rows), format!("{message}."));
        }
        errors
    }

    async fn keep_draft(&self, cx: &Session, values: &Values, state: &State) -> Result<Outcome, Error> {
        let items = &self.site.services().items;
        let base = self.base(values, state);
        match items.keep_draft(cx, &self.subject(), base, values).await {
            Ok(()) => {
                let said = "What you have typed is kept as your draft. It is not saved yet.";
                cx.request().messages.say(crate::request::Tone::Status, said);
                Ok(Outcome::Again)
            }
            Err(Refusal::Invalid(problems)) => Ok(Outcome::Invalid(self.tell(problems, &BTreeMap::new()))),
            Err(error) => Err(error.into()),
        }
    }

    async fn preview(&self, cx: &Session, values: &Values) -> Result<Outcome, Error> {
        let (mut item, _) = self.assemble(values, &|_| None);
        // A file that came along is not stored for a look.
        let coming = pointers(&item, &self.of)
            .into_iter()
            .filter(|pointer| pointer.target == COMING);
        let coming: Vec<String> = coming.map(|pointer| pointer.path).collect();
        item.fields
            .retain(|name, _| !coming.iter().any(|path| path.starts_with(&format!("{name}."))));
        let title = item.title.clone();
        let shown = self.site.services().items.show(cx, item, &ViewMode::Full).await?;
        #[derive(serde::Serialize)]
        struct Preview {
            title: String,
            content: SafeHtml,
            lacks_files: bool,
        }
        let preview = Preview {
            title,
            content: SafeHtml::trusted(shown.html),
            lacks_files: !coming.is_empty(),
        };
        self.put_above(super::render(cx, "item-preview.html", &preview));
        Ok(Outcome::Again)
    }

    async fn save(&self, cx: &Session, values: Values, state: &mut State) -> Result<Outcome, Error> {
        let services = self.site.services();
        let uploads = match self.store_uploads(cx, &values).await? {
            Ok(uploads) => uploads,
            Err(errors) => return Ok(Outcome::Invalid(errors)),
        };
        let (mut item, given) = self.assemble(&values, &|path| uploads.get(path).copied());
        self.settle(&mut item, &values, state);
        if !self.is_new() {
            item.revision = self.base(&values, state);
        }
        let (item, saved) = services
            .items
            .save(cx, Box::new(item), values.text("log_message"))
            .await;
        let refused = match saved {
            Ok(_) => {
                services.items.drop_draft(cx, &self.subject()).await?;
                services.items.let_go(cx, item.id).await?;
                let said = format!("“{}” is saved.", item.title);
                return Ok(Outcome::redirect(item.path()).message(&said));
            }
            Err(Refusal::Conflict) => {
                // The words of both stay; so do the files.
                return self.conflict(cx, *item, state).await;
            }
            Err(refused) => refused,
        };
        for file in uploads.into_values() {
            services.files.delete(file).await?;
        }
        Ok(Outcome::Invalid(match refused {
            Refusal::Invalid(problems) => self.tell(problems, &given),
            Refusal::Refused { reason, .. } => Errors::of("", reason),
            refused => return Err(refused.into()),
        }))
    }
}

impl Handler for Editing {
    fn id(&self) -> &str {
        &self.id
    }

    fn subject(&self) -> Option<Arc<Item>> {
        Some(Arc::new(self.item.clone()))
    }

    async fn build(&self, cx: &Session, state: &State) -> Result<Form, Error> {
        Ok(self.build_form(cx, state))
    }

    async fn validate(&self, cx: &Session, values: &Values, errors: &mut Errors) -> Result<(), Error> {
        let (item, given) = self.assemble(values, &|_| None);
        let stored = (!self.is_new()).then_some(&self.item);
        let mut problems = match self.site.services().items.validate(cx, &item, stored).await {
            Ok(()) => return Ok(()),
            Err(Refusal::Invalid(problems)) => problems,
            Err(Refusal::Refused { reason, .. }) => {
                errors.add("", format!("{}.", in_capitals(&reason)));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let coming = pointers(&item, &self.of)
            .into_iter()
            .filter(|pointer| pointer.target == COMING);
        let coming: Vec<String> = coming.map(|pointer| pointer.path).collect();
        problems.retain(|problem| !coming.contains(&problem.path));
        for fault in self.tell(problems, &given).iter() {
            // What the form has said already is not said again.
            if errors.at(&fault.path).next().is_none() {
                errors.add(fault.path.as_str(), fault.message.as_str());
            }
        }
        Ok(())
    }

    async fn submit(&self, cx: &Session, values: Values, state: &mut State) -> Result<Outcome, Error> {
        let items = &self.site.services().items;
        match values.button.as_str() {
            "discard" => {
                items.drop_draft(cx, &self.subject()).await?;
                Ok(Outcome::redirect(self.here()).message("Your draft is gone."))
            }
            "draft" => self.keep_draft(cx, &values, state).await,
            "preview" => self.preview(cx, &values).await,
            _ => self.save(cx, values, state).await,
        }
    }
}

/// Words as a sentence begins, without its end.
fn in_capitals(words: &str) -> String {
    let words = words.trim_end_matches('.');
    match words.get(..1) {
        Some(first) => format!("{}{}", first.to_uppercase(), words.get(1..).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// The names of what differs between the two versions of a conflict.
pub(super) fn differing(state: &State) -> Vec<String> {
    let names = state.get(DIFFERS).and_then(serde_json::Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}
