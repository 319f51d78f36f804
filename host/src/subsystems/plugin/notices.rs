//! How the plugins fare, for those who run the site.

use super::{Plugins, State};
use crate::subsystems::Site;
use crate::subsystems::admin::Notice;

impl Plugins {
    /// What there is to say about each plugin that is not simply at work, or that all are.
    pub(super) async fn fares(&self, site: &Site) -> Vec<Notice> {
        let records = match self.records().await {
            Ok(records) => records,
            Err(error) => return vec![Notice::problem("Plugins", error.to_string())],
        };
        let mut notices = self.failing(site);
        let enabled = records.iter().filter(|record| record.state == State::Enabled);
        let (mut at_work, problems) = (0, self.problems());
        for record in enabled {
            if problems.contains_key(&record.name) {
                continue;
            }
            at_work += 1;
            let found = self
                .available()
                .find(&record.name)
                .and_then(|package| package.digest());
            if found.is_ok_and(|digest| digest != record.digest) {
                let text = format!(
                    "Another version of '{}' was found and is not at work.",
                    record.name
                );
                notices
                    .push(Notice::remark("Plugin", text).action("See what changes", page_of(&record.name)));
            }
        }
        for (name, package) in self.available().all() {
            if let Err(error) = package {
                notices.push(Notice::warning(
                    "Plugin",
                    format!("'{name}' can't be read: {error}."),
                ));
            }
        }
        if notices.is_empty() {
            let text = match at_work {
                0 => "None is enabled.".to_owned(),
                1 => "One is at work.".to_owned(),
                count => format!("{count} are at work."),
            };
            notices.push(Notice::fine("Plugins", text));
        }
        notices
    }

    /// Plugins that can't be put to work, and those that failed too often.
    fn failing(&self, site: &Site) -> Vec<Notice> {
        let broken = self.problems().into_iter().map(|(name, problem)| {
            Notice::problem(
                "Plugin",
                format!("'{name}' is enabled and not at work: {problem}"),
            )
            .action("See the plugin", page_of(&name))
        });
        let registry = site.registry();
        let suspended = registry.plugins().iter().filter_map(|plugin| {
            let (left, cause) = plugin.health.suspended()?;
            let name = &plugin.manifest.name;
            let text = format!(
                "'{name}' failed repeatedly and is left out for {} more seconds: {cause}",
                left.as_secs() + 1
            );
            Some(Notice::problem("Plugin", text).action("See the plugin", page_of(name)))
        });
        broken.chain(suspended).collect()
    }
}

fn page_of(name: &str) -> String {
    format!("/admin/plugins/{name}")
}
