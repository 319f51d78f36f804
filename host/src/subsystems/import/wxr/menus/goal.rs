//! Where a link of an export leads on this site.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::super::Report;
use super::super::run::{ENTRIES, Importer, Stop};
use super::Link;
use super::arrange::Task;
use super::leads::To;
use crate::db;
use crate::subsystems::alias::RESERVED;
use crate::subsystems::menu::{Entry, Laid, Menu, check};

/// Characters of the text of a link.
const TITLE: usize = 100;

/// Where a link leads on this site, and what the export says of it: a record may get another path here.
struct Goal {
    path: String,
    said: String,
    /// What the export and what this site call what it leads to.
    titles: (String, String),
}

impl Importer {
    /// A link as it can be in a menu of this site, and what the export says of it.
    pub(super) async fn link(
        &self,
        task: &Task<'_>,
        menu: &Menu,
        link: &Link,
        report: &mut Report,
    ) -> Result<(Laid, Value), Stop> {
        let goal = match &link.to {
            To::Nothing(reason) => return Err(Stop::Skip(reason.clone())),
            To::Entry(number) => {
                let key = task.plan.entry_of(number);
                let key = key.ok_or_else(|| {
                    Stop::Skip(format!("it leads to the entry {number}, which is not imported"))
                })?;
                self.goal_of(task, key, "").await?
            }
            To::Address(address) => self.goal_at(task, link, address, report).await?,
        };
        let (theirs, ours) = goal.titles;
        let titles = [self.plain(&link.title, TITLE), theirs];
        let title = titles
            .into_iter()
            .find(|title| !title.is_empty())
            .unwrap_or_default();
        let said = json!([title, goal.said]);
        let laid = Laid {
            title: if title.is_empty() { ours } else { title },
            path: goal.path,
            shown: true,
            declared: false,
            above: None,
        };
        check(menu, &[alone(&laid)])?;
        Ok((laid, said))
    }

    /// The item that an entry has become.
    async fn goal_of(&self, task: &Task<'_>, key: &str, rest: &str) -> Result<Goal, Stop> {
        let left_out = || Stop::Skip("the entry that it leads to is not imported".to_owned());
        let record = self.records.find(ENTRIES, key).await?.ok_or_else(left_out)?;
        let items = &self.site.services().items;
        let found = items
            .load(&task.session, record.target)
            .await?
            .ok_or_else(left_out)?;
        let theirs = task.plan.titles.get(key).map(|title| self.plain(title, TITLE));
        let ours = found.title.chars().take(TITLE).collect();
        Ok(Goal {
            path: format!("{}{rest}", path_of(found.alias.as_deref(), found.id)),
            said: format!("{key} {rest}"),
            titles: (theirs.unwrap_or_default(), ours),
        })
    }

    /// What is at an address: an item, something else of this site, or another site.
    async fn goal_at(
        &self,
        task: &Task<'_>,
        link: &Link,
        address: &str,
        report: &mut Report,
    ) -> Result<Goal, Stop> {
        let own = task.plan.path_on_site(address);
        // A page may have been the front page; the front page of this site is its own.
        let is_home = own
            .as_deref()
            .is_some_and(|path| path == "/" || path.starts_with("/#"));
        if !is_home && let Some((key, rest)) = task.plan.entry_at(address) {
            return self.goal_of(task, key, rest).await;
        }
        if let Some(path) = own.as_deref().filter(|_| !is_home)
            && !self.leads_somewhere(task, path).await?
        {
            let reason = format!("nothing is at {path} yet: it is not shown until something is");
            report.notes.push(task.told(link, &reason));
        }
        let path = own.unwrap_or_else(|| address.to_owned());
        Ok(Goal {
            said: path.clone(),
            path,
            titles: Default::default(),
        })
    }

    async fn leads_somewhere(&self, task: &Task<'_>, path: &str) -> db::Result<bool> {
        let bare = path.split(['?', '#']).next().unwrap_or_default();
        let decoded = percent_decode_str(bare).decode_utf8_lossy();
        let place = decoded.trim_matches('/');
        let is_of_host = place
            .split('/')
            .next()
            .is_some_and(|first| RESERVED.contains(&first));
        if place.is_empty() || is_of_host || task.session.registry().noted().routes.resolve(bare).is_some() {
            return Ok(true);
        }
        Ok(self.site.services().aliases.resolve(place).await?.is_some())
    }
}

fn alone(link: &Laid) -> Entry {
    Entry {
        key: "link".to_owned(),
        title: link.title.clone(),
        path: link.path.clone(),
        parent: None,
        shown: link.shown,
        declared: false,
    }
}

/// The path of an item, as a link can have it: one that reads otherwise in an address is left to whoever shows the link.
fn path_of(alias: Option<&str>, id: Uuid) -> String {
    let reads_otherwise = |char: char| char.is_whitespace() || matches!(char, '?' | '#' | '%');
    match alias.filter(|alias| !alias.contains(reads_otherwise)) {
        Some(alias) => format!("/{alias}"),
        None => format!("/item/{id}"),
    }
}
