//! Asks a server, over one connection that is kept.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, Result, ensure};

pub struct Client {
    stream: BufReader<TcpStream>,
    cookies: Vec<(String, String)>,
}

/// What a server has answered.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Client {
    pub fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            cookies: Vec::new(),
        })
    }

    /// The page at a path.
    pub fn get(&mut self, path: &str) -> Result<String> {
        let answer = self.ask("GET", path, &[], None)?;
        let (status, body) = (answer.status, answer.body);
        ensure!(status == 200, "{path} answered {status}: {body}");
        Ok(body)
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, body: &str) -> Result<Answer> {
        let form = ("Content-Type", "application/x-www-form-urlencoded");
        self.ask("POST", path, &[form], Some(body))
    }

    /// Keeps no cookie but these.
    pub fn keep(&mut self, names: &[&str]) {
        self.cookies.retain(|(name, _)| names.contains(&name.as_str()));
    }

    pub fn has(&self, cookie: &str) -> bool {
        self.cookies.iter().any(|(name, _)| name == cookie)
    }

    /// Asks for something, with these headers besides those that every request has.
    pub fn ask(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&str>,
    ) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n");
        if method == "GET" && headers.is_empty() {
            request.push_str("Accept: text/html\r\n");
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request.push_str(&format!("Cookie: {}\r\n", pairs.join("; ")));
        }
        if let Some(body) = body {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        request.push_str(body.unwrap_or_default());
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.answer(path)
    }

    fn answer(&mut self, path: &str) -> Result<Answer> {
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
        let mut length = None;
        loop {
            let header = self.line()?;
            let Some((name, value)) = header.split_once(':') else {
                break;
            };
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(value.trim().parse::<usize>()?);
            } else if name.eq_ignore_ascii_case("set-cookie") {
                self.take(value.trim());
            }
        }
        let length = length.with_context(|| format!("the answer for {path} does not say how long it is"))?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer {
            status: status.context("the answer has no status")?,
            body: String::from_utf8(body)?,
        })
    }

    fn take(&mut self, cookie: &str) {
        let pair = cookie.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        ensure!(!line.is_empty(), "the server has closed the connection");
        Ok(line.trim_end().to_owned())
    }
}
