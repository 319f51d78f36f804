//! `trovato migrate`.

use super::{Result, print};
use crate::app;
use crate::config::Config;
use crate::time::Clock;

pub async fn run(config: Config) -> Result {
    let db = app::connect(&config).await?;
    let applied = app::migrate(&db, &Clock::system()).await?;
    for migration in &applied {
        print(&format!("{:04} {}", migration.version, migration.name));
    }
    print(&match applied.len() {
        0 => "The schema is up to date.".to_owned(),
        count => format!("{count} migrations are done."),
    });
    db.close().await;
    Ok(())
}
