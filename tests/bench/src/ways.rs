//! The ways in which a plugin gets at an item, each as one call.

use anyhow::{Result, ensure};
use bench_reader::json::{Answer, Value as Json};
use trovato::kernel::Plain;
use trovato::subsystems::Session;
use trovato::subsystems::item::{Item, Value, WithItem};
use trovato::taps;
use trovato::wit::render::ViewAnswer;
use trovato::wit::types::ViewMode;

use crate::content::AsJson;

/// An item on its way from call to call.
pub struct Way<'a> {
    pub session: &'a Session,
    item: Option<Box<Item>>,
}

impl<'a> Way<'a> {
    pub fn new(session: &'a Session, item: Item) -> Self {
        Self {
            session,
            item: Some(Box::new(item)),
        }
    }

    /// Shows the item through the `item-view` tap. The reader's mode `full` reads fields by their keys, `search-result` by
    /// their names, `teaser` the snapshot.
    pub async fn view(&mut self, mode: &ViewMode) -> Option<ViewAnswer> {
        let item = self.item.take()?;
        let mut input = WithItem::new(item, |handle| (handle, mode.clone()));
        let answers = self.session.collect::<taps::ItemView>(&mut input).await;
        let answer = answers.into_iter().next().map(|(_, (answer,))| answer);
        self.item = input.into_item();
        answer
    }

    /// Passes the item as JSON text, and reads the answer from JSON text.
    pub async fn json(&mut self) -> Option<Answer> {
        let item = self.item.as_mut()?;
        let text = serde_json::to_string(&AsJson(item)).ok()?;
        let mut text = Some(text);
        let arguments = || (String::new(), String::new(), text.take().unwrap_or_default());
        let answers = self.session.collect::<taps::Invoke>(&mut Plain(arguments)).await;
        let (_, (answer,)) = answers.into_iter().next()?;
        let mut answer: Answer = serde_json::from_str(&answer.ok()?).ok()?;
        for (field, values) in std::mem::take(&mut answer.set) {
            item.fields.insert(field, values.into_iter().map(value).collect());
        }
        Some(answer)
    }

    /// Fails unless every way gives an answer and sets the field: a way that fails is fast.
    pub async fn check(&mut self) -> Result<()> {
        for mode in [ViewMode::Full, ViewMode::SearchResult, ViewMode::Teaser] {
            let answer = self.view(&mode).await;
            ensure!(
                matches!(answer, Some(ViewAnswer::Tree(_))),
                "{mode:?} gives no tree: {answer:?}"
            );
            ensure!(self.was_set(), "{mode:?} does not set the field");
        }
        ensure!(
            self.json().await.is_some_and(|answer| !answer.tree.is_empty()),
            "JSON gives no tree"
        );
        ensure!(self.was_set(), "JSON does not set the field");
        Ok(())
    }

    /// Whether the field was set, which it is not any more afterwards.
    fn was_set(&mut self) -> bool {
        self.item
            .as_mut()
            .is_some_and(|item| item.fields.remove(bench_reader::SEEN).is_some())
    }
}

fn value(value: Json) -> Value {
    match value {
        Json::Integer(value) => Value::Integer(value),
        Json::Text(value) => Value::Text(value),
        Json::Formatted { value, format } => Value::Formatted { value, format },
    }
}
