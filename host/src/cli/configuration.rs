//! `trovato config export`, `import` and `diff`: what the site is configured by, as a folder of files.

use std::path::{Path, PathBuf};

use clap::Args;
use similar::TextDiff;

use super::{Error, Result, open, print, say, system_session};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::configuration::{
    self, Change, Configuration, Kind, Loss, Plan, PluginChange, PluginChanges, Problem, apply, capture,
    problems,
};

/// Lines around a difference.
const CONTEXT: usize = 3;
/// Told after every change.
const FOLLOWED: &str = "A server that runs takes this up by itself within a second.";

/// A folder of configuration.
#[derive(Args)]
pub struct Folder {
    /// The folder.
    folder: PathBuf,
}

/// What is to be put in force, and what is agreed to.
#[derive(Args)]
pub struct Import {
    /// The folder.
    folder: PathBuf,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Enable and disable plugins as the folder says, with what its files agree to. That comes first, and stays where
    /// the rest turns out to be wrong once they are at work.
    #[arg(long)]
    plugins: bool,
    /// Agree that something goes that people would miss, with how many: `item_types/NAME=ITEMS`,
    /// `item_types/NAME.FIELD=ITEMS`, `roles/NAME=PEOPLE`.
    #[arg(long, value_name = "WHAT=NUMBER")]
    remove: Vec<String>,
}

pub async fn export(config: Config, options: &Folder) -> Result {
    let app = open(config).await?;
    let present = capture(&system_session(&app)).await.map_err(Error::failed)?;
    let (written, removed) =
        configuration::write(&present, &options.folder).map_err(|error| match error {
            configuration::Error::NotOurs(_) => Error::set_up(error),
            error => Error::failed(error),
        })?;
    for file in &written {
        print(&format!("written  {file}"));
    }
    for file in &removed {
        print(&format!("removed  {file}"));
    }
    if written.is_empty() && removed.is_empty() {
        print("Nothing to do: the folder holds the configuration of the site.");
    } else {
        print(&format!(
            "{} files written, {} removed.",
            written.len(),
            removed.len()
        ));
    }
    Ok(())
}

pub async fn diff(config: Config, options: &Folder) -> Result {
    let wanted = read(&options.folder).map_err(Error::set_up)?;
    let app = open(config).await?;
    let session = system_session(&app);
    let present = capture(&session).await.map_err(Error::set_up)?;
    let plan = Plan::make(&session, &present, &wanted)
        .await
        .map_err(Error::set_up)?;
    for change in &plan.changes {
        show(change);
    }
    match plan.changes.len() {
        0 => {
            print("No difference.");
            Ok(())
        }
        number => Err(Error::failed(format!("{number} files differ"))),
    }
}

/// What is in a folder, if nothing is wrong with its files.
fn read(folder: &Path) -> std::result::Result<Configuration, String> {
    let (wanted, problems) = configuration::read(folder).map_err(|error| error.to_string())?;
    if problems.is_empty() {
        return Ok(wanted);
    }
    Err(refused(&problems))
}

/// Prints what is wrong, and says how much it is.
fn refused(problems: &[Problem]) -> String {
    for problem in problems {
        say(&problem.to_string());
    }
    match problems.len() {
        1 => "this is wrong; nothing has changed".to_owned(),
        number => format!("{number} things are wrong; nothing has changed"),
    }
}

/// A unified comparison: from the site to the folder.
fn show(change: &Change) {
    let compared = TextDiff::from_lines(&change.present, &change.wanted);
    let side = |name: &str, there: bool| {
        if there {
            format!("{name}/{}", change.file)
        } else {
            "/dev/null".to_owned()
        }
    };
    let mut unified = compared.unified_diff();
    let unified = unified.context_radius(CONTEXT).header(
        &side("site", change.kind != Kind::Made),
        &side("folder", change.kind != Kind::Removed),
    );
    print(unified.to_string().trim_end_matches('\n'));
}

pub async fn import(config: Config, options: &Import) -> Result {
    if !options.folder.is_dir() {
        return Err(Error::set_up(format!(
            "{} is no folder",
            options.folder.display()
        )));
    }
    let agreed = agreed(&options.remove)?;
    let wanted = read(&options.folder).map_err(Error::failed)?;
    let app = open(config).await?;
    let session = system_session(&app);
    let present = capture(&session).await.map_err(Error::failed)?;
    let plugins = PluginChanges::make(&app.site, &present, &wanted);
    let mut wrong = plugins.problems.clone();
    wrong.extend(
        problems(&session, &present, &wanted, plugins.enables())
            .await
            .map_err(Error::failed)?,
    );
    if !wrong.is_empty() {
        return Err(Error::failed(refused(&wrong)));
    }
    let plan = Plan::make(&session, &present, &wanted)
        .await
        .map_err(Error::failed)?;
    if plan.changes.is_empty() {
        print("Nothing to do: the site is configured as the folder says.");
        return Ok(());
    }
    tell(&plan, &plugins);
    consent(&plan.losses, &agreed)?;
    if !plugins.changes.is_empty() && !options.plugins {
        return Err(Error::failed(
            "plugins are to be enabled or disabled, which runs their code: say --plugins to agree to what is listed above; \
             nothing has changed",
        ));
    }
    if options.dry_run {
        print("Nothing was changed: this was a rehearsal.");
        return Ok(());
    }
    carry_out(&app, &present, &wanted, &plugins).await?;
    print(&format!("{} files are in force. {FOLLOWED}", plan.changes.len()));
    Ok(())
}

/// Changes plugins first, since what they declare is part of what the rest is judged by.
async fn carry_out(
    app: &App,
    present: &Configuration,
    wanted: &Configuration,
    plugins: &PluginChanges,
) -> Result {
    if plugins.changes.is_empty() {
        let session = system_session(app);
        return apply(&session, present, wanted).await.map_err(Error::failed);
    }
    if let Err((made, error)) = plugins.apply(&app.site).await {
        return Err(halted(plugins.changes.get(..made).unwrap_or_default(), &error));
    }
    let failed = |error: configuration::Error| halted(&plugins.changes, &error);
    let session = system_session(app);
    let present = capture(&session).await.map_err(failed)?;
    let wrong = problems(&session, &present, wanted, false)
        .await
        .map_err(failed)?;
    if !wrong.is_empty() {
        refused(&wrong);
        return Err(Error::failed(
            "the plugins are as the folder says; nothing else has changed. Mend the files and import again",
        ));
    }
    apply(&session, &present, wanted).await.map_err(failed)
}

/// What went wrong after these plugins were changed.
fn halted(made: &[PluginChange], error: &configuration::Error) -> Error {
    if made.is_empty() || matches!(error, configuration::Error::Stored(_)) {
        return Error::failed(error);
    }
    let made: Vec<String> = made.iter().map(PluginChange::in_words).collect();
    Error::failed(format!(
        "{error}; {}; nothing else has changed. Mend it and import again",
        made.join(", ")
    ))
}

fn tell(plan: &Plan, plugins: &PluginChanges) {
    for change in &plugins.changes {
        match change {
            PluginChange::Enable(name, agreed) if agreed.is_empty() => {
                print(&format!(
                    "enable   {name}, which asks for nothing that has to be agreed to"
                ));
            }
            PluginChange::Enable(name, agreed) => {
                print(&format!("enable   {name}, which may: {}", agreed.join("; ")));
            }
            PluginChange::Disable(name) => print(&format!("disable  {name}; its tables and settings stay")),
        }
    }
    for change in &plan.changes {
        let verb = match change.kind {
            Kind::Made => "make    ",
            Kind::Changed => "change  ",
            Kind::Removed => "remove  ",
        };
        print(&format!("{verb} {}", change.file));
    }
}

/// What somebody agrees to lose, with how many.
fn agreed(options: &[String]) -> Result<Vec<(&str, u64)>> {
    let read = |option: &String| {
        let (what, number) = option.split_once('=')?;
        Some((what.len(), number.parse().ok()?))
    };
    let mut agreed = Vec::new();
    for option in options {
        let told = || {
            Error::set_up(format!(
                "--remove {option}: say what goes and how many have it, such as item_types/event=12"
            ))
        };
        let (end, number): (usize, u64) = read(option).ok_or_else(told)?;
        agreed.push((option.get(..end).unwrap_or_default(), number));
    }
    Ok(agreed)
}

/// Refuses losses that nobody has agreed to, each with the words that agree.
fn consent(losses: &[Loss], agreed: &[(&str, u64)]) -> Result {
    let mut open = 0;
    for loss in losses {
        let said = agreed.iter().find(|(what, _)| *what == loss.what);
        let also = match said {
            Some((_, number)) if *number == loss.count => continue,
            Some((_, number)) => format!(" (you said {number})"),
            None => String::new(),
        };
        open += 1;
        say(&format!(
            "{}: {}{also}; agree by --remove {}={}",
            loss.what, loss.words, loss.what, loss.count
        ));
    }
    match open {
        0 => Ok(()),
        _ => Err(Error::failed(
            "people would miss what goes, so each has to be agreed to; nothing has changed",
        )),
    }
}
