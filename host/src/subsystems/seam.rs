//! What a subsystem is, and how its faces reach it: routes by the request's session, host functions by their view.

use std::sync::Arc;

use super::{Interface, Services, Session, Site, View, access, admin, api, cache, form, item, log, wasi};

/// A request's session, shared by the layers and the handler that serve it.
#[derive(Clone)]
pub struct Cx(pub Arc<Session>);

impl std::ops::Deref for Cx {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.0
    }
}

/// The session that the server's layer has made.
impl<S: Sync> axum::extract::FromRequestParts<S> for Cx {
    type Rejection = crate::web::Error;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get()
            .cloned()
            .ok_or_else(|| crate::web::Error::internal("the request has no session"))
    }
}

/// The records that a running guest holds handles to.
#[derive(Debug, Default)]
pub struct Scope {
    /// Items.
    pub items: item::Lent,
    /// What plugins remember of the form that the guest is called for.
    pub form: form::Desk,
    /// What it is making for the cache.
    pub making: cache::Making,
    /// Messages that the guest has logged in this call.
    pub logged: log::Logged,
    /// What the guest has of WASI.
    pub wasi: wasi::Held,
}

/// What the services remember for the time of a request.
#[derive(Default)]
pub struct Memory {
    /// Items that were found.
    pub items: item::Memory,
}

/// A service with its faces towards plugins and the web.
pub trait Subsystem {
    /// The WIT interfaces that it answers.
    fn interfaces() -> Vec<Interface> {
        Vec::new()
    }

    /// The routes that it answers.
    fn routes() -> axum::Router<Site> {
        axum::Router::new()
    }

    /// Its pages in the administration: routes, navigation, breadcrumbs and the palette come from them.
    fn admin_pages() -> Vec<admin::AdminPage> {
        Vec::new()
    }

    /// What programs can ask of it: routes, the OpenAPI document and the page `/api` come from them.
    fn api() -> Vec<api::Resource> {
        Vec::new()
    }

    /// How it fares: what needs attention, and what was looked at and is well.
    fn notices(&self, site: &Site) -> impl Future<Output = Vec<admin::Notice>> + Send {
        let _ = site;
        async { Vec::new() }
    }

    /// The permissions that it asks for, as they are now.
    fn permissions(&self) -> Option<access::Group> {
        None
    }
}

/// Finds the service of a type.
pub trait Provides<X> {
    /// The service.
    fn provide(&self) -> &Arc<X>;
}

/// The service behind a host function's view.
pub trait Service<X> {
    /// The service.
    fn service(&self) -> &Arc<X>;
}

impl<X> Service<X> for View<'_, X>
where
    Services: Provides<X>,
{
    fn service(&self) -> &Arc<X> {
        self.session().services().provide()
    }
}
