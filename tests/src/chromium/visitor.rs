//! Somebody in front of a browser, who does what people do: reads, follows links, fills in, presses buttons.

use std::ops::Deref;
use std::sync::Arc;

use serde_json::json;

use trovato::request::Account;

use crate::TestApp;

use super::house::House;
use super::tab::{Tab, eventually};
use super::tree::{FIELDS, Thing, Tree};

const CLICK: &str = include_str!("click.js");
const FILL: &str = include_str!("fill.js");
const CHOOSE: &str = include_str!("choose.js");

/// Somebody in front of a browser. Clones are the same person.
///
/// Things are found as assistive technology finds them: by role and name. Whatever is asked for may take a while to
/// come; the test fails when it does not.
#[derive(Clone)]
pub struct Visitor {
    pub(super) house: Arc<House>,
    pub(super) tab: Arc<Tab>,
    part: Option<String>,
}

/// Whoever comes first to a site that nobody has set up. Does all that a [`Visitor`] does.
pub struct Owner(Visitor);

impl Deref for Owner {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.0
    }
}

/// Whom a test is about.
pub trait Guest {
    /// Whether the site is as it is before anybody has set it up.
    const COMES_FIRST: bool;

    /// The guest.
    fn come(visitor: Visitor) -> Self;
}

impl Guest for Visitor {
    const COMES_FIRST: bool = false;

    fn come(visitor: Visitor) -> Self {
        visitor
    }
}

impl Guest for Owner {
    const COMES_FIRST: bool = true;

    fn come(visitor: Visitor) -> Self {
        Self(visitor)
    }
}

impl Visitor {
    pub(super) fn new(house: Arc<House>, tab: Arc<Tab>) -> Self {
        Self {
            house,
            tab,
            part: None,
        }
    }

    /// The app that is visited.
    #[must_use]
    pub fn app(&self) -> &TestApp {
        &self.house.app
    }

    /// Somebody else, in front of another browser.
    pub async fn another(&self) -> Self {
        Self::new(self.house.clone(), self.house.open_tab().await)
    }

    /// Is signed in from now on, without having done so: for tests that are not about signing in.
    pub async fn is(&self, account: Account) {
        let headers = json!({ "headers": self.house.vouch(account) });
        self.tab
            .call("Network.setExtraHTTPHeaders", headers)
            .await
            .unwrap();
    }

    /// The same visitor, who looks at one part of the page only: the group, region, table or dialog of this name, or
    /// the row or entry that has something of this name in it.
    #[must_use]
    pub fn within(&self, part: &str) -> Self {
        Self {
            part: Some(part.to_owned()),
            ..self.clone()
        }
    }

    /// Goes to a path of the site, or to a whole address.
    pub async fn visit(&self, path: &str) {
        if path.starts_with('/') {
            self.tab.go(&format!("{}{path}", self.house.url)).await;
        } else {
            self.tab.go(path).await;
        }
    }

    /// Follows the link of this name.
    #[track_caller]
    pub fn follow(&self, link: &str) -> impl Future<Output = ()> {
        self.click(&["link"], link)
    }

    /// Presses the button of this name.
    #[track_caller]
    pub fn press(&self, button: &str) -> impl Future<Output = ()> {
        self.click(
            &[
                "button",
                "tab",
                "menuitem",
                "option",
                "DisclosureTriangle",
                "DisclosureTriangleGrouped",
            ],
            button,
        )
    }

    /// Sets or unsets the checkbox, radio button or switch of this name.
    #[track_caller]
    pub fn tick(&self, label: &str) -> impl Future<Output = ()> {
        self.click(&["checkbox", "radio", "switch", "menuitemcheckbox"], label)
    }

    /// Fills in the field of this label, in the place of what it holds.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let field = self.thing(&FIELDS, label).await?;
            let done = self.tab.run_on(field.element, FILL, &[text.into()]).await?;
            match text {
                _ if done == true => Ok(()),
                "" => super::keys::press(&self.tab, "Delete").await,
                _ => self
                    .tab
                    .call("Input.insertText", json!({ "text": text }))
                    .await
                    .map(drop),
            }
        })
    }

    /// Chooses the option of a list.
    #[track_caller]
    pub fn choose(&self, label: &str, option: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let list = self.thing(&["combobox", "listbox"], label).await?;
            self.tab
                .run_on(list.element, CHOOSE, &[option.into()])
                .await
                .map(drop)
        })
    }

    /// Waits until the page, or the part that is looked at, shows the text.
    #[track_caller]
    pub fn sees(&self, text: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let shown = self.text().await?;
            if shown.contains(text) {
                Ok(())
            } else {
                Err(format!(
                    "'{text}' is not on {}, which says:\n{shown}",
                    self.tab.watch.url()
                ))
            }
        })
    }

    /// Waits until the page, or the part that is looked at, does not show the text.
    #[track_caller]
    pub fn does_not_see(&self, text: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let shown = self.text().await?;
            if shown.contains(text) {
                Err(format!(
                    "'{text}' is on {}, which says:\n{shown}",
                    self.tab.watch.url()
                ))
            } else {
                Ok(())
            }
        })
    }

    /// Waits until the page is the one of this path (with the query, where it has one).
    #[track_caller]
    pub fn at(&self, path: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let url = self.tab.watch.url();
            let url = url.strip_prefix(&self.house.url).unwrap_or(&url);
            let (here, _) = url.split_once('#').unwrap_or((url, ""));
            if here == path && self.tab.watch.is_settled() {
                Ok(())
            } else {
                Err(format!("the visitor is at {here}, not at {path}"))
            }
        })
    }

    /// The path of the page, with its query.
    #[must_use]
    pub fn path(&self) -> String {
        let url = self.tab.watch.url();
        url.strip_prefix(&self.house.url).unwrap_or(&url).to_owned()
    }

    /// The HTTP status that the page was answered with.
    #[must_use]
    pub fn status(&self) -> u64 {
        self.tab.watch.status()
    }

    /// Presses keys, such as `Tab`, `Shift+Tab`, `Enter`, `Control+k`; other text is typed.
    pub async fn types(&self, keys: &str) {
        super::keys::press(&self.tab, keys).await.unwrap();
        self.tab.settle().await;
    }

    /// Waits until the thing of this name has the focus.
    #[track_caller]
    pub fn is_focused_on(&self, name: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            let tree = Tree::of(&self.tab).await?;
            match tree.focused() {
                Some(thing) if thing.is_called(name) => Ok(()),
                Some(thing) => Err(format!(
                    "the focus is on the {} '{}', not on '{name}'",
                    thing.role, thing.name
                )),
                None => Err(format!("nothing has the focus, not even '{name}'")),
            }
        })
    }

    /// Waits until there is the heading.
    #[track_caller]
    pub fn sees_heading(&self, name: &str) -> impl Future<Output = ()> {
        eventually(async move || self.thing(&["heading"], name).await.map(drop))
    }

    /// What the field of this label holds.
    #[track_caller]
    pub fn value(&self, label: &str) -> impl Future<Output = String> {
        eventually(async move || Ok(self.thing(&FIELDS, label).await?.value))
    }

    /// What is said of the field of this label besides: its hint, its error.
    #[track_caller]
    pub fn description(&self, label: &str) -> impl Future<Output = String> {
        eventually(async move || Ok(self.thing(&FIELDS, label).await?.description))
    }

    /// Whether the field of this label is marked as wrong.
    #[track_caller]
    pub fn is_marked_wrong(&self, label: &str) -> impl Future<Output = bool> {
        eventually(async move || Ok(self.thing(&FIELDS, label).await?.is("invalid")))
    }

    /// Whether the button of this name can't be pressed.
    #[track_caller]
    pub fn is_disabled(&self, button: &str) -> impl Future<Output = bool> {
        eventually(async move || Ok(self.thing(&["button"], button).await?.is("disabled")))
    }

    /// Whether the checkbox, radio button or switch of this name is set.
    #[track_caller]
    pub fn is_ticked(&self, label: &str) -> impl Future<Output = bool> {
        eventually(async move || {
            Ok(self
                .thing(&["checkbox", "radio", "switch"], label)
                .await?
                .is("checked"))
        })
    }

    /// Whether there is something of the role and name now.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        self.thing(&[role], name).await.is_ok()
    }

    /// Runs a script in the page, for what no person can tell.
    ///
    /// # Errors
    /// What it throws.
    pub async fn run(&self, script: &str) -> Result<serde_json::Value, String> {
        self.tab.run(script).await
    }

    /// Waits until a page complains in this way. Complaints that have the text are expected.
    #[track_caller]
    pub fn hears_complaint(&self, text: &str) -> impl Future<Output = ()> {
        eventually(async move || {
            if self.tab.watch.expect(text) {
                Ok(())
            } else {
                Err(format!("{} does not complain of '{text}'", self.path()))
            }
        })
    }

    /// Does not mind complaints that have the text, whether they come or not.
    pub fn bears(&self, text: &str) {
        self.tab.watch.bear(text);
    }

    #[track_caller]
    fn click(&self, roles: &[&str], name: &str) -> impl Future<Output = ()> {
        let clicked = eventually(async move || {
            let thing = self.thing(roles, name).await?;
            let spot = self.tab.run_on(thing.element, CLICK, &[]).await?;
            if let Some(reason) = spot["refused"].as_str() {
                return Err(format!("the {} '{name}' can't be clicked: {reason}", thing.role));
            }
            for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
                let mut event = json!({ "type": kind, "x": spot["x"], "y": spot["y"] });
                if kind != "mouseMoved" {
                    event["button"] = "left".into();
                    event["clickCount"] = 1.into();
                }
                self.tab.call("Input.dispatchMouseEvent", event).await?;
            }
            Ok(())
        });
        async move {
            clicked.await;
            self.tab.settle().await;
        }
    }

    /// The thing of one of these roles and of this name.
    async fn thing(&self, roles: &[&str], name: &str) -> Result<Thing, String> {
        let tree = self.tree().await?;
        tree.find(roles, name)
            .cloned()
            .map_err(|reason| format!("{}: {reason}", self.path()))
    }

    async fn tree(&self) -> Result<Tree, String> {
        let tree = Tree::of(&self.tab).await?;
        match &self.part {
            Some(part) => tree.part(part),
            None => Ok(tree),
        }
    }

    async fn text(&self) -> Result<String, String> {
        let text = match &self.part {
            None => self.tab.run("document.body.innerText").await?,
            Some(_) => {
                let tree = self.tree().await?;
                let root = tree.root().ok_or("the part is gone")?;
                self.tab
                    .run_on(root.element, "function () { return this.innerText }", &[])
                    .await?
            }
        };
        let text = text.as_str().unwrap_or_default();
        Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
