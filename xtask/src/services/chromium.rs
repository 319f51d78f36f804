//! A private Chromium without a window. The tests drive it by the Chrome DevTools Protocol, each in a context of its
//! own: one browser costs less than one a test.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::tools::{self, Program};
use crate::unprivileged;

use super::{Place, Service};

/// How long one question may take.
const LIMIT: Duration = Duration::from_secs(2);

const SETTINGS: [&str; 15] = [
    "--headless",
    // Containers seldom allow the sandbox, and the only pages shown are the site's own.
    "--no-sandbox",
    "--disable-gpu",
    // Containers have little shared memory.
    "--disable-dev-shm-usage",
    // No traffic but that of the tests.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-quic",
    // Many pages at once, each as quick as if it were the one in front.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
];

pub struct Chromium;

impl Service for Chromium {
    fn program(&self) -> Program {
        Program {
            name: "Chromium",
            package: "chromium",
            find,
        }
    }

    fn variable(&self) -> &'static str {
        "TROVATO_TEST_BROWSER_URL"
    }

    fn url(&self, port: u16) -> String {
        format!("http://127.0.0.1:{port}")
    }

    fn prepare(&self, _place: &Place<'_>) -> Result<()> {
        Ok(())
    }

    fn command(&self, place: &Place<'_>, port: u16) -> Command {
        let mut command = unprivileged::command(place.program, place.account);
        let mut profile = std::ffi::OsString::from("--user-data-dir=");
        profile.push(place.folder.join("profile"));
        command
            .env("HOME", place.folder)
            .args(SETTINGS)
            .arg(profile)
            .arg(format!("--remote-debugging-port={port}"))
            .arg("about:blank");
        command
    }

    fn answers(&self, _place: &Place<'_>, port: u16) -> bool {
        version(port).is_ok_and(|answer| answer.starts_with(b"HTTP/1.1 200"))
    }
}

/// Asks for the page that says which browser this is; the answer is only its beginning.
fn version(port: u16) -> std::io::Result<[u8; 12]> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(
        stream,
        "GET /json/version HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

fn find() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| tools::on_path(name))
}
