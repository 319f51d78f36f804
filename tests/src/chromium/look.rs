//! How the visitor looks at the site: on what screen, in which colours, with or without scripts.

use std::env;
use std::path::Path;

use serde_json::{Value, json};

use super::Visitor;

/// The narrowest screen that content must fit: WCAG 2.2, 1.4.10.
const NARROW: u32 = 320;

/// The folder for pictures of every page that is looked at for barriers; none are kept without it.
const PICTURES: &str = "TROVATO_TEST_PICTURES";

impl Visitor {
    /// Sits at a desk: 1280 by 900.
    pub async fn at_a_desk(&self) {
        self.screen(1280, 900, false).await;
    }

    /// Holds a phone: 390 by 844, touched and not pointed at.
    pub async fn on_a_phone(&self) {
        self.screen(390, 844, true).await;
    }

    /// Prefers dark colours.
    pub async fn in_the_dark(&self) {
        self.colours("dark").await;
    }

    /// Prefers light colours.
    pub async fn in_the_light(&self) {
        self.colours("light").await;
    }

    /// Has no scripts from the next page on.
    pub async fn without_script(&self) {
        let off = json!({ "value": true });
        self.tab
            .call("Emulation.setScriptExecutionDisabled", off)
            .await
            .unwrap();
    }

    /// Has scripts again from the next page on.
    pub async fn with_script(&self) {
        let on = json!({ "value": false });
        self.tab
            .call("Emulation.setScriptExecutionDisabled", on)
            .await
            .unwrap();
    }

    /// Has a browser that takes no notice of the policies of pages, or of none any more, from the next page on.
    pub async fn without_policies(&self, without: bool) {
        let off = json!({ "enabled": without });
        self.tab.call("Page.setBypassCSP", off).await.unwrap();
    }

    /// Runs a script before anything else in each page from the next one on.
    pub async fn runs_first(&self, script: &str) {
        let source = json!({ "source": script });
        self.tab
            .call("Page.addScriptToEvaluateOnNewDocument", source)
            .await
            .unwrap();
    }

    /// Fails the test if the page must be scrolled sideways, on a desk's screen or on the narrowest.
    pub async fn needs_no_scrolling_sideways(&self) {
        for width in [1280, NARROW] {
            self.screen(width, 900, false).await;
            let wide = self.is_too_wide().await.join(", ");
            assert!(
                wide.is_empty(),
                "{} must be scrolled sideways at {width} pixels because of {wide}",
                self.path(),
            );
        }
    }

    /// The first elements that reach beyond the window.
    pub async fn is_too_wide(&self) -> Vec<String> {
        let wide = self.tab.run(WIDE).await.unwrap();
        let wide = wide.as_array().into_iter().flatten().filter_map(Value::as_str);
        wide.map(str::to_owned).collect()
    }

    /// Keeps a picture of the page where the environment asks for pictures of all that is looked at.
    pub(super) async fn keeps_picture(&self, circumstances: &str) {
        #[expect(
            clippy::disallowed_methods,
            reason = "developers ask for pictures by the environment"
        )]
        let Some(folder) = env::var_os(PICTURES) else {
            return;
        };
        let page = self
            .path()
            .replace(|character: char| !character.is_alphanumeric(), "-");
        let title = self.tab.run("document.title").await.unwrap();
        let title = title.as_str().unwrap_or_default().replace('/', "-");
        let file = Path::new(&folder).join(format!("{} {title} {circumstances}.png", page.trim_matches('-')));
        self.tab.keep_picture(&file).await.unwrap();
    }

    pub(super) async fn screen(&self, width: u32, height: u32, phone: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.tab
            .call("Emulation.setDeviceMetricsOverride", size)
            .await
            .unwrap();
        let touch = json!({ "enabled": phone });
        self.tab
            .call("Emulation.setTouchEmulationEnabled", touch)
            .await
            .unwrap();
    }

    pub(super) async fn colours(&self, scheme: &str) {
        // Nothing moves: what is looked at is how it will stay.
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tab
            .call("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await
            .unwrap();
    }
}

/// What reaches beyond the window, if the window can be scrolled there.
const WIDE: &str = r"(() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const wide = Array.from(document.body.querySelectorAll('*'))
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 80));
  return wide.length ? wide.slice(0, 5) : ['the page itself'];
})()";
