//! The list below an item.

use trovato_sdk::prelude::*;

use crate::terms::Related;

/// Below everything else.
const AT_THE_END: i32 = 100;

/// The list; none where nothing is related. It is made anew when an item of the type changes, because that may have
/// changed what is related.
pub fn list_of(related: &[Related], item_type: &str) -> Option<Tree> {
    if related.is_empty() {
        return None;
    }
    let links = related.iter().map(|item| link(path_of(&item.id), &item.title));
    let part = aside()
        .class("related")
        .weight(AT_THE_END)
        .child(heading(2, "Related"))
        .child(list(links));
    Some(tree().child(part).cache_tag(format!("item-type:{item_type}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_related_shows_nothing() {
        assert_eq!(list_of(&[], "blog"), None);
    }

    #[test]
    fn each_related_item_is_a_link_to_its_page() {
        let related = [Related {
            id: "1".into(),
            title: "One".into(),
        }];
        let shown = aside().class("related").weight(AT_THE_END);
        let shown = shown
            .child(heading(2, "Related"))
            .child(list([link("/item/1", "One")]));
        assert_eq!(
            list_of(&related, "blog"),
            Some(tree().child(shown).cache_tag("item-type:blog"))
        );
    }
}
