//! What a site of a test is furnished with besides items: content types and menus.

use trovato::subsystems::item::{Item, Query};
use trovato::subsystems::item_type::{Display, Field, FieldType, ItemType, LabelPosition};
use trovato::subsystems::menu::Laid;

use crate::TestApp;

/// A field that item pages show without its label.
#[must_use]
pub fn shown_field(name: &str, label: &str, field_type: FieldType) -> Field {
    let mut field = Field::new(name, field_type);
    label.clone_into(&mut field.label);
    field.display.push(Display {
        mode: "full".to_owned(),
        label: LabelPosition::Hidden,
        weight: 0,
        formatter: "default".to_owned(),
    });
    field
}

impl TestApp {
    /// Declares a content type.
    pub async fn content_type(&self, of: ItemType) {
        let types = &self.services().item_types;
        types.declare("test", vec![of]).await.unwrap();
    }

    /// The item that was made last.
    pub async fn newest_item(&self) -> Item {
        let query = Query {
            limit: 1,
            ..Query::default()
        };
        let items = &self.services().items;
        let found = items.query(&self.system(), &query).await.unwrap();
        let newest = found.items.first().unwrap();
        items.load(&self.system(), *newest).await.unwrap().unwrap()
    }

    /// Gives a menu these links: the text, where it leads, and the place of the link above it among them.
    pub async fn lay_out(&self, menu: &str, links: &[(&str, &str, Option<usize>)]) {
        let laid = links.iter().map(|(title, path, above)| Laid {
            title: (*title).to_owned(),
            path: (*path).to_owned(),
            shown: true,
            declared: false,
            above: *above,
        });
        let menus = &self.services().menus;
        let links = menus.laid_out(menu, laid.collect());
        let menu = menus.find(menu).unwrap();
        menus.arrange(&self.system(), menu, links).await.unwrap();
    }
}
