//! The path of a document's page, and the older ones that lead to it.

use super::super::{Report, Skipped};
use super::plan::{Plan, Planned};
use super::prepare::Prepared;
use super::run::Importer;
use crate::db;
use crate::subsystems::item::Item;

impl Importer {
    /// Gives an item the path of its document, where it has another one yet, and lets its older paths lead to it.
    pub(super) async fn paths(
        &self,
        plan: &Plan,
        planned: &Planned,
        item: &Item,
        prepared: &Prepared,
        report: &mut Report,
    ) -> Result<(), db::Error> {
        let aliases = &self.site.services().aliases;
        let mut skip = |path: &str, reason: &str| {
            let reason = format!("its path /{path} {reason}");
            report
                .skipped
                .push(Skipped::new(planned.file.as_str(), None, reason));
        };
        if item.alias.as_deref() != Some(planned.path.as_str()) {
            let mut tx = self.records.db.begin().await?;
            if aliases.set(&mut tx, &planned.path, item.id).await? {
                tx.commit().await?;
            } else {
                tx.rollback().await?;
                skip(&planned.path, "leads elsewhere already: it keeps the one before");
            }
        }
        for alias in prepared
            .front
            .aliases
            .iter()
            .filter(|alias| **alias != planned.path)
        {
            if plan.has_page(alias) {
                skip(alias, "is that of another document");
            } else if aliases.redirect(alias, item.id).await? {
                report.redirects += 1;
            } else {
                skip(alias, "leads elsewhere already");
            }
        }
        Ok(())
    }
}
