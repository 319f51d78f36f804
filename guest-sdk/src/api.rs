//! What programs ask of the plugin, at `/api/plugins/{plugin}/{name}`, and what it answers: JSON.
//!
//! ```
//! use trovato_sdk::api::{ApiMethod, ApiRequest, ApiResponse};
//! use trovato_sdk::prelude::*;
//!
//! #[tap]
//! fn api(request: ApiRequest) -> Result<ApiResponse> {
//!     match (request.method, request.name.as_str()) {
//!         (ApiMethod::Get, "greeting") => Ok(ApiResponse::json("{\"greeting\": \"Hello\"}")),
//!         _ => Err(Error::not_found()),
//!     }
//! }
//! ```

pub use crate::wit::apis::{ApiMethod, ApiRequest, ApiResponse};

impl ApiRequest {
    /// The first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|text| text.name == name);
        found.map(|text| text.value.as_str())
    }
}

impl ApiResponse {
    /// JSON text, with the status 200.
    pub fn json(text: impl Into<String>) -> Self {
        Self {
            status: 200,
            body: Some(text.into()),
        }
    }

    /// Nothing but that it is done (204).
    pub fn done() -> Self {
        Self {
            status: 204,
            body: None,
        }
    }

    /// With another status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
