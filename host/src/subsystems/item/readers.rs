//! The functions of handles that read the first value of a field, linked by hand: the name of the field is looked at
//! where the guest has it, so that reading a number copies nothing.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource, WasmStr};

use super::model::Value;
use crate::kernel::Call;
use crate::subsystems::Services;
use crate::wit::{self, ItemHandle as Handle};

type Store<'a> = StoreContextMut<'a, Call<Services>>;
/// A handle and the name of a field.
type Field = (Resource<Handle>, WasmStr);

/// Puts them in the place of the generated ones, which copy the name.
pub(super) fn link(linker: &mut Linker<Call<Services>>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let mut item = linker.instance(&format!("trovato:kernel/item@{}", wit::VERSION))?;
    item.func_wrap("[method]item.text", |store: Store<'_>, field: Field| {
        read(store, &field, text)
    })?;
    item.func_wrap("[method]item.integer", |store: Store<'_>, field: Field| {
        read(store, &field, integer)
    })?;
    item.func_wrap(
        "[method]item.integer-or",
        |store: Store<'_>, (handle, name, otherwise): (Resource<Handle>, WasmStr, i64)| {
            let (found,) = read(store, &(handle, name), integer)?;
            Ok((found.unwrap_or(otherwise),))
        },
    )?;
    item.func_wrap("[method]item.boolean", |store: Store<'_>, field: Field| {
        read(store, &field, boolean)
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

fn read<R>(
    mut store: Store<'_>,
    (handle, field): &Field,
    read: impl FnOnce(&Value) -> Option<R>,
) -> wasmtime::Result<(Option<R>,)> {
    store.data_mut().count_host_call();
    let item = store.data().scope.items.read(handle)?;
    let field = field.to_str(&store)?;
    Ok((item.first(&field).and_then(read),))
}

/// As `item.text` says.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Json(json) => Some(json.to_string()),
        value => value.as_text().map(str::to_owned),
    }
}

/// As `item.integer` says.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(value) => Some(*value),
        _ => None,
    }
}

/// As `item.boolean` says.
pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(value) => Some(*value),
        _ => None,
    }
}
