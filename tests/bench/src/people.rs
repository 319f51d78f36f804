//! What people cost: signing in, being signed in, and asking whether somebody may do something.

use anyhow::Result;

use crate::folder::Folder;
use crate::run::{self, Options};
use crate::{permission, programs, server};

/// Whether every gate holds.
pub fn run(options: &Options) -> Result<bool> {
    let (plan, mut report, runtime) = options.begin()?;
    let program = programs::server()?;
    runtime.block_on(async {
        let folder = Folder::new("permissions")?;
        let app = run::site(&folder).await?;
        eprintln!("measuring: permissions");
        permission::measure(&permission::session(&app.site), &plan, &mut report).await
    })?;
    eprintln!("measuring: people on a site");
    server::people::measure(&program, &runtime, &plan, &mut report)?;
    options.end(report)
}
