//! The import itself: one document after the other, each through the services, noted as done when all of it is
//! stored.

use std::path::Path;
use std::sync::Arc;

use super::super::fields::body_of;
use super::super::{Error, Progress, Record, Records, Report, Skipped, blocking};
use super::plan::{Plan, Planned};
use super::prepare::{Prepared, prepare};
use super::{date, fields};
use crate::db;
use crate::request::{Account, Request};
use crate::subsystems::alias::Target as Known;
use crate::subsystems::item::{self, Item};
use crate::subsystems::item_type::ItemType;
use crate::subsystems::{Session, Site};

/// Under what documents are noted, besides the folder that they are from.
const DOCUMENTS: &str = "markdown";
/// Documents whose identifiers are set aside at once.
const CLAIMED: usize = 250;

/// Imports folders of Markdown documents.
pub struct Importer {
    pub(super) site: Site,
    pub(super) records: Records,
    item_type: Arc<ItemType>,
    /// What the folder is known by; where it lies, if nobody has said.
    name: Option<String>,
}

/// Why a document is not imported.
enum Stop {
    /// Something is wrong with it.
    Skip(Skipped),
    /// Nothing can be imported any more.
    End(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::End(error.into())
    }
}

impl Importer {
    /// An importer that makes items of a content type.
    ///
    /// # Errors
    /// [`Error::UnknownType`]; [`Error::NoBody`] if the type can't hold a text.
    pub fn new(site: Site, records: Records, item_type: &str) -> Result<Self, Error> {
        let found = site.services().item_types.get(item_type);
        let found = found.ok_or_else(|| Error::UnknownType(item_type.to_owned()))?;
        if body_of(&found).is_none() {
            return Err(Error::NoBody(item_type.to_owned()));
        }
        Ok(Self {
            site,
            records,
            item_type: found,
            name: None,
        })
    }

    /// The same for a folder that is known by a name, wherever it lies: documents of another folder are others, also
    /// where their files are called the same.
    #[must_use]
    pub fn known_as(self, name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..self
        }
    }

    /// Under what things of a kind from a folder are noted.
    pub(super) fn source(&self, kind: &str, folder: &Path) -> Result<String, Error> {
        let known_by = match &self.name {
            Some(name) => name.clone(),
            None => folder
                .canonicalize()
                .map_err(|error| Error::Folder {
                    folder: folder.to_owned(),
                    reason: error.to_string(),
                })?
                .display()
                .to_string(),
        };
        Ok(format!("{kind}:{known_by}"))
    }

    /// Imports a folder. What was imported before and is the same is left alone; what is wrong with a document is
    /// listed and the others are imported. Cut off at any moment, it can be run again.
    ///
    /// # Errors
    /// The folder can't be read, the database failed, or files can't be stored.
    #[tracing::instrument(name = "import.markdown", level = "debug", skip_all)]
    pub async fn run(&self, folder: &Path, mut progress: impl FnMut(Progress<'_>)) -> Result<Report, Error> {
        let plan = Arc::new(plan(folder).await?);
        let source = self.source(DOCUMENTS, folder)?;
        let mut report = Report {
            skipped: plan.skipped.clone(),
            ..Report::default()
        };
        let total = plan.documents.len();
        let mut done = 0;
        for some in plan.documents.chunks(CLAIMED) {
            self.records
                .claim(&source, some.iter().map(|planned| planned.file.as_str()))
                .await?;
            for planned in some {
                match self.document(&source, &plan, planned, &mut report).await {
                    Ok(()) => {}
                    Err(Stop::Skip(skipped)) => report.skipped.push(skipped),
                    Err(Stop::End(error)) => return Err(error),
                }
                done += 1;
                progress(Progress {
                    done,
                    total,
                    path: &planned.file,
                });
            }
        }
        Ok(report)
    }

    async fn document(
        &self,
        source: &str,
        plan: &Arc<Plan>,
        planned: &Planned,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let mut prepared = self.prepare(plan, planned).await?;
        report.notes.append(&mut prepared.skipped);
        let record = self
            .records
            .find(source, &planned.file)
            .await?
            .ok_or(db::Error::NotFound)?;
        // Plugins get a fresh start with each document: one that fails with this one may do well with the next.
        let request = Request::new(self.records.ids.next(), "", Account::system());
        let session = self.site.session(request);
        let found = self.site.services().items.load(&session, record.target).await;
        let found = found.map_err(|error| stop(planned, error))?;
        if found.is_some() && record.digest == prepared.digest {
            report.unchanged += 1;
            return Ok(());
        }
        let is_new = found.is_none();
        let mut item = match found {
            Some(item) => self.same_type(planned, item)?,
            None => self.blank(&session, planned, &record).await?,
        };
        let body = self.body(plan, &prepared, report).await?;
        let notes = fields::fill(&mut item, &self.item_type, &prepared.front, body);
        report.notes.extend(
            notes
                .into_iter()
                .map(|note| Skipped::new(planned.file.as_str(), None, note)),
        );
        let dated = prepared.front.date.or_else(|| date::in_path(&planned.path));
        item.created = dated
            .or_else(|| date::in_path(&planned.file))
            .unwrap_or(item.created);
        let message = format!("Imported from {}", planned.file);
        let (item, saved) = self
            .site
            .services()
            .items
            .save(&session, Box::new(item), &message)
            .await;
        saved.map_err(|error| stop(planned, error))?;
        self.paths(plan, planned, &item, &prepared, report).await?;
        let record = Record {
            target: item.id,
            digest: prepared.digest,
        };
        self.records.finish(source, &planned.file, &record).await?;
        if is_new {
            report.created += 1
        } else {
            report.updated += 1
        }
        Ok(())
    }

    async fn prepare(&self, plan: &Arc<Plan>, planned: &Planned) -> Result<Prepared, Stop> {
        let (plan, planned, item_type) = (plan.clone(), planned.clone(), self.item_type.clone());
        blocking(move || prepare(&plan, &planned, &item_type.name))
            .await?
            .map_err(Stop::Skip)
    }

    /// A new item at the path of a document, if the path is free.
    async fn blank(&self, session: &Session, planned: &Planned, record: &Record) -> Result<Item, Stop> {
        let services = self.site.services();
        let known = services.aliases.resolve(&planned.path).await?;
        if known.is_some_and(|known| *known != Known::Item(record.target)) {
            let reason = format!("its path /{} leads elsewhere already", planned.path);
            return Err(Stop::Skip(Skipped::new(planned.file.as_str(), None, reason)));
        }
        let blank = services.items.blank(session, &self.item_type.name, String::new());
        let blank = blank.map_err(|error| stop(planned, error))?;
        Ok(Item {
            id: record.target,
            alias: Some(planned.path.clone()),
            ..blank
        })
    }

    fn same_type(&self, planned: &Planned, item: Item) -> Result<Item, Stop> {
        if *item.item_type == *self.item_type.name {
            return Ok(item);
        }
        let reason = format!(
            "it was imported as content of the type '{}' before",
            item.item_type
        );
        Err(Stop::Skip(Skipped::new(planned.file.as_str(), None, reason)))
    }
}

/// Whether a failure of an item concerns one document only.
fn stop(planned: &Planned, error: item::Error) -> Stop {
    match error {
        item::Error::Db(error) => Stop::End(error.into()),
        error => Stop::Skip(Skipped::new(planned.file.as_str(), None, error.to_string())),
    }
}

async fn plan(folder: &Path) -> Result<Plan, Error> {
    let root = folder.to_owned();
    let planned = blocking(move || Plan::of(&root)).await?;
    planned.map_err(|error| Error::Folder {
        folder: folder.to_owned(),
        reason: error.to_string(),
    })
}
