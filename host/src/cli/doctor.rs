//! `trovato doctor`.

use super::{Error, Result, open, print};
use crate::app::App;
use crate::config::Config;
use crate::subsystems::admin::Level;
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
    check("data folder", writable(&app.config.data_dir));
    check("secret", secret(&app));
    for (plugin, finding) in plugins(&app).await? {
        check(&format!("plugin {plugin}"), finding);
    }
    // What else there is to say is what the administration says.
    for notice in app.site.services().notices(&app.site).await {
        let subject = notice.subject.to_lowercase();
        let text = [notice.text.as_str(), notice.hint.as_str()].join(" ");
        let text = text.trim_end().to_owned();
        match notice.level {
            Level::Problem => check(&subject, Err(text)),
            Level::Warning => print(&format!("warning  {subject}: {text}")),
            Level::Notice | Level::Fine => check(&subject, Ok(text)),
        }
    }
    match problems {
        0 => Ok(()),
        1 => Err(Error::failed("1 problem found")),
        count => Err(Error::failed(format!("{count} problems found"))),
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
