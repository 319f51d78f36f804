//! A site that is served to browsers, and the browsers that visit it.

use std::collections::HashMap;
use std::env;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use trovato::request::Account;

use crate::TestApp;

use super::tab::Tab;
use super::watch::Watch;
use super::wire::Wire;

/// Says where the browser is that `cargo xtask test` starts.
const BROWSER: &str = "TROVATO_TEST_BROWSER_URL";

/// Says whom a request comes from, by a number among the accounts that the test vouches for.
const ACCOUNT: &str = "x-test-account";

type Accounts = Arc<Mutex<Vec<Account>>>;

/// A site that is served, with its visitors.
pub struct House {
    /// The app.
    pub app: Arc<TestApp>,
    /// Where the site is: passkeys need a name, and a machine's own is as good as one with encryption.
    pub url: String,
    accounts: Accounts,
    wire: Wire,
    watches: Arc<Mutex<HashMap<String, Arc<Watch>>>>,
    tabs: Mutex<Vec<Arc<Tab>>>,
    server: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl House {
    /// Serves an app by a listener.
    pub async fn open(app: TestApp, listener: TcpListener) -> Arc<Self> {
        let url = url_of(&listener);
        let app = Arc::new(app);
        let accounts: Accounts = Arc::default();
        let (stop, stopped) = oneshot::channel();
        let server = tokio::spawn(serve(listener, app.clone(), accounts.clone(), stopped));
        let watches: Arc<Mutex<HashMap<String, Arc<Watch>>>> = Arc::default();
        let heard = watches.clone();
        let browser = browser_url();
        let wire = Wire::connect(&browser, move |event| {
            let watch = heard.lock().unwrap().get(&event.session).cloned();
            if let Some(watch) = watch {
                watch.hear(&event);
            }
        });
        Arc::new(Self {
            app,
            url,
            accounts,
            wire: wire.await,
            watches,
            tabs: Mutex::default(),
            server: Mutex::new(Some((stop, server))),
        })
    }

    /// Opens another browser.
    pub async fn open_tab(&self) -> Arc<Tab> {
        let tab = Tab::open(self.wire.clone(), |session, watch| {
            self.watches.lock().unwrap().insert(session.to_owned(), watch);
        });
        let tab = Arc::new(tab.await);
        self.tabs.lock().unwrap().push(tab.clone());
        tab
    }

    /// The headers of requests that come from somebody whom the test vouches for.
    pub fn vouch(&self, account: Account) -> serde_json::Value {
        let mut accounts = self.accounts.lock().unwrap();
        accounts.push(account);
        serde_json::json!({ ACCOUNT: (accounts.len() - 1).to_string() })
    }

    /// What the pages complained about.
    pub fn complaints(&self) -> Vec<String> {
        let tabs = self.tabs.lock().unwrap();
        tabs.iter().flat_map(|tab| tab.watch.complaints()).collect()
    }

    /// Keeps what every visitor saw last, and says where.
    pub async fn keep_pictures(&self, test: &str) -> String {
        let folder = target().join("browser");
        let tabs = self.tabs.lock().unwrap().clone();
        let mut kept = String::new();
        for (number, tab) in tabs.iter().enumerate() {
            let file = folder.join(format!("{}-{number}.png", test.replace("::", "-")));
            kept += &match tab.keep_picture(&file).await {
                Ok(()) => format!("{} shows {}\n", file.display(), tab.watch.url()),
                Err(error) => format!("there is no picture of {}: {error}\n", tab.watch.url()),
            };
        }
        kept
    }

    /// Sends everybody home and stops serving.
    pub async fn close(&self) {
        let tabs = std::mem::take(&mut *self.tabs.lock().unwrap());
        for tab in tabs {
            tab.close().await;
        }
        let server = self.server.lock().unwrap().take();
        if let Some((stop, server)) = server {
            drop(stop);
            server.await.unwrap();
        }
    }
}

/// Serves until it is told to stop. Like `server::serve`, but with the routes that the test brings along, and with
/// accounts that the test vouches for.
async fn serve(listener: TcpListener, app: Arc<TestApp>, accounts: Accounts, stopped: oneshot::Receiver<()>) {
    let answer = async move |mut request: Request| {
        let number = request.headers_mut().remove(ACCOUNT);
        let number: Option<usize> = number.and_then(|number| number.to_str().ok()?.parse().ok());
        let account = number.and_then(|number| accounts.lock().unwrap().get(number).cloned());
        if let Some(account) = account {
            request.extensions_mut().insert(account);
        }
        app.respond(request).await
    };
    let router = Router::new().fallback(answer);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(async {
        // Dropped or sent, it is over.
        let _ = stopped.await;
    });
    server.await.unwrap();
}

/// The address of a site that is served by a listener.
pub fn url_of(listener: &TcpListener) -> String {
    format!("http://localhost:{}", listener.local_addr().unwrap().port())
}

#[expect(
    clippy::disallowed_methods,
    reason = "`cargo xtask test` says by the environment where its browser is"
)]
fn browser_url() -> String {
    env::var(BROWSER).unwrap_or_else(|_| panic!("{BROWSER} is not set: run `cargo xtask test`"))
}

/// OUT_DIR is TARGET/PROFILE/build/PACKAGE/out.
fn target() -> PathBuf {
    Path::new(env!("OUT_DIR")).ancestors().nth(4).unwrap().to_owned()
}
