//! What the SDK has for each tap: a module with its bindings, its `Answer` trait and its `call`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::table::Tap;

/// The module of a tap.
pub fn module(tap: &Tap) -> TokenStream {
    let name = format_ident!("{}", tap.rust_name());
    let docs = format!("`{}`\n\n{}", tap.signature(), tap.docs);
    let bindings = bindings(tap);
    let answer_trait = answer_trait(tap);
    let answer = parse(tap.answer);
    let types: Vec<_> = tap.parameters.iter().map(|(_, ty)| parse(ty)).collect();
    let names: Vec<_> = tap
        .parameters
        .iter()
        .map(|(name, _)| format_ident!("{name}_"))
        .collect();
    quote! {
        #[doc = #docs]
        pub mod #name {
            #[allow(unused_imports)]
            use crate::wit::*;
            #bindings
            #answer_trait

            /// Runs the author's function for the host.
            #[doc(hidden)]
            pub fn call<A: Answer>(function: fn(#(#types),*) -> A, #(#names: #types),*) -> #answer {
                crate::panics::report_to_log();
                function(#(#names),*).answer()
            }
        }
    }
}

fn bindings(tap: &Tap) -> TokenStream {
    let world = tap.name;
    let interface = format_ident!("tap_{}", tap.rust_name());
    let with = tap.imports.iter().map(|(module, interface)| {
        let module = format_ident!("{module}");
        quote!(#interface: crate::wit::#module)
    });
    quote! {
        #[doc(hidden)]
        #[allow(unsafe_code, clippy::all, missing_docs)]
        pub mod bindings {
            ::wit_bindgen::generate!({
                path: "wit",
                world: #world,
                with: { #(#with),* },
                runtime_path: "::trovato_sdk::wit_bindgen_rt",
                pub_export_macro: true,
                export_macro_name: "export",
            });
        }
        #[doc(hidden)]
        pub use bindings::{export, exports::trovato::kernel::#interface::Guest};
    }
}

fn answer_trait(tap: &Tap) -> TokenStream {
    let message = format!("the tap `{}` can't be answered with `{{Self}}`", tap.name);
    let label = format!("expected `{}`", tap.signature());
    let docs = format!("What the tap `{}` may be answered with.", tap.name);
    let answer = parse(tap.answer);
    quote! {
        #[doc = #docs]
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait Answer {
            /// The answer as the host takes it.
            fn answer(self) -> #answer;
        }
        answers!(#answer);
    }
}

/// A type that `build.rs` has written.
pub fn parse(ty: &str) -> TokenStream {
    ty.parse().unwrap_or_else(|error| {
        let message = format!("`{ty}` is no type: {error}");
        quote!(::core::compile_error!(#message))
    })
}
