//! The words for failures that no fixture can bring about: they would be faults of the host, or take too long.

use std::time::Duration;

use trovato::kernel::{Error, Failure};

#[test]
fn every_failure_says_what_happened_and_what_to_do() {
    let words = [
        (
            Failure::Cpu {
                limit: Duration::from_millis(100),
            },
            "it ran for more than 100ms of processor time; the limit is `[limits]` in the site's configuration",
        ),
        (
            Failure::WallTime {
                limit: Duration::from_secs(2),
            },
            "it took longer than 2s, waiting included",
        ),
        (
            Failure::Table {
                asked: 200_000,
                limit: 100_000,
            },
            "it asked for a table of 200000 elements, and the limit is 100000",
        ),
        (
            Failure::TooDeep { limit: 6 },
            "calls from plugin to plugin nest deeper than 6",
        ),
        (
            Failure::Signature {
                detail: "expected a list".to_owned(),
            },
            "its signature is not what the host calls: expected a list",
        ),
        (Failure::NotExported, "it does not export the tap"),
        (
            Failure::HostPanic,
            "a function of the host failed while it ran; this is a bug of Trovato",
        ),
        (Failure::Out, "it has failed earlier in this request"),
        (Failure::Suspended, "it is suspended after repeated failures"),
    ];
    for (failure, text) in words {
        assert_eq!(failure.to_string(), text);
    }
}

#[test]
fn every_error_names_the_plugin_and_what_to_do() {
    let plugin = || "blog".to_owned();
    let words = [
        (
            Error::Unreadable {
                plugin: plugin(),
                path: "plugins/blog/blog.wasm".into(),
                source: std::io::ErrorKind::PermissionDenied.into(),
            },
            "Plugin 'blog': plugins/blog/blog.wasm can't be read: permission denied",
        ),
        (
            Error::Link {
                plugin: plugin(),
                import: "trovato:kernel/log@0.1.0".to_owned(),
                detail: "no".to_owned(),
            },
            "Plugin 'blog': trovato:kernel/log@0.1.0 can't be linked: no",
        ),
        (
            Error::Compile {
                plugin: plugin(),
                detail: "too large".to_owned(),
            },
            "Plugin 'blog' can't be compiled: too large",
        ),
        (
            Error::CircularDependency {
                cycle: ["blog", "categories", "blog"].map(str::to_owned).to_vec(),
            },
            "Circular dependency detected: blog → categories → blog",
        ),
    ];
    for (error, text) in words {
        assert_eq!(error.to_string(), text);
    }
}
