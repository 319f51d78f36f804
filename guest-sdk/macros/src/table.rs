//! The taps, as the WIT package has them.

/// A tap.
pub struct Tap {
    /// Its name in WIT, such as `item-view`.
    pub name: &'static str,
    /// What the WIT says of it.
    pub docs: &'static str,
    /// Name and type of its parameters; named types as `interface::Name`.
    pub parameters: &'static [(&'static str, &'static str)],
    /// The type of its answer.
    pub answer: &'static str,
    /// The interfaces that its world imports: Rust module and WIT name.
    pub imports: &'static [(&'static str, &'static str)],
}

/// Every tap of the WIT package.
pub const TAPS: &[Tap] = include!(concat!(env!("OUT_DIR"), "/taps.rs"));

impl Tap {
    /// The tap whose Rust name this is.
    pub fn find(name: &str) -> Option<&'static Tap> {
        TAPS.iter().find(|tap| tap.rust_name() == name)
    }

    /// Its name as a Rust function has it.
    pub fn rust_name(&self) -> String {
        self.name.replace('-', "_")
    }

    /// The function that an author writes, such as `fn item_view(item: Item, mode: ViewMode) -> View`.
    pub fn signature(&self) -> String {
        let parameters: Vec<_> = self
            .parameters
            .iter()
            .map(|(name, ty)| format!("{name}: {}", author_type(ty)))
            .collect();
        let answer = match self.answer {
            "()" => String::new(),
            answer => format!(" -> {}", author_type(answer)),
        };
        format!("fn {}({}){answer}", self.rust_name(), parameters.join(", "))
    }
}

/// The name that the SDK's prelude has for a type of the bindings.
fn author_type(ty: &str) -> String {
    match ty {
        "render::Tree" => "BuiltTree".into(),
        "render::ViewAnswer" => "View".into(),
        "Vec<render::Alteration>" => "Changes".into(),
        "forms::Form" => "BuiltForm".into(),
        "Vec<forms::Alteration>" => "FormChanges".into(),
        "Vec<types::NamedValue>" => "Variables".into(),
        "Vec<head::Entry>" => "Head".into(),
        "Option<forms::Element>" => "Option<form::Field>".into(),
        "Vec<render::ViewAnswer>" => "Vec<View>".into(),
        named => unqualified(named),
    }
}

/// `Vec<types::Id>` as `Vec<Id>`.
fn unqualified(ty: &str) -> String {
    ty.split_inclusive(['<', ' '])
        .map(|part| part.rsplit_once("::").map_or(part, |(_, name)| name))
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_taps_come_from_the_wit_package() {
        for name in [
            "item_view",
            "menu",
            "page",
            "item_presave",
            "upgrade",
            "variable_change",
        ] {
            assert!(Tap::find(name).is_some(), "{name}");
        }
        assert!(Tap::find("host").is_none());
    }

    #[test]
    fn signatures_are_in_the_words_of_the_prelude() {
        let signature = |name| Tap::find(name).unwrap().signature();
        assert_eq!(
            signature("item_view"),
            "fn item_view(item: Item, mode: ViewMode) -> View"
        );
        assert_eq!(
            signature("item_presave"),
            "fn item_presave(item: Item, operation: SaveOperation) -> Result<(), Error>",
        );
        assert_eq!(
            signature("item_view_alter"),
            "fn item_view_alter(item: Item, mode: ViewMode, tree: BuiltTree) -> Changes",
        );
        assert_eq!(
            signature("item_view_prefetch"),
            "fn item_view_prefetch(items: Vec<Id>, mode: ViewMode)"
        );
        assert_eq!(signature("menu"), "fn menu() -> Vec<Route>");
        assert_eq!(
            signature("field_validate"),
            "fn field_validate(field: TypedField, values: Vec<FieldValue>) -> Result<Vec<ValueProblem>, Error>",
        );
        assert_eq!(
            signature("field_widget"),
            "fn field_widget(field: TypedField) -> Option<form::Field>"
        );
        assert_eq!(
            signature("field_format"),
            "fn field_format(field: TypedField, values: Vec<FieldValue>, mode: ViewMode) -> Vec<View>",
        );
    }
}
