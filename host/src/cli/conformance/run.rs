//! Cases run on a site.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::GUESTS;
use super::cases::{Case, Step, Suite, Who, filled};
use super::form::{Remembered, Sent, item_of};
use super::report::Outcome;
use crate::app::App;
use crate::kernel::{Failure, Plain};
use crate::request::{Account, Request};
use crate::subsystems::Session;
use crate::subsystems::plugin::Package;
use crate::taps;
use crate::wit::types;

/// A site, and the guests that its cases need.
pub struct Bench<'a> {
    app: &'a App,
    fixtures: Option<PathBuf>,
}

impl<'a> Bench<'a> {
    /// The guests are in `plugins/` of the folder of fixtures, or in the program.
    pub fn new(app: &'a App, fixtures: Option<&Path>) -> Self {
        Self {
            app,
            fixtures: fixtures.map(|folder| folder.join("plugins")),
        }
    }

    fn package(&self, guest: &str) -> Result<Package, String> {
        match &self.fixtures {
            Some(folder) => Package::read(&folder.join(guest)).map_err(|error| error.to_string()),
            None => {
                let embedded = GUESTS.iter().find(|embedded| embedded.name == guest);
                let embedded = embedded.ok_or("there is no guest of this name")?;
                Package::embedded(embedded).map_err(|error| error.to_string())
            }
        }
    }

    /// Runs a case on guests that are installed anew, and removes them afterwards.
    pub async fn run(&self, suite: &Suite, case: &Case) -> Outcome {
        let started = Instant::now();
        let mut guests = vec!["prober".to_owned()];
        guests.extend(case.plugins.iter().cloned());
        let mut held = Ok(());
        for guest in &guests {
            held = match held {
                Ok(()) => self.install(guest, case).await,
                err => err,
            };
        }
        if held.is_ok() {
            held = self.steps(case).await;
        }
        for guest in guests.iter().rev() {
            let removed = self.remove(guest).await;
            held = held.and(removed);
        }
        Outcome::new(
            &suite.interface,
            &case.name,
            case.proves.name(),
            started.elapsed(),
            held.err(),
        )
    }

    async fn install(&self, guest: &str, case: &Case) -> Result<(), String> {
        let (site, services) = (&self.app.site, self.app.site.services());
        let told = |error: &dyn std::fmt::Display| format!("the guest '{guest}' can't be installed: {error}");
        let package = self.package(guest).map_err(|error| told(&error))?;
        let agreed = services
            .plugins
            .capabilities_of(site, &package)
            .map_err(|error| told(&error))?;
        let enabled = services.plugins.enable_package(site, &package, &agreed).await;
        enabled.map_err(|error| told(&error))?;
        for (name, value) in case.settings.get(guest).into_iter().flatten() {
            let value = serde_json::to_value(value).map_err(|error| told(&error))?;
            let stored = services.variables.store(guest, name, Some(value)).await;
            stored.map_err(|error| told(&error))?;
        }
        Ok(())
    }

    async fn remove(&self, guest: &str) -> Result<(), String> {
        let (site, plugins) = (&self.app.site, &self.app.site.services().plugins);
        let told = |error| format!("the guest '{guest}' can't be removed: {error}");
        if site.registry().get(guest).is_some() {
            plugins.disable(site, guest).await.map_err(told)?;
            plugins.uninstall(site, guest).await.map_err(told)?;
        }
        Ok(())
    }

    async fn steps(&self, case: &Case) -> Result<(), String> {
        let (mut kept, mut remembered) = (BTreeMap::new(), BTreeMap::new());
        let mut session = self.session(case.who);
        for step in &case.steps {
            if !case.together {
                session = self.session(case.who);
            }
            let argument = filled(&step.with, &kept);
            let answered = match &step.form {
                Some(form) => {
                    let about = step.about.as_ref().map(|about| filled(about, &kept));
                    self.send(&session, step, form, (&argument, about), &mut remembered)
                        .await?
                }
                None => ask(&session, step, &argument).await?,
            };
            if let (Some(name), Ok(Ok(answer))) = (&step.keep, &answered) {
                kept.insert(name.clone(), answer.clone());
            }
            judge(step, &answered, &kept)
                .map_err(|problem| format!("{} {argument}: {problem}", step.call))?;
        }
        Ok(())
    }

    /// Sends a form of a guest. What the guest remembers of it is there for the next step of the case.
    async fn send(
        &self,
        session: &Session,
        step: &Step,
        form: &str,
        (argument, about): (&str, Option<String>),
        remembered: &mut Remembered,
    ) -> Result<Answered, String> {
        let plugin = session.registry().get(&step.plugin);
        let plugin = plugin.ok_or_else(|| format!("the guest '{}' is not at work", step.plugin))?;
        let id = self.app.site.services().ids.next().to_string();
        let item = match about {
            Some(id) => Some(item_of(session, &id).await?),
            None => None,
        };
        let mut sent = Sent::new(&step.plugin, form, id, &step.call, argument, remembered).about(item);
        let answered = session.call::<taps::FormSubmit>(plugin, &mut sent).await;
        Ok(answered.map(|(outcome,)| outcome.map(|outcome| sent.settle(outcome))))
    }

    fn session(&self, who: Who) -> Session {
        let services = self.app.site.services();
        let account = match who {
            Who::Site => Account::system(),
            Who::Visitor => services.access.visitor(),
        };
        self.app
            .site
            .session(Request::new(services.ids.next(), "", account))
    }
}

type Answered = Result<Result<String, types::Error>, Failure>;

async fn ask(session: &Session, step: &Step, argument: &str) -> Result<Answered, String> {
    let plugin = session
        .registry()
        .get(&step.plugin)
        .ok_or_else(|| format!("the guest '{}' is not at work", step.plugin))?;
    let mut input = Plain(|| ("conformance".to_owned(), step.call.clone(), argument.to_owned()));
    let answered = session.call::<taps::Invoke>(plugin, &mut input).await;
    Ok(answered.map(|(answer,)| answer))
}

fn judge(step: &Step, answered: &Answered, kept: &BTreeMap<String, String>) -> Result<(), String> {
    let holds = match answered {
        Ok(Ok(answer)) => {
            let is_it = step
                .answer
                .as_ref()
                .is_none_or(|expected| filled(expected, kept) == *answer);
            let has_it = step
                .contains
                .as_ref()
                .is_none_or(|part| answer.contains(&filled(part, kept)));
            is_it && has_it && step.refused.is_none() && step.fails.is_none()
        }
        Ok(Err(error)) => {
            let is_kind = step.refused.as_deref() == Some(kind(error));
            is_kind
                && step
                    .says
                    .as_ref()
                    .is_none_or(|part| error.in_words().contains(&filled(part, kept)))
        }
        Err(failure) => step
            .fails
            .as_ref()
            .is_some_and(|part| failure.to_string().contains(part)),
    };
    if holds {
        return Ok(());
    }
    Err(format!("expected {}, found {}", expected(step), found(answered)))
}

fn expected(step: &Step) -> String {
    let says = step.says.as_deref().unwrap_or_default();
    match step {
        Step {
            answer: Some(answer), ..
        } => format!("the answer {answer:?}"),
        Step {
            contains: Some(part), ..
        } => format!("an answer with {part:?}"),
        Step {
            refused: Some(kind), ..
        } => format!("the error {kind} {says:?}"),
        Step {
            fails: Some(part), ..
        } => format!("a failure with {part:?}"),
        _ => "any answer".to_owned(),
    }
}

fn found(answered: &Answered) -> String {
    match answered {
        Ok(Ok(answer)) => format!("the answer {answer:?}"),
        Ok(Err(error)) => format!("the error {} {:?}", kind(error), error.in_words()),
        Err(failure) => format!("the failure {:?}", failure.to_string()),
    }
}

fn kind(error: &types::Error) -> &'static str {
    match error {
        types::Error::NotFound => "not-found",
        types::Error::Invalid(_) => "invalid",
        types::Error::Denied(_) => "denied",
        types::Error::Conflict(_) => "conflict",
        types::Error::Limit(_) => "limit",
        types::Error::Unavailable(_) => "unavailable",
        types::Error::Other(_) => "other",
    }
}
