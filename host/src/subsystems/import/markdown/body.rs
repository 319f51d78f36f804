//! The text of a document as the site gets it: what it points to is stored, and pointed to where it is then.

use std::sync::Arc;

use super::super::replace::replace;
use super::super::{Error, Record, Report, Skipped, blocking};
use super::plan::Plan;
use super::prepare::{Prepared, Target, read_asset};
use super::run::Importer;
use crate::request::Account;
use crate::subsystems::file;

/// Under what files that documents point to are noted.
const FILES: &str = "markdown-file";

impl Importer {
    /// The text of a document with the addresses that its targets have on the site.
    pub(super) async fn body(
        &self,
        plan: &Arc<Plan>,
        prepared: &Prepared,
        report: &mut Report,
    ) -> Result<String, Error> {
        let mut targets = Vec::with_capacity(prepared.targets.len());
        for (range, target) in &prepared.targets {
            let address = match target {
                Target::Address(address) => address.clone(),
                Target::Asset { file, sha256 } => match self.asset(plan, file, sha256, report).await? {
                    Some(address) => address,
                    None => continue,
                },
            };
            targets.push((range.clone(), address));
        }
        Ok(replace(&prepared.body, &targets))
    }

    /// The address of a file of the folder, which is stored unless it was before.
    async fn asset(
        &self,
        plan: &Arc<Plan>,
        name: &str,
        sha256: &str,
        report: &mut Report,
    ) -> Result<Option<String>, Error> {
        let files = &self.site.services().files;
        let source = self.source(FILES, &plan.root)?;
        if let Some(record) = self
            .records
            .find(&source, name)
            .await?
            .filter(|record| record.digest == sha256)
            && let Some(stored) = files.find(record.target).await?
        {
            return Ok(Some(stored.url()));
        }
        let mut skip = |reason: String| {
            report.notes.push(Skipped::new(name, None, reason));
            Ok(None)
        };
        let path = plan.root.join(name);
        let content = match blocking(move || read_asset(&path)).await? {
            Ok(content) => content,
            Err(error) => return skip(format!("can't be read: {error}")),
        };
        let last = name.rsplit('/').next().unwrap_or(name);
        let stored = match files.store(Account::system().id, last, content).await {
            Ok(stored) => stored,
            Err(error @ (file::Error::Name { .. } | file::Error::TooLarge { .. })) => {
                return skip(error.to_string());
            }
            Err(error) => return Err(error.into()),
        };
        let url = stored.url();
        // The digest of what was stored: the file may have changed since it was prepared.
        let record = Record {
            target: stored.id,
            digest: stored.sha256,
        };
        self.records.finish(&source, name, &record).await?;
        report.files += 1;
        Ok(Some(url))
    }
}
