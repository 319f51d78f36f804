//! Interfaces of other packages that have nothing to give: a plugin that imports them starts, and finds an empty
//! world. Languages' standard libraries import them whether they are used or not.

use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{Component, Linker, ResourceType, Val};

use super::{Call, Engine, System};

/// What handles stand for that nobody can get.
#[derive(Debug)]
enum Nobody {}

/// The cases of error types by which interfaces of WASI say no.
const REFUSALS: [&str; 2] = ["access-denied", "access"];

/// Links an imported instance so that its functions answer with empty lists, with none and with refusals. One that
/// can answer with neither traps and says so. `resources` are those that the instance itself defines.
pub(super) fn link<S: System>(
    linker: &mut Linker<Call<S>>,
    engine: &Engine,
    component: &Component,
    import: &str,
    resources: &[&str],
) -> wasmtime::Result<()> {
    let engine = engine.wasmtime();
    let component_type = component.component_type();
    let mut imports = component_type.imports(engine);
    let Some((_, item)) = imports.find(|(name, _)| *name == import) else {
        return Ok(());
    };
    let ComponentItem::ComponentInstance(instance) = item.ty else {
        return Ok(());
    };
    let mut linked = linker.instance(import)?;
    for (name, item) in instance.exports(engine) {
        match item.ty {
            ComponentItem::ComponentFunc(_) => {
                let function = format!("{import}.{name}");
                linked.func_new(name, move |_, of: ComponentFunc, _, results| {
                    for (result, of) in results.iter_mut().zip(of.results()) {
                        *result = nothing(&of).ok_or_else(|| refused(&function))?;
                    }
                    Ok(())
                })?;
            }
            ComponentItem::Resource(_) if resources.contains(&name) => {
                linked.resource(name, ResourceType::host::<Nobody>(), |_, _| Ok(()))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn refused(function: &str) -> wasmtime::Error {
    wasmtime::Error::msg(format!(
        "it called {function}; a plugin has no file system, no sockets and no environment"
    ))
}

fn nothing(of: &Type) -> Option<Val> {
    match of {
        Type::List(_) => Some(Val::List(Vec::new())),
        Type::Option(_) => Some(Val::Option(None)),
        Type::Result(of) => {
            let Some(Type::Enum(cases)) = of.err() else {
                return None;
            };
            let refusal = REFUSALS
                .iter()
                .find(|refusal| cases.names().any(|name| name == **refusal))?;
            Some(Val::Result(Err(Some(Box::new(Val::Enum((*refusal).to_owned()))))))
        }
        _ => None,
    }
}
