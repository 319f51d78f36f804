//! A server that is ended where it stands, over and over, while people save: what it has said is stored is there, and
//! nothing is there by half.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use super::serve::{SERVE, serve};
use super::{command, trovato};

/// How often the server is ended.
const ENDS: usize = 8;
/// Who saves at the same time, each another item.
const WRITERS: usize = 3;

/// What the server has answered to a save.
#[derive(Clone)]
struct Acknowledged {
    item: Uuid,
    revision: Uuid,
    title: String,
}

/// Saves that were answered, and a call when there are more.
#[derive(Default)]
struct Count {
    answered: AtomicUsize,
    more: Notify,
}

impl Count {
    async fn reach(&self, wanted: usize) {
        while self.answered.load(Ordering::SeqCst) < wanted {
            self.more.notified().await;
        }
    }
}

/// Saves an item again and again until the server is gone.
async fn write(
    address: SocketAddr,
    token: String,
    item: Uuid,
    name: String,
    count: Arc<Count>,
) -> Vec<Acknowledged> {
    let mut acknowledged = Vec::new();
    let mut connection = BufReader::new(TcpStream::connect(address).await.unwrap());
    for number in 0.. {
        let title = format!("{name}, save {number}");
        let body = json!({ "title": title }).to_string();
        let request = format!(
            "PATCH /api/items/{item} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIf-Match: *\r\n\
             Content-Type: application/merge-patch+json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if connection.get_mut().write_all(request.as_bytes()).await.is_err() {
            break;
        }
        let Some(stored) = answer(&mut connection).await else {
            break;
        };
        acknowledged.push(Acknowledged {
            item,
            revision: stored["revision"].as_str().unwrap().parse().unwrap(),
            title,
        });
        count.answered.fetch_add(1, Ordering::SeqCst);
        count.more.notify_one();
    }
    acknowledged
}

/// The body of an answer that is whole and says that all went well; none where the server is gone before.
async fn answer(connection: &mut BufReader<TcpStream>) -> Option<Json> {
    let (mut length, mut line) = (0, String::new());
    let mut status = None;
    loop {
        line.clear();
        if connection.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let text = line.trim_end().to_ascii_lowercase();
        if text.is_empty() {
            break;
        }
        status = status.or_else(|| text.split(' ').nth(1).map(str::to_owned));
        if let Some(value) = text.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.ok()?;
    assert_eq!(
        status.as_deref(),
        Some("200"),
        "{}",
        String::from_utf8_lossy(&body)
    );
    Some(serde_json::from_slice(&body).unwrap())
}

/// Where the server that has said this listens.
fn address(said: &str) -> SocketAddr {
    let (_, rest) = said.split_once("http://").unwrap();
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != '.' && char != ':');
    rest[..end.unwrap_or(rest.len())]
        .trim_end_matches(':')
        .parse()
        .unwrap()
}

/// How many rows a question finds.
async fn count(app: &TestApp, question: &'static str) -> i64 {
    let (count,): (i64,) = app.services().db.fetch_one(question).await.unwrap();
    count
}

both! {
    async fn a_save_that_was_answered_outlives_the_server_and_none_is_there_by_half(app: TestApp) {
        app.enable("page").await.unwrap();
        let mut items = Vec::new();
        for number in 0..WRITERS {
            items.push(app.item("page", &format!("Page {number}")).save().await.id);
        }
        let scopes = ["--scope", "access content", "--scope", "edit any page content"];
        let create = [&["token", "create", "admin", "--name", "Crash"][..], &scopes].concat();
        let token = trovato(&app, &create).await.well().trim().to_owned();
        let mut acknowledged = Vec::new();
        for end in 0..ENDS {
            let mut server = command(&app, &SERVE);
            server.env("TROVATO_RATE_LIMITS_ENABLED", "false").env("TROVATO_LOG_LEVEL", "error");
            let (server, said) = serve(server).await;
            let counted = Arc::new(Count::default());
            let mut writers = JoinSet::new();
            for (number, item) in items.iter().enumerate() {
                let name = format!("Start {end}, writer {number}");
                writers.spawn(write(address(&said), token.clone(), *item, name, counted.clone()));
            }
            tokio::select! {
                // Each time somewhere else in the course of a save.
                () = counted.reach(5 + 3 * end) => {}
                Some(ended) = writers.join_next() => {
                    panic!("a writer ended before the server did, after {} saves", ended.unwrap().len());
                }
            }
            server.kill();
            while let Some(saved) = writers.join_next().await {
                acknowledged.extend(saved.unwrap());
            }
        }
        assert!(acknowledged.len() >= ENDS * 5);

        for id in &items {
            let item = app.services().items.load(&app.system(), *id).await.unwrap().unwrap();
            let history = app.services().items.history(&item, 0, 100_000).await.unwrap();
            assert_eq!((history[0].id, &history[0].title), (item.revision, &item.title), "the newest is the one that is shown");
            for saved in acknowledged.iter().filter(|saved| saved.item == *id) {
                let found = history.iter().find(|past| past.id == saved.revision);
                let found = found.unwrap_or_else(|| panic!("'{}' was answered and is gone", saved.title));
                assert_eq!(found.title, saved.title);
            }
            // What was under way when the server ended may be there as a whole, one save a writer and an end.
            let known = acknowledged.iter().filter(|saved| saved.item == *id).count() + 1;
            assert!((known..=known + ENDS).contains(&history.len()), "{known} known, {} there", history.len());
        }
        let orphans = "SELECT COUNT(*) FROM item_revision r WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.id = r.item_id)";
        assert_eq!(count(&app, orphans).await, 0);
        let without = "SELECT COUNT(*) FROM item i WHERE NOT EXISTS (SELECT 1 FROM item_revision r \
                       WHERE r.id = i.current_revision_id AND r.item_id = i.id AND r.title = i.title AND r.fields = i.fields)";
        assert_eq!(count(&app, without).await, 0);
    }
}
