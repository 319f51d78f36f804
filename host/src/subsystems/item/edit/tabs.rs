//! What can be done with an item, as tabs above it: for those who may do any of it.

use serde::Serialize;

use super::super::{Item, Operation};
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Session, Site};

#[derive(Serialize)]
struct Tabs {
    tabs: Vec<Tab>,
}

#[derive(Serialize)]
struct Tab {
    title: &'static str,
    href: String,
    current: bool,
}

/// The tabs of an item; nothing for those who may only see it.
pub(in crate::subsystems::item) async fn tabs(
    site: &Site,
    session: &Session,
    item: &Item,
    current: &str,
) -> SafeHtml {
    let items = &site.services().items;
    let (kept, may_edit) = items.may(session, Box::new(item.clone()), Operation::Edit).await;
    let (_, may_delete) = items.may(session, kept, Operation::Delete).await;
    if !may_edit && !may_delete {
        return SafeHtml::default();
    }
    let base = format!("/item/{}", item.id);
    let wanted = [
        (true, "view", "View", item.path()),
        (may_edit, "edit", "Edit", format!("{base}/edit")),
        (may_edit, "revisions", "Revisions", format!("{base}/revisions")),
        (may_delete, "delete", "Delete", format!("{base}/delete")),
    ];
    let tabs = wanted
        .into_iter()
        .filter(|(shown, ..)| *shown)
        .map(|(_, name, title, href)| Tab {
            title,
            href,
            current: name == current,
        });
    let tabs = Tabs { tabs: tabs.collect() };
    if current == "view" {
        // The item's own page is shown in the site's theme, whoever looks at it.
        let variables = minijinja::Value::from(minijinja::value::Serde(&tabs));
        let theme = &session.request().theme;
        return site
            .services()
            .themes
            .render_suggested(theme, &["local-tasks.html".to_owned()], variables);
    }
    super::render(session, "local-tasks.html", &tabs)
}
