//! The servers that the tests talk to: private ones, on free ports, with data that is thrown away.
//!
//! A further one is a file beside this one that implements [`Service`], and its line in [`ALL`].

mod chromium;
mod postgres;
mod redis;
mod server;

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::interrupt::Interrupts;
use crate::progress;
use crate::tools::Program;
use crate::unprivileged::Account;

use self::server::Server;

/// Every server that the tests need, in the order in which they are started.
const ALL: [&dyn Service; 3] = [&postgres::Postgres, &redis::Redis, &chromium::Chromium];

/// A server that can be run from an installed program.
trait Service {
    /// What it is started from.
    fn program(&self) -> Program;

    /// The environment variable that tells the tests its address.
    fn variable(&self) -> &'static str;

    /// The address, once it listens at this port of 127.0.0.1.
    fn url(&self, port: u16) -> String;

    /// Makes what the server needs in its folder before it starts for the first time.
    ///
    /// # Errors
    /// When that fails; the message has the cause.
    fn prepare(&self, place: &Place<'_>) -> Result<()>;

    /// Runs the server in the foreground.
    fn command(&self, place: &Place<'_>, port: u16) -> Command;

    /// Whether the server at this port answers a client.
    fn answers(&self, place: &Place<'_>, port: u16) -> bool;
}

/// Where and as whom a server runs.
struct Place<'a> {
    program: &'a Path,
    folder: &'a Path,
    account: Option<&'a Account>,
}

/// The running servers. They stop, and their folders go, when this is dropped.
pub struct Services {
    servers: Vec<Server>,
}

impl Services {
    /// Starts every server and waits until each answers.
    ///
    /// # Errors
    /// When one does not start; its last messages are in the error.
    pub fn start(interrupts: &Interrupts) -> Result<Self> {
        let account = Account::instead_of_root()?;
        let mut servers = Vec::new();
        for service in ALL {
            let server = Server::start(service, account.as_ref(), interrupts)?;
            progress::step(&format!(
                "{} is ready at {}",
                service.program().name,
                server.url()
            ));
            servers.push(server);
        }
        Ok(Self { servers })
    }

    /// The variables that tell the tests where the servers are.
    pub fn environment(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.servers
            .iter()
            .map(|server| (server.variable(), server.url()))
    }
}

/// What must be installed for [`Services::start`].
pub fn programs() -> Vec<Program> {
    ALL.iter().map(|service| service.program()).collect()
}
