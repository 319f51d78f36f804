//! A private Redis that keeps nothing.

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

pub struct Redis;

impl Service for Redis {
    fn program(&self) -> Program {
        Program {
            name: "Redis",
            package: "redis-server",
            find,
        }
    }

    fn variable(&self) -> &'static str {
        "TROVATO_TEST_REDIS_URL"
    }

    fn url(&self, port: u16) -> String {
        format!("redis://127.0.0.1:{port}")
    }

    fn prepare(&self, _place: &Place<'_>) -> Result<()> {
        Ok(())
    }

    fn command(&self, place: &Place<'_>, port: u16) -> Command {
        let mut command = unprivileged::command(place.program, place.account);
        command.args([
            "--port",
            &port.to_string(),
            "--bind",
            "127.0.0.1",
            "--daemonize",
            "no",
        ]);
        command
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(place.folder);
        command
    }

    fn answers(&self, _place: &Place<'_>, port: u16) -> bool {
        ping(port).is_ok_and(|answer| &answer == b"+PONG\r\n")
    }
}

/// Asks by the protocol's one-line form.
fn ping(port: u16) -> std::io::Result<[u8; 7]> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 7];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}

fn find() -> Option<PathBuf> {
    ["redis-server", "valkey-server"]
        .iter()
        .find_map(|name| tools::on_path(name))
}
