//! Content on a site of many items: pages, listings, saves, histories, and many visitors at once.

use std::path::Path;
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value as Json;
use trovato::config::Config;

use super::client::Client;
use super::posts::{self, Post};
use super::process::{self, Server, USER};
use super::{WARM_UP, cost};
use crate::folder::Folder;
use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;
use crate::{
    programs,
    run::{self},
};

/// Where a server of Postgres is that may be filled.
const POSTGRES: &str = "TROVATO_TEST_POSTGRES_URL";
/// Items that are looked at, out of all.
const SEEN: usize = 1000;
const SAVES: usize = 300;
const REVISIONS: usize = 1000;
const VISITORS: usize = 100;

#[derive(clap::Args)]
pub struct Options {
    #[command(flatten)]
    run: run::Options,
    /// Items of the site; 100,000 in a full run, 2,000 in a short one
    #[arg(long)]
    items: Option<usize>,
}

/// Whether every gate holds.
pub fn run(options: &Options) -> Result<bool> {
    let (plan, mut report, runtime) = options.run.begin()?;
    let program = programs::server()?;
    let items = options
        .items
        .unwrap_or(if options.run.is_short() { 2000 } else { 100_000 });
    ensure!(items >= 2 * WARM_UP, "at least {} items", 2 * WARM_UP);
    let mut databases = vec![("Content on SQLite", None)];
    #[expect(clippy::disallowed_methods, reason = "`cargo xtask bench` says where it is")]
    if let Ok(url) = std::env::var(POSTGRES) {
        databases.push(("Content on Postgres", Some(url)));
    }
    for (group, database) in databases {
        report.group(group);
        let folder = Folder::new("content")?;
        let site = Site::new(&program, folder.path(), database)?;
        site.measure(&runtime, &plan, items, &mut report)?;
    }
    options.run.end(report)
}

struct Site<'a> {
    program: &'a Path,
    data: &'a Path,
    config: Config,
}

impl<'a> Site<'a> {
    fn new(program: &'a Path, data: &'a Path, database: Option<String>) -> Result<Self> {
        // Whoever measures comes from one address.
        let mut settings = String::new();
        if let Some(url) = &database {
            settings.push_str(&format!("database-url = \"{url}\"\n"));
        }
        settings.push_str("[rate-limits]\nenabled = false\n");
        std::fs::write(data.join("trovato.toml"), settings)?;
        process::run(program, data, &["install"])?;
        let config = Config {
            data_dir: data.to_owned(),
            database_url: database.map(Into::into),
            ..Config::default()
        };
        Ok(Self {
            program,
            data,
            config,
        })
    }

    fn measure(
        &self,
        runtime: &tokio::runtime::Runtime,
        plan: &Plan,
        items: usize,
        report: &mut Report,
    ) -> Result<()> {
        eprintln!("writing {items} items");
        let started = Instant::now();
        let posts = runtime.block_on(posts::write_to(self.config.clone(), items))?;
        report.note("items", items as f64, Unit::Count);
        let each = started.elapsed().as_secs_f64() * 1e3 / items as f64;
        report.note(
            "writing one, in this process, one after the other",
            each,
            Unit::Milliseconds,
        );
        let old = posts.first().context("no items")?;
        runtime.block_on(posts::revise(self.config.clone(), old, REVISIONS))?;
        eprintln!("measuring: pages, saves, histories, visitors");
        let token = self.token()?;
        let server = Server::start(self.program, self.data)?;
        pages(&server, &posts, report)?;
        saves(&server, &posts, &token, report)?;
        history(&server, old, &token, report)?;
        visitors(&server, &posts, plan, report)
    }

    fn token(&self) -> Result<String> {
        let scopes = ["access content", "edit any blog content"].map(|scope| ["--scope", scope]);
        let mut arguments = vec!["token", "create", "--name", "bench", USER];
        arguments.extend(scopes.iter().flatten());
        let printed = process::run(self.program, self.data, &arguments)?;
        Ok(printed.trim().to_owned())
    }
}

/// Pages of items from all over the site, and of the listing of a type.
fn pages(server: &Server, posts: &[Post], report: &mut Report) -> Result<()> {
    let mut client = Client::connect(server.address)?;
    let (warm_up, rest) = posts.split_at(WARM_UP);
    let step = (rest.len() / SEEN).max(1);
    let path = |post: &Post| post.path.clone();
    let measured: Vec<String> = rest.iter().step_by(step).take(SEEN).map(path).collect();
    cost(server, &mut client, &warm_up.iter().map(path).collect::<Vec<_>>())?;
    let first = cost(server, &mut client, &measured)?;
    report.gate(
        "item page, three view plugins, first time: processor time of the server",
        first,
        Unit::Milliseconds,
        Gate::AtMost(1.0),
    );
    let again = cost(server, &mut client, &measured)?;
    report.note("the same pages again, texts cached", again, Unit::Milliseconds);
    let listings: Vec<String> = (0..50).map(|page| format!("/blog?page={page}")).collect();
    cost(server, &mut client, &listings)?;
    let listed = cost(server, &mut client, &listings)?;
    report.note(
        "a page of the listing of a type, texts cached",
        listed,
        Unit::Milliseconds,
    );
    let found = cost(
        server,
        &mut client,
        &vec!["/api/items?filter[type]=blog&limit=25".to_owned(); 50],
    )?;
    report.note("25 items through the API", found, Unit::Milliseconds);
    Ok(())
}

/// Saves through the API, each a revision.
fn saves(server: &Server, posts: &[Post], token: &str, report: &mut Report) -> Result<()> {
    let mut client = Client::connect(server.address)?;
    let bearer = format!("Bearer {token}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/merge-patch+json"),
        ("If-Match", "*"),
    ];
    let mut times = Samples::default();
    let mut before = server.processor_time();
    for (number, post) in posts.iter().rev().cycle().take(WARM_UP + SAVES).enumerate() {
        if number == WARM_UP {
            before = server.processor_time();
        }
        let body = format!("{{\"title\":\"A new name {number}\"}}");
        let started = Instant::now();
        let path = format!("/api/items/{}", post.id);
        let answer = client.ask("PATCH", &path, &headers, Some(&body))?;
        ensure!(
            answer.status == 200,
            "saving answered {}: {}",
            answer.status,
            answer.body
        );
        if number >= WARM_UP {
            times.add(started.elapsed());
        }
    }
    let used = server.processor_time().saturating_sub(before);
    report.gate(
        "a save with a revision: processor time of the server",
        used.as_secs_f64() * 1e3 / SAVES as f64,
        Unit::Milliseconds,
        Gate::AtMost(3.0),
    );
    report.note_times("a save", &times, Unit::Milliseconds);
    Ok(())
}

/// The history of an item with many revisions, page by page to its end.
fn history(server: &Server, post: &Post, token: &str, report: &mut Report) -> Result<()> {
    let mut client = Client::connect(server.address)?;
    let bearer = format!("Bearer {token}");
    let (mut times, mut seen) = (Samples::default(), 0);
    let mut next = Some(format!("/api/items/{}/revisions?limit=50", post.id));
    while let Some(path) = next {
        let started = Instant::now();
        let answer = client.ask("GET", &path, &[("Authorization", bearer.as_str())], None)?;
        times.add(started.elapsed());
        ensure!(
            answer.status == 200,
            "{path} answered {}: {}",
            answer.status,
            answer.body
        );
        let page: Json = serde_json::from_str(&answer.body)?;
        seen += page.get("revisions").and_then(Json::as_array).map_or(0, Vec::len);
        next = page.get("next").and_then(Json::as_str).map(str::to_owned);
    }
    ensure!(seen > REVISIONS, "{seen} revisions were listed");
    report.gate(
        "50 of 1,000 revisions, the slowest page",
        times.percentile(100) / 1e6,
        Unit::Milliseconds,
        Gate::AtMost(10.0),
    );
    Ok(())
}

/// Item pages for many visitors at once, on the same machine.
fn visitors(server: &Server, posts: &[Post], plan: &Plan, report: &mut Report) -> Result<()> {
    let each = plan.requests / VISITORS;
    let visit = |visitor: usize| -> Result<Vec<Duration>> {
        let mut client = Client::connect(server.address)?;
        let mut times = Vec::with_capacity(each);
        for post in posts.iter().cycle().skip(visitor * 37).step_by(11).take(each) {
            let started = Instant::now();
            client.get(&post.path)?;
            times.push(started.elapsed());
        }
        Ok(times)
    };
    let started = Instant::now();
    let times = std::thread::scope(|scope| {
        let visit = &visit;
        let visitors: Vec<_> = (0..VISITORS)
            .map(|visitor| scope.spawn(move || visit(visitor)))
            .collect();
        let join = |visitor: ScopedJoinHandle<'_, Result<_>>| {
            visitor.join().unwrap_or_else(|_| bail!("a visitor panicked"))
        };
        visitors.into_iter().map(join).collect::<Result<Vec<_>>>()
    })?;
    let elapsed = started.elapsed().as_secs_f64();
    let mut samples = Samples::default();
    times.iter().flatten().for_each(|time| samples.add(*time));
    report.note_times(
        "an item page for 100 visitors at once",
        &samples,
        Unit::Milliseconds,
    );
    let answered = times.iter().flatten().count() as f64;
    report.note(
        "answered in a second, visitors on the same machine",
        answered / elapsed,
        Unit::Count,
    );
    Ok(())
}
