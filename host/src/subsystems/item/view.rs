//! Items shown: their fields and what plugins add, altered, sanitised and rendered.

mod fields;
mod parts;
mod pictures;
mod values;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use uuid::Uuid;

use super::model::{Item, Value, ViewMode};
use super::names::Names;
use super::{Error, Items};
use crate::kernel::Plain;
use crate::subsystems::Session;
use crate::subsystems::item_type::{Field, ItemType};
use crate::subsystems::theme::{
    self, Embeds, ItemContext, ItemEmbed, Node, NodeKind, Ordered, SafeHtml, Tree,
};
use crate::taps;
use crate::web::Picture;
use fields::FieldsShown;
use parts::{add_part, alter, collect_parts, preprocess};

/// How deep items may show items.
const DEPTH: usize = 3;
/// Items that one tree may embed.
const EMBEDS: usize = 100;
/// Items that a page may embed, those in embedded ones included.
const EMBEDS_OF_PAGE: usize = 300;

/// Where in a page something is shown.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// How many items it is in.
    depth: usize,
    /// How many more items the page may embed.
    left: &'a AtomicUsize,
    /// What the records are called that are referred to.
    names: &'a Names,
}

/// An item as it is shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The item, with what plugins did to it for this page.
    pub item: Item,
    /// Safe HTML.
    pub html: String,
    /// The first picture among the fields that it shows.
    pub picture: Option<Picture>,
}

/// An entry of a feed.
#[derive(Clone, Debug)]
pub struct FeedEntry {
    /// The item.
    pub item: Item,
    /// Its summary as safe HTML.
    pub summary: String,
}

impl<'a> Place<'a> {
    /// The page itself, which may still embed so many items.
    const fn top(left: &'a AtomicUsize, names: &'a Names) -> Self {
        Self {
            depth: 0,
            left,
            names,
        }
    }

    /// How many of so many items may be embedded here.
    fn take(self, wanted: usize) -> usize {
        // One task makes a page, so nobody else counts in between.
        let number = wanted.min(EMBEDS).min(self.left.load(Ordering::Relaxed));
        self.left.fetch_sub(number, Ordering::Relaxed);
        number
    }
}

/// Whether a view mode shows a field whose records have to be known.
fn wants_names(of: &ItemType, field: &str, mode: &ViewMode) -> bool {
    of.field(field).is_some_and(|field| {
        values::needs_names(&field.field_type) && field.display_in(mode.name()).is_some()
    })
}

impl Items {
    /// Shows an item that was loaded by [`Items::find`].
    ///
    /// # Errors
    /// [`Error::Theme`] when no template can be used.
    #[tracing::instrument(name = "item.show", level = "debug", skip_all, fields(item.id = %item.id))]
    pub async fn show(&self, session: &Session, item: Item, mode: &ViewMode) -> Result<Shown, Error> {
        let left = AtomicUsize::new(EMBEDS_OF_PAGE);
        let names = self
            .names(session, &[&item], |of, field| wants_names(of, field, mode))
            .await?;
        self.show_at(session, item, mode, Place::top(&left, &names)).await
    }

    /// Shows several items; those that may not be seen are left out, and those that can't be shown are logged.
    ///
    /// # Errors
    /// [`Error::Db`].
    pub async fn show_list(
        &self,
        session: &Session,
        ids: &[Uuid],
        mode: &ViewMode,
    ) -> Result<Vec<Shown>, Error> {
        let left = AtomicUsize::new(EMBEDS_OF_PAGE);
        self.show_list_at(session, ids, mode, Place::top(&left, &Names::default()))
            .await
    }

    async fn show_list_at(
        &self,
        session: &Session,
        ids: &[Uuid],
        mode: &ViewMode,
        place: Place<'_>,
    ) -> Result<Vec<Shown>, Error> {
        let items = self.find_many(session, ids).await?;
        if session.has::<taps::ItemViewPrefetch>() && !items.is_empty() {
            let mut input = Plain(|| {
                let ids: Vec<String> = items.iter().map(|item| item.id.to_string()).collect();
                (ids, mode.clone().into())
            });
            session.collect::<taps::ItemViewPrefetch>(&mut input).await;
        }
        let all: Vec<&Item> = items.iter().collect();
        let names = self
            .names(session, &all, |of, field| wants_names(of, field, mode))
            .await?;
        let place = Place {
            names: &names,
            ..place
        };
        let mut shown = Vec::with_capacity(items.len());
        for item in items {
            let id = item.id;
            match Box::pin(self.show_at(session, item, mode, place)).await {
                Ok(one) => shown.push(one),
                Err(Error::Db(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::error!(request.id = %session.request().id, "the item {id} is left out of a list: {error}");
                }
            }
        }
        Ok(shown)
    }

    async fn show_at(
        &self,
        session: &Session,
        item: Item,
        mode: &ViewMode,
        place: Place<'_>,
    ) -> Result<Shown, Error> {
        let of = self
            .types
            .get(&item.item_type)
            .ok_or_else(|| Error::UnknownType(item.item_type.to_string()))?;
        let item = self.visible(session, item).await;
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
        let added = parts
            .into_iter()
            .filter_map(|(plugin, part)| add_part(&mut built, &plugin, part).then_some(plugin));
        let plugins: Vec<String> = added.collect();
        let (item, built) = alter(session, item, mode, built).await;
        let (item, additions) = preprocess(session, item, mode).await;
        let context = self.context(&item, &of, mode);
        let formatted = self.formatted(session, &item, &displayed, mode, place).await?;
        let showing = FieldsShown {
            displayed: &displayed,
            formatted: &formatted,
            names: place.names,
        };
        let rendered = self.render_fields(session, &item, &context, showing);
        let picture = pictures::first(&item, &displayed, place.names);
        let content = self.render_built(session, built, &rendered, place).await?;
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
            picture,
        })
    }

    /// Renders the tree of a plugin's page.
    ///
    /// # Errors
    /// [`Error::Theme`] when the tree breaks a rule.
    pub async fn render_tree(&self, session: &Session, built: Tree) -> Result<String, Error> {
        let left = AtomicUsize::new(EMBEDS_OF_PAGE);
        let names = Names::default();
        let place = Place::top(&left, &names);
        let html = self
            .render_built(session, built, &Ordered::default(), place)
            .await?;
        Ok(html.to_string())
    }

    /// Renders a tree, with what the host itself puts at places of it, by their names.
    ///
    /// # Errors
    /// As [`Items::render_tree`].
    pub async fn render_tree_with(
        &self,
        session: &Session,
        built: Tree,
        places: Vec<(String, SafeHtml)>,
    ) -> Result<String, Error> {
        let left = AtomicUsize::new(EMBEDS_OF_PAGE);
        let names = Names::default();
        let place = Place::top(&left, &names);
        let fields = places.into_iter().map(|(name, html)| {
            let field = theme::ItemField {
                html,
                ..theme::ItemField::default()
            };
            (name, field)
        });
        let fields = Ordered(fields.collect());
        let html = self.render_built(session, built, &fields, place).await?;
        Ok(html.to_string())
    }

    pub(super) async fn render_built(
        &self,
        session: &Session,
        built: Tree,
        rendered: &Ordered<theme::ItemField>,
        place: Place<'_>,
    ) -> Result<SafeHtml, Error> {
        let mut safe = theme::sanitise(built, &theme::Limits::default())?;
        self.link_by_path(session, &mut safe).await?;
        let mut embeds = Embeds::default();
        for (name, field) in &rendered.0 {
            embeds.insert_field(name.clone(), field.html.clone());
        }
        if place.depth < DEPTH {
            self.embed(session, &theme::collect_embeds(&safe), &mut embeds, place)
                .await?;
        }
        for dropped in &safe.dropped {
            tracing::warn!(request.id = %session.request().id, "a part of the page is left out: {dropped}");
        }
        Ok(self.themes.render_tree(&session.request().theme, &safe, &embeds))
    }

    /// Lets links to items lead to the paths that people know them by; where an item is that may not be seen is not
    /// told.
    async fn link_by_path(&self, session: &Session, safe: &mut theme::SafeTree) -> Result<(), Error> {
        let of_item = |href: &str| Uuid::parse_str(href.strip_prefix("/item/")?).ok();
        let linked: Vec<Uuid> = safe.links().filter_map(of_item).take(EMBEDS).collect();
        if linked.is_empty() {
            return Ok(());
        }
        let visible = self.find_many(session, &linked).await?;
        let paths: HashMap<Uuid, String> = visible.iter().map(|item| (item.id, item.path())).collect();
        safe.redirect_links(|href| paths.get(&of_item(href)?).cloned());
        Ok(())
    }

    /// Shows the items that a tree embeds: those of one view mode are loaded by one query.
    async fn embed(
        &self,
        session: &Session,
        wanted: &[ItemEmbed],
        embeds: &mut Embeds,
        place: Place<'_>,
    ) -> Result<(), Error> {
        let mut by_mode: HashMap<ViewMode, Vec<Uuid>> = HashMap::new();
        let number = place.take(wanted.len());
        if number < wanted.len() {
            tracing::warn!(
                request.id = %session.request().id,
                "{} items are left out: a part embeds at most {EMBEDS}, a page {EMBEDS_OF_PAGE}",
                wanted.len() - number
            );
        }
        let place = Place {
            depth: place.depth + 1,
            ..place
        };
        for embed in wanted.iter().take(number) {
            if let Ok(id) = Uuid::parse_str(&embed.item) {
                by_mode.entry(embed.mode.clone()).or_default().push(id);
            }
        }
        for (mode, ids) in by_mode {
            let shown = Box::pin(self.show_list_at(session, &ids, &mode, place)).await?;
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

    /// The beginning of an item's first long text that is shown, as plain text of at most so many characters.
    #[must_use]
    pub fn excerpt(&self, item: &Item, characters: usize) -> String {
        match self.first_long_text(item) {
            Some((format, text)) => self.formats.excerpt(format, text, characters),
            None => String::new(),
        }
    }

    /// What no page shows is told to nobody by its beginning either.
    fn first_long_text<'a>(&self, item: &'a Item) -> Option<(&'a str, &'a str)> {
        let of = self.types.get(&item.item_type)?;
        let modes = [ViewMode::Full, ViewMode::Teaser];
        let is_shown = |field: &&Field| modes.iter().any(|mode| field.display_in(mode.name()).is_some());
        let mut shown = of.fields.iter().filter(is_shown);
        shown.find_map(|field| match item.first(&field.name) {
            Some(Value::Formatted { value, format }) => Some((format.as_str(), value.as_str())),
            _ => None,
        })
    }

    /// What a feed shows of items that whoever asks may see.
    pub async fn feed_entries(&self, session: &Session, found: Vec<Item>) -> Vec<FeedEntry> {
        let mut items = Vec::with_capacity(found.len());
        for item in found {
            items.push(self.visible(session, item).await);
        }
        let entry = |item: Item| {
            let summary = self
                .first_long_text(&item)
                .map(|(format, text)| self.formats.summary(format, text, fields::SUMMARY).to_string());
            FeedEntry {
                summary: summary.unwrap_or_default(),
                item,
            }
        };
        items.into_iter().map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_embeds_only_so_many_items_altogether() {
        let left = AtomicUsize::new(EMBEDS_OF_PAGE);
        let names = Names::default();
        let place = Place::top(&left, &names);
        assert_eq!(
            [1000, 50, 100, 100, 1].map(|wanted| place.take(wanted)),
            [100, 50, 100, 50, 0]
        );
    }
}
