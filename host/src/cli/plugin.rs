//! `trovato plugin`: what authors and administrators do with plugins.

mod agree;
mod build;
mod cargo;
mod check;
pub(super) mod columns;
mod describe;
mod dev;
mod info;
mod lifecycle;
mod list;
mod new;
pub(super) mod place;
mod test;
mod watch;

use clap::Subcommand;

use super::{Error, Result, open, print, say};
use crate::config::{Config, Log};

/// What can be done with plugins.
#[derive(Subcommand)]
pub enum Action {
    /// Makes the source of a new plugin, ready to build.
    New(new::Options),
    /// Builds a plugin's component and checks it.
    Build(build::Options),
    /// Checks a plugin against the contract, without a site.
    Check(check::Options),
    /// Lists the plugins of the site.
    List(list::Options),
    /// Says everything about a plugin.
    Info(info::Options),
    /// Puts a plugin to work.
    Enable(lifecycle::Changed),
    /// Takes a plugin from work; its tables and settings stay.
    Disable(lifecycle::Named),
    /// Puts the version that is found in the place of the one at work.
    Upgrade(lifecycle::Changed),
    /// Goes back to a version that was at work before.
    Rollback(lifecycle::Back),
    /// Removes a disabled plugin with its tables and settings; content stays.
    Uninstall(lifecycle::Changed),
    /// Builds a plugin and runs its tests, each on a site of its own that is thrown away.
    Test(test::Options),
    /// The site of one test.
    #[command(hide = true)]
    TestSite(test::site::Options),
    /// Serves the site and takes up each change of a plugin's source.
    Dev(dev::Options),
}

impl Action {
    /// Sets the log to what the action is for, unless somebody has chosen a level.
    pub fn set_log(&self, log: &mut Log) {
        if log.level != Log::default().level {
            return;
        }
        let level = match self {
            // The plugins' own lines, and what goes wrong.
            Self::Dev(_) => "warn,trovato::subsystems::log=debug",
            Self::Enable(_)
            | Self::Disable(_)
            | Self::Upgrade(_)
            | Self::Rollback(_)
            | Self::Uninstall(_) => {
                return;
            }
            // What is wrong is the result, and is told once.
            _ => "off",
        };
        level.clone_into(&mut log.level);
    }
}

pub async fn run(config: Config, action: Action) -> Result {
    match action {
        Action::New(options) => new::run(&config, &options),
        Action::Build(options) => build::run(&config, &options).await,
        Action::Check(options) => check::run(&config, &options).await,
        Action::List(options) => list::run(config, &options).await,
        Action::Info(options) => info::run(config, &options).await,
        Action::Enable(options) => lifecycle::enable(config, &options).await,
        Action::Disable(options) => lifecycle::disable(config, &options).await,
        Action::Upgrade(options) => lifecycle::upgrade(config, &options).await,
        Action::Rollback(options) => lifecycle::rollback(config, &options).await,
        Action::Uninstall(options) => lifecycle::uninstall(config, &options).await,
        Action::Test(options) => test::run(&config, &options),
        Action::TestSite(options) => test::site::run(&config, &options).await,
        Action::Dev(options) => dev::run(config, options).await,
    }
}
