//! `/api`: what programs can ask, for people.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use crate::subsystems::theme::suggestions;
use crate::subsystems::{Cx, Services, Site};
use crate::web::Page;

pub(super) fn routes() -> Router<Site> {
    Router::new().route("/api", get(page))
}

#[derive(Serialize)]
struct Listed {
    path: &'static str,
    title: &'static str,
    operations: Vec<Asked>,
}

#[derive(Serialize)]
struct Asked {
    method: String,
    summary: &'static str,
    description: &'static str,
}

#[derive(Serialize)]
struct Variables {
    resources: Vec<Listed>,
}

async fn page(State(site): State<Site>, session: Cx) -> Page {
    let resources = Services::api_resources().into_iter().map(|resource| Listed {
        path: resource.path,
        title: resource.title,
        operations: resource
            .operations
            .iter()
            .map(|operation| Asked {
                method: operation.method.to_string(),
                summary: operation.summary,
                description: operation.description,
            })
            .collect(),
    });
    let variables = Variables {
        resources: resources.collect(),
    };
    let content = site.services().themes.render_suggested(
        &session.request().theme,
        &suggestions::names("api", &[]),
        Value::from(Serde(variables)),
    );
    let mut page = Page::new("API", content.to_string());
    page.canonical = Some("/api".to_owned());
    page.description = "What programs can ask of this site.".to_owned();
    page
}
