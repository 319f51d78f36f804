//! `trovato serve` and `install`, with the administrator from the environment.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use trovato_tests::{TestApp, both};

use super::{command, with};

const USER: &str = "Grace";
const SECRET: &str = "a long password";

fn with_administrator(app: &TestApp, arguments: &[&str]) -> Command {
    let mut command = command(app, arguments);
    command
        .env("TROVATO_ADMIN_USER", USER)
        .env("TROVATO_ADMIN_MAIL", "grace@example.org")
        .env("TROVATO_ADMIN_PASSWORD", SECRET);
    command
}

/// A server that is ended with the test.
pub(super) struct Server(Child);

impl Server {
    /// Ends it where it stands, as `kill -9` does.
    pub(super) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves until it says where its data is: then it is set up. Gives what it has said until then.
pub(super) async fn serve(mut command: Command) -> (Server, String) {
    let start = move || {
        let mut server = Server(command.stderr(Stdio::piped()).spawn().unwrap());
        let mut said = String::new();
        for line in BufReader::new(server.0.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            said.push_str(&line);
            said.push('\n');
            if line.starts_with("Data ") {
                break;
            }
        }
        (server, said)
    };
    tokio::task::spawn_blocking(start).await.unwrap()
}

pub(super) const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

both! {
    async fn the_first_administrator_comes_from_the_environment(app: TestApp) {
        let app = app.without_people().await;
        let (server, said) = serve(with_administrator(&app, &SERVE)).await;
        assert!(said.contains("Trovato serves http://127.0.0.1:") && !said.contains("Set up"), "{said}");
        assert!(!said.contains(SECRET), "{said}");
        drop(server);
        let grace = app.person(USER).await;
        assert!(grace.is_admin && grace.active);
        assert_eq!(grace.mail.as_deref(), Some("grace@example.org"));
    }

    async fn where_there_is_one_nothing_changes_and_without_one_the_link_is_told(app: TestApp) {
        let (server, said) = serve(with_administrator(&app, &SERVE)).await;
        drop(server);
        assert!(!said.contains("Set up"), "{said}");
        let users = &app.services().users;
        assert!(users.find_named(&trovato::request::Account::system(), USER).await.is_err());
        let app = app.without_people().await;
        let (server, said) = serve(command(&app, &SERVE)).await;
        drop(server);
        assert!(said.contains("Set up") && said.contains("/install?token="), "{said}");
    }

    async fn half_an_administrator_is_a_wrong_set_up(app: TestApp) {
        let app = app.without_people().await;
        let mut half = command(&app, &["install"]);
        half.env("TROVATO_ADMIN_USER", USER);
        let said = with(half, None).await.failed(2);
        assert!(said.contains("both --admin and --password"), "{said}");
        let mut weak = with_administrator(&app, &["install"]);
        weak.env("TROVATO_ADMIN_PASSWORD", "short");
        with(weak, None).await.failed(2);
        let said = with(with_administrator(&app, &["install"]), None).await.well();
        assert!(said.contains("The administrator was made."), "{said}");
        let said = with(with_administrator(&app, &["install"]), None).await.well();
        assert!(said.contains("There is an administrator already"), "{said}");
    }

    async fn the_doctor_says_what_the_administration_says(app: TestApp) {
        let said = super::trovato(&app, &["doctor"]).await.well();
        for line in ["ok       data folder: ", "ok       database: ", "ok       administrator: There is one.", "warning  mail: "] {
            assert!(said.contains(line), "'{line}' is missing in\n{said}");
        }
        let app = app.without_people().await;
        let done = super::trovato(&app, &["doctor"]).await;
        assert!(done.out.contains("problem  administrator: There is none. Run `trovato install`."), "{}", done.out);
        done.failed(1);
    }
}
