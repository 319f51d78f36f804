//! `trovato install`.

use std::io::{IsTerminal, Read};

use clap::Args;

use super::{Error, Result, open, print, system_session};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::item::{Query, Value};
use crate::subsystems::user;
use crate::subsystems::variable::SITE;

/// The content of a demo site: path, title, content type and body in Markdown.
const DEMO: &[(&str, &str, &str, &str)] = &[
    (
        "about",
        "About this site",
        "page",
        include_str!("install/about.md"),
    ),
    (
        "blog/everything-is-an-item",
        "Everything is an item",
        "blog",
        include_str!("install/items.md"),
    ),
    (
        "blog/plugins-are-components",
        "Plugins are components",
        "blog",
        include_str!("install/plugins.md"),
    ),
    (
        "blog/welcome",
        "Welcome to Trovato",
        "blog",
        include_str!("install/welcome.md"),
    ),
];
const DEMO_TAGS: &[(&str, &[&str])] = &[
    ("blog/everything-is-an-item", &["content", "trovato"]),
    (
        "blog/plugins-are-components",
        &["plugins", "webassembly", "trovato"],
    ),
    ("blog/welcome", &["trovato"]),
];

/// Stock plugins that wait until somebody wants them: they change who may do what.
const WAITING: [&str; 1] = ["editorial"];

/// The first administrator.
#[derive(Args)]
pub struct Administrator {
    /// The first administrator's name, where there is no administrator yet.
    #[arg(long, value_name = "NAME", env = "TROVATO_ADMIN_USER")]
    admin: Option<String>,
    /// The administrator's e-mail address.
    #[arg(long, value_name = "ADDRESS", env = "TROVATO_ADMIN_MAIL")]
    mail: Option<String>,
    /// The administrator's password. Better given by the environment, or on standard input with `-`.
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "TROVATO_ADMIN_PASSWORD",
        hide_env_values = true
    )]
    password: Option<String>,
}

/// What `install` may be told.
#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    administrator: Administrator,
    /// The name of the site.
    #[arg(long, value_name = "NAME")]
    site_name: Option<String>,
    /// Add some content to look at.
    #[arg(long)]
    demo: bool,
}

pub async fn run(config: Config, options: Options) -> Result {
    let app = open(config).await?;
    enable_stock(&app).await?;
    if let Some(name) = &options.site_name {
        let value = Some(serde_json::Value::from(name.as_str()));
        app.site
            .services()
            .variables
            .store(SITE, "site_name", value)
            .await
            .map_err(Error::failed)?;
    }
    let asked = options.administrator.admin.is_some() || options.administrator.password.is_some();
    match (administrator(&app, options.administrator).await?, asked) {
        (true, _) => print("The administrator was made."),
        (false, true) => print("There is an administrator already; nothing was changed about people."),
        (false, false) => print("No administrator was made: `trovato serve` prints a link to make one."),
    }
    if options.demo {
        demo(&app).await?;
    }
    print("The site is installed. `trovato serve` serves it.");
    Ok(())
}

fn read_password() -> Result<String> {
    let mut input = std::io::stdin();
    if input.is_terminal() {
        return Err(Error::set_up("--password - reads the password from a pipe"));
    }
    let mut password = String::new();
    input.read_to_string(&mut password).map_err(Error::failed)?;
    Ok(password.trim_end_matches(['\r', '\n']).to_owned())
}

/// Makes the first administrator, where there is none and one is asked for.
///
/// # Returns
/// Whether one was made.
pub async fn administrator(app: &App, asked: Administrator) -> Result<bool> {
    let (name, password) = match (asked.admin, asked.password) {
        (Some(name), Some(password)) => (name, password),
        (None, None) => return Ok(false),
        _ => {
            return Err(Error::set_up(
                "an administrator needs both --admin and --password (or the variables)",
            ));
        }
    };
    let users = &app.site.services().users;
    if users.has_administrator().await.map_err(Error::failed)? {
        return Ok(false);
    }
    let password = if password == "-" {
        read_password()?
    } else {
        password
    };
    let session = system_session(app);
    match users
        .install(&session, &name, asked.mail.as_deref(), password)
        .await
    {
        Ok(_) => Ok(true),
        // Another node was faster.
        Err(user::Error::Installed) => Ok(false),
        Err(error) => Err(Error::set_up(error)),
    }
}

/// Enables the plugins that are part of the program; those that somebody has disabled stay so.
async fn enable_stock(app: &App) -> Result {
    let plugins = &app.site.services().plugins;
    let records = plugins.records().await.map_err(Error::failed)?;
    for name in plugins.available().embedded() {
        if records.iter().any(|record| record.name == name) || WAITING.contains(&name) {
            continue;
        }
        // Whoever runs this program trusts what is in it.
        let capabilities = plugins.capabilities(&app.site, name).map_err(Error::failed)?;
        plugins
            .enable(&app.site, name, &capabilities)
            .await
            .map_err(Error::failed)?;
        print(&format!("The plugin '{name}' is enabled."));
    }
    Ok(())
}

/// Sets up the stock plugins and, on a site without content, some content to look at.
pub async fn demo(app: &App) -> Result {
    enable_stock(app).await?;
    let services = app.site.services();
    let session = system_session(app);
    let any = Query {
        limit: 1,
        ..Query::default()
    };
    if services
        .items
        .query(&session, &any)
        .await
        .map_err(Error::failed)?
        .total
        > 0
    {
        return Ok(());
    }
    for (path, title, item_type, body) in DEMO {
        let mut item = services
            .items
            .blank(&session, item_type, (*title).to_owned())
            .map_err(Error::failed)?;
        item.alias = Some((*path).to_owned());
        item.promoted = *item_type == "blog";
        let body = Value::Formatted {
            value: (*body).to_owned(),
            format: "markdown".to_owned(),
        };
        item.fields.insert("field_body".to_owned(), vec![body]);
        if let Some((_, tags)) = DEMO_TAGS.iter().find(|(of, _)| of == path) {
            let tags = tags.iter().map(|tag| Value::from(*tag)).collect();
            item.fields.insert("field_tags".to_owned(), tags);
        }
        services
            .items
            .save(&session, Box::new(item), "Demo content")
            .await
            .1
            .map_err(Error::failed)?;
    }
    Ok(())
}
