//! What plugins contribute to an item that is shown: parts, changes of what was built, variables of its template.

use std::sync::Arc;

use crate::subsystems::item::lent::WithItem;
use crate::subsystems::item::{Item, ViewMode};
use crate::subsystems::theme::{self, Additions, Tree};
use crate::subsystems::{Plugin, Session, tree};
use crate::taps;
use crate::wit::render::ViewAnswer;

/// Asks every plugin for its part.
pub(super) async fn collect_parts(
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
        ViewAnswer::Tree(part) => {
            let name = &plugin.manifest.name;
            Some((name.clone(), tree::tree_from(part, name)))
        }
    };
    let parts = answers.into_iter().filter_map(part).collect();
    (input.into_item().unwrap_or(untouched), parts)
}

/// Adds a plugin's part. A wrong one, or one by which the whole grows too large, costs only this contribution.
pub(super) fn add_part(built: &mut Tree, plugin: &str, part: Tree) -> bool {
    let (nodes, tags, max_age) = (built.nodes.len(), built.cache_tags.len(), built.max_age);
    built.append(part);
    let Err(error) = theme::check(built, &theme::Limits::default()) else {
        return true;
    };
    tracing::error!(
        plugin.name = plugin,
        plugin.tap = "item-view",
        "plugin '{plugin}' failed in 'item-view' and is left out: {error}"
    );
    built.nodes.truncate(nodes);
    built.cache_tags.truncate(tags);
    built.max_age = max_age;
    false
}

/// Lets plugins change what was built.
pub(super) async fn alter(
    session: &Session,
    item: Box<Item>,
    mode: &ViewMode,
    built: Tree,
) -> (Box<Item>, Tree) {
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

/// Asks plugins for more variables of the item's template.
pub(super) async fn preprocess(
    session: &Session,
    item: Box<Item>,
    mode: &ViewMode,
) -> (Box<Item>, Additions) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_by_which_the_whole_grows_too_large_is_left_out_alone() {
        let part = |nodes: usize| {
            let mut part = Tree::default();
            for _ in 0..nodes {
                part.text(None, "a");
            }
            part.cache_tags.push("t".to_owned());
            part
        };
        let mut built = Tree::default();
        let limit = theme::Limits::default().nodes;
        assert!(add_part(&mut built, "a", part(limit - 1)));
        let before = built.clone();
        assert!(!add_part(&mut built, "b", part(2)));
        assert_eq!(built, before);
        assert!(add_part(&mut built, "c", part(1)));
    }
}
