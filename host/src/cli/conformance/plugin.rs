//! `trovato conformance plugin`: everything that can be proved of a plugin without knowing what it is for.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use axum::body::Body;
use clap::Args;
use tower::ServiceExt;

use super::Result;
use super::report::{Format, Outcome, Report};
use crate::app::{App, STOCK};
use crate::cli::plugin::place;
use crate::cli::scratch::Scratch;
use crate::config::Config;
use crate::request::{Account, Request};
use crate::server;
use crate::subsystems::item::{Item, Value, ViewMode};
use crate::subsystems::item_type::{Field, FieldType, ItemType};
use crate::subsystems::plugin::{self, Inspection, Package};
use crate::taps;
use crate::time::{Clock, Timestamp};

/// What `plugin` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin, by its folder or its name; the working folder where none is given.
    #[arg(value_name = "FOLDER|NAME")]
    plugin: Option<String>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub async fn run(config: &Config, options: &Options) -> Result<Report> {
    let told = options.plugin.as_deref();
    let scratch = Scratch::start(config, None, Clock::system()).await?;
    let stock = told.filter(|name| STOCK.iter().any(|stock| stock.name == *name));
    let package = match (place::folder(config, told), stock) {
        (Ok(folder), _) => Package::read(&folder),
        (Err(_), Some(name)) => scratch.app.site.services().plugins.available().find(name),
        (Err(error), None) => return Err(error),
    };
    let report = match package {
        Ok(package) => prove(&scratch.app, &package).await,
        Err(error) => Report {
            subject: told.unwrap_or("the working folder").to_owned(),
            outcomes: vec![Outcome::new(
                "manifest",
                "it says what it must",
                "success",
                Duration::ZERO,
                Some(error.to_string()),
            )],
            ..Report::default()
        },
    };
    scratch.stop().await;
    Ok(report)
}

/// Proves a package on a site that is thrown away.
async fn prove(app: &App, package: &Package) -> Report {
    let proof = Proof {
        app,
        package,
        outcomes: RefCell::default(),
    };
    proof.run().await;
    let manifest = &package.manifest;
    Report {
        subject: format!("{} {}", manifest.name, manifest.version),
        outcomes: proof.outcomes.into_inner(),
        ..Report::default()
    }
}

/// Whether something holds, or why not.
type Proved<T = ()> = std::result::Result<T, String>;

struct Proof<'a> {
    app: &'a App,
    package: &'a Package,
    outcomes: RefCell<Vec<Outcome>>,
}

impl Proof<'_> {
    async fn run(&self) {
        self.note("manifest", "it says what it must", async || Ok(()))
            .await;
        let plugins = &self.app.site.services().plugins;
        let inspection = plugins.inspect(&self.app.site, self.package).await;
        let problems: Vec<String> = inspection.problems.iter().map(ToString::to_string).collect();
        let sound = problems.is_empty();
        self.note(
            "component",
            "it keeps to the contract, and so does what it declares",
            async || {
                if sound { Ok(()) } else { Err(problems.join("\n")) }
            },
        )
        .await;
        if !sound {
            return;
        }
        if self
            .note("lifecycle", "it is installed and enabled", async || {
                self.enable().await
            })
            .await
        {
            self.content(&inspection).await;
            self.pages(&inspection).await;
            self.leave().await;
        }
    }

    /// Notes whether something works, without a failure of the plugin.
    async fn note(&self, suite: &str, name: &str, what: impl AsyncFnOnce() -> Proved) -> bool {
        let (started, failures) = (Instant::now(), self.failures());
        let mut problem = what().await.err();
        if problem.is_none() && self.failures() > failures {
            problem = Some(self.last_failure());
        }
        let holds = problem.is_none();
        let outcome = Outcome::new(suite, name, "success", started.elapsed(), problem);
        self.outcomes.borrow_mut().push(outcome);
        holds
    }

    fn failures(&self) -> u64 {
        let registry = self.app.site.registry();
        let Some(plugin) = registry.get(&self.package.manifest.name) else {
            return 0;
        };
        (0..taps::NAMES.len())
            .map(|slot| plugin.health.tap(slot).failures)
            .sum()
    }

    fn last_failure(&self) -> String {
        let registry = self.app.site.registry();
        let plugin = registry.get(&self.package.manifest.name);
        plugin.map_or_else(String::new, |plugin| plugin.health.last_failure())
    }

    async fn enable(&self) -> Proved {
        let (site, plugins) = (&self.app.site, &self.app.site.services().plugins);
        let told = |error: plugin::Error| error.to_string();
        let mut wanted: Vec<Package> = vec![self.package.clone()];
        let mut next = 0;
        // The last that is needed comes first to work.
        while let Some(package) = wanted.get(next).cloned() {
            for name in package.manifest.depends.keys() {
                wanted.push(plugins.available().find(name).map_err(told)?);
            }
            next += 1;
        }
        for package in wanted.iter().rev() {
            let agreed = plugins.capabilities_of(site, package).map_err(told)?;
            plugins
                .enable_package(site, package, &agreed)
                .await
                .map_err(told)?;
        }
        Ok(())
    }

    /// An item of each content type that the plugin declares, or a page where it declares none, is saved and shown.
    async fn content(&self, inspection: &Inspection) {
        let mut types = inspection.types.clone();
        if types.is_empty() && self.enable_page().await.is_ok() {
            types.extend(
                self.app
                    .site
                    .services()
                    .item_types
                    .get("page")
                    .map(|of| (*of).clone()),
            );
        }
        for of in &types {
            let name = format!("an item of the type '{}' is saved", of.name);
            self.note("content", &name, async || self.save(of).await).await;
            for mode in [ViewMode::Full, ViewMode::Teaser] {
                let name = format!("an item of the type '{}' is shown as {}", of.name, mode.name());
                self.note("content", &name, async || self.show(of, &mode).await)
                    .await;
            }
        }
    }

    async fn enable_page(&self) -> Proved {
        let plugins = &self.app.site.services().plugins;
        let enabled = plugins.enable(&self.app.site, "page", &[]).await;
        enabled.map(drop).map_err(|error| error.to_string())
    }

    fn sample(&self, of: &ItemType) -> Proved<Item> {
        let services = self.app.site.services();
        let session = self
            .app
            .site
            .session(Request::new(services.ids.next(), "", Account::system()));
        let blank = services.items.blank(&session, &of.name, "A sample".to_owned());
        let mut item = blank.map_err(|error| error.to_string())?;
        for field in &of.fields {
            if let Some(value) = sample_value(&field.field_type, item.created) {
                item.fields.insert(field.name.clone(), vec![value]);
            }
        }
        Ok(item)
    }

    async fn save(&self, of: &ItemType) -> Proved {
        // What a required reference leads to is nobody's to guess.
        let guessable =
            |field: &Field| !field.required || sample_value(&field.field_type, Timestamp(0)).is_some();
        if !of.fields.iter().all(guessable) {
            return Ok(());
        }
        let services = self.app.site.services();
        let session = self
            .app
            .site
            .session(Request::new(services.ids.next(), "", Account::system()));
        let (_, saved) = services
            .items
            .save(&session, Box::new(self.sample(of)?), "a sample")
            .await;
        saved.map(drop).map_err(|error| error.to_string())
    }

    async fn show(&self, of: &ItemType, mode: &ViewMode) -> Proved {
        let services = self.app.site.services();
        let session = self
            .app
            .site
            .session(Request::new(services.ids.next(), "", Account::system()));
        let shown = services.items.show(&session, self.sample(of)?, mode).await;
        shown.map(drop).map_err(|error| error.to_string())
    }

    /// Every page of the plugin without parameters is answered.
    async fn pages(&self, inspection: &Inspection) {
        for route in inspection.routes.iter().filter(|route| !route.path.contains('{')) {
            let name = format!("the page {} is answered", route.path);
            self.note("pages", &name, async || {
                let request = axum::http::Request::builder()
                    .uri(route.path.as_str())
                    .body(Body::empty());
                let request = request.map_err(|error| error.to_string())?;
                let answer = server::router(self.app.site.clone()).oneshot(request).await;
                let status = answer.map_or_else(|never| match never {}, |answer| answer.status());
                if status.is_server_error() {
                    return Err(format!("it is answered with {status}"));
                }
                Ok(())
            })
            .await;
        }
    }

    async fn leave(&self) {
        let name = &self.package.manifest.name;
        let (site, plugins) = (&self.app.site, &self.app.site.services().plugins);
        let disabled = plugins
            .disable(site, name)
            .await
            .map_err(|error| error.to_string());
        self.note("lifecycle", "it is disabled", async || disabled).await;
        let gone = plugins
            .uninstall(site, name)
            .await
            .map_err(|error| error.to_string());
        self.note("lifecycle", "it is uninstalled with its tables", async || gone)
            .await;
    }
}

fn sample_value(of: &FieldType, now: Timestamp) -> Option<Value> {
    Some(match of {
        FieldType::Text(most) => Value::Text("Sample".chars().take(*most as usize).collect()),
        FieldType::LongText => Value::Formatted {
            value: "A *sample* of text.\n\nWith two paragraphs.".to_owned(),
            format: "markdown".to_owned(),
        },
        FieldType::Integer => Value::Integer(1),
        FieldType::Decimal => Value::Decimal("1.5".to_owned()),
        FieldType::Floating => Value::Floating(0.5),
        FieldType::Boolean => Value::Boolean(true),
        FieldType::Moment => Value::Moment(now),
        FieldType::Email => Value::Text("sample@example.org".to_owned()),
        FieldType::Url => Value::Text("https://example.org/".to_owned()),
        FieldType::Choice(choices) => Value::Text(choices.first()?.clone()),
        FieldType::Json => Value::Json(serde_json::json!({})),
        FieldType::Date => Value::from("2024-01-31"),
        FieldType::DateRange => Value::Other {
            kind: of.name().to_owned(),
            json: serde_json::json!({ "from": "2024-01-01", "to": "2024-01-31" }),
        },
        FieldType::Blocks => Value::Other {
            kind: of.name().to_owned(),
            json: serde_json::json!({ "blocks": [{ "type": "heading", "text": "Sample", "level": 2 }] }),
        },
        // What a plugin's own type takes only the plugin knows; what its fields begin with is there already.
        FieldType::Reference(_)
        | FieldType::File
        | FieldType::Image
        | FieldType::Declared(_)
        | FieldType::Other(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn proved(plugin: &str) -> Report {
        let options = Options {
            plugin: Some(plugin.to_owned()),
            format: Format::Text,
        };
        let mut config = Config::default();
        // The machine may be busy.
        config.limits.view_ms = 10_000;
        config.limits.save_ms = 10_000;
        run(&config, &options).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_stock_plugins_hold_in_every_case() {
        for stock in STOCK {
            let report = proved(stock.name).await;
            assert_eq!(report.failures(), 0, "{}", report.shown(Format::Text));
            let suites: Vec<&str> = report
                .outcomes
                .iter()
                .map(|outcome| outcome.suite.as_str())
                .collect();
            for suite in ["manifest", "component", "lifecycle", "content"] {
                assert!(suites.contains(&suite), "{suites:?}");
            }
        }
    }
}
