//! The seam between the kernel and what it serves to plugins.

use std::marker::PhantomData;

use wasmtime::component::{HasData, Linker};

use super::{Call, View};

/// One WIT interface that the host offers.
pub struct Interface<S: System> {
    /// Its name in the package, such as `db`.
    pub name: &'static str,
    /// What a plugin that imports it can do, in words for whoever is asked to agree; none where it is open to
    /// every plugin.
    pub capability: Option<&'static str>,
    /// Whether the manifest must ask for it by name besides importing it.
    pub by_name: bool,
    /// Puts it into a plugin's linker.
    pub link: fn(&mut Linker<Call<S>>) -> wasmtime::Result<()>,
}

/// The services behind the interfaces.
pub trait System: Sized + Send + Sync + 'static {
    /// What a call lends to its guest: the records behind handles.
    type Scope: Default + Send + 'static;

    /// Every interface that plugins may import, in the order of consent texts.
    fn interfaces() -> Vec<Interface<Self>>;
}

/// Names the view through which interface functions reach the service `X`.
pub struct Face<X, S>(PhantomData<(X, S)>);

impl<X: 'static, S: System> HasData for Face<X, S> {
    type Data<'a> = View<'a, X, S>;
}
