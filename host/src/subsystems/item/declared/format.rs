//! How values of plugins' field types are shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::model::{Item, ViewMode};
use super::super::view::Place;
use super::super::{Error, Items};
use super::{asked, complain};
use crate::kernel::Plain;
use crate::subsystems::item_type::{Display, Field};
use crate::subsystems::theme::{self, Ordered, SafeHtml, Tree};
use crate::subsystems::{Plugin, Session, tree};
use crate::taps;
use crate::wit::render::ViewAnswer;

/// What plugins make of the values of fields, by the fields' names; none for a value that is shown as its base is.
pub(in super::super) type Formatted = BTreeMap<String, Vec<Option<SafeHtml>>>;

impl Items {
    /// Asks the plugins for those of the fields that they have declared.
    ///
    /// # Errors
    /// [`Error::Db`]. What plugins do wrong is logged.
    pub(in super::super) async fn formatted(
        &self,
        session: &Session,
        item: &Item,
        displayed: &[(&Field, &Display)],
        mode: &ViewMode,
        place: Place<'_>,
    ) -> Result<Formatted, Error> {
        let mut formatted = Formatted::new();
        for (field, display) in displayed {
            let values = item.values(&field.name);
            if values.is_empty() || display.formatter == "plain" {
                continue;
            }
            let Some((plugin, told)) = asked::<taps::FieldFormat>(session, &item.item_type, field) else {
                continue;
            };
            let mut input = Plain(|| {
                let values = values.iter().map(Into::into).collect();
                (told.clone(), values, mode.clone().into())
            });
            let Ok((answers,)) = session.call::<taps::FieldFormat>(plugin, &mut input).await else {
                continue;
            };
            match trees(plugin, answers, values.len()) {
                Ok(trees) => {
                    let shown = self.render_values(session, plugin, trees, place).await?;
                    formatted.insert(field.name.clone(), shown);
                }
                Err(problem) => complain::<taps::FieldFormat>(session, plugin, &problem),
            }
        }
        Ok(formatted)
    }

    async fn render_values(
        &self,
        session: &Session,
        plugin: &Plugin,
        trees: Vec<Option<Tree>>,
        place: Place<'_>,
    ) -> Result<Vec<Option<SafeHtml>>, Error> {
        let mut shown = Vec::with_capacity(trees.len());
        for tree in trees {
            let Some(tree) = tree else {
                shown.push(None);
                continue;
            };
            match self.render_built(session, tree, &Ordered::default(), place).await {
                Ok(html) => shown.push(Some(html)),
                Err(Error::Db(error)) => return Err(error.into()),
                Err(error) => {
                    complain::<taps::FieldFormat>(session, plugin, &error.to_string());
                    shown.push(None);
                }
            }
        }
        Ok(shown)
    }
}

/// The trees of a field, which together keep to the limits of one: a field may have a thousand values.
fn trees(plugin: &Arc<Plugin>, answers: Vec<ViewAnswer>, values: usize) -> Result<Vec<Option<Tree>>, String> {
    if answers.len() > values {
        return Err(format!("{} answers for {values} values", answers.len()));
    }
    let name = &plugin.manifest.name;
    let mut whole = Tree::default();
    let mut trees = Vec::with_capacity(answers.len());
    for answer in answers {
        let ViewAnswer::Tree(part) = answer else {
            trees.push(None);
            continue;
        };
        let part = tree::tree_from(part, name);
        whole.append(part.clone());
        trees.push(Some(part));
    }
    theme::check(&whole, &theme::Limits::default()).map_err(|error| error.to_string())?;
    Ok(trees)
}
