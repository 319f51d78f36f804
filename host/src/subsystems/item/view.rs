//! Items shown: their fields and what plugins add, altered, sanitised and rendered.

mod fields;

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use super::lent::WithItem;
use super::model::{Item, Value, ViewMode};
use super::{Error, Items};
use crate::kernel::Plain;
use crate::subsystems::item_type::ItemType;
use crate::subsystems::theme::{
    self, Additions, Embeds, ItemContext, ItemEmbed, Node, NodeKind, Ordered, SafeHtml, Tree,
};
use crate::subsystems::{Plugin, Session, tree};
use crate::taps;
use crate::wit::render::ViewAnswer;

/// How deep items may show items.
const DEPTH: usize = 3;
/// Items that one tree may embed.
const EMBEDS: usize = 100;

/// An item as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The item, with what plugins did to it for this page.
    pub item: Item,
    /// Safe HTML.
    pub html: String,
}

/// An entry of a feed.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The item.
    pub item: Item,
    /// Its summary as safe HTML.
    pub summary: String,
}

impl Items {
    /// Shows an item that was loaded by [`Items::find`].
    ///
    /// # Errors
    /// [`Error::Theme`] when no template can be used.
    #[tracing::instrument(name = "item.show", level = "debug", skip_all, fields(item.id = %item.id))]
    pub async fn show(&self, session: &Session, item: Item, mode: &ViewMode) -> Result<Shown, Error> {
        self.show_at(session, item, mode, 0).await
    }

    /// Shows several items; those that may not be seen are left out.
    ///
    /// # Errors
    /// [`Error::Db`], and [`Error::Theme`] when no template can be used.
    pub async fn show_list(
        &self,
        session: &Session,
        ids: &[Uuid],
        mode: &ViewMode,
    ) -> Result<Vec<Shown>, Error> {
        self.show_list_at(session, ids, mode, 0).await
    }

    async fn show_list_at(
        &self,
        session: &Session,
        ids: &[Uuid],
        mode: &ViewMode,
        depth: usize,
    ) -> Result<Vec<Shown>, Error> {
        let items = self.find_many(session, ids).await?;
        if session.has::<taps::ItemViewPrefetch>() && !items.is_empty() {
            let mut input = Plain(|| {
                let ids: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
                (ids, mode.clone().into())
            });
            session.collect::<taps::ItemViewPrefetch>(&mut input).await;
        }
        let mut shown = Vec::with_capacity(items.len());
        for item in items {
            shown.push(Box::pin(self.show_at(session, item, mode, depth)).await?);
        }
        Ok(shown)
    }

    async fn show_at(
        &self,
        session: &Session,
        item: Item,
        mode: &ViewMode,
        depth: usize,
    ) -> Result<Shown, Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let (item, parts) = collect_parts(session, Box::new(item), mode).await;
        let displayed = fields::displayed(&of, mode);
        let mut built = Tree::default();
        for (field, display) in &displayed {
            built.nodes.push(Node {
                parent: None,
                weight: display.weight,
                kind: NodeKind::Field(field.name.clone()),
            });
        }
        let plugins: Vec<String> = parts.iter().map(|(plugin, _)| plugin.clone()).collect();
        for (_, part) in parts {
            built.append(part);
        }
        let (item, built) = alter(session, item, mode, built).await;
        let (item, additions) = preprocess(session, item, mode).await;
        let context = self.context(&item, &of, mode);
        let rendered = self.render_fields(session, &item, &context, &displayed);
        let content = self.render_built(session, built, &rendered, depth).await?;
        let parts = plugins
            .into_iter()
            .map(|plugin| (plugin, SafeHtml::default()))
            .collect();
        let context = ItemContext {
            item: context,
            fields: rendered,
            content,
            parts: Ordered(parts),
        };
        let html = self
            .themes
            .render_item(&session.request().theme, &context, &additions);
        Ok(Shown {
            item: *item,
            html: html.to_string(),
        })
    }

    /// Renders the tree of a plugin's page.
    ///
    /// # Errors
    /// [`Error::Theme`] when the tree breaks a rule.
    pub async fn render_tree(&self, session: &Session, built: Tree) -> Result<String, Error> {
        Ok(self
            .render_built(session, built, &Ordered::default(), 0)
            .await?
            .to_string())
    }

    async fn render_built(
        &self,
        session: &Session,
        built: Tree,
        rendered: &Ordered<theme::ItemField>,
        depth: usize,
    ) -> Result<SafeHtml, Error> {
        let mut safe = theme::sanitise(built, &theme::Limits::default())?;
        self.link_by_path(&mut safe).await?;
        let mut embeds = Embeds::default();
        for (name, field) in &rendered.0 {
            embeds.insert_field(name.clone(), field.html.clone());
        }
        if depth < DEPTH {
            self.embed(session, &theme::collect_embeds(&safe), &mut embeds, depth + 1)
                .await?;
        }
        for dropped in &safe.dropped {
            tracing::warn!(request.id = %session.request().id, "a part of the page is left out: {dropped}");
        }
        Ok(self.themes.render_tree(&session.request().theme, &safe, &embeds))
    }

    /// Lets links to items lead to the paths that people know them by.
    async fn link_by_path(&self, safe: &mut theme::SafeTree) -> Result<(), Error> {
        let of_item = |href: &str| Uuid::parse_str(href.strip_prefix("/item/")?).ok();
        let linked: Vec<Uuid> = safe.links().filter_map(of_item).take(EMBEDS).collect();
        if linked.is_empty() {
            return Ok(());
        }
        let paths = self.aliases.paths_of(&linked).await?;
        safe.redirect_links(|href| paths.get(&of_item(href)?).map(|path| format!("/{path}")));
        Ok(())
    }

    /// Shows the items that a tree embeds: those of one view mode are loaded by one query.
    async fn embed(
        &self,
        session: &Session,
        wanted: &[ItemEmbed],
        embeds: &mut Embeds,
        depth: usize,
    ) -> Result<(), Error> {
        let mut by_mode: HashMap<ViewMode, Vec<Uuid>> = HashMap::new();
        for embed in wanted.iter().take(EMBEDS) {
            if let Ok(id) = Uuid::parse_str(&embed.item) {
                by_mode.entry(embed.mode.clone()).or_default().push(id);
            }
        }
        for (mode, ids) in by_mode {
            let shown = Box::pin(self.show_list_at(session, &ids, &mode, depth)).await?;
            for one in shown {
                let embed = ItemEmbed {
                    item: one.item.id.to_string(),
                    mode: mode.clone(),
                };
                embeds.insert(embed, SafeHtml::trusted(one.html));
            }
        }
        Ok(())
    }

    fn context(&self, item: &Item, of: &ItemType, mode: &ViewMode) -> theme::Item {
        theme::Item {
            id: item.id.to_string(),
            item_type: item.item_type.to_string(),
            type_label: of.label.clone(),
            title: item.title.clone(),
            url: item.path(),
            author: theme::Author {
                id: item.author.to_string(),
                name: item.author_name.clone(),
            },
            published: item.published,
            created: item.created.as_millis(),
            changed: item.changed.as_millis(),
            mode: mode.name().to_owned(),
            classes: format!("item item--{} item--{}", item.item_type, mode.name()),
        }
    }

    /// The beginning of an item's first long text as plain text of at most so many characters.
    #[must_use]
    pub fn excerpt(&self, item: &Item, characters: usize) -> String {
        match self.first_long_text(item) {
            Some((format, text)) => self.formats.excerpt(format, text, characters),
            None => String::new(),
        }
    }

    fn first_long_text<'a>(&self, item: &'a Item) -> Option<(&'a str, &'a str)> {
        let of = self.types.get(&item.item_type)?;
        of.fields.iter().find_map(|field| match item.first(&field.name) {
            Some(Value::Formatted { value, format }) => Some((format.as_str(), value.as_str())),
            _ => None,
        })
    }

    /// What a feed shows of items; those that may not be seen are left out.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn feed_entries(&self, session: &Session, ids: &[Uuid]) -> Result<Vec<FeedEntry>, Error> {
        let items = self.find_many(session, ids).await?;
        let entry = |item: Item| {
            let summary = self
                .first_long_text(&item)
                .map(|(format, text)| self.formats.summary(format, text, fields::SUMMARY).to_string());
            FeedEntry {
                summary: summary.unwrap_or_default(),
                item,
            }
        };
        Ok(items.into_iter().map(entry).collect())
    }
}

/// Asks every plugin for its part.
async fn collect_parts(
    session: &Session,
    item: Box<Item>,
    mode: &ViewMode,
) -> (Box<Item>, Vec<(String, Tree)>) {
    if !session.has::<taps::ItemView>() {
        return (item, Vec::new());
    }
    let untouched = item.clone();
    let mut input = WithItem::new(item, |handle| (handle, mode.clone().into()));
    let answers = session.collect::<taps::ItemView>(&mut input).await;
    let part = |(plugin, (answer,)): (&Arc<Plugin>, (ViewAnswer,))| match answer {
        ViewAnswer::Unchanged => None,
        ViewAnswer::Tree(part) => usable(
            &plugin.manifest.name,
            tree::tree_from(part, &plugin.manifest.name),
        ),
    };
    let parts = answers.into_iter().filter_map(part).collect();
    (input.into_item().unwrap_or(untouched), parts)
}

/// A part that can be rendered by itself, so that a wrong one costs only its plugin's contribution.
fn usable(plugin: &str, part: Tree) -> Option<(String, Tree)> {
    match theme::check(&part, &theme::Limits::default()) {
        Ok(()) => Some((plugin.to_owned(), part)),
        Err(error) => {
            tracing::error!(
                plugin.name = plugin,
                plugin.tap = "item-view",
                "plugin '{plugin}' failed in 'item-view' and is left out: {error}"
            );
            None
        }
    }
}

/// Lets plugins change what was built.
async fn alter(session: &Session, item: Box<Item>, mode: &ViewMode, built: Tree) -> (Box<Item>, Tree) {
    if !session.has::<taps::ItemViewAlter>() {
        return (item, built);
    }
    let untouched = item.clone();
    let current = std::sync::Mutex::new(built);
    let get = || current.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut input = WithItem::new(item, |handle| {
        (handle, mode.clone().into(), tree::tree_to(&get()))
    });
    session
        .fold::<taps::ItemViewAlter, _>(&mut input, |_, plugin, (changes,)| {
            if changes.is_empty() {
                return;
            }
            let name = &plugin.manifest.name;
            let mut current = get();
            let altered = theme::alter(&current, tree::alterations_from(changes, name));
            match altered.and_then(|tree| theme::check(&tree, &theme::Limits::default()).map(|()| tree)) {
                Ok(altered) => *current = altered,
                Err(error) => tracing::error!(
                    plugin.name = name,
                    plugin.tap = "item-view-alter",
                    "plugin '{name}' failed in 'item-view-alter' and is left out: {error}"
                ),
            }
        })
        .await;
    let item = input.into_item().unwrap_or(untouched);
    (
        item,
        current
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner),
    )
}

async fn preprocess(session: &Session, item: Box<Item>, mode: &ViewMode) -> (Box<Item>, Additions) {
    let mut additions = Additions::default();
    if !session.has::<taps::PreprocessItem>() {
        return (item, additions);
    }
    let untouched = item.clone();
    let mut input = WithItem::new(item, |handle| (handle, mode.clone().into()));
    for (plugin, (variables,)) in session.collect::<taps::PreprocessItem>(&mut input).await {
        additions.add(&plugin.manifest.name, tree::variables_from(variables));
    }
    (input.into_item().unwrap_or(untouched), additions)
}
