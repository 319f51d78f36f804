//! The links of a menu as they can be on this site.

use serde_json::{Value, json};

use super::super::super::{Report, Skipped};
use super::super::run::{Importer, Stop};
use super::arrange::Task;
use super::{Link, Menu as Exported};
use crate::subsystems::menu::{DEPTH, Laid, MOST, Menu};

/// The links of a menu on their way.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) links: Vec<Laid>,
    /// What the export says of each of them, as far as it counts.
    pub(super) said: Vec<Value>,
    /// How deep each of them lies, from 1.
    depths: Vec<usize>,
    /// Where each link of the export has come to lie: at its own place, or at the one above.
    places: Vec<Option<usize>>,
    /// Those that opened in another window.
    elsewhere: Vec<&'a Link>,
}

impl Importer {
    /// The links of a menu as they can be here. What can't is told, and what lay below it moves up.
    pub(super) async fn draft<'a>(
        &self,
        task: &Task<'_>,
        exported: &'a Exported,
        (menu, room): (&Menu, usize),
        report: &mut Report,
    ) -> Result<Draft<'a>, Stop> {
        let (placed, circling) = exported.placed();
        let circling = circling.into_iter();
        report
            .skipped
            .extend(circling.map(|link| task.told(link, "it lies below itself")));
        let mut draft = Draft::default();
        for each in placed {
            let above = each
                .above
                .and_then(|above| draft.places.get(above).copied().flatten());
            let made = if draft.links.len() < room {
                self.link(task, menu, each.link, report).await
            } else {
                Err(Stop::Skip(format!("a menu has at most {MOST} links")))
            };
            let place = match made {
                Ok(made) => {
                    let (place, note) = draft.add(each.link, made, above);
                    report.notes.extend(note.map(|note| task.told(each.link, &note)));
                    Some(place)
                }
                Err(Stop::Skip(reason)) => {
                    report.skipped.push(task.told(each.link, &reason));
                    above
                }
                Err(end) => return Err(end),
            };
            draft.places.push(place);
        }
        report.notes.extend(draft.windows(task));
        Ok(draft)
    }
}

impl<'a> Draft<'a> {
    /// Adds a link as deep as links may lie; its place, and what is to be said where it lay deeper.
    fn add(
        &mut self,
        link: &'a Link,
        (laid, said): (Laid, Value),
        above: Option<usize>,
    ) -> (usize, Option<String>) {
        if link.is_elsewhere {
            self.elsewhere.push(link);
        }
        let depth = above
            .and_then(|above| self.depths.get(above))
            .map_or(0, |depth| *depth);
        let (above, note) = if depth < DEPTH {
            (above, None)
        } else {
            let beside = above.and_then(|above| self.links.get(above)?.above);
            let note = format!("it lay deeper than {DEPTH}, and lies beside what was above it");
            (beside, Some(note))
        };
        let place = self.links.len();
        self.depths.push(depth.min(DEPTH - 1) + 1);
        self.said.push(json!([said, above]));
        self.links.push(Laid { above, ..laid });
        (place, note)
    }

    fn windows(&self, task: &Task<'_>) -> Option<Skipped> {
        let (first, count) = (self.elsewhere.first()?, self.elsewhere.len());
        let reason = format!(
            "links of the menu {} ({count}) opened in another window and open in the same one here",
            task.menu
        );
        Some(Skipped::new(task.file, first.line, reason))
    }
}
