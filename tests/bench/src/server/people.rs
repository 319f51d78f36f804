//! What people cost a site: signing in, and being signed in.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use super::client::Client;
use super::process::{self, PASSWORD, Server, USER};
use super::{WARM_UP, cost, posts};
use crate::folder::Folder;
use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;

const LOGIN: &str = "/user/login";
/// Logins that are offered in a second.
const OFFERED: u32 = 200;
/// Connections that offer them.
const DOORS: u32 = 50;
/// Between two pages of the visitor who is measured.
const PAUSE: Duration = Duration::from_millis(10);

pub fn measure(
    program: &Path,
    runtime: &tokio::runtime::Runtime,
    plan: &Plan,
    report: &mut Report,
) -> Result<()> {
    let folder = Folder::new("people")?;
    // Whoever measures comes from one address.
    std::fs::write(
        folder.path().join("trovato.toml"),
        "[rate-limits]\nenabled = false\n",
    )?;
    process::run(program, folder.path(), &["install"])?;
    let posts = runtime.block_on(posts::write(folder.path(), plan.posts + WARM_UP))?;
    signed_in(program, folder.path(), &posts, plan, report)?;
    logins(program, folder.path(), &posts, plan, report)
}

/// Processor time of the pages of a visitor and of somebody who has signed in, in turns.
fn signed_in(program: &Path, data: &Path, posts: &[String], plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("A page for somebody who is signed in: processor time of the server per request");
    let server = Server::start(program, data)?;
    let mut visitor = Client::connect(server.address)?;
    let mut member = Client::connect(server.address)?;
    let form = Door::open(&mut member)?;
    form.log_in(&mut member)?;
    ensure!(member.has("session"), "nobody was signed in");
    let posts = posts.get(..WARM_UP).context("too few posts")?;
    cost(&server, &mut visitor, posts)?;
    cost(&server, &mut member, posts)?;
    let (mut one, mut other) = (Samples::default(), Samples::default());
    for _ in 0..plan.rounds {
        one.add_nanoseconds(cost(&server, &mut visitor, posts)? * 1e6);
        other.add_nanoseconds(cost(&server, &mut member, posts)? * 1e6);
    }
    report.note("a visitor's page", one.p50() / 1e6, Unit::Milliseconds);
    report.note("the same page, signed in", other.p50() / 1e6, Unit::Milliseconds);
    report.gate(
        "signed in against visitor",
        other.p50() / one.p50(),
        Unit::Times,
        Gate::AtMost(1.5),
    );
    Ok(())
}

/// What visitors wait for while people sign in faster than passwords can be hashed.
fn logins(program: &Path, data: &Path, posts: &[String], plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("200 logins a second: what visitors wait for");
    let server = &Server::start(program, data)?;
    let posts = posts.get(..WARM_UP).context("too few posts")?;
    visit(server, posts, plan.requests / 10)?;
    let idle = visit(server, posts, plan.requests / 4)?;
    let (stop, counts) = (&AtomicBool::new(false), &Counts::default());
    let (busy, seconds) = std::thread::scope(|scope| {
        let doors: Vec<_> = (0..DOORS)
            .map(|door| scope.spawn(move || offer(server, door, stop, counts)))
            .collect();
        // Until all doors are open and the queue is as long as it gets.
        std::thread::sleep(Duration::from_secs(1));
        counts.forget();
        let began = Instant::now();
        let busy = visit(server, posts, plan.requests / 4);
        let seconds = began.elapsed().as_secs_f64();
        stop.store(true, Ordering::SeqCst);
        let join =
            |door: ScopedJoinHandle<'_, Result<()>>| door.join().unwrap_or_else(|_| bail!("a door panicked"));
        doors.into_iter().try_for_each(join)?;
        Ok::<_, anyhow::Error>((busy?, seconds))
    })?;
    let per_second = |count: &AtomicU32| f64::from(count.load(Ordering::SeqCst)) / seconds;
    report.note(
        "logins offered in a second",
        per_second(&counts.offered),
        Unit::Count,
    );
    report.note("of them let in", per_second(&counts.let_in), Unit::Count);
    report.note(
        "of them sent away, to try again",
        per_second(&counts.sent_away),
        Unit::Count,
    );
    report.note_times("a page, nobody signs in", &idle, Unit::Milliseconds);
    report.note_times("a page meanwhile", &busy, Unit::Milliseconds);
    report.gate(
        "p95 meanwhile against p95 before",
        busy.percentile(95) / idle.percentile(95),
        Unit::Times,
        Gate::AtMost(2.0),
    );
    Ok(())
}

/// How long the pages of one visitor take, who pauses between them.
fn visit(server: &Server, posts: &[String], pages: usize) -> Result<Samples> {
    let mut client = Client::connect(server.address)?;
    let mut times = Samples::default();
    for path in posts.iter().cycle().take(pages) {
        let started = Instant::now();
        client.get(path)?;
        times.add(started.elapsed());
        std::thread::sleep(PAUSE);
    }
    Ok(times)
}

#[derive(Default)]
struct Counts {
    offered: AtomicU32,
    let_in: AtomicU32,
    sent_away: AtomicU32,
}

impl Counts {
    /// Counts anew.
    fn forget(&self) {
        for count in [&self.offered, &self.let_in, &self.sent_away] {
            count.store(0, Ordering::SeqCst);
        }
    }
}

/// Signs in again and again at the pace of its share, whatever comes of it. Who is late goes on at once.
fn offer(server: &Server, number: u32, stop: &AtomicBool, counts: &Counts) -> Result<()> {
    let mut client = Client::connect(server.address)?;
    let door = Door::open(&mut client)?;
    let pace = Duration::from_secs(1) * DOORS / OFFERED;
    let mut next = Instant::now() + pace * number / DOORS;
    while !stop.load(Ordering::SeqCst) {
        std::thread::sleep(next.saturating_duration_since(Instant::now()));
        next += pace;
        client.keep(&door.cookies());
        counts.offered.fetch_add(1, Ordering::SeqCst);
        match door.log_in(&mut client)? {
            303 => counts.let_in.fetch_add(1, Ordering::SeqCst),
            503 => counts.sent_away.fetch_add(1, Ordering::SeqCst),
            status => bail!("signing in answered {status}"),
        };
    }
    Ok(())
}

/// The form for signing in, as one browser was shown it. It can be sent again and again.
struct Door {
    body: String,
}

impl Door {
    fn open(client: &mut Client) -> Result<Self> {
        let page = client.get(LOGIN)?;
        let mut body = format!(
            "name={USER}&password={}&form_op=log_in",
            PASSWORD.replace(' ', "+")
        );
        let form = page
            .split("<form")
            .find(|form| form.contains("name=\"password\""));
        let form = form.context("the page has no form to sign in")?;
        for input in form
            .split("<input")
            .filter(|input| input.contains("type=\"hidden\""))
        {
            let name = attribute(input, "name").context("a field without a name")?;
            let value = attribute(input, "value").unwrap_or_default();
            body.push_str(&format!("&{name}={}", encoded(value)));
        }
        Ok(Self { body })
    }

    /// The cookies of a visitor: who is let in is a visitor again the next time.
    fn cookies(&self) -> [&'static str; 2] {
        ["trovato_browser", "__Host-trovato_browser"]
    }

    fn log_in(&self, client: &mut Client) -> Result<u16> {
        Ok(client.post(LOGIN, &self.body)?.status)
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split('>').next()?.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

/// Percent-encoded, whatever it is made of.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
