//! The registration list: every subsystem with what it is made of.
//!
//! The order of lines is the order of construction; a subsystem reaches another only through what it is handed
//! here.

#[macro_use]
mod registration;

pub mod access;
pub mod admin;
pub mod alias;
pub mod api;
pub mod audit;
mod base;
pub mod cache;
pub mod change;
pub mod clock;
pub mod configuration;
pub mod counter;
pub mod crypto;
mod db_error;
pub mod feed;
pub mod file;
pub mod form;
pub mod format;
pub mod import;
pub mod item;
pub mod item_type;
pub mod log;
pub mod login;
pub mod mail;
pub mod menu;
pub mod passkey;
pub mod plugin;
pub mod plugin_table;
pub mod random;
pub mod request_context;
pub mod reset;
mod seam;
pub mod secret;
pub mod security;
pub mod session;
pub mod sitemap;
pub mod theme;
pub mod token;
pub mod tree;
pub mod two_factor;
pub mod user;
pub mod variable;
pub mod wasi;

use std::sync::Arc;

use crate::db::Db;
use crate::kernel;
use crate::redis::Redis;
use crate::time::Ids;
use crate::web::{Entrance, Rules};

pub use base::{Base, Error};
pub use seam::{Cx, Memory, Provides, Scope, Service, Subsystem};

/// The kernel over the services: what routes are answered with.
pub type Site = Arc<kernel::Kernel<Services>>;
/// A request with its plugins.
pub type Session = kernel::Session<Services>;
/// A plugin.
pub type Plugin = kernel::Plugin<Services>;
/// A host function's view of the service `X`.
pub type View<'a, X> = kernel::View<'a, X, Services>;
/// The name by which the linker finds the view of the service `X`.
pub type Linked<X> = kernel::Face<X, Services>;
/// A WIT interface that plugins may import.
pub type Interface = kernel::Interface<Services>;

subsystems! { |base|
    /// The time.
    clock: clock::Time = clock::Time::new(base.clock.clone());
    /// Randomness.
    random: random::Random = random::Random::system();
    /// Hashes and authentication.
    crypto: crypto::Crypto = crypto::Crypto;
    /// The plugins' messages.
    log: log::Log = log::Log;
    /// WASI.
    wasi: wasi::Wasi = wasi::Wasi { time: clock.clone(), random: random.clone() };
    /// What plugins know of the request.
    request_context: request_context::RequestContext = request_context::RequestContext;
    /// The word that something has changed.
    changes: change::Changes = change::Changes::new(base.redis.clone());
    /// What is dear to compute.
    cache: cache::Cache = cache::Cache::start(
        base.db.clone(),
        base.clock.clone(),
        &base.ids,
        base.redis.clone(),
        base.cache.clone(),
    ).await?;
    /// What was done how often of late.
    counters: counter::Counters = counter::Counters::new(base.db.clone(), base.redis.clone(), base.clock.clone());
    /// Persistent settings.
    variables: variable::Variables = variable::Variables::start(
        base.db.clone(),
        base.clock.clone(),
        changes.clone(),
    ).await?;
    /// Keys made of the site's secret.
    secrets: secret::Secrets = secret::Secrets::start(&base.secret, random.clone(), &variables).await?;
    /// Messages that leave the site.
    mail: mail::Mail = mail::Mail::start(base.mail, mail::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        variables: variables.clone(),
        counters: counters.clone(),
    })?;
    /// Who did what.
    audit: audit::Audit = audit::Audit::new(base.db.clone(), base.clock.clone(), base.ids.clone());
    /// Roles and permissions.
    access: access::Access = access::Access::start(
        base.db.clone(),
        base.ids.clone(),
        audit.clone(),
        changes.clone(),
        cache.clone(),
    ).await?;
    /// Who has signed in.
    sessions: session::Sessions = session::Sessions::new(session::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        random: random.clone(),
        access: access.clone(),
        cache: cache.clone(),
    });
    /// People.
    users: user::Users = user::Users::start(user::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        random: random.clone(),
        access: access.clone(),
        audit: audit.clone(),
        sessions: sessions.clone(),
        mail: mail.clone(),
        variables: variables.clone(),
        counters: counters.clone(),
        cost: base.password_cost,
    })?;
    /// Codes beside passwords.
    two_factor: two_factor::TwoFactor = two_factor::TwoFactor::start(two_factor::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        random: random.clone(),
        secrets: secrets.clone(),
        variables: variables.clone(),
        audit: audit.clone(),
    })
    .await?;
    /// Keys that people's devices hold.
    passkeys: passkey::Passkeys = passkey::Passkeys::new(passkey::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        random: random.clone(),
        public_url: base.public_url.clone(),
    });
    /// How accounts are protected.
    security: security::Security = security::Security::new(security::Parts {
        two_factor: two_factor.clone(),
        passkeys: passkeys.clone(),
        mail: mail.clone(),
        audit: audit.clone(),
    });
    /// New passwords by mail.
    resets: reset::Resets = reset::Resets::new(reset::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        random: random.clone(),
        users: users.clone(),
        mail: mail.clone(),
        counters: counters.clone(),
        audit: audit.clone(),
    });
    /// Access for programs.
    tokens: token::Tokens = token::Tokens::new(token::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        random: random.clone(),
        secrets: secrets.clone(),
        access: access.clone(),
        users: users.clone(),
        audit: audit.clone(),
        public_url: base.public_url.clone(),
    });
    /// Signing in and out.
    logins: login::Logins = login::Logins::new(login::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        counters: counters.clone(),
        users: users.clone(),
        sessions: sessions.clone(),
        audit: audit.clone(),
        steps: vec![security.clone()],
    });
    /// Uploaded files.
    files: file::Files = file::Files::new(base.db.clone(), base.clock.clone(), base.ids.clone(), &base.files)?;
    /// Text formats.
    formats: format::Formats = format::Formats::start(format::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        changes: changes.clone(),
        audit: audit.clone(),
    }).await?;
    /// Templates.
    themes: theme::Themes = theme::Themes::open(
        theme::Options {
            folder: base.themes.is_dir().then(|| base.themes.clone()),
            active: Arc::from(base.theme.as_str()),
            development: base.development,
            site_url: base.public_url.clone(),
            ..theme::Options::default()
        },
        formats.clone(),
    )?;
    /// Forms.
    forms: form::Forms = form::Forms::new(form::Parts {
        db: base.db.clone(),
        redis: base.redis.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        random: random.clone(),
        secrets: secrets.clone(),
        themes: themes.clone(),
        formats: formats.clone(),
        uploads: base.uploads.clone(),
    });
    /// Content types.
    item_types: item_type::ItemTypes = item_type::ItemTypes::start(item_type::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        changes: changes.clone(),
        cache: cache.clone(),
        audit: audit.clone(),
    }).await?;
    /// Paths.
    aliases: alias::Aliases = alias::Aliases::new(base.db.clone(), base.clock.clone(), cache.clone());
    /// Content.
    items: item::Items = item::Items {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        types: item_types.clone(),
        aliases: aliases.clone(),
        cache: cache.clone(),
        formats: formats.clone(),
        themes: themes.clone(),
        audit: audit.clone(),
        users: users.clone(),
        files: files.clone(),
    };
    /// What search engines are told.
    sitemap: sitemap::Sitemap = sitemap::Sitemap::new(base.db.clone(), items.clone());
    /// What is new, for programs.
    feeds: feed::Feeds = feed::Feeds;
    /// The JSON API.
    api: api::Api = api::Api::new(secrets.clone());
    /// Accounts that are being cancelled.
    cancellations: user::Cancellations = user::Cancellations {
        db: base.db.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
        users: users.clone(),
        items: items.clone(),
        audit: audit.clone(),
    };
    /// The menus of the site.
    menus: menu::Menus = menu::Menus::start(menu::Parts {
        db: base.db.clone(),
        ids: base.ids.clone(),
        changes: changes.clone(),
        cache: cache.clone(),
        audit: audit.clone(),
    }).await?;
    /// The plugins' own tables.
    plugin_tables: plugin_table::PluginTables = plugin_table::PluginTables::new(base.db.clone());
    /// Other plugins.
    plugins: plugin::Plugins = plugin::Plugins::new(plugin::Parts {
        db: base.db.clone(),
        clock: base.clock.clone(),
        changes: changes.clone(),
        variables: variables.clone(),
        item_types: item_types.clone(),
        tables: plugin_tables.clone(),
        themes: themes.clone(),
        access: access.clone(),
        folder: base.plugins.clone(),
        kept: base.kept_plugins.clone(),
        embedded: base.embedded,
        throw_away: base.throw_away,
    });
    /// The administration.
    admin: admin::Admin = admin::Admin::new(admin::Parts {
        pages: Services::admin_pages(),
        db: base.db.clone(),
        clock: base.clock.clone(),
        recent: base.recent.clone(),
        has_address: !base.public_url.is_empty(),
        development: base.development,
    });
}
