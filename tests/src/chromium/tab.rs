//! A page in a browser of its own: nothing is shared with other tabs, neither cookies nor storage.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::watch::Watch;
use super::wire::{Reply, Wire};

/// How long a condition may take to come true. The machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(30);

/// The tab.
pub struct Tab {
    wire: Wire,
    context: String,
    session: String,
    /// What the page tells.
    pub watch: Arc<Watch>,
}

impl Tab {
    /// Opens a tab. Events of its session must reach the watch that `watching` is told of.
    pub async fn open(wire: Wire, watching: impl FnOnce(&str, Arc<Watch>)) -> Self {
        // The context goes with the connection, should the test die.
        let context = call(
            &wire,
            "Target.createBrowserContext",
            json!({ "disposeOnDetach": true }),
        )
        .await;
        let context = word(&context["browserContextId"]);
        let page = json!({ "url": "about:blank", "browserContextId": context });
        let target = word(&call(&wire, "Target.createTarget", page).await["targetId"]);
        let attach = json!({ "targetId": target, "flatten": true });
        let session = word(&call(&wire, "Target.attachToTarget", attach).await["sessionId"]);
        // The identifier of a page is that of its frame.
        let watch = Arc::new(Watch::of(&target));
        watching(&session, watch.clone());
        let tab = Self {
            wire,
            context,
            session,
            watch,
        };
        for domain in [
            "Page",
            "Runtime",
            "Log",
            "Network",
            "DOM",
            "Accessibility",
            "Audits",
        ] {
            tab.call(&format!("{domain}.enable"), json!({})).await.unwrap();
        }
        tab.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }))
            .await
            .unwrap();
        tab
    }

    /// Closes the tab with all that its browser knows.
    pub async fn close(&self) {
        // A browser that is gone needs no closing.
        let context = json!({ "browserContextId": self.context });
        let _ = self
            .wire
            .call(None, "Target.disposeBrowserContext", context)
            .await;
    }

    /// Calls a method of the protocol.
    ///
    /// # Errors
    /// The browser's words.
    pub async fn call(&self, method: &str, parameters: Value) -> Reply {
        self.wire.call(Some(&self.session), method, parameters).await
    }

    /// Runs a script in the page and waits for what it gives.
    ///
    /// # Errors
    /// What it throws, or that the page went away.
    pub async fn run(&self, script: &str) -> Reply {
        let ask = json!({ "expression": script, "awaitPromise": true, "returnByValue": true });
        value(self.call("Runtime.evaluate", ask).await?)
    }

    /// Runs a function with an element as `this`.
    ///
    /// # Errors
    /// What it throws, or that the element is gone.
    pub async fn run_on(&self, element: u64, function: &str, arguments: &[Value]) -> Reply {
        let object = self
            .call("DOM.resolveNode", json!({ "backendNodeId": element }))
            .await?;
        let arguments: Vec<Value> = arguments.iter().map(|value| json!({ "value": value })).collect();
        let ask = json!({
            "functionDeclaration": function,
            "objectId": object["object"]["objectId"],
            "arguments": arguments,
            "awaitPromise": true,
            "returnByValue": true,
        });
        value(self.call("Runtime.callFunctionOn", ask).await?)
    }

    /// Goes to an address and waits for the page.
    pub async fn go(&self, url: &str) {
        let answer = self.call("Page.navigate", json!({ "url": url })).await.unwrap();
        if let Some(error) = answer["errorText"].as_str() {
            // A page that is answered without a body, such as a bare error, has no text to show.
            assert!(error == "net::ERR_HTTP_RESPONSE_CODE_FAILURE", "{url}: {error}");
        }
        self.settle().await;
    }

    /// Waits until no page is on its way.
    pub async fn settle(&self) {
        // What the last action started is known once the page has answered another question.
        let _ = self.call("Runtime.evaluate", json!({ "expression": "0" })).await;
        eventually(async || match self.watch.is_settled() {
            true => Ok(()),
            false => Err("the page is still loading".to_owned()),
        })
        .await;
    }

    /// Keeps the page as a PNG image, all of its height.
    ///
    /// # Errors
    /// The browser's words.
    pub async fn keep_picture(&self, file: &Path) -> Result<(), String> {
        let size = self.call("Page.getLayoutMetrics", json!({})).await?["cssContentSize"].take();
        let clip = json!({ "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1 });
        let ask = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = word(&self.call("Page.captureScreenshot", ask).await?["data"]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, STANDARD.decode(picture).unwrap()).unwrap();
        Ok(())
    }
}

/// Asks until the answer is good; fails the test with the last reason if it does not become so.
#[track_caller]
pub fn eventually<T, F>(mut ask: F) -> impl Future<Output = T>
where
    F: AsyncFnMut() -> Result<T, String>,
{
    let caller = std::panic::Location::caller();
    async move {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            match ask().await {
                Ok(answer) => return answer,
                Err(reason) if tokio::time::Instant::now() > deadline => panic!("{reason} (at {caller})"),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

async fn call(wire: &Wire, method: &str, parameters: Value) -> Value {
    wire.call(None, method, parameters).await.unwrap()
}

fn value(mut answer: Value) -> Reply {
    match answer.get("exceptionDetails") {
        Some(details) => Err(details["exception"]["description"]
            .as_str()
            .or(details["text"].as_str())
            .unwrap_or("the script failed")
            .to_owned()),
        None => Ok(answer["result"]["value"].take()),
    }
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
