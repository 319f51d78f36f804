//! Field types that plugins declare, each over a built-in one that decides how values are stored.

use std::collections::BTreeMap;

use super::check::LABEL_LIMIT;
use super::declare::{is_name, read_type};
use super::field_type::{DeclaredType, FieldType};
use super::{Field, ItemType};
use crate::wit::fields::FieldTypeInfo;

/// Field types of a plugin.
const TYPES: usize = 50;
/// Bytes of a name, without that of the plugin.
const NAME: usize = 32;
/// Characters of the line of help.
const HELP: usize = 1000;

/// A field type as a plugin declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldTypeDeclaration {
    /// Its name and what it is based on.
    pub of: DeclaredType,
    /// The name that people see.
    pub label: String,
    /// What it is for.
    pub help: String,
}

/// Reads what a plugin declares.
///
/// # Errors
/// What is wrong with it.
pub fn field_types_from(
    plugin: &str,
    declared: Vec<FieldTypeInfo>,
) -> Result<Vec<FieldTypeDeclaration>, String> {
    if declared.len() > TYPES {
        return Err(format!(
            "it declares {} field types; a plugin has at most {TYPES}",
            declared.len()
        ));
    }
    let mut read: Vec<FieldTypeDeclaration> = Vec::with_capacity(declared.len());
    for one in declared {
        let one = read_one(plugin, one)?;
        if read.iter().any(|other| other.of.name == one.of.name) {
            return Err(format!(
                "it declares the field type '{}' twice",
                one.of.short_name()
            ));
        }
        read.push(one);
    }
    Ok(read)
}

fn read_one(plugin: &str, declared: FieldTypeInfo) -> Result<FieldTypeDeclaration, String> {
    let name = declared.name;
    if !is_name(&name, NAME) {
        let rule =
            format!("it has at most {NAME} lower-case letters, digits and underscores, a letter first");
        return Err(format!("'{name}' is no name for a field type: {rule}"));
    }
    let wrong_text =
        |text: &str, most: usize| text.chars().count() > most || text.chars().any(char::is_control);
    if declared.label.trim().is_empty() || wrong_text(&declared.label, LABEL_LIMIT) {
        return Err(format!(
            "the label of the field type '{name}' has 1 to {LABEL_LIMIT} characters on one line"
        ));
    }
    if wrong_text(&declared.help, HELP) {
        return Err(format!(
            "the help of the field type '{name}' has at most {HELP} characters on one line"
        ));
    }
    let base = read_type(declared.base);
    if !base.is_base() {
        return Err(format!(
            "the field type '{name}' can't be based on '{}'; it can be on {}",
            base.name(),
            FieldType::bases().collect::<Vec<_>>().join(", ")
        ));
    }
    Ok(FieldTypeDeclaration {
        of: DeclaredType {
            name: format!("{plugin}.{name}"),
            base,
        },
        label: declared.label,
        help: declared.help,
    })
}

/// The field types of a set of plugins, by their full names.
#[derive(Clone, Debug, Default)]
pub struct FieldTypes(BTreeMap<String, FieldTypeDeclaration>);

impl FieldTypes {
    /// Takes up what a plugin declares.
    pub fn add(&mut self, declared: impl IntoIterator<Item = FieldTypeDeclaration>) {
        let named = declared.into_iter().map(|one| (one.of.name.clone(), one));
        self.0.extend(named);
    }

    /// All of them, by name.
    pub fn all(&self) -> impl Iterator<Item = &FieldTypeDeclaration> {
        self.0.values()
    }

    /// The type of a full name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldTypeDeclaration> {
        self.0.get(name)
    }

    /// What is declared for the type of a field. Nothing for built-in types, nor where no plugin at work declares it, or
    /// one declares it by now over another kind than the field's values are of.
    #[must_use]
    pub fn behind(&self, kind: &FieldType) -> Option<&FieldTypeDeclaration> {
        let FieldType::Declared(of) = kind else {
            return None;
        };
        self.get(&of.name)
            .filter(|declared| declared.of.base.key() == of.base.key())
    }

    /// The fields of a type that no plugin at work answers for.
    pub fn orphans<'a>(&'a self, of: &'a ItemType) -> impl Iterator<Item = &'a Field> {
        of.fields
            .iter()
            .filter(|field| field.is_declared() && self.behind(&field.field_type).is_none())
    }

    /// Gives the fields that name one of these types that type.
    pub fn settle(&self, of: &mut ItemType) {
        for field in &mut of.fields {
            if let FieldType::Other(name) = &field.field_type
                && let Some(declared) = self.get(name)
            {
                field.field_type = FieldType::Declared(Box::new(declared.of.clone()));
            }
        }
    }
}

/// Fields whose types are not declared any more keep what is known of them, and their values with it.
pub(super) fn keep_known(of: &mut ItemType, stored: &ItemType) {
    for field in &mut of.fields {
        if let FieldType::Other(name) = &field.field_type
            && let Some(known) = stored.field(&field.name)
            && matches!(&known.field_type, FieldType::Declared(of) if of.name == *name)
        {
            field.field_type = known.field_type.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wit::declarations::FieldType as Base;

    fn info(name: &str, base: Base) -> FieldTypeInfo {
        FieldTypeInfo {
            name: name.to_owned(),
            label: "Stars".to_owned(),
            help: String::new(),
            base,
        }
    }

    fn stars() -> FieldTypes {
        let mut types = FieldTypes::default();
        types.add(field_types_from("rating", vec![info("stars", Base::Integer)]).unwrap());
        types
    }

    #[test]
    fn a_name_is_kept_apart_by_that_of_the_plugin() {
        let types = stars();
        let known = types.get("rating.stars").unwrap();
        assert_eq!((known.of.plugin(), known.of.short_name()), ("rating", "stars"));
        assert!(types.get("stars").is_none());
    }

    #[test]
    fn what_can_not_be_a_field_type_is_refused_with_its_name() {
        let refused = |declared| field_types_from("rating", declared).unwrap_err();
        let said = refused(vec![info("Big Stars", Base::Integer)]);
        assert!(said.contains("'Big Stars' is no name"), "{said}");
        let said = refused(vec![info("stars", Base::Integer), info("stars", Base::Json)]);
        assert!(said.contains("'stars' twice"), "{said}");
        for base in [
            Base::LongText,
            Base::Choice(vec!["a".to_owned()]),
            Base::Reference("item".to_owned()),
            Base::Other("image".to_owned()),
            Base::Other("rating.stars".to_owned()),
        ] {
            let said = refused(vec![info("stars", base)]);
            assert!(
                said.contains("can't be based on") && said.contains("integer"),
                "{said}"
            );
        }
        let unnamed = FieldTypeInfo {
            label: " ".to_owned(),
            ..info("stars", Base::Integer)
        };
        assert!(refused(vec![unnamed]).contains("the label"));
        let many = (0..51).map(|number| info(&format!("s{number}"), Base::Json));
        assert!(refused(many.collect()).contains("at most 50"));
        assert!(field_types_from("rating", vec![info("day", Base::Other("date".to_owned()))]).is_ok());
    }

    #[test]
    fn a_field_is_answered_for_only_while_its_kind_of_values_is_declared() {
        let types = stars();
        let declared = |name: &str, base| {
            FieldType::Declared(Box::new(DeclaredType {
                name: name.to_owned(),
                base,
            }))
        };
        assert!(
            types
                .behind(&declared("rating.stars", FieldType::Integer))
                .is_some()
        );
        assert!(
            types
                .behind(&declared("rating.stars", FieldType::Decimal))
                .is_none()
        );
        assert!(
            types
                .behind(&declared("rating.moons", FieldType::Integer))
                .is_none()
        );
        assert!(types.behind(&FieldType::Integer).is_none());
    }

    #[test]
    fn a_name_becomes_its_type_and_stays_it_when_the_plugin_goes() {
        let named = ItemType::new(
            "film",
            "Film",
            vec![Field::new(
                "field_stars",
                FieldType::Other("rating.stars".to_owned()),
            )],
        );
        let mut settled = named.clone();
        stars().settle(&mut settled);
        assert_eq!(settled.fields[0].field_type.base(), &FieldType::Integer);
        assert_eq!(stars().orphans(&settled).count(), 0);
        assert_eq!(FieldTypes::default().orphans(&settled).count(), 1);
        let mut later = named;
        keep_known(&mut later, &settled);
        assert_eq!(later, settled);
    }
}
