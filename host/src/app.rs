//! The start-up order: database, services, kernel, plugins. What comes up here is the whole site but its listener.

mod front;

use std::sync::Arc;
use std::time::Duration;

use crate::config::Config;
use crate::db::migrate::{Applied, Migrations};
use crate::db::{self, Db};
use crate::kernel::{self, Artefacts, Engine, Kernel, Settings};
use crate::recent::Recent;
use crate::redis::{self, Redis};
use crate::subsystems::plugin::Embedded;
use crate::subsystems::{self, Base, Services, Site, variable};
use crate::time::{Clock, Ids};
use crate::wit;

mod stock {
    use super::Embedded;
    include!(concat!(env!("OUT_DIR"), "/stock.rs"));
}

/// The plugins that are part of the program.
pub const STOCK: &[Embedded] = stock::PLUGINS;

/// Every so many looks a node goes on with what is unfinished and removes what is old.
const TIDY: u32 = 20;
/// How long the audit is kept, in days, where the site's setting `audit_days` says nothing else.
const AUDIT_DAYS: u32 = 90;
/// How often a node looks for what others have changed.
const FOLLOW: Duration = Duration::from_millis(500);

/// Why the site can't start: the set-up is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database can't be used.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// The database's schema is older than the program and may not be changed.
    #[error("the database lacks {0} migration(s); run `trovato migrate`, or start without --no-migrate")]
    Pending(usize),
    /// The limits of rates make no sense.
    #[error("rate-limits: {0}")]
    Limits(String),
    /// Redis can't be used.
    #[error(transparent)]
    Redis(#[from] redis::Error),
    /// The site's secret can't be used.
    #[error(transparent)]
    Secret(#[from] subsystems::secret::Error),
    /// A service can't start.
    #[error(transparent)]
    Services(#[from] subsystems::Error),
    /// The engine can't start.
    #[error(transparent)]
    Kernel(#[from] kernel::Error),
    /// The plugins can't be loaded.
    #[error(transparent)]
    Plugins(#[from] subsystems::plugin::Error),
    /// A folder can't be used.
    #[error("the folder {folder} can't be used: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// Why.
        source: std::io::Error,
    },
}

/// A site that is up.
pub struct App {
    /// The kernel over the services.
    pub site: Site,
    /// The settings.
    pub config: Config,
    /// The database.
    pub db: Db,
    /// What plugins and settings were at the start, as [`crate::subsystems::plugin::Plugins::generation`] tells.
    generation: (i64, i64),
}

/// What a start may be told besides the configuration.
#[derive(Clone)]
pub struct Start {
    /// Whether missing migrations are run.
    pub migrate: bool,
    /// The time.
    pub clock: Clock,
    /// The plugins that are part of the program.
    pub embedded: &'static [Embedded],
    /// Whether the site is only there to try plugins out.
    pub throw_away: bool,
    /// Where the log leaves warnings and errors.
    pub recent: Recent,
    /// Who is told of every statement, if anyone.
    pub observe: Option<Arc<dyn db::Observe>>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            migrate: true,
            clock: Clock::system(),
            embedded: STOCK,
            throw_away: false,
            recent: Recent::of_process(),
            observe: None,
        }
    }
}

/// Opens the database of a configuration.
///
/// # Errors
/// It can't be reached or made.
pub async fn connect(config: &Config) -> Result<Db, Error> {
    connect_observed(config, None).await
}

async fn connect_observed(config: &Config, observe: Option<Arc<dyn db::Observe>>) -> Result<Db, Error> {
    std::fs::create_dir_all(&config.data_dir).map_err(|source| Error::Folder {
        folder: config.data_dir.display().to_string(),
        source,
    })?;
    let options = db::Options {
        observe,
        ..db::Options::default()
    };
    Ok(Db::connect(&config.database_url(), &options).await?)
}

/// What the subsystems are started with.
async fn base(config: &Config, start: &Start, db: Db) -> Result<Base, Error> {
    let ids = Ids::new(start.clock.clone());
    Ok(Base {
        redis: redis(config, &db, &start.clock, &ids).await?,
        db,
        clock: start.clock.clone(),
        ids,
        themes: config.themes_dir.clone(),
        theme: config.theme.clone(),
        files: config.data_dir.join("files"),
        uploads: config.data_dir.join("uploads"),
        plugins: config.plugins_dir(),
        kept_plugins: config.data_dir.join("plugins-enabled"),
        embedded: start.embedded,
        public_url: config.public_url.clone().unwrap_or_default(),
        entrance: front::entrance(config),
        cache: subsystems::cache::Sizes {
            plugin: config.cache.plugin_mib,
            bins: config.cache.bins.clone(),
        },
        rate_limits: front::rate_limits(&config.rate_limits).map_err(Error::Limits)?,
        secret: subsystems::secret::load(config)?,
        mail: subsystems::mail::Options {
            settings: config.mail.clone(),
            folder: config.data_dir.join("mail"),
            public_url: config.public_url.clone().unwrap_or_default(),
        },
        throw_away: start.throw_away,
        development: config.development,
        recent: start.recent.clone(),
        password_cost: subsystems::user::Cost {
            memory_kib: config.password.memory_kib,
            passes: config.password.passes,
            lanes: config.password.lanes,
        },
    })
}

/// Connects to the Redis of a configuration, if it names one.
async fn redis(config: &Config, db: &Db, clock: &Clock, ids: &Ids) -> Result<Option<Redis>, Error> {
    let Some(url) = &config.redis_url else {
        return Ok(None);
    };
    let prefix = match &config.redis_prefix {
        Some(prefix) => prefix.clone(),
        None => format!("trovato:{}", variable::site_id(db, clock, ids).await?),
    };
    let options = redis::Options {
        url: url.expose().to_owned(),
        ca: config.redis_ca.clone(),
        prefix,
        node: ids.next().simple().to_string(),
        timeout: Duration::from_millis(config.redis_timeout_ms),
    };
    Ok(Some(Redis::connect(options).await?))
}

/// Brings the schema up to date and says what was done.
///
/// # Errors
/// The database is newer than the program, or a migration fails.
pub async fn migrate(db: &Db, clock: &Clock) -> Result<Vec<Applied>, Error> {
    Ok(Migrations::kernel().run(db, clock.now()).await?)
}

impl App {
    /// Starts a site.
    ///
    /// # Errors
    /// What is wrong with the set-up.
    pub async fn start(config: Config, start: Start) -> Result<Self, Error> {
        // The engine maps its pool while the database opens.
        let settings = Settings {
            instances: config.kernel.instances,
            max_memory_mib: config.kernel.max_memory_mib,
            ..Settings::default()
        };
        let engine = tokio::task::spawn_blocking(move || Engine::new(&settings));
        let db = connect_observed(&config, start.observe.clone()).await?;
        if start.migrate {
            for applied in migrate(&db, &start.clock).await? {
                tracing::info!("migration {:04} {} is done", applied.version, applied.name);
            }
        } else {
            let pending = Migrations::kernel().pending(&db).await?.len();
            if pending > 0 {
                return Err(Error::Pending(pending));
            }
        }
        let base = base(&config, &start, db.clone()).await?;
        let services = Arc::new(Services::start(base).await?);
        let engine = engine.await.map_err(|source| Error::Folder {
            folder: "memory".to_owned(),
            source: source.into(),
        })??;
        let site: Site = Arc::new(Kernel::new(
            engine,
            wit::contract(),
            Artefacts::new(config.data_dir.join("artefacts")),
            config.plugin_limits(),
            services,
        ));
        site.services().cache.listen();
        let plugins = &site.services().plugins;
        // Read first: what others change while this node starts is taken up afterwards.
        let generation = plugins.generation().await?;
        plugins.start(&site).await?;
        Ok(Self {
            site,
            config,
            db,
            generation,
        })
    }

    /// Takes up what other nodes and the command line change, until the site is dropped.
    pub fn follow(&self) -> tokio::task::JoinHandle<()> {
        let site = Arc::downgrade(&self.site);
        let mut known = self.generation;
        let mut changes = self.site.services().changes.listen();
        tokio::spawn(async move {
            let mut round: u32 = 0;
            loop {
                changes.wait(FOLLOW).await;
                let Some(site) = site.upgrade() else { return };
                round = round.wrapping_add(1);
                if round.is_multiple_of(TIDY) {
                    tidy(&site).await;
                }
                site.services().themes.take_up_changes();
                if let Err(error) = site.services().two_factor.requirement().follow().await {
                    tracing::debug!("the database does not answer: {error}");
                }
                if let Err(error) = site.services().access.follow().await {
                    tracing::debug!("the database does not answer: {error}");
                }
                if let Err(error) = site.services().formats.follow().await {
                    tracing::debug!("text formats can't be taken up: {error}");
                }
                if let Err(error) = site.services().item_types.follow().await {
                    tracing::debug!("the database does not answer: {error}");
                }
                if let Err(error) = site.services().menus.follow().await {
                    tracing::debug!("the database does not answer: {error}");
                }
                if let Err(error) = site.services().cache.follow().await {
                    tracing::debug!("the database does not answer: {error}");
                }
                let plugins = &site.services().plugins;
                match plugins.generation().await {
                    Ok(generation) if generation == known => {}
                    Ok(generation) => match plugins.follow(&site, generation.0 != known.0).await {
                        Ok(()) => known = generation,
                        Err(error) => tracing::warn!("changes of other nodes can't be taken up yet: {error}"),
                    },
                    Err(error) => tracing::debug!("the database does not answer: {error}"),
                }
            }
        })
    }
}

/// Goes on with what the site does by itself. Any node may do any of it at any time.
pub async fn tidy(site: &Site) {
    let services = site.services();
    if let Err(error) = services.cancellations.work(site).await {
        tracing::warn!("cancelling an account can't go on yet: {error}");
    }
    if let Err(error) = services.cancellations.remove_unconfirmed(site).await {
        tracing::warn!("accounts that nobody has confirmed stay for now: {error}");
    }
    if let Err(error) = services.mail.take_over().await {
        tracing::debug!("messages that wait stay where they are for now: {error}");
    }
    if let Err(error) = services.cache.tidy().await {
        tracing::debug!("old records of the cache stay for now: {error}");
    }
    if let Err(error) = services.items.keep_schedule(site).await {
        tracing::warn!("publishing by schedule can't go on yet: {error}");
    }
    if let Err(error) = services.items.prune_drafts().await {
        tracing::debug!("old drafts stay for now: {error}");
    }
    if let Err(error) = services.item_types.work().await {
        tracing::warn!("purging can't go on yet: {error}");
    }
    let days = services
        .variables
        .stored(subsystems::variable::SITE, "audit_days")
        .and_then(|days| u32::try_from(days.as_u64()?).ok());
    if let Err(error) = services.audit.prune(days.unwrap_or(AUDIT_DAYS)).await {
        tracing::debug!("old records of the audit stay for now: {error}");
    }
}
