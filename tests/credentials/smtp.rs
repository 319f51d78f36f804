//! Mail over SMTP: an own small server answers as a test wants.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use trovato::subsystems::mail::{Recipient, Template};
use trovato_tests::{TestApp, both};

/// A server that speaks as much SMTP (RFC 5321) as a message takes.
struct Server {
    url: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts one that answers `RCPT` by these lines in turn, and then accepts.
    async fn start(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let received = Arc::new(Mutex::new(Vec::new()));
        let (to, rest) = (received.clone(), Arc::new(Mutex::new(answers.iter())));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (to, rest) = (to.clone(), rest.clone());
                let answer = move || rest.lock().unwrap().next().copied().unwrap_or("250 fine");
                tokio::spawn(async move { converse(stream, answer, &to).await });
            }
        });
        Self { url, received }
    }

    fn received(&self) -> Vec<String> {
        self.received.lock().unwrap().clone()
    }
}

async fn converse(
    stream: TcpStream,
    answer: impl Fn() -> &'static str,
    to: &Mutex<Vec<String>>,
) -> Option<()> {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 here\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let reply = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250 here",
            "RCPT" => answer(),
            "DATA" => {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await.ok()? {
                    if line == "." {
                        break;
                    }
                    message.push_str(&line);
                    message.push('\n');
                }
                to.lock().unwrap().push(message);
                "250 taken"
            }
            _ => "250 fine",
        };
        write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

/// The app with a server, without pauses between tries.
async fn with(app: TestApp, server: &Server) -> TestApp {
    app.restart_with(|config| {
        config.mail.smtp_url = Some(server.url.clone().into());
        config.mail.retry_s = 0;
    })
    .await
}

async fn post(app: &TestApp, address: &str) {
    let mail = &app.services().mail;
    let letter = mail
        .write(&Template::TEST, Recipient::address(address), Default::default())
        .unwrap();
    mail.post(&letter).await.unwrap();
}

both! {
    async fn a_message_reaches_the_server(app: TestApp) {
        let server = Server::start(&[]).await;
        let app = with(app, &server).await;
        post(&app, "ada@example.com").await;
        app.services().mail.drain(Duration::from_secs(10)).await;
        let received = server.received();
        assert_eq!(received.len(), 1);
        assert!(received[0].contains("Subject: A message from Trovato"), "{}", received[0]);
        assert_eq!(app.services().mail.counts().sent, 1);
    }

    async fn a_message_that_is_put_off_is_tried_again(app: TestApp) {
        let server = Server::start(&["451 later", "450 later"]).await;
        let app = with(app, &server).await;
        post(&app, "ada@example.com").await;
        app.services().mail.drain(Duration::from_secs(10)).await;
        assert_eq!(server.received().len(), 1);
        app.logged("could not be sent yet");
    }

    async fn a_message_that_is_refused_is_given_up_and_its_recipient_is_not_logged(app: TestApp) {
        let server = Server::start(&["550 no such ada@example.com"]).await;
        let app = with(app, &server).await;
        post(&app, "ada@example.com").await;
        app.services().mail.drain(Duration::from_secs(10)).await;
        let counts = app.services().mail.counts();
        assert_eq!((counts.sent, counts.failed, counts.waiting), (0, 1, 0));
        app.logged("given up");
        assert_eq!(app.times_logged("ada@example.com"), 0);
    }

    async fn a_message_that_is_put_off_for_good_is_given_up_after_five_times(app: TestApp) {
        let server = Server::start(&["451 later"; 5]).await;
        let app = with(app, &server).await;
        post(&app, "ada@example.com").await;
        app.services().mail.drain(Duration::from_secs(10)).await;
        assert_eq!(app.services().mail.counts().failed, 1);
        assert_eq!(app.times_logged("could not be sent yet"), 4);
    }

    async fn a_server_that_is_away_is_told_of_at_once_when_somebody_waits(app: TestApp) {
        let app = app.restart_with(|config| config.mail.smtp_url = Some("smtp://127.0.0.1:9".to_owned().into())).await;
        let mail = &app.services().mail;
        let letter = mail.write(&Template::TEST, Recipient::address("ada@example.com"), Default::default()).unwrap();
        let error = mail.send(&letter).await.unwrap_err().to_string();
        assert!(error.starts_with("the message could not be sent: "), "{error}");
    }
}
