//! The reference as a page of Markdown.

use std::fmt::Write;

use anyhow::{Context, Result};
use wit_parser::{
    Docs, Function, FunctionKind, Interface, InterfaceId, PackageId, Resolve, Type, TypeDef, TypeDefKind,
    TypeId, WorldItem,
};

use super::wit;

const INTRODUCTION: &str = "\
<!-- Made by `cargo xtask reference` from the files in wit/. Change those. -->

# WIT reference

";
const HOST: &str = "host";
const TAP: &str = "tap-";

/// Writes the page of a package.
///
/// # Errors
/// When the package has no world `host`.
pub fn write(resolve: &Resolve, package: PackageId) -> Result<String> {
    let package = resolve
        .packages
        .get(package)
        .context("the package is not there")?;
    let mut page = String::from(INTRODUCTION);
    writeln!(page, "Package `{}`.\n", package.name)?;
    paragraph(&mut page, &package.docs)?;

    let (offered, types): (Vec<_>, Vec<_>) = offered(resolve, package)?
        .into_iter()
        .partition(|interface| !interface.functions.is_empty());
    let mut taps: Vec<_> = package
        .interfaces
        .iter()
        .filter(|(name, _)| name.starts_with(TAP))
        .collect();
    taps.sort();

    page.push_str(
        "## Taps\n\nA plugin exports the taps that it answers. Each has a world of its own to include.\n\n",
    );
    for interface in taps.iter().filter_map(|(_, id)| resolve.interfaces.get(**id)) {
        tap(&mut page, resolve, interface)?;
    }
    page.push_str("## Interfaces of the host\n\nA plugin imports what it uses.\n\n");
    for found in offered {
        interface(&mut page, resolve, found)?;
    }
    page.push_str("## Shared types\n\n");
    for found in types {
        interface(&mut page, resolve, found)?;
    }
    Ok(page.trim_end().to_owned() + "\n")
}

/// What the world `host` imports, in its order.
fn offered<'a>(resolve: &'a Resolve, package: &wit_parser::Package) -> Result<Vec<&'a Interface>> {
    let host = package
        .worlds
        .get(HOST)
        .and_then(|id| resolve.worlds.get(*id))
        .context("there is no world `host`")?;
    let id = |item: &WorldItem| match item {
        WorldItem::Interface { id, .. } => Some(*id),
        _ => None,
    };
    let ids: Vec<InterfaceId> = host.imports.values().filter_map(id).collect();
    Ok(ids
        .into_iter()
        .filter_map(|id| resolve.interfaces.get(id))
        .collect())
}

fn tap(page: &mut String, resolve: &Resolve, interface: &Interface) -> Result<()> {
    let name = name_of(interface);
    writeln!(page, "### {}\n", name.strip_prefix(TAP).unwrap_or(name))?;
    paragraph(page, &interface.docs)?;
    for function in interface.functions.values() {
        code(page, &wit::function(resolve, function))?;
        paragraph(page, &function.docs)?;
    }
    types(page, resolve, interface)
}

fn interface(page: &mut String, resolve: &Resolve, interface: &Interface) -> Result<()> {
    writeln!(page, "### {}\n", name_of(interface))?;
    paragraph(page, &interface.docs)?;
    let free = |function: &&Function| matches!(function.kind, FunctionKind::Freestanding);
    for function in interface.functions.values().filter(free) {
        writeln!(page, "#### {}\n", function.name)?;
        code(page, &wit::function(resolve, function))?;
        paragraph(page, &function.docs)?;
    }
    types(page, resolve, interface)
}

/// The types that the interface defines itself.
fn types(page: &mut String, resolve: &Resolve, interface: &Interface) -> Result<()> {
    for (name, id) in &interface.types {
        let Some(definition) = resolve
            .types
            .get(*id)
            .filter(|definition| !is_used(resolve, definition))
        else {
            continue;
        };
        let what = match &definition.kind {
            TypeDefKind::Type(_) | TypeDefKind::List(_) => "type",
            kind => kind.as_str(),
        };
        writeln!(page, "#### {what} {name}\n")?;
        paragraph(page, &definition.docs)?;
        parts(page, resolve, definition)?;
        for function in interface
            .functions
            .values()
            .filter(|function| is_of(function, *id))
        {
            entry(page, &wit::function(resolve, function), &function.docs)?;
        }
        page.push('\n');
    }
    Ok(())
}

/// Whether a type comes from another interface by `use`.
fn is_used(resolve: &Resolve, definition: &TypeDef) -> bool {
    match definition.kind {
        TypeDefKind::Type(Type::Id(id)) => resolve.types.get(id).is_some_and(|of| of.name.is_some()),
        _ => false,
    }
}

fn is_of(function: &Function, resource: TypeId) -> bool {
    match function.kind {
        FunctionKind::Method(id) | FunctionKind::Static(id) | FunctionKind::Constructor(id) => id == resource,
        _ => false,
    }
}

/// Fields and cases as a list.
fn parts(page: &mut String, resolve: &Resolve, definition: &TypeDef) -> Result<()> {
    match &definition.kind {
        TypeDefKind::Record(record) => record.fields.iter().try_for_each(|field| {
            entry(
                page,
                &format!("{}: {}", field.name, wit::of_type(resolve, &field.ty)),
                &field.docs,
            )
        }),
        TypeDefKind::Variant(variant) => variant.cases.iter().try_for_each(|case| {
            let payload = case
                .ty
                .as_ref()
                .map(|ty| format!("({})", wit::of_type(resolve, ty)));
            entry(
                page,
                &format!("{}{}", case.name, payload.unwrap_or_default()),
                &case.docs,
            )
        }),
        TypeDefKind::Enum(choice) => choice
            .cases
            .iter()
            .try_for_each(|case| entry(page, &case.name, &case.docs)),
        TypeDefKind::Flags(flags) => flags
            .flags
            .iter()
            .try_for_each(|flag| entry(page, &flag.name, &flag.docs)),
        TypeDefKind::Resource => Ok(()),
        kind => Ok(writeln!(page, "`{}`", wit::of_kind(resolve, kind))?),
    }
}

fn name_of(interface: &Interface) -> &str {
    interface.name.as_deref().unwrap_or_default()
}

fn code(page: &mut String, text: &str) -> Result<()> {
    Ok(writeln!(page, "```wit\n{text}\n```\n")?)
}

fn paragraph(page: &mut String, docs: &Docs) -> Result<()> {
    if let Some(text) = &docs.contents {
        writeln!(page, "{}\n", text.trim())?;
    }
    Ok(())
}

fn entry(page: &mut String, text: &str, docs: &Docs) -> Result<()> {
    let says = docs.contents.as_deref().unwrap_or_default();
    let says = says.split_whitespace().collect::<Vec<_>>().join(" ");
    let colon = if says.is_empty() { "" } else { ": " };
    Ok(writeln!(page, "- `{text}`{colon}{says}")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "\
        package a:b@0.1.0;\n\
        interface words { record word { /// As it is\n /// written.\n text: string } \n\
          /// Counts.\n count: func(words: list<word>) -> result<u32>; }\n\
        /// Called.\n interface tap-greet { use words.{word}; /// Says it.\n greet: func(word: word); }\n\
        world host { import words; }\n";

    #[test]
    fn a_page_has_taps_functions_and_the_types_that_an_interface_defines_itself() {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("a.wit", PACKAGE).unwrap();

        let page = write(&resolve, package).unwrap();

        assert!(
            page.contains("### greet\n\nCalled.\n\n```wit\ngreet: func(word: word)\n```\n\nSays it.\n"),
            "{page}"
        );
        assert!(
            page.contains("#### count\n\n```wit\ncount: func(words: list<word>) -> result<u32>\n```"),
            "{page}"
        );
        assert!(
            page.contains("#### record word\n\n- `text: string`: As it is written.\n"),
            "{page}"
        );
        assert_eq!(page.matches("record word").count(), 1, "{page}");
    }
}
