//! Where a link of a menu leads, as its entry says it.

/// What the entry of a link says beside its title.
#[derive(Debug, Default)]
pub(in super::super) struct Leads {
    kind: String,
    object: String,
    number: String,
    url: String,
    target: String,
    pub(in super::super) above: String,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum To {
    /// To the entry of a number.
    Entry(String),
    /// To an address.
    Address(String),
    /// To something that is not imported, which this says.
    Nothing(String),
}

impl Leads {
    pub(in super::super) fn set(&mut self, key: &str, value: String) {
        let Some(key) = key.strip_prefix("_menu_item_") else {
            return;
        };
        let said = match key {
            "type" => &mut self.kind,
            "object" => &mut self.object,
            "object_id" => &mut self.number,
            "url" => &mut self.url,
            "target" => &mut self.target,
            "menu_item_parent" => &mut self.above,
            _ => return,
        };
        value.trim().clone_into(said);
    }

    pub(in super::super) fn to(&self) -> To {
        match self.kind.as_str() {
            "post_type" => To::Entry(self.number.clone()),
            "custom" => To::Address(self.url.clone()),
            "taxonomy" => To::Nothing(format!(
                "it leads to the posts of a term ({}), of which this site has no page",
                self.object
            )),
            "post_type_archive" => To::Nothing(format!(
                "it leads to all entries of the type '{}', of which this site has no page",
                self.object
            )),
            "" => To::Nothing("it does not say where it leads".to_owned()),
            other => To::Nothing(format!("links of the type '{other}' are not imported")),
        }
    }

    /// Whether it opened in another window.
    pub(in super::super) fn is_elsewhere(&self) -> bool {
        !matches!(self.target.as_str(), "" | "_self" | "_top" | "_parent")
    }
}
