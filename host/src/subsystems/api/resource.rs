//! What a subsystem says of a resource of the API: one entry gives the routes, the part of the OpenAPI document and the
//! line on the page for people.

use axum::http::{Method, StatusCode};
use axum::routing::MethodRouter;
use serde_json::{Value as Json, json};

use crate::subsystems::Site;

/// A resource and what can be done with it.
pub struct Resource {
    pub(super) path: &'static str,
    pub(super) title: &'static str,
    pub(super) operations: Vec<Operation>,
    pub(super) schemas: Vec<(&'static str, Json)>,
}

impl Resource {
    /// A resource; `{name}` in its path stands for one segment.
    #[must_use]
    pub fn new(path: &'static str, title: &'static str) -> Self {
        Self {
            path,
            title,
            operations: Vec::new(),
            schemas: Vec::new(),
        }
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Adds something that can be done with it.
    #[must_use]
    pub fn with(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }

    /// Names a schema (JSON Schema 2020-12), which [`reference()`] finds.
    #[must_use]
    pub fn schema(mut self, name: &'static str, schema: Json) -> Self {
        self.schemas.push((name, schema));
        self
    }
}

/// Something that can be done with a resource.
pub struct Operation {
    pub(super) method: Method,
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) description: &'static str,
    pub(super) parameters: Vec<Json>,
    pub(super) takes_filters: bool,
    pub(super) is_open: bool,
    pub(super) body: Option<(Vec<&'static str>, Json)>,
    pub(super) replies: Vec<Reply>,
    pub(super) handler: MethodRouter<Site>,
}

/// An answer of an operation.
pub(super) struct Reply {
    pub status: StatusCode,
    pub description: &'static str,
    pub schema: Option<Json>,
    pub headers: Vec<(&'static str, &'static str)>,
}

impl Operation {
    /// An operation by its identifier, with what it does in a few words.
    #[must_use]
    pub fn new(method: Method, id: &'static str, summary: &'static str, handler: MethodRouter<Site>) -> Self {
        Self {
            method,
            id,
            summary,
            description: "",
            parameters: Vec::new(),
            takes_filters: false,
            is_open: false,
            body: None,
            replies: Vec::new(),
            handler,
        }
    }

    /// What there is to know besides.
    #[must_use]
    pub fn description(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    /// Also visitors may ask.
    #[must_use]
    pub fn open(mut self) -> Self {
        self.is_open = true;
        self
    }

    /// A parameter of the query.
    #[must_use]
    pub fn query(self, name: &str, description: &str, schema: Json) -> Self {
        self.parameter("query", name, description, schema)
    }

    /// A header that is looked at.
    #[must_use]
    pub fn header(self, name: &str, description: &str) -> Self {
        self.parameter("header", name, description, json!({ "type": "string" }))
    }

    /// A parameter of the path.
    #[must_use]
    pub fn path(self, name: &str, description: &str, schema: Json) -> Self {
        self.parameter("path", name, description, schema)
    }

    /// A part of its path that is an identifier.
    #[must_use]
    pub fn identifier(self, name: &str, description: &str) -> Self {
        self.path(name, description, json!({ "type": "string", "format": "uuid" }))
    }

    fn parameter(mut self, place: &str, name: &str, description: &str, schema: Json) -> Self {
        let mut parameter =
            json!({ "name": name, "in": place, "description": description, "schema": schema });
        if place == "path"
            && let Some(parameter) = parameter.as_object_mut()
        {
            parameter.insert("required".to_owned(), true.into());
        }
        self.parameters.push(parameter);
        self
    }

    /// It takes the filters of items.
    #[must_use]
    pub(super) fn filters(mut self) -> Self {
        self.takes_filters = true;
        self
    }

    /// It takes a body of one of these media types.
    #[must_use]
    pub fn body(mut self, kinds: &[&'static str], schema: Json) -> Self {
        self.body = Some((kinds.to_vec(), schema));
        self
    }

    /// It answers this if all is well.
    #[must_use]
    pub fn answers(mut self, status: StatusCode, description: &'static str, schema: Option<Json>) -> Self {
        self.replies.push(Reply {
            status,
            description,
            schema,
            headers: Vec::new(),
        });
        self
    }

    /// The last answer has this header.
    #[must_use]
    pub fn telling(mut self, name: &'static str, description: &'static str) -> Self {
        if let Some(reply) = self.replies.last_mut() {
            reply.headers.push((name, description));
        }
        self
    }

    /// Whoever has its answer is told when it is still the same (RFC 9110, 13.1.2).
    #[must_use]
    pub(super) fn remembered(self) -> Self {
        self.header("If-None-Match", "ETags of answers that are known.")
            .answers(
                StatusCode::NOT_MODIFIED,
                "The answer is the one that is known.",
                None,
            )
    }

    /// It refuses parameters that it does not know or can't read.
    #[must_use]
    pub fn with_parameters(self) -> Self {
        self.refuses(StatusCode::BAD_REQUEST, "A parameter can't be understood.")
    }

    /// It refuses those who may not do this, and visitors if others may.
    #[must_use]
    pub fn guarded(self) -> Self {
        self.refuses(
            StatusCode::UNAUTHORIZED,
            "Who asks has to sign in or show a token.",
        )
        .refuses(StatusCode::FORBIDDEN, "Who asks may not.")
    }

    /// It is about an item, which may not be there or may not be seen.
    #[must_use]
    pub(super) fn of_an_item(self) -> Self {
        self.refuses(
            StatusCode::NOT_FOUND,
            "There is no such item, or none that may be seen.",
        )
    }

    /// It refuses for this reason.
    #[must_use]
    pub fn refuses(mut self, status: StatusCode, description: &'static str) -> Self {
        self.replies.push(Reply {
            status,
            description,
            schema: Some(reference("Problem")),
            headers: Vec::new(),
        });
        self
    }
}

/// The schema of a name.
#[must_use]
pub fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}
