//! `POST /system/ajax?path=…`: a form asks for the part of it that has changed. It goes to the route of the form's own
//! page, with everything that guards that, and comes back as a piece of HTML instead of a page.

use axum::Router;
use axum::extract::{OriginalUri, Request, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tower::ServiceExt;

use crate::subsystems::form::Part;

const PATH: &str = "/system/ajax";

/// The site with this address in front of it.
pub fn around(site: Router) -> Router {
    Router::new()
        .route(PATH, post(forward).with_state(site.clone()))
        .fallback_service(site)
}

/// Sends the request on to the form's own address. One that names none goes on as it is and finds nothing.
async fn forward(State(site): State<Router>, mut request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let target = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "path")
        .and_then(|(_, path)| own_path(&path));
    if let Some(target) = target {
        // Whoever asks for the address as it was asked gets the form's.
        request.extensions_mut().insert(OriginalUri(target.clone()));
        *request.uri_mut() = target;
        request.extensions_mut().insert(Part);
    }
    site.oneshot(request).await.into_response()
}

/// A path of this site, which is not this one again.
fn own_path(path: &str) -> Option<Uri> {
    let local = path.starts_with('/') && !path.starts_with("//");
    let uri: Uri = path.parse().ok().filter(|_| local)?;
    (uri.path() != PATH).then_some(uri)
}
