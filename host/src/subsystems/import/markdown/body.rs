//! The text of a document as the site gets it: what it points to is stored, and pointed to where it is then.

use std::sync::Arc;

use super::super::replace::replace;
use super::super::{Error, Report, Skipped, blocking, files};
use super::plan::Plan;
use super::prepare::{Prepared, Target, read_asset};
use super::run::Importer;

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
        let source = self.source(FILES, &plan.root)?;
        let place = (source.as_str(), name);
        if let Some(stored) = files::stored(&self.site, &self.records, place, sha256).await? {
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
        match files::store(&self.site, &self.records, place, content).await? {
            Ok(stored) => {
                report.files += 1;
                Ok(Some(stored.url()))
            }
            Err(reason) => skip(reason),
        }
    }
}
