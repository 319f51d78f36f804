//! Whether the site is well.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::subsystems::{Services, Site};

/// How long each of them may take to answer. Half of what the whole may take.
const LIMIT: Duration = Duration::from_millis(50);

pub fn routes() -> Router<Site> {
    Router::new()
        .route("/health", get(health))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

async fn live() -> Json<serde_json::Value> {
    Json(json!({ "status": "healthy" }))
}

/// Whether all that is configured answers.
async fn health(State(site): State<Site>) -> Response {
    let services = site.services();
    let (database, redis) = tokio::join!(database(services), redis(services));
    answer([("database", database), ("redis", redis)])
}

/// Whether requests can be served. They can while Redis is away: a node that waited for it would make of its absence
/// that of the whole site.
async fn ready(State(site): State<Site>) -> Response {
    answer([("database", database(site.services()).await)])
}

async fn database(services: &Services) -> bool {
    matches!(tokio::time::timeout(LIMIT, services.db.ping()).await, Ok(Ok(())))
}

async fn redis(services: &Services) -> bool {
    let Some(redis) = &services.redis else {
        return true;
    };
    matches!(tokio::time::timeout(LIMIT, redis.ping()).await, Ok(Ok(())))
}

fn answer<const N: usize>(parts: [(&'static str, bool); N]) -> Response {
    let failing: Vec<&str> = parts
        .iter()
        .filter(|(_, answers)| !answers)
        .map(|(part, _)| *part)
        .collect();
    if failing.is_empty() {
        return Json(json!({ "status": "healthy" })).into_response();
    }
    let body = Json(json!({ "status": "unhealthy", "failing": failing }));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}
