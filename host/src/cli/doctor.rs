//! `trovato doctor`.

use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::redis::Redis;
use crate::subsystems::plugin::State;

pub async fn run(config: Config) -> Result {
    let app = open(config).await?;
    let mut problems = 0;
    let mut check = |subject: &str, found: std::result::Result<String, String>| match found {
        Ok(fine) => print(&format!("ok       {subject}: {fine}")),
        Err(wrong) => {
            problems += 1;
            print(&format!("problem  {subject}: {wrong}"));
        }
    };
    check("database", database(&app).await);
    if let Some(redis) = &app.site.services().redis {
        check("redis", answers(redis).await);
    }
    check("data folder", writable(&app.config.data_dir));
    check("administrator", administrator(&app).await);
    check("secret", secret(&app));
    check("mail", mail(&app));
    for (plugin, finding) in plugins(&app).await? {
        check(&format!("plugin {plugin}"), finding);
    }
    for problem in app.site.services().themes.problems() {
        check("theme", Err(problem.to_string()));
    }
    match problems {
        0 => Ok(()),
        1 => Err(Error::failed("1 problem found")),
        count => Err(Error::failed(format!("{count} problems found"))),
    }
}

async fn database(app: &App) -> std::result::Result<String, String> {
    app.db.ping().await.map_err(|error| error.to_string())?;
    Ok(format!(
        "{:?} answers and its schema is up to date",
        app.db.backend()
    ))
}

async fn answers(redis: &Redis) -> std::result::Result<String, String> {
    let place = redis.place();
    match redis.ping().await {
        Ok(()) => Ok(format!("{place} answers")),
        Err(error) => Err(format!(
            "{place} can't be used: {error}; check redis-url, its password, and that Redis 6 or newer runs there"
        )),
    }
}

fn writable(folder: &std::path::Path) -> std::result::Result<String, String> {
    let probe = folder.join(".doctor");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| {
            format!(
                "{} can't be written to: {error}; give the user that runs trovato write access",
                folder.display()
            )
        })?;
    Ok(format!("{} can be written to", folder.display()))
}

async fn administrator(app: &App) -> std::result::Result<String, String> {
    match app.site.services().users.has_administrator().await {
        Ok(true) => Ok("there is one".to_owned()),
        Ok(false) => Err("there is none; run `trovato install`".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn secret(app: &App) -> std::result::Result<String, String> {
    if app.site.services().secrets.fits() {
        return Ok("is the one that the database was made with".to_owned());
    }
    Err(
        "is not the one that the database was made with: give this node the `secret` of the others, or copy the file \
         `secret` of their data folder"
            .to_owned(),
    )
}

/// Mail that stays here is what development wants; elsewhere it is a finding.
fn mail(app: &App) -> std::result::Result<String, String> {
    let mail = &app.site.services().mail;
    let chosen = app.config.mail.transport.is_some() || app.config.development;
    if mail.leaves_the_machine() || chosen {
        return Ok(mail.describe());
    }
    Ok(format!(
        "{}; `[mail] smtp-url` says how to send it",
        mail.describe()
    ))
}

type Finding = (String, std::result::Result<String, String>);

/// Every plugin in the folder, and every one that is enabled.
async fn plugins(app: &App) -> Result<Vec<Finding>> {
    let service = &app.site.services().plugins;
    let problems = service.problems();
    let mut findings: Vec<Finding> = Vec::new();
    for record in service.records().await.map_err(Error::failed)? {
        let finding = match problems.get(&record.name) {
            Some(problem) => Err(problem.clone()),
            None => Ok(format!("{} {}", record.version, record.state.name())),
        };
        if record.state == State::Enabled || finding.is_err() {
            findings.push((record.name, finding));
        }
    }
    for (name, package) in service.available().all() {
        let broken = package
            .err()
            .or_else(|| service.capabilities(&app.site, &name).err());
        if let Some(error) = broken
            && !problems.contains_key(&name)
        {
            findings.push((name, Err(error.to_string())));
        }
    }
    Ok(findings)
}
