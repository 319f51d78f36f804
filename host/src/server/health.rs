//! Whether the site is well.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::subsystems::Site;

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/health", get(health))
        .route("/health/live", get(live))
        .route("/health/ready", get(health))
}

async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "healthy" }))
}

async fn health(State(site): State<Site>) -> Response {
    let limit = std::time::Duration::from_millis(100);
    match tokio::time::timeout(limit, site.services().db.ping()).await {
        Ok(Ok(())) => Json(json!({ "status": "healthy" })).into_response(),
        _ => {
            let body = Json(json!({ "status": "unhealthy", "failing": ["database"] }));
            (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
        }
    }
}
