//! What surrounds every request: headers, where it comes from, how often it may.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on fails"
)]

mod failures;
mod feeds;
mod files;
mod head;
mod headers;
mod limits;
mod proxies;
mod sitemap;

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;

/// A request from an address, with headers.
fn ask(method: &str, path: &str, from: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let peer = SocketAddr::new(from.parse().unwrap(), 40_000);
    request.extension(ConnectInfo(peer)).body(Body::empty()).unwrap()
}
