//! The web server: middleware in order, all routes merged, pages rendered.

mod ajax;
mod asking;
mod foreign;
mod head;
mod health;
mod layers;
mod limits;
mod paths;
mod render;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;

use crate::subsystems::{Services, Site, admin};

/// Bytes of a request's body, unless a route allows more.
const BODY_LIMIT: usize = 2 << 20;
/// How long requests that run may take to finish when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// The site as an HTTP service.
pub fn router(site: Site) -> Router {
    router_with(site, Router::new())
}

/// The site with more routes, which whoever embeds it answers.
pub fn router_with(site: Site, more: Router<Site>) -> Router {
    let router = Router::new()
        .merge(Services::routes())
        .merge(more)
        .merge(paths::routes())
        .merge(health::routes())
        .fallback(paths::dispatch)
        .method_not_allowed_fallback(paths::wrong_method)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        // From the inside out: what goes wrong becomes an error, the administration is closed to others, pages and
        // errors get their theme, for which there is a session; a layer that panics still answers, everything gets
        // its headers, all is logged.
        .layer(from_fn(layers::catch_panics))
        .layer(from_fn(layers::refuse))
        .layer(from_fn(admin::keep_out))
        .layer(from_fn_with_state(site.clone(), layers::install_first))
        .layer(from_fn(foreign::refuse))
        .layer(from_fn_with_state(site.clone(), render::pages))
        .layer(from_fn_with_state(site.clone(), limits::limit))
        .layer(from_fn_with_state(site.clone(), asking::session))
        .layer(from_fn(layers::catch_layers))
        .layer(from_fn(layers::headers))
        .layer(from_fn_with_state(site.clone(), layers::log))
        .with_state(site);
    ajax::around(router)
}

/// Opens the address to listen on.
///
/// # Errors
/// One clear line: the address is none, taken, or not this machine's.
pub async fn bind(listen: &str) -> Result<TcpListener, String> {
    TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "the address {listen} is in use by another program; stop that one, or choose another by --listen"
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("listening on {listen} is not permitted; ports below 1024 need privileges")
        }
        _ => format!("can't listen on {listen}: {error}"),
    })
}

/// Serves until `stop` is done, then lets the requests that run finish.
///
/// # Errors
/// The listener failed.
pub async fn serve(
    listener: TcpListener,
    site: Site,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let service = router(site).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        // Nobody waits any more when the server has ended by itself.
        let _ = stopping.send(());
    });
    let running = std::pin::pin!(server.into_future());
    let overdue = async {
        if stopped.await.is_ok() {
            tokio::time::sleep(DRAIN).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        result = running => result,
        () = overdue => {
            tracing::warn!("requests that still ran after {DRAIN:?} were cut off");
            Ok(())
        }
    }
}
