//! A site on SQLite with the stock plugins, as people run it: the program `trovato`, watched from outside.

mod client;
pub mod content;
pub mod people;
mod posts;
mod process;

use std::path::Path;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use client::Client;
use process::Server;

use crate::folder::Folder;
use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;

/// Teasers on a page of the home page.
const TEASERS: usize = 10;
/// Posts that only warm the server up.
const WARM_UP: usize = 20;
const CONNECTIONS: usize = 8;

pub fn measure(
    program: &Path,
    runtime: &tokio::runtime::Runtime,
    plan: &Plan,
    report: &mut Report,
) -> Result<()> {
    let folder = Folder::new("served")?;
    process::run(program, folder.path(), &["install"])?;
    let posts = runtime.block_on(posts::write(folder.path(), plan.posts + WARM_UP))?;
    start(program, folder.path(), plan, report)?;
    pages(program, folder.path(), &posts, report)?;
    load(program, folder.path(), &posts, plan, report)
}

/// From the start of the process to its first answered page; not the first start.
fn start(program: &Path, data: &Path, plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("Start of a site: SQLite, stock plugins");
    Server::start(program, data)?;
    let mut starts = Samples::default();
    for _ in 0..plan.starts {
        starts.add(Server::start(program, data)?.started_in);
    }
    let time = starts.p50() / 1e6;
    report.gate(
        "to the first answered page, second start, p50",
        time,
        Unit::Milliseconds,
        Gate::AtMost(300.0),
    );
    report.note("the slowest", starts.percentile(100) / 1e6, Unit::Milliseconds);
    Ok(())
}

/// Processor time of pages, over the whole server. Pages are not kept, texts that went through their text format
/// are: so each page is measured the first time, and again.
fn pages(program: &Path, data: &Path, posts: &[String], report: &mut Report) -> Result<()> {
    report.group("Pages: processor time of the server per request");
    let (measured, warm_up) = posts.split_at(posts.len() - WARM_UP);
    let server = Server::start(program, data)?;
    let mut client = Client::connect(server.address)?;
    let page = client.get(warm_up.first().context("no posts")?)?;
    for part in ["class=\"byline", "reading-time", "class=\"related", "<h2"] {
        ensure!(page.contains(part), "the page of a post lacks '{part}':\n{page}");
    }
    cost(&server, &mut client, warm_up)?;
    let first = cost(&server, &mut client, measured)?;
    report.gate(
        "item page, three view plugins, first time",
        first,
        Unit::Milliseconds,
        Gate::AtMost(1.0),
    );
    let again = cost(&server, &mut client, measured)?;
    report.note("the same pages again, texts cached", again, Unit::Milliseconds);
    drop(server);

    let server = Server::start(program, data)?;
    let mut client = Client::connect(server.address)?;
    let listings: Vec<String> = (0..posts.len() / TEASERS)
        .map(|page| format!("/?page={page}"))
        .collect();
    let (warm_up, measured) = listings.split_at(2);
    let teasers = client.get("/?page=0")?.matches("<article").count();
    ensure!(
        teasers == TEASERS,
        "the home page has {teasers} articles, not {TEASERS}"
    );
    cost(&server, &mut client, warm_up)?;
    let first = cost(&server, &mut client, measured)?;
    report.gate(
        "home page with 10 teasers, first time",
        first,
        Unit::Milliseconds,
        Gate::AtMost(2.0),
    );
    let again = cost(&server, &mut client, measured)?;
    report.note("the same pages again, texts cached", again, Unit::Milliseconds);
    Ok(())
}

/// Processor time per request in milliseconds.
fn cost(server: &Server, client: &mut Client, paths: &[String]) -> Result<f64> {
    let before = server.processor_time();
    for path in paths {
        client.get(path)?;
    }
    let used = server.processor_time().saturating_sub(before);
    Ok(used.as_secs_f64() * 1e3 / paths.len() as f64)
}

/// Many visitors at once, and what the server has in memory afterwards.
fn load(program: &Path, data: &Path, posts: &[String], plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("A load run: 8 connections, item pages and the home page");
    let server = &Server::start(program, data)?;
    report.note("resident memory before", server.resident_mib(), Unit::Mebibytes);
    let started = Instant::now();
    let times = std::thread::scope(|scope| {
        let visitors: Vec<_> = (0..CONNECTIONS)
            .map(|visitor| scope.spawn(move || visit(server, posts, visitor, plan.requests / CONNECTIONS)))
            .collect();
        let join = |visitor: ScopedJoinHandle<'_, Result<_>>| {
            visitor.join().unwrap_or_else(|_| bail!("a visitor panicked"))
        };
        visitors.into_iter().map(join).collect::<Vec<_>>()
    });
    let elapsed = started.elapsed().as_secs_f64();
    let mut each = Samples::default();
    let times = times.into_iter().collect::<Result<Vec<_>>>()?;
    times.iter().flatten().for_each(|time| each.add(*time));
    report.note_times("a request", &each, Unit::Milliseconds);
    let answered = times.iter().flatten().count() as f64;
    report.note(
        "answered in a second, visitors on the same machine",
        answered / elapsed,
        Unit::Count,
    );
    report.gate(
        "resident memory after",
        server.resident_mib(),
        Unit::Mebibytes,
        Gate::AtMost(100.0),
    );
    Ok(())
}

/// Goes from page to page, and back to the home page after every fourth.
fn visit(server: &Server, posts: &[String], visitor: usize, requests: usize) -> Result<Vec<Duration>> {
    let mut client = Client::connect(server.address)?;
    let mut times = Vec::with_capacity(requests);
    for (number, post) in posts.iter().cycle().skip(visitor * 7).take(requests).enumerate() {
        let path = if number % 5 == 4 { "/" } else { post };
        let started = Instant::now();
        client.get(path)?;
        times.push(started.elapsed());
    }
    Ok(times)
}
