//! `trovato mail`.

use clap::Subcommand;

use super::{Error, Result, open, print};
use crate::config::Config;
use crate::subsystems::mail::{self, Recipient, Template};

/// What can be done with mail.
#[derive(Subcommand)]
pub enum Action {
    /// Sends a message now and says whether the server took it.
    Test {
        /// Who gets it.
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
}

pub async fn run(config: Config, action: Action) -> Result {
    let Action::Test { address } = action;
    let app = open(config).await?;
    let mail = &app.site.services().mail;
    let letter = mail
        .write(
            &Template::TEST,
            Recipient::address(address),
            minijinja::Value::UNDEFINED,
        )
        .map_err(Error::failed)?;
    mail.send(&letter).await.map_err(|error| match error {
        mail::Error::Letter { .. } => Error::set_up(error),
        error => Error::failed(format!("{error}\nMail {}.", mail.describe())),
    })?;
    print(&format!("The message was taken. Mail {}.", mail.describe()));
    Ok(())
}
