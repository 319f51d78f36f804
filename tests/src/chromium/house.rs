//! A site that is served to browsers, and the browsers that visit it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use trovato::server;

use crate::TestApp;

use super::tab::Tab;
use super::watch::Watch;
use super::wire::Wire;

/// Says where the browser is that `cargo xtask test` starts.
const BROWSER: &str = "TROVATO_TEST_BROWSER_URL";

/// A site that is served, with its visitors.
pub struct House {
    /// The app.
    pub app: TestApp,
    /// Where the site is: passkeys need a name, and a machine's own is as good as one with encryption.
    pub url: String,
    wire: Wire,
    watches: Arc<Mutex<HashMap<String, Arc<Watch>>>>,
    tabs: Mutex<Vec<Arc<Tab>>>,
    server: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl House {
    /// Serves an app by a listener.
    pub async fn open(app: TestApp, listener: TcpListener) -> Arc<Self> {
        let url = url_of(&listener);
        let (stop, stopped) = oneshot::channel();
        let site = app.site().clone();
        let server = tokio::spawn(async move {
            let stopped = async {
                // Dropped or sent, it is over.
                let _ = stopped.await;
            };
            server::serve(listener, site, stopped).await.unwrap();
        });
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

    /// What the pages complained about.
    pub fn complaints(&self) -> Vec<String> {
        let tabs = self.tabs.lock().unwrap();
        tabs.iter().flat_map(|tab| tab.watch.complaints()).collect()
    }

    /// Keeps what every visitor saw last, and says where.
    pub async fn keep_pictures(&self, test: &str) -> String {
        let folder = target().join("browser");
        fs::create_dir_all(&folder).unwrap();
        let tabs = self.tabs.lock().unwrap().clone();
        let mut kept = String::new();
        for (number, tab) in tabs.iter().enumerate() {
            let file = folder.join(format!("{}-{number}.png", test.replace("::", "-")));
            let told = match tab.picture().await {
                Ok(picture) => {
                    fs::write(&file, STANDARD.decode(picture).unwrap()).unwrap();
                    format!("{} shows {}\n", file.display(), tab.watch.url())
                }
                Err(error) => format!("there is no picture of {}: {error}\n", tab.watch.url()),
            };
            kept.push_str(&told);
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
