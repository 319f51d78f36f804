//! Running a server as somebody who may do little: Postgres refuses to run as root, as containers do.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use rustix::process::geteuid;

/// Who runs the servers of the tests when this program is root, by preference.
const NAMES: [&str; 2] = ["postgres", "nobody"];

/// A system account.
#[derive(Debug, PartialEq, Eq)]
pub struct Account {
    name: String,
    user: u32,
    group: u32,
}

impl Account {
    /// The account to use instead of the present one; none when the present one is not root.
    ///
    /// # Errors
    /// When this is root and the system has no account to use.
    pub fn instead_of_root() -> Result<Option<Self>> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("/etc/passwd could not be read")?;
        match NAMES.iter().find_map(|name| find(&accounts, name)) {
            Some(account) => Ok(Some(account)),
            None => bail!("Postgres refuses to run as root, and there is neither a user postgres nor nobody"),
        }
    }

    /// Hands a folder over.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn own(&self, folder: &Path) -> Result<()> {
        chown(folder, Some(self.user), Some(self.group))
            .with_context(|| format!("{} could not be given to {}", folder.display(), self.name))
    }
}

/// A command that runs `program` as `account`, or as the present user without one. On Linux it is also told
/// to stop when this program dies without the chance to stop it.
pub fn command(program: &Path, account: Option<&Account>) -> Command {
    if !cfg!(target_os = "linux") {
        return Command::new(program);
    }
    // setpriv(1) is part of util-linux, which every Linux system has.
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(account) = account {
        command.args([
            "--reuid",
            &account.name,
            "--regid",
            &account.group.to_string(),
            "--init-groups",
        ]);
    }
    command.arg("--").arg(program);
    command
}

/// Looks a name up in text of the form of passwd(5).
fn find(accounts: &str, name: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        if fields.next()? != name {
            return None;
        }
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some(Account {
            name: name.to_owned(),
            user,
            group,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &str =
        "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:,,,:/var/lib/postgresql:/bin/bash\n";

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let expected = Account {
            name: "postgres".into(),
            user: 101,
            group: 104,
        };

        assert_eq!(find(ACCOUNTS, "postgres"), Some(expected));
        assert_eq!(find(ACCOUNTS, "post"), None);
    }

    #[test]
    fn a_broken_line_is_no_account() {
        assert_eq!(find("postgres:x:many:104", "postgres"), None);
        assert_eq!(find("postgres", "postgres"), None);
    }
}
