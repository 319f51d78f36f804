//! Functions and types of a WIT interface, written as WIT.

use wit_parser::{Function, Handle, InterfaceId, Resolve, Type, TypeDef, TypeDefKind, TypeId};

/// The functions and types of an interface with their shapes. Types that are only re-exported from another
/// interface are left out: they are compared there.
pub(super) fn members(resolve: &Resolve, interface: InterfaceId) -> impl Iterator<Item = (String, String)> {
    let interface = resolve.interfaces.get(interface);
    let functions = interface
        .into_iter()
        .flat_map(|interface| &interface.functions)
        .map(|(name, function)| (name.clone(), write_function(resolve, function)));
    let types = interface
        .into_iter()
        .flat_map(|interface| &interface.types)
        .filter_map(|(name, id)| Some((name.clone(), write_definition(resolve, resolve.types.get(*id)?)?)));
    functions.chain(types)
}

fn write_function(resolve: &Resolve, function: &Function) -> String {
    let parameters = function.params.iter().map(|parameter| {
        // The receiver of a method is implied.
        format!("{}: {}", parameter.name, write_type(resolve, &parameter.ty))
    });
    let parameters = join(parameters);
    let result = function
        .result
        .as_ref()
        .map(|ty| format!(" -> {}", write_type(resolve, ty)));
    format!(
        "{}: func({parameters}){}",
        function.item_name(),
        result.unwrap_or_default()
    )
}

/// The definition; none for a type that comes from another interface.
fn write_definition(resolve: &Resolve, definition: &TypeDef) -> Option<String> {
    let ty = |ty: &Type| write_type(resolve, ty);
    let case = |(name, payload): (&String, &Option<Type>)| match payload {
        Some(payload) => format!("{name}({})", ty(payload)),
        None => name.clone(),
    };
    Some(match &definition.kind {
        TypeDefKind::Record(record) => {
            let fields = record
                .fields
                .iter()
                .map(|field| format!("{}: {}", field.name, ty(&field.ty)));
            format!("record {{ {} }}", join(fields))
        }
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter().map(|item| case((&item.name, &item.ty)));
            format!("variant {{ {} }}", join(cases))
        }
        TypeDefKind::Enum(choice) => {
            format!(
                "enum {{ {} }}",
                join(choice.cases.iter().map(|case| case.name.clone()))
            )
        }
        TypeDefKind::Flags(flags) => {
            format!(
                "flags {{ {} }}",
                join(flags.flags.iter().map(|flag| flag.name.clone()))
            )
        }
        TypeDefKind::Resource => "resource".to_owned(),
        TypeDefKind::Type(Type::Id(id)) if resolve.types.get(*id).is_some_and(|of| of.name.is_some()) => {
            return None;
        }
        kind => format!("type = {}", write_kind(resolve, kind)),
    })
}

fn write_type(resolve: &Resolve, ty: &Type) -> String {
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
        Type::Id(id) => return write_id(resolve, *id),
    };
    name.to_owned()
}

fn write_id(resolve: &Resolve, id: TypeId) -> String {
    match resolve.types.get(id) {
        Some(TypeDef { name: Some(name), .. }) => name.clone(),
        Some(definition) => write_kind(resolve, &definition.kind),
        None => "?".to_owned(),
    }
}

fn write_kind(resolve: &Resolve, kind: &TypeDefKind) -> String {
    let ty = |ty: &Type| write_type(resolve, ty);
    let or_unit = |side: &Option<Type>| side.as_ref().map_or("_".to_owned(), ty);
    match kind {
        TypeDefKind::Type(inner) => ty(inner),
        TypeDefKind::List(inner) => format!("list<{}>", ty(inner)),
        TypeDefKind::Option(inner) => format!("option<{}>", ty(inner)),
        TypeDefKind::Result(result) => format!("result<{}, {}>", or_unit(&result.ok), or_unit(&result.err)),
        TypeDefKind::Tuple(tuple) => format!("tuple<{}>", join(tuple.types.iter().map(ty))),
        TypeDefKind::Handle(Handle::Own(id)) => write_id(resolve, *id),
        TypeDefKind::Handle(Handle::Borrow(id)) => format!("borrow<{}>", write_id(resolve, *id)),
        other => other.as_str().to_owned(),
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}
