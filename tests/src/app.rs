//! An app on a place of its own, whose clock stands still.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::response::Response;
use tower::ServiceExt;
use trovato::app::{App, STOCK, Start};
use trovato::config::Config;
use trovato::db::Observe;
use trovato::redis::State;
use trovato::request::{self, Account};
use trovato::server;
use trovato::subsystems::plugin::{Error, Outcome};
use trovato::subsystems::{Services, Session, Site};
use trovato::taps;
use trovato::time::{Clock, Timestamp};
use uuid::Uuid;

use crate::logged::Log;
use crate::wire::redis_url;
use crate::{Answer, Draft, Package, Place, Wire};

/// The time at which every test begins: 14 November 2023.
pub(crate) const BEGIN: Timestamp = Timestamp(1_700_000_000_000);

/// An app on a place of its own.
pub struct TestApp {
    app: App,
    place: Arc<Place>,
    clock: Clock,
    pub(crate) log: Log,
    /// Routes of the test itself.
    routes: Mutex<Router<Site>>,
    statements: Arc<Statements>,
}

/// The names of the statements that were run.
#[derive(Default)]
struct Statements(Mutex<Vec<&'static str>>);

impl Observe for Statements {
    fn statement(&self, name: &'static str, _: Duration, _: bool) {
        self.0.lock().unwrap().push(name);
    }
}

impl TestApp {
    pub(crate) async fn start(place: Arc<Place>, log: Log) -> Self {
        Self::start_at(place, log, |_| {}).await
    }

    /// Starts with other settings than those of the place.
    pub(crate) async fn start_at(place: Arc<Place>, log: Log, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = place.config();
        change(&mut config);
        Self::start_with(place, log, Clock::fixed(BEGIN), config).await
    }

    pub(crate) async fn start_with(place: Arc<Place>, log: Log, clock: Clock, config: Config) -> Self {
        let statements = Arc::new(Statements::default());
        let start = Start {
            migrate: true,
            clock: clock.clone(),
            embedded: STOCK,
            throw_away: false,
            recent: log.recent(),
            observe: Some(statements.clone()),
        };
        let app = App::start(config, start).await.unwrap();
        Self {
            app,
            place,
            clock,
            log,
            routes: Mutex::default(),
            statements,
        }
    }

    /// Answers more routes, which the test brings along.
    pub fn add_routes(&self, routes: Router<Site>) {
        let mut all = self.routes.lock().unwrap();
        *all = std::mem::take(&mut *all).merge(routes);
    }

    /// Stops the app and starts it again on the same place.
    pub async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// Starts again with other settings.
    pub async fn restart_with(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self {
            app,
            place,
            clock,
            log,
            routes: _,
            statements: _,
        } = self;
        let mut config = app.config.clone();
        app.db.close().await;
        drop(app);
        change(&mut config);
        Self::start_with(place, log, clock, config).await
    }

    /// Another node on the same place, at the same time.
    pub async fn another_node(&self) -> Self {
        self.another_node_with(|_| {}).await
    }

    /// Another node with other settings.
    pub async fn another_node_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let (place, log) = (self.place.clone(), self.log.clone());
        let mut config = self.app.config.clone();
        change(&mut config);
        Self::start_with(place, log, self.clock.clone(), config).await
    }

    /// Starts again with the Redis of the tests. Keys are the site's own.
    pub async fn with_redis(self) -> Self {
        self.restart_with(|config| config.redis_url = Some(redis_url().into()))
            .await
    }

    /// Starts again with a Redis at the end of a wire that can be cut.
    pub async fn with_redis_by_wire(self) -> (Self, Wire) {
        let wire = Wire::to(&redis_url()).await;
        let url = wire.url();
        let app = self
            .restart_with(|config| config.redis_url = Some(url.into()))
            .await;
        (app, wire)
    }

    /// Waits until Redis answers.
    pub async fn redis_answers(&self) {
        self.redis_is(true).await;
    }

    /// Waits until it is known that Redis is away.
    pub async fn redis_is_away(&self) {
        self.redis_is(false).await;
    }

    async fn redis_is(&self, up: bool) {
        let redis = self.services().redis.as_ref().expect("the app has a Redis");
        let mut state = redis.watch();
        let reached = state.wait_for(|state| (*state != State::Away) == up);
        tokio::time::timeout(Duration::from_secs(20), reached)
            .await
            .expect("Redis changed its state in time")
            .unwrap();
    }

    /// Takes up what other nodes change, as a server does, until the app is dropped.
    pub fn follow(&self) {
        drop(self.app.follow());
    }

    /// Does what the site does by itself from time to time.
    pub async fn tidy(&self) {
        trovato::app::tidy(&self.app.site).await;
    }

    /// The names of the statements that were run since the last call, in order.
    #[must_use]
    pub fn statements(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.statements.0.lock().unwrap())
    }

    /// The kernel over the services.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.app.site
    }

    /// The services.
    #[must_use]
    pub fn services(&self) -> &Arc<Services> {
        self.app.site.services()
    }

    /// The data folder and the database.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Moves the clock forward.
    pub fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// What the clock says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(None, Method::GET, path, "").await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(None, Method::POST, path, body).await
    }

    /// Asks for a page as somebody.
    pub async fn get_as(&self, who: &Account, path: &str) -> Answer {
        self.send(Some(who), Method::GET, path, "").await
    }

    /// Sends a form as somebody.
    pub async fn post_as(&self, who: &Account, path: &str, body: &str) -> Answer {
        self.send(Some(who), Method::POST, path, body).await
    }

    async fn send(&self, who: Option<&Account>, method: Method, path: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(&method).uri(path);
        if method == Method::POST {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        if let Some(who) = who {
            request.extensions_mut().insert(who.clone());
        }
        self.answer(request).await
    }

    /// Sends a request as it is. Where it comes from is told by axum's
    /// `ConnectInfo` among its extensions.
    pub async fn answer(&self, request: Request<Body>) -> Answer {
        Answer::of(self.respond(request).await).await
    }

    /// Answers a request.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Response {
        let routes = self.routes.lock().unwrap().clone();
        let router = server::router_with(self.app.site.clone(), routes);
        let response = router.oneshot(request).await;
        response.unwrap_or_else(|never| match never {})
    }

    /// A visitor.
    #[must_use]
    pub fn visitor(&self) -> Account {
        self.services().access.visitor()
    }

    /// Somebody who is signed in and may do this.
    #[must_use]
    pub fn somebody(&self, permissions: &[&str]) -> Account {
        let permissions: HashSet<String> = permissions
            .iter()
            .map(|&permission| permission.to_owned())
            .collect();
        Account {
            id: Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0abc),
            name: Arc::from("Somebody"),
            is_admin: false,
            permissions: Arc::new(permissions),
        }
    }

    /// An administrator, who may do anything.
    #[must_use]
    pub fn administrator(&self) -> Account {
        Account {
            name: Arc::from("Ada"),
            is_admin: true,
            ..self.somebody(&[])
        }
    }

    /// A request of somebody, for work with the services.
    #[must_use]
    pub fn session(&self, account: Account) -> Session {
        self.site()
            .session(request::Request::new(self.services().ids.next(), "", account))
    }

    /// A request of the site itself, which may do anything.
    #[must_use]
    pub fn system(&self) -> Session {
        self.session(Account::system())
    }

    /// Puts a package where plugins are found, in the place of one of its name.
    pub fn add(&self, package: &Package) {
        package.write(&self.place.config().plugins_dir());
    }

    /// Enables a plugin and agrees to whatever it asks for.
    ///
    /// # Errors
    /// Why it can't be enabled.
    pub async fn enable(&self, name: &str) -> Result<Outcome, Error> {
        let plugins = &self.services().plugins;
        let agreed = plugins.capabilities(self.site(), name)?;
        plugins.enable(self.site(), name, &agreed).await
    }

    /// Adds a package and enables it.
    ///
    /// # Errors
    /// Why it can't be enabled.
    pub async fn take(&self, package: &Package) -> Result<Outcome, Error> {
        self.add(package);
        self.enable(package.name()).await
    }

    /// Adds a package, enables it, and fails the test if that does not work.
    pub async fn with(&self, package: Package) {
        if let Err(error) = self.take(&package).await {
            panic!(
                "'{}' can't be enabled: {error}\nThe log:\n{}",
                package.name(),
                self.log.text()
            );
        }
    }

    /// Enables the stock plugins and makes some content to look at.
    pub async fn with_content(&self) {
        trovato::cli::demo(&self.app).await.unwrap();
    }

    /// Starts an item.
    #[must_use]
    pub fn item(&self, item_type: &str, title: &str) -> Draft<'_> {
        Draft::new(self, item_type, title)
    }

    /// Fails the test unless the log has the text. Errors that have it are expected.
    #[track_caller]
    pub fn logged(&self, text: &str) {
        assert!(
            self.log.expect(text),
            "'{text}' was not logged.\nThe log:\n{}",
            self.log.text()
        );
    }

    /// How often a tap of a plugin was called since the process started, and how often it failed.
    #[must_use]
    pub fn calls(&self, plugin: &str, tap: &str) -> (u64, u64) {
        let slot = taps::NAMES.iter().position(|name| *name == tap).unwrap();
        let registry = self.site().registry();
        let health = &registry
            .get(plugin)
            .unwrap_or_else(|| panic!("'{plugin}' is not enabled"))
            .health;
        let counted = health.tap(slot);
        (counted.calls, counted.failures)
    }

    /// How many lines of the log have the text.
    #[must_use]
    pub fn times_logged(&self, text: &str) -> usize {
        self.log.count(text)
    }
}
