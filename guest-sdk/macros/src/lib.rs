//! The macros of `trovato-sdk`: [`macro@tap`] for authors, [`taps!`] for the SDK itself.
//!
//! Neither lists the taps: `build.rs` reads them out of the WIT package.

mod attribute;
mod bindings;
mod nearest;
mod table;

use proc_macro::TokenStream;

/// Makes a function the plugin's answer to a tap.
///
/// The tap is the one that has the function's name (`item_view` answers `item-view`), or the one that is named in
/// the attribute: `#[tap(item_view)]`. The functions of [`trovato_sdk::taps`](../trovato_sdk/taps/index.html) show
/// what each tap is handed and answers.
#[proc_macro_attribute]
pub fn tap(arguments: TokenStream, function: TokenStream) -> TokenStream {
    attribute::expand(arguments.into(), function.into()).into()
}

/// The modules of `trovato_sdk::taps`, one per tap.
#[doc(hidden)]
#[proc_macro]
pub fn taps(_: TokenStream) -> TokenStream {
    table::TAPS
        .iter()
        .map(bindings::module)
        .collect::<proc_macro2::TokenStream>()
        .into()
}
