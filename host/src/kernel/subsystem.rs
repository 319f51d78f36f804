//! The seam between the kernel and what it serves to plugins.

use std::marker::PhantomData;

use wasmtime::component::{HasData, Linker};

use super::{Call, View};

/// What answers an interface.
pub enum Link<S: System> {
    /// Puts its functions into a plugin's linker.
    Functions(fn(&mut Linker<Call<S>>) -> wasmtime::Result<()>),
    /// Nothing: what it could give, plugins have not. Names the resources that it defines.
    Nothing(&'static [&'static str]),
}

/// One WIT interface that the host offers.
pub struct Interface<S: System> {
    /// Its name in the package, such as `db`; of an interface of another package, its whole name without the version,
    /// such as `wasi:clocks/wall-clock`.
    pub name: &'static str,
    /// What a plugin that imports it can do, in words for whoever is asked to agree; none where it is open to
    /// every plugin.
    pub capability: Option<&'static str>,
    /// Whether the manifest must ask for it by name besides importing it.
    pub by_name: bool,
    /// What answers it.
    pub link: Link<S>,
}

impl<S: System> Interface<S> {
    /// An interface that only defines types.
    #[must_use]
    pub fn types(name: &'static str) -> Self {
        Self::open(name, |_| Ok(()))
    }

    /// An interface that every plugin may import.
    #[must_use]
    pub fn open(name: &'static str, link: fn(&mut Linker<Call<S>>) -> wasmtime::Result<()>) -> Self {
        Self {
            name,
            capability: None,
            by_name: false,
            link: Link::Functions(link),
        }
    }

    /// An interface of another package that every plugin may import and that gives nothing.
    #[must_use]
    pub fn empty(name: &'static str, resources: &'static [&'static str]) -> Self {
        Self {
            link: Link::Nothing(resources),
            ..Self::types(name)
        }
    }

    /// An interface that whoever enables the plugin agrees to.
    #[must_use]
    pub fn granted(
        name: &'static str,
        capability: &'static str,
        link: fn(&mut Linker<Call<S>>) -> wasmtime::Result<()>,
    ) -> Self {
        Self {
            name,
            capability: Some(capability),
            by_name: false,
            link: Link::Functions(link),
        }
    }

    /// An interface that the manifest must ask for by name as well.
    #[must_use]
    pub fn by_name(
        name: &'static str,
        capability: &'static str,
        link: fn(&mut Linker<Call<S>>) -> wasmtime::Result<()>,
    ) -> Self {
        Self {
            by_name: true,
            ..Self::granted(name, capability, link)
        }
    }
}

/// The services behind the interfaces.
pub trait System: Sized + Send + Sync + 'static {
    /// What a call lends to its guest: the records behind handles.
    type Scope: Default + Send + 'static;
    /// What the services know of a set of plugins, such as the paths of their pages. It is kept with the set, so that
    /// no request sees that of one set and the plugins of another.
    type Noted: Default + Send + Sync + 'static;
    /// What the services remember for the time of a request.
    type Memory: Default + Send + Sync + 'static;

    /// Called when a call has ended, however it ended: whatever is still lent is taken back, and what the guest has
    /// said is written down. `well` says whether it gave an answer; where it did not, its last words are told with the
    /// failure.
    fn settle(call: &mut Call<Self>, well: bool);

    /// Every interface that plugins may import, in the order of consent texts.
    fn interfaces() -> Vec<Interface<Self>>;
}

/// Names the view through which interface functions reach the service `X`.
pub struct Face<X, S>(PhantomData<(X, S)>);

impl<X: 'static, S: System> HasData for Face<X, S> {
    type Data<'a> = View<'a, X, S>;
}
