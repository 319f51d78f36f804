//! Menus of an export become menus of the site, once what they lead to is there.

use serde_json::json;

use super::super::super::{Error, Record, Report, Skipped};
use super::super::plan::Plan;
use super::super::run::{Importer, Stop};
use super::name::{name_of, numbered};
use super::{Link, Menu as Exported};
use crate::db;
use crate::subsystems::menu::{BUILT_IN, Entry, Laid, MOST, Menu, check};
use crate::subsystems::{Session, file};

/// Under what menus are noted.
const MENUS: &str = "wxr-menu";
/// Changes with whatever makes the same export into another menu.
const VERSION: u32 = 1;
/// Characters of the name that people see.
const LABEL: usize = 100;
/// Names that are tried before a menu is left out.
const NAMES: usize = 100;

/// What is being done.
pub(super) struct Task<'a> {
    pub(super) plan: &'a Plan,
    pub(super) file: &'a str,
    /// What the export calls the menu.
    pub(super) menu: &'a str,
    pub(super) session: Session,
}

impl Task<'_> {
    pub(super) fn told(&self, link: &Link, reason: &str) -> Skipped {
        let reason = format!("{} in the menu {}: {reason}", link.name, self.menu);
        Skipped::new(self.file, link.line, reason)
    }
}

impl Importer {
    /// Imports the menus of an export.
    pub(in super::super) async fn menus(
        &self,
        plan: &Plan,
        file: &str,
        report: &mut Report,
    ) -> Result<(), Error> {
        for exported in &plan.menus.0 {
            let task = Task {
                plan,
                file,
                menu: &exported.label,
                session: self.session(),
            };
            match self.menu(&task, exported, report).await {
                Ok(()) => {}
                Err(Stop::Skip(reason)) => {
                    let reason = format!("the menu {} is left out: {reason}", exported.label);
                    report.skipped.push(Skipped::new(file, exported.line(), reason));
                }
                Err(Stop::End(error)) => return Err(error),
            }
        }
        Ok(())
    }

    async fn menu(&self, task: &Task<'_>, exported: &Exported, report: &mut Report) -> Result<(), Stop> {
        let (menu, key, mut record) = self.place(task, exported).await?;
        let menus = &self.site.services().menus;
        let declared = menus.entries(&task.session, &menu.name);
        let declared: Vec<Entry> = declared.into_iter().filter(|entry| entry.declared).collect();
        let room = MOST.saturating_sub(declared.len());
        let draft = self.draft(task, exported, (&menu, room), report).await?;
        let there = menus.find(&menu.name);
        if draft.links.is_empty() && there.is_none() {
            return Err(Stop::Skip("none of its links is imported".to_owned()));
        }
        let digest = file::sha256(
            json!([VERSION, exported.label, draft.said])
                .to_string()
                .as_bytes(),
        );
        if there.is_some() && record.digest == digest {
            return Ok(());
        }
        if there.is_none() {
            menus.create(&task.session, menu.clone()).await?;
        }
        let links = menus.laid_out(&menu.name, behind(&declared, draft.links));
        menus.arrange(&task.session, menu, links).await?;
        record.digest = digest;
        self.records.finish(MENUS, &key, &record).await?;
        report.menus += 1;
        Ok(())
    }

    /// Which menu of the site this is, with what is noted of it: the one that it became before, or one of a name that is
    /// free. Where the site has arranged a menu of this name itself, another name is taken.
    async fn place(&self, task: &Task<'_>, exported: &Exported) -> Result<(Menu, String, Record), Stop> {
        let label = match self.plain(&exported.label, LABEL) {
            label if label.is_empty() => name_of(&exported.slug),
            label => label,
        };
        let wanted = name_of(&exported.slug);
        let menus = &self.site.services().menus;
        for number in 1..=NAMES {
            let name = numbered(&wanted, number);
            let key = format!("{} {} {name}", task.plan.site(), exported.slug);
            let there = menus.find(&name);
            let is_built_in = BUILT_IN.contains(&name.as_str());
            let menu = match &there {
                Some(there) if is_built_in => there.clone(),
                _ => Menu {
                    name,
                    label: label.clone(),
                },
            };
            if check(&menu, &[]).is_err() {
                continue;
            }
            if let Some(record) = self.records.find(MENUS, &key).await? {
                return Ok((menu, key, record));
            }
            let is_free =
                there.is_none() || is_built_in && menus.stored(&menu.name).iter().all(|link| link.declared);
            if is_free {
                self.records.claim(MENUS, std::iter::once(key.as_str())).await?;
                let record = self.records.find(MENUS, &key).await?;
                let record = record.ok_or(db::Error::NotFound)?;
                return Ok((menu, key, record));
            }
        }
        Err(Stop::Skip(format!(
            "there are menus of its name ({wanted}) already"
        )))
    }
}

/// Links behind those that plugins declare, which stay as they are.
fn behind(declared: &[Entry], links: Vec<Laid>) -> Vec<Laid> {
    let place = |key: &str| declared.iter().position(|entry| entry.key == key);
    let first = declared.iter().enumerate().map(|(here, entry)| Laid {
        title: entry.title.clone(),
        path: entry.path.clone(),
        shown: entry.shown,
        declared: true,
        above: entry
            .parent
            .as_deref()
            .and_then(place)
            .filter(|above| *above < here),
    });
    let own = links.into_iter().map(|link| Laid {
        above: link.above.map(|above| above + declared.len()),
        ..link
    });
    first.chain(own).collect()
}
