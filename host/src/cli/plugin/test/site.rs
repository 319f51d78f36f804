//! `trovato plugin test-site`: a site that is thrown away, for one test of a plugin. It reads orders from its standard
//! input and answers them on its standard output, one line of JSON each; `trovato-sdk-test` speaks with it.

use std::io::BufRead;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};

use super::super::{Error, Result, print};
use super::database::Database;
use super::order::{Bench, Order};
use crate::app::STOCK;
use crate::cli::scratch::Scratch;
use crate::config::Config;
use crate::subsystems::plugin::Package;
use crate::time::{Clock, Timestamp};

/// The time at which every test begins: 14 November 2023.
const BEGIN: Timestamp = Timestamp(1_700_000_000_000);

/// What `test-site` may be told.
#[derive(Args)]
pub struct Options {
    /// The folder of the plugin.
    folder: PathBuf,
    /// A Postgres server to make a database on; a SQLite file where none is named.
    #[arg(long, value_name = "URL")]
    on: Option<String>,
}

pub async fn run(config: &Config, options: &Options) -> Result {
    let database = match &options.on {
        Some(url) => Some(Database::make(url).await?),
        None => None,
    };
    let url = database.as_ref().map(|database| database.url.as_str());
    let served = serve(config, &options.folder, url).await;
    if let Some(database) = database {
        database.remove().await?;
    }
    // The one who waits for the first answer is told why there is none.
    if let Err(error) = &served {
        print(&json!({ "broken": error.to_string() }).to_string());
    }
    served
}

async fn serve(config: &Config, folder: &std::path::Path, url: Option<&str>) -> Result {
    let clock = Clock::fixed(BEGIN);
    let scratch = Scratch::start(config, url, clock.clone()).await?;
    let bench = Bench::start(&scratch.app, clock, &package(folder)?).await;
    let served = match bench {
        Ok(bench) => {
            print(&json!({ "ok": null }).to_string());
            answer(&bench).await;
            Ok(())
        }
        Err(error) => Err(error),
    };
    scratch.stop().await;
    served
}

/// The plugin as it was built; one that is part of the program need not be.
fn package(folder: &std::path::Path) -> Result<Package> {
    let package = Package::read(folder).map_err(Error::set_up)?;
    let name = &package.manifest.name;
    let stock = STOCK.iter().find(|stock| stock.name == *name);
    match stock.filter(|stock| stock.manifest == package.manifest_text && package.component().is_err()) {
        Some(stock) => Package::embedded(stock).map_err(Error::set_up),
        None => Ok(package),
    }
}

/// Answers orders until there are none any more.
async fn answer(bench: &Bench<'_>) {
    let (sender, mut orders) = tokio::sync::mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    while let Some(line) = orders.recv().await {
        let answer: Json = match serde_json::from_str::<Order>(&line) {
            Ok(order) => match bench.carry_out(order).await {
                Ok(answer) => json!({ "ok": answer }),
                Err(refusal) => json!({ "refused": refusal }),
            },
            Err(error) => json!({ "broken": format!("this is no order: {error}: {line}") }),
        };
        print(&answer.to_string());
    }
}
