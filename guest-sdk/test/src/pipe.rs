//! The line to the site's process: an order, an answer, each a line of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::Value as Json;

/// Where `trovato plugin test` says that its program is, and a server for databases.
const PROGRAM: &str = "TROVATO_TEST_PROGRAM";
pub const POSTGRES: &str = "TROVATO_TEST_POSTGRES_URL";

/// A process that serves one site.
pub struct Pipe {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Answer {
    Ok(Json),
    Refused(String),
    Broken(String),
}

impl Pipe {
    /// Starts a site with the plugin in the folder of the crate whose test runs.
    pub fn open(server: Option<&str>) -> Result<Self, String> {
        let folder = variable("CARGO_MANIFEST_DIR").ok_or("a test of a plugin is run by cargo")?;
        let program = variable(PROGRAM).unwrap_or_else(|| "trovato".to_owned());
        let mut command = Command::new(&program);
        command.args(["plugin", "test-site"]).arg(PathBuf::from(folder));
        if let Some(server) = server {
            command.args(["--on", server]);
        }
        command
            .env_remove(PROGRAM)
            .env_remove(POSTGRES)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().map_err(|error| {
            format!("'{program}' can't be started: {error}; run the tests by `trovato plugin test`")
        })?;
        let (Some(orders), Some(answers)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("the site has no pipes".to_owned());
        };
        let mut pipe = Self {
            process,
            orders: Some(orders),
            answers: BufReader::new(answers),
        };
        pipe.read()?.map_err(|refusal| refusal.to_string())?;
        Ok(pipe)
    }

    /// Sends an order and waits for its answer: what was asked for, or why it is refused.
    ///
    /// # Errors
    /// The site is gone, or does not understand the order.
    pub fn ask(&mut self, order: &Json) -> Result<Result<Json, String>, String> {
        let gone = |error: std::io::Error| format!("the site has ended: {error}");
        let orders = self.orders.as_mut().ok_or("the site has ended")?;
        writeln!(orders, "{order}").map_err(gone)?;
        orders.flush().map_err(gone)?;
        self.read()
    }

    fn read(&mut self) -> Result<Result<Json, String>, String> {
        let mut line = String::new();
        let length = self
            .answers
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
        if length == 0 {
            return Err("the site has ended without an answer".to_owned());
        }
        match serde_json::from_str(&line) {
            Ok(Answer::Ok(answer)) => Ok(Ok(answer)),
            Ok(Answer::Refused(refusal)) => Ok(Err(refusal)),
            Ok(Answer::Broken(why)) => Err(why),
            Err(error) => Err(format!("the site says what makes no sense: {error}: {line}")),
        }
    }
}

impl Drop for Pipe {
    /// The site ends by itself when there are no orders any more, and removes what it has made.
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.process.wait();
    }
}

/// A variable of the environment.
#[expect(
    clippy::disallowed_methods,
    reason = "cargo and `trovato plugin test` speak by the environment"
)]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
