//! The import itself: one entry after the other, each through the services, noted as done when all of it is stored.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::fields::body_of;
use super::super::{Error, Progress, Record, Records, Report, Skipped, blocking};
use super::entry::{Entry, Fate};
use super::plan::{self, Plan, Source};
use super::read::Part;
use crate::db;
use crate::request::{Account, Request};
use crate::subsystems::alias::Target as Known;
use crate::subsystems::item::{self, Item};
use crate::subsystems::item_type::ItemType;
use crate::subsystems::{Session, Site, menu};

/// Under what entries are noted.
pub(super) const ENTRIES: &str = "wxr";
/// Entries whose identifiers are set aside at once.
const CLAIMED: usize = 250;
/// Parts that are read at once.
const READ: usize = 16;

/// What is to become of an export.
#[derive(Clone, Debug)]
pub struct Options {
    /// The content type of posts.
    pub posts: String,
    /// The content type of pages.
    pub pages: String,
    /// A copy of the site's folder of uploads, from which pictures are taken.
    pub uploads: Option<PathBuf>,
}

/// Imports WordPress exports.
pub struct Importer {
    pub(super) site: Site,
    pub(super) records: Records,
    pub(super) uploads: Option<PathBuf>,
    posts: Arc<ItemType>,
    pages: Arc<ItemType>,
}

/// One entry on its way into the site.
pub(super) struct Task<'a> {
    pub(super) plan: &'a Plan,
    pub(super) entry: &'a Entry,
    pub(super) of: &'a ItemType,
    pub(super) file: &'a str,
}

/// Why something is not imported.
pub(super) enum Stop {
    /// Something is wrong with it.
    Skip(String),
    /// Nothing can be imported any more.
    End(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::End(error.into())
    }
}

impl From<item::Error> for Stop {
    fn from(error: item::Error) -> Self {
        match error {
            item::Error::Db(error) => Self::End(error.into()),
            error => Self::Skip(error.to_string()),
        }
    }
}

impl From<menu::Error> for Stop {
    fn from(error: menu::Error) -> Self {
        match error {
            menu::Error::Db(error) => Self::End(error.into()),
            error => Self::Skip(error.to_string()),
        }
    }
}

impl Task<'_> {
    pub(super) fn note(&self, reason: &str) -> Skipped {
        let reason = format!("{}: {reason}", self.entry.name());
        Skipped::new(self.file, self.entry.line, reason)
    }
}

impl Importer {
    /// An importer into the content types of the options.
    ///
    /// # Errors
    /// [`Error::UnknownType`]; [`Error::NoBody`] if a type can't hold a text.
    pub fn new(site: Site, records: Records, options: Options) -> Result<Self, Error> {
        let named = |name: String| {
            let found = site.services().item_types.get(&name);
            let found = found.ok_or_else(|| Error::UnknownType(name.clone()))?;
            match body_of(&found) {
                Some(_) => Ok(found),
                None => Err(Error::NoBody(name)),
            }
        };
        let (posts, pages) = (named(options.posts)?, named(options.pages)?);
        Ok(Self {
            site,
            records,
            uploads: options.uploads,
            posts,
            pages,
        })
    }

    /// Imports an export. What was imported before and is the same is left alone; what is wrong with an entry is
    /// listed and the others are imported. Cut off at any moment, it can be run again.
    ///
    /// # Errors
    /// The file can't be read or is no export, the database failed, or files can't be stored.
    #[tracing::instrument(name = "import.wxr", level = "debug", skip_all)]
    pub async fn run(&self, file: &Path, mut progress: impl FnMut(Progress<'_>)) -> Result<Report, Error> {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let fault = |reason: String| Error::Export {
            file: file.to_owned(),
            reason,
        };
        let (path, shown) = (file.to_owned(), name.clone());
        let plan = blocking(move || Plan::of(&path, &shown)).await?.map_err(fault)?;
        for keys in plan.keys.chunks(CLAIMED) {
            self.records
                .claim(ENTRIES, keys.iter().map(String::as_str))
                .await?;
        }
        let mut report = Report {
            skipped: plan.skipped.clone(),
            ..Report::default()
        };
        let mut source = plan::open(file).map_err(|error| fault(error.to_string()))?;
        let (mut done, total) = (0, plan.keys.len());
        while done < total {
            let (entries, rest) = blocking(move || read(source)).await?;
            if entries.is_empty() {
                break;
            }
            source = rest;
            for entry in entries {
                let of = match entry.fate() {
                    Fate::Post => &self.posts,
                    Fate::Page => &self.pages,
                    Fate::Attachment | Fate::Link | Fate::Skip(_) => continue,
                };
                let task = Task {
                    plan: &plan,
                    entry: &entry,
                    of,
                    file: &name,
                };
                match self.entry(&task, &mut report).await {
                    Ok(()) => {}
                    Err(Stop::Skip(reason)) => report.skipped.push(task.note(&reason)),
                    Err(Stop::End(error)) => return Err(error),
                }
                done += 1;
                let path = entry.name();
                progress(Progress { done, total, path });
            }
        }
        self.menus(&plan, &name, &mut report).await?;
        Ok(report)
    }

    /// A session of the site itself.
    pub(super) fn session(&self) -> Session {
        let request = Request::new(self.records.ids.next(), "", Account::system());
        self.site.session(request)
    }

    async fn entry(&self, task: &Task<'_>, report: &mut Report) -> Result<(), Stop> {
        // One without a key, or with another's, is listed already.
        let Some(record) = self.records.find(ENTRIES, task.entry.key()).await? else {
            return Ok(());
        };
        // Plugins get a fresh start with each entry: one that fails with this one may do well with the next.
        let session = self.session();
        let found = self.site.services().items.load(&session, record.target).await?;
        let is_new = found.is_none();
        let mut item = match found {
            Some(item) if *item.item_type == *task.of.name => item,
            Some(item) => {
                let reason = format!(
                    "it was imported as content of the type '{}' before",
                    item.item_type
                );
                return Err(Stop::Skip(reason));
            }
            None => self.blank(&session, task, &record, report).await?,
        };
        let digest = self.fill(&mut item, task, report).await?;
        if !is_new && record.digest == digest {
            report.unchanged += 1;
            return self.keep(&item, task, report).await;
        }
        let message = format!("Imported from {}", task.file);
        let items = &self.site.services().items;
        let (item, saved) = items.save(&session, Box::new(item), &message).await;
        saved?;
        let record = Record {
            target: item.id,
            digest,
        };
        self.records.finish(ENTRIES, task.entry.key(), &record).await?;
        if is_new {
            report.created += 1;
        } else {
            report.updated += 1;
        }
        self.keep(&item, task, report).await
    }

    /// Keeps the comments of an entry with its item.
    async fn keep(&self, item: &Item, task: &Task<'_>, report: &mut Report) -> Result<(), Stop> {
        let comments = &task.entry.comments;
        let kept = comments.kept();
        report.comments += self.records.keep(item.id, &kept, comments.refused()).await?;
        Ok(())
    }

    /// A new item, at the path that the entry had where it is free.
    async fn blank(
        &self,
        session: &Session,
        task: &Task<'_>,
        record: &Record,
        report: &mut Report,
    ) -> Result<Item, Stop> {
        let services = self.site.services();
        let mut path = task.plan.paths.get(task.entry.key()).cloned();
        if let Some(wanted) = &path {
            let known = services.aliases.resolve(wanted).await?;
            if known.is_some_and(|known| *known != Known::Item(record.target)) {
                let reason = format!("its path /{wanted} leads elsewhere already: it gets another one");
                report.notes.push(task.note(&reason));
                path = None;
            }
        }
        let blank = services.items.blank(session, &task.of.name, String::new())?;
        Ok(Item {
            id: record.target,
            alias: path,
            ..blank
        })
    }

    /// The item that an entry has become, or will become.
    pub(super) async fn item_of(&self, key: &str) -> Result<String, db::Error> {
        let record = self
            .records
            .find(ENTRIES, key)
            .await?
            .ok_or(db::Error::NotFound)?;
        Ok(format!("/item/{}", record.target))
    }
}

/// The next entries of an export; none at its end, which may be one that the plan has listed as too early.
fn read(mut source: Source) -> (Vec<Entry>, Source) {
    let mut entries = Vec::new();
    while entries.len() < READ {
        match source.next() {
            Ok(Some(Part::Entry(entry))) => entries.push(*entry),
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => break,
        }
    }
    (entries, source)
}
