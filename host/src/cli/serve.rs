//! `trovato serve`.

use std::time::Duration;

use clap::Args;

use super::{Error, Result, open, say};
use crate::app::App;
use crate::config::Config;
use crate::server;

/// How long messages that wait may take to be sent when the server stops.
const LAST_MAIL: Duration = Duration::from_secs(10);

/// What `serve` may be told.
#[derive(Args)]
pub struct Options {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Don't bring the database's schema up to date.
    #[arg(long)]
    no_migrate: bool,
    /// Set up the stock plugins and, on an empty site, some content to look at.
    #[arg(long)]
    demo: bool,
    /// Explain in the page source how pages were made, and take up changed templates at once.
    #[arg(long)]
    development: bool,
    #[command(flatten)]
    administrator: super::install::Administrator,
}

pub async fn run(mut config: Config, options: Options) -> Result {
    if let Some(listen) = options.listen {
        config.listen = listen;
    }
    config.development |= options.development;
    // Before the database is touched: a second server must not start work on it.
    let listener = server::bind(&config.listen).await.map_err(Error::set_up)?;
    let address = listener.local_addr().map_err(Error::set_up)?;
    let app = if options.no_migrate {
        let start = crate::app::Start {
            migrate: false,
            ..Default::default()
        };
        App::start(config, start).await?
    } else {
        open(config).await?
    };
    if options.demo {
        super::install::demo(&app).await?;
    }
    super::install::administrator(&app, options.administrator).await?;
    let _following = app.follow();
    announce(&app, &address.to_string()).await;
    let served = server::serve(listener, app.site.clone(), stop()).await;
    app.site.services().mail.drain(LAST_MAIL).await;
    served.map_err(Error::failed)
}

/// Says where the site is.
pub(super) async fn announce(app: &App, address: &str) {
    let url = app
        .config
        .public_url
        .clone()
        .unwrap_or_else(|| format!("http://{address}"));
    let data = std::path::absolute(&app.config.data_dir).unwrap_or_else(|_| app.config.data_dir.clone());
    say(&format!("Trovato serves {url}"));
    match app.site.services().users.has_administrator().await {
        Ok(false) => {
            let token = app.site.services().users.set_up_token();
            say(&format!("Set up   {url}/install?token={token}"));
        }
        Ok(true) => {}
        Err(error) => say(&format!("The database does not answer: {error}")),
    }
    say(&format!("Data     {}", data.display()));
    for (plugin, problem) in app.site.services().plugins.problems() {
        say(&format!("Plugin   '{plugin}' is left out: {problem}"));
    }
}

/// Done when the process is asked to end.
pub(super) async fn stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without a signal handler the process ends the hard way.
    if interrupted.await.is_err() {
        std::future::pending::<()>().await;
    }
}
