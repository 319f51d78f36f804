//! The command line: one file per command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong set-up or arguments.

mod configuration;
pub mod conformance;
mod doctor;
mod import;
mod install;
mod mail;
mod migrate;
mod plugin;
mod scratch;
mod serve;
mod settings;
mod token;
mod user;

pub use install::demo;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::app::{self, App, Start};
use crate::config::{Config, Loaded};
use crate::request::{Account, Request};
use crate::subsystems::Session;
use crate::{config, telemetry};

/// A content platform whose kernel is a thin WebAssembly component host.
#[derive(Parser)]
#[command(name = "trovato", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Common {
    /// The configuration file.
    #[arg(long, global = true, default_value = config::FILE, value_name = "FILE")]
    config: PathBuf,
    /// The folder of the database, files and plugins.
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// The database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the site.
    Serve(serve::Options),
    /// Sets up a site: database, stock plugins, the administrator.
    Install(install::Options),
    /// Brings the database's schema up to date and says what was done.
    Migrate,
    /// Imports content from elsewhere.
    #[command(subcommand)]
    Import(import::Source),
    /// Tries mail out.
    #[command(subcommand)]
    Mail(mail::Action),
    /// Gives programs access: personal tokens, API clients, the keys that sign.
    #[command(subcommand)]
    Token(token::Action),
    /// Shows the settings; exports, imports and compares what the site is configured by.
    #[command(subcommand)]
    Config(settings::Action),
    /// Checks the set-up and says how to mend what it finds.
    Doctor,
    /// Proves this host, or a plugin, case by case.
    #[command(subcommand)]
    Conformance(conformance::Subject),
    /// Manages accounts.
    #[command(subcommand)]
    User(user::Action),
    /// Makes, checks and manages plugins.
    #[command(subcommand)]
    Plugin(plugin::Action),
}

/// Why a command did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The set-up or the arguments are wrong: exit code 2.
    #[error("{0}")]
    SetUp(String),
    /// It failed: exit code 1.
    #[error("{0}")]
    Failed(String),
}

impl Error {
    /// The set-up or the arguments are wrong.
    fn set_up(error: impl ToString) -> Self {
        Self::SetUp(error.to_string())
    }

    /// It failed.
    fn failed(error: impl ToString) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<app::Error> for Error {
    fn from(error: app::Error) -> Self {
        Self::set_up(error)
    }
}

impl From<config::Error> for Error {
    fn from(error: config::Error) -> Self {
        Self::set_up(error)
    }
}

type Result<T = ()> = std::result::Result<T, Error>;

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = start(cli);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("trovato: {error}"));
            ExitCode::from(if matches!(error, Error::SetUp(_)) { 2 } else { 1 })
        }
    }
}

fn start(cli: Cli) -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::set_up)?;
    runtime.block_on(async {
        let mut loaded = configuration(&cli.common)?;
        for (name, meant) in &loaded.unknown {
            let hint = meant.as_ref().map(|meant| format!("; did you mean {meant}?"));
            say(&format!(
                "The variable {name} is no setting{}",
                hint.unwrap_or_default()
            ));
        }
        if let Command::Config(settings::Action::Show { json }) = &cli.command {
            return settings::show(&loaded, *json);
        }
        let config = &mut loaded.config;
        if let Command::Plugin(action) = &cli.command {
            action.set_log(&mut config.log);
        }
        if matches!(cli.command, Command::Conformance(_)) {
            conformance::Subject::set_log(&mut config.log);
        }
        // Only the server's log is for reading along; other commands speak for themselves.
        let quiet = !matches!(cli.command, Command::Serve(_));
        telemetry::start(&config.log, quiet).map_err(Error::set_up)?;
        let config = loaded.config;
        match cli.command {
            Command::Serve(options) => serve::run(config, options).await,
            Command::Install(options) => install::run(config, options).await,
            Command::Migrate => migrate::run(config).await,
            Command::Import(source) => import::run(config, source).await,
            Command::Mail(action) => mail::run(config, action).await,
            Command::Token(action) => token::run(config, action).await,
            Command::Config(action) => settings::run(config, action).await,
            Command::Doctor => doctor::run(config).await,
            Command::Conformance(subject) => conformance::run(&config, subject).await,
            Command::User(action) => user::run(config, action).await,
            Command::Plugin(action) => plugin::run(config, action).await,
        }
    })
}

fn configuration(common: &Common) -> Result<Loaded> {
    let mut loaded = Config::load(&common.config)?;
    if let Some(folder) = &common.data_dir {
        loaded.config.data_dir.clone_from(folder);
        loaded.flag("data-dir", "--data-dir");
    }
    if let Some(url) = &common.database_url {
        loaded.config.database_url = Some(url.clone().into());
        loaded.flag("database-url", "--database-url");
    }
    Ok(loaded)
}

/// Starts the site for a command that works on it.
async fn open(config: Config) -> Result<App> {
    Ok(App::start(config, Start::default()).await?)
}

/// A session of the site itself.
fn system_session(app: &App) -> Session {
    let id = app.site.services().ids.next();
    app.site.session(Request::new(id, "", Account::system()))
}

/// Writes a line for the person at the terminal.
fn say(line: &str) {
    // Whoever was to read it has gone: nothing is left to be said to them.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes a line of a command's result.
fn print(line: &str) {
    // As with `| head`: enough was read.
    let _ = writeln!(std::io::stdout(), "{line}");
}
