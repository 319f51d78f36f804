//! `trovato plugin dev`: a server, and a plugin that is built and put to work again whenever its source changes.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::agree::{agree, wishes};
use super::cargo::Mode;
use super::watch::Watch;
use super::{Error, Result, build, open, place, say};
use crate::app::App;
use crate::cli::serve;
use crate::config::Config;
use crate::server;
use crate::subsystems::Site;
use crate::subsystems::plugin::{Outcome, Package};

/// What `dev` may be told.
#[derive(Args)]
pub struct Options {
    /// The plugin, by its folder or its name; the working folder where none is given.
    #[arg(value_name = "FOLDER|NAME")]
    plugin: Option<String>,
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Agree to what the plugin asks for.
    #[arg(long, short)]
    yes: bool,
    /// Build quickly instead of small and fast.
    #[arg(long)]
    debug: bool,
}

pub async fn run(mut config: Config, options: Options) -> Result {
    let folder = place::folder(&config, options.plugin.as_deref())?;
    if let Some(listen) = options.listen {
        config.listen = listen;
    }
    config.development = true;
    let listener = server::bind(&config.listen).await.map_err(Error::set_up)?;
    let address = listener.local_addr().map_err(Error::set_up)?;
    let app = open(config).await?;
    let mut workshop = Workshop {
        site: app.site.clone(),
        folder,
        debug: options.debug,
        agreed: Vec::new(),
    };
    let mut watch = Watch::start(&workshop.folder)?;
    workshop.begin(&mut watch, options.yes).await?;
    let _following = app.follow();
    announce(&app, &address.to_string(), &workshop.folder).await;
    let serving = server::serve(listener, app.site.clone(), serve::stop());
    tokio::select! {
        served = serving => served.map_err(Error::failed),
        () = workshop.follow(&mut watch) => Ok(()),
    }
}

async fn announce(app: &App, address: &str, folder: &Path) {
    serve::announce(app, address).await;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    say(&format!("Watching {}", folder.display()));
}

/// A plugin that is being worked on.
struct Workshop {
    site: Site,
    folder: PathBuf,
    debug: bool,
    /// What the plugin asked for last.
    agreed: Vec<String>,
}

impl Workshop {
    /// Builds until that works, asks for what the plugin wants, and puts it to work.
    async fn begin(&mut self, watch: &mut Watch, yes: bool) -> Result {
        let (package, capabilities) = loop {
            // The first build may take a while, and cargo says what it is at.
            match self.build(false).await {
                Ok(built) => break built,
                // A tool that is missing does not appear by itself.
                Err(error @ Error::SetUp(_)) => return Err(error),
                Err(error) => {
                    say(&format!("{error}\nWaiting for a change."));
                    watch.changed().await;
                }
            }
        };
        if !capabilities.is_empty() {
            let name = &package.manifest.name;
            let wishes = wishes(&format!("The plugin '{name}' asks to"), &capabilities);
            let question =
                format!("Shall '{name}' have that here, and what it comes to ask for as you work?");
            agree(&wishes, &question, yes)?;
        }
        self.agreed.clone_from(&capabilities);
        self.put_to_work(&package, &capabilities, "").await;
        Ok(())
    }

    /// Builds and puts to work, change after change. Whatever goes wrong, the version at work stays.
    async fn follow(&mut self, watch: &mut Watch) {
        loop {
            watch.changed().await;
            let started = Instant::now();
            match self.build(true).await {
                Ok((package, capabilities)) => {
                    self.note_wishes(&package, &capabilities);
                    let when = format!(", {:.1} s after the change", started.elapsed().as_secs_f64());
                    self.put_to_work(&package, &capabilities, &when).await;
                }
                Err(error) => say(&format!("{error}\nThe version before stays at work.")),
            }
        }
    }

    async fn build(&self, quiet: bool) -> Result<(Package, Vec<String>)> {
        let (site, folder) = (self.site.clone(), self.folder.clone());
        let mode = Mode {
            debug: self.debug,
            quiet,
        };
        let building = tokio::task::spawn_blocking(move || {
            let package = build::component(&folder, mode)?;
            let capabilities = site
                .services()
                .plugins
                .capabilities_of(&site, &package)
                .map_err(Error::failed)?;
            Ok((package, capabilities))
        });
        building.await.map_err(Error::failed)?
    }

    fn note_wishes(&mut self, package: &Package, capabilities: &[String]) {
        let new: Vec<String> = capabilities
            .iter()
            .filter(|wish| !self.agreed.contains(wish))
            .cloned()
            .collect();
        if !new.is_empty() {
            let name = &package.manifest.name;
            wishes(&format!("The plugin '{name}' now also asks to"), &new)
                .iter()
                .for_each(|line| say(line));
        }
        capabilities.clone_into(&mut self.agreed);
    }

    async fn put_to_work(&self, package: &Package, capabilities: &[String], when: &str) {
        let plugins = &self.site.services().plugins;
        let name = &package.manifest.name;
        match plugins.enable_package(&self.site, package, capabilities).await {
            Ok(Outcome::Unchanged) => say(&format!("The plugin '{name}' is at work as it was.")),
            Ok(_) => say(&format!("The plugin '{name}' is at work{when}.")),
            Err(error) => say(&format!("{error}\nThe version before stays at work.")),
        }
    }
}
