//! Reads the taps out of the WIT package, so that they are listed nowhere else.
//!
//! Writes `$OUT_DIR/taps.rs`: one `Tap` literal per world of the package that exports a `tap-*` interface.

#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts their folders by the environment"
)]
#![expect(
    clippy::indexing_slicing,
    reason = "the parser's arenas are indexed by the ids that it gives out"
)]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wit_bindgen_core::wit_parser::{
    Function, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World, WorldItem,
};

fn main() -> Result<()> {
    // In a checkout a link to the one package; in a package of cargo's, the files themselves.
    let folder = fs::canonicalize(PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("wit"))?;
    println!("cargo::rerun-if-changed={}", folder.display());

    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(&folder)?;
    let mut table = String::from("&[\n");
    for &world in resolve.packages[package].worlds.values() {
        let world = &resolve.worlds[world];
        if let Some(function) = exported_tap(&resolve, world) {
            write_tap(&mut table, &resolve, world, function)
                .with_context(|| format!("the tap `{}`", function.name))?;
        }
    }
    table.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("taps.rs"), table)?;
    Ok(())
}

/// The function of the interface `tap-<world>` that the world exports.
fn exported_tap<'a>(resolve: &'a Resolve, world: &World) -> Option<&'a Function> {
    world.exports.values().find_map(|item| {
        let WorldItem::Interface { id, .. } = item else {
            return None;
        };
        let interface = &resolve.interfaces[*id];
        let tap = interface.name.as_deref()?.strip_prefix("tap-")?;
        (tap == world.name)
            .then(|| interface.functions.get(tap))
            .flatten()
    })
}

fn write_tap(out: &mut String, resolve: &Resolve, world: &World, function: &Function) -> Result<()> {
    let mut parameters = String::new();
    for parameter in &function.params {
        let name = parameter.name.replace('-', "_");
        write!(
            parameters,
            "({name:?}, {:?}), ",
            rust_type(resolve, &parameter.ty)?
        )?;
    }
    let answer = match &function.result {
        Some(result) => rust_type(resolve, result)?,
        None => String::from("()"),
    };
    let imports: Vec<_> = world
        .imports
        .values()
        .filter_map(|item| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            _ => None,
        })
        .map(|id| {
            Ok((
                interface_name(resolve, id)?,
                resolve.id_of(id).context("an interface without a name")?,
            ))
        })
        .collect::<Result<_>>()?;
    writeln!(
        out,
        "Tap {{ name: {:?}, docs: {:?}, parameters: &[{parameters}], answer: {answer:?}, imports: &{imports:?} }},",
        function.name,
        docs(resolve, world, function),
    )?;
    Ok(())
}

/// What the WIT says of the tap: when it is asked, and what its answer does.
fn docs(resolve: &Resolve, world: &World, function: &Function) -> String {
    let interface = world.exports.values().find_map(|item| match item {
        WorldItem::Interface { id, .. } => resolve.interfaces[*id].docs.contents.as_deref(),
        _ => None,
    });
    let function = function.docs.contents.as_deref();
    [interface, function]
        .into_iter()
        .flatten()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join("\n\n")
}

/// The Rust module of an interface's bindings.
fn interface_name(resolve: &Resolve, id: InterfaceId) -> Result<String> {
    let name = resolve.interfaces[id]
        .name
        .as_deref()
        .context("an interface without a name")?;
    Ok(name.replace('-', "_"))
}

/// A WIT type as `wit-bindgen` writes it in Rust, with named types as `interface::Name`.
fn rust_type(resolve: &Resolve, ty: &Type) -> Result<String> {
    Ok(match ty {
        Type::Bool => "bool".into(),
        Type::U16 => "u16".into(),
        Type::U32 => "u32".into(),
        Type::U64 => "u64".into(),
        Type::S32 => "i32".into(),
        Type::S64 => "i64".into(),
        Type::F64 => "f64".into(),
        Type::String => "String".into(),
        Type::Id(id) => defined_type(resolve, *id)?,
        other => bail!("{other:?} does not occur in taps yet"),
    })
}

fn defined_type(resolve: &Resolve, id: TypeId) -> Result<String> {
    let definition = &resolve.types[id];
    let unit_or = |ty: &Option<Type>| ty.as_ref().map_or(Ok("()".into()), |ty| rust_type(resolve, ty));
    match &definition.kind {
        TypeDefKind::List(element) => Ok(format!("Vec<{}>", rust_type(resolve, element)?)),
        TypeDefKind::Option(value) => Ok(format!("Option<{}>", rust_type(resolve, value)?)),
        TypeDefKind::Result(result) => Ok(format!(
            "Result<{}, {}>",
            unit_or(&result.ok)?,
            unit_or(&result.err)?
        )),
        TypeDefKind::Handle(Handle::Own(resource)) => defined_type(resolve, *resource),
        // A name that `use` brought in stands for the definition in the interface that it came from.
        TypeDefKind::Type(Type::Id(used)) => defined_type(resolve, *used),
        _ => named_type(resolve, id),
    }
}

fn named_type(resolve: &Resolve, id: TypeId) -> Result<String> {
    let definition = &resolve.types[id];
    let (Some(name), TypeOwner::Interface(interface)) = (&definition.name, definition.owner) else {
        bail!("a type without a name");
    };
    let camel_case: String = name
        .split('-')
        .flat_map(|word| {
            let (first, rest) = word.split_at(1);
            [first.to_uppercase(), rest.to_owned()]
        })
        .collect();
    Ok(format!("{}::{camel_case}", interface_name(resolve, interface)?))
}
