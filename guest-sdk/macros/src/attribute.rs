//! The expansion of `#[tap]`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Error, ItemFn, Result, Signature};

use crate::nearest::nearest;
use crate::table::{TAPS, Tap};

/// The author's function with the tap's export, or with an error that says what was expected.
///
/// The function itself is always kept, so that a wrong attribute causes no second error about its absence.
pub fn expand(arguments: TokenStream, function: TokenStream) -> TokenStream {
    let parsed = match syn::parse2::<ItemFn>(function.clone()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let problem = Error::new(error.span(), "#[tap] goes before a function").into_compile_error();
            return quote!(#function #problem);
        }
    };
    let export = export(arguments, &parsed.sig).unwrap_or_else(Error::into_compile_error);
    quote!(#function #export)
}

fn export(arguments: TokenStream, signature: &Signature) -> Result<TokenStream> {
    let name = match arguments.is_empty() {
        true => signature.ident.clone(),
        false => syn::parse2::<Ident>(arguments)?,
    };
    let tap = Tap::find(&name.to_string()).ok_or_else(|| unknown(&name))?;
    check(tap, signature)?;
    Ok(guest(tap, &signature.ident))
}

fn unknown(name: &Ident) -> Error {
    let names: Vec<_> = TAPS.iter().map(Tap::rust_name).collect();
    let hint = match nearest(&name.to_string(), names.iter().map(String::as_str)) {
        Some(tap) => format!("did you mean `{tap}`?"),
        None => "a function with another name says which tap it answers: `#[tap(item_view)]`".into(),
    };
    let message = format!(
        "there is no tap `{name}`; {hint}\nThe taps are: {}",
        names.join(", ")
    );
    Error::new(name.span(), message)
}

/// Refuses what can't be called by the host at all. Types are left to the compiler.
fn check(tap: &Tap, signature: &Signature) -> Result<()> {
    let refuse = |span, what: String| {
        Err(Error::new(
            span,
            format!("the tap `{}` {what}\nExpected `{}`", tap.name, tap.signature()),
        ))
    };
    if let Some(asyncness) = signature.asyncness {
        return refuse(asyncness.span, "can't be answered by an async function".into());
    }
    if !signature.generics.params.is_empty() {
        return refuse(
            signature.generics.span(),
            "can't be answered by a generic function".into(),
        );
    }
    if let Some(receiver) = signature.receiver() {
        return refuse(
            receiver.span(),
            "is answered by a free function, without `self`".into(),
        );
    }
    let (expected, found) = (tap.parameters.len(), signature.inputs.len());
    if expected != found {
        let span = match found {
            0 => signature.ident.span(),
            _ => signature.inputs.span(),
        };
        return refuse(
            span,
            format!(
                "hands over {}, and this function takes {found}",
                arguments(expected)
            ),
        );
    }
    Ok(())
}

fn arguments(count: usize) -> String {
    match count {
        0 => "nothing".into(),
        1 => "1 argument".into(),
        many => format!("{many} arguments"),
    }
}

/// The implementation of the tap's generated trait, and its export from the component.
fn guest(tap: &Tap, function: &Ident) -> TokenStream {
    let name = format_ident!("{}", tap.rust_name());
    let names: Vec<_> = tap
        .parameters
        .iter()
        .map(|(name, _)| format_ident!("{name}_"))
        .collect();
    let types = tap.parameters.iter().map(|(_, ty)| crate::bindings::parse(ty));
    let answer = crate::bindings::parse(tap.answer);
    // With the span of the author's function, so that a wrong type is reported there.
    let call = quote_spanned!(function.span()=> ::trovato_sdk::taps::#name::call(#function, #(#names),*));
    quote! {
        const _: () = {
            #[allow(unused_imports)]
            use ::trovato_sdk::wit::*;
            // Outside a component nothing exports it, and what it calls is no less alive for that.
            #[allow(dead_code)]
            struct Tap;
            #[allow(dead_code)]
            impl ::trovato_sdk::taps::#name::Guest for Tap {
                fn #name(#(#names: #types),*) -> #answer {
                    #call
                }
            }
            #[cfg(target_arch = "wasm32")]
            ::trovato_sdk::taps::#name::export!(Tap with_types_in ::trovato_sdk::taps::#name::bindings);
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expansion(arguments: &str, function: &str) -> String {
        let tokens = |text: &str| text.parse::<TokenStream>().unwrap_or_default();
        expand(tokens(arguments), tokens(function)).to_string()
    }

    #[test]
    fn a_function_answers_the_tap_of_its_name() {
        let code = expansion("", "fn menu() -> Vec<Route> { vec![] }");
        assert!(code.contains("taps :: menu :: call (menu ,"), "{code}");
        assert!(!code.contains("compile_error"), "{code}");
    }

    #[test]
    fn a_function_may_name_the_tap_that_it_answers() {
        let code = expansion(
            "item_view",
            "fn byline(item: Item, mode: ViewMode) -> View { View::Unchanged }",
        );
        assert!(code.contains("taps :: item_view :: call (byline ,"), "{code}");
    }

    #[test]
    fn an_unknown_tap_gets_the_nearest_and_the_list() {
        let code = expansion(
            "",
            "fn item_veiw(item: Item, mode: ViewMode) -> View { View::Unchanged }",
        );
        assert!(
            code.contains("there is no tap `item_veiw`; did you mean `item_view`?"),
            "{code}"
        );
        assert!(code.contains("item_presave"), "{code}");
        assert!(code.starts_with("fn item_veiw"), "the function is kept: {code}");
    }

    #[test]
    fn a_wrong_number_of_parameters_shows_the_expected_signature() {
        let code = expansion("", "fn item_view(item: Item) -> View { View::Unchanged }");
        assert!(
            code.contains("hands over 2 arguments, and this function takes 1"),
            "{code}"
        );
        assert!(
            code.contains("Expected `fn item_view(item: Item, mode: ViewMode) -> View`"),
            "{code}"
        );
    }

    #[test]
    fn what_the_host_cannot_call_is_refused() {
        assert!(expansion("", "async fn menu() {}").contains("can't be answered by an async function"));
        assert!(expansion("", "fn menu<T>() {}").contains("can't be answered by a generic function"));
        assert!(expansion("", "fn menu(&self) {}").contains("without `self`"));
        assert!(expansion("", "struct Menu;").contains("#[tap] goes before a function"));
    }
}
