//! Functions and types as one writes them in WIT.

use wit_parser::{Function, Handle, Resolve, Type, TypeDef, TypeDefKind, TypeId};

/// `name: func(parameter: type) -> result`.
pub fn function(resolve: &Resolve, function: &Function) -> String {
    // The receiver of a method is implied.
    let receiver = usize::from(function.name.starts_with("[method]"));
    let parameters = function
        .params
        .iter()
        .skip(receiver)
        .map(|parameter| format!("{}: {}", parameter.name, of_type(resolve, &parameter.ty)));
    let result = function
        .result
        .as_ref()
        .map(|ty| format!(" -> {}", of_type(resolve, ty)));
    format!(
        "{}: func({}){}",
        function.item_name(),
        join(parameters),
        result.unwrap_or_default()
    )
}

/// A type where it is used: its name, or its shape if it has none.
pub fn of_type(resolve: &Resolve, ty: &Type) -> String {
    let name = match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error-context",
        Type::Id(id) => return of_id(resolve, *id),
    };
    name.to_owned()
}

/// A shape without a name of its own.
pub fn of_kind(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let ty = |ty: &Type| of_type(resolve, ty);
    let side = |side: &Option<Type>| side.as_ref().map_or("_".to_owned(), ty);
    match kind {
        TypeDefKind::Type(inner) => ty(inner),
        TypeDefKind::List(inner) => format!("list<{}>", ty(inner)),
        TypeDefKind::Option(inner) => format!("option<{}>", ty(inner)),
        TypeDefKind::Result(result) => match (&result.ok, &result.err) {
            (Some(ok), None) => format!("result<{}>", ty(ok)),
            (None, None) => "result".to_owned(),
            (ok, err) => format!("result<{}, {}>", side(ok), side(err)),
        },
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", join(tuple.types.iter().map(ty))),
        TypeDefKind::Handle(Handle::Own(id)) => of_id(resolve, *id),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", of_id(resolve, *id)),
        other => other.as_str().to_owned(),
    }
}

fn of_id(resolve: &Resolve, id: TypeId) -> String {
    match resolve.types.get(id) {
        Some(TypeDef { name: Some(name), .. }) => name.clone(),
        Some(definition) => of_kind(resolve, &definition.kind),
        None => "?".to_owned(),
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
