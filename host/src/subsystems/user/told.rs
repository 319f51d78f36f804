//! Who is told that an account was changed: the audit, and its owner.

use super::Users;
use super::model::User;
use crate::request::Account;
use crate::subsystems::audit::Entry;

impl Users {
    /// Tells the owner, who may be somebody else than whoever has done it: of another address at the one before.
    pub(super) async fn tell_of_changes(&self, before: &User, after: &User, password: bool) {
        if password {
            let address = before.mail.as_deref().or(after.mail.as_deref());
            self.tell_owner(after, address, "a new password was set").await;
        }
        if before.mail != after.mail {
            let change = "the e-mail address was changed";
            self.tell_owner(after, before.mail.as_deref(), change).await;
        }
    }
}

/// What the audit is told of a change: an address or a password only as that it changed.
pub(super) fn entries(before: &User, after: &User, password: bool, by: &Account) -> Vec<Entry> {
    let entry = |action| Entry::new(action).on("user", after.id, &after.name);
    let mut entries = Vec::new();
    if before.active != after.active {
        entries.push(entry(if after.active {
            "user.unblock"
        } else {
            "user.block"
        }));
    }
    if password {
        entries.push(entry("user.password").with("own", by.id == after.id));
    }
    if before.is_admin != after.is_admin {
        entries.push(entry("user.administrator").with("granted", after.is_admin));
    }
    for role in after.roles.iter().filter(|role| !before.roles.contains(role)) {
        entries.push(entry("user.role-given").with("role", role.to_string()));
    }
    for role in before.roles.iter().filter(|role| !after.roles.contains(role)) {
        entries.push(entry("user.role-taken").with("role", role.to_string()));
    }
    let mut fields = Vec::new();
    if before.name != after.name {
        fields.push("name");
    }
    if before.mail != after.mail {
        fields.push("mail");
    }
    if before.timezone != after.timezone || before.language != after.language {
        fields.push("settings");
    }
    if !fields.is_empty() {
        let entry = entry("user.update").with("fields", fields);
        entries.push(if before.name == after.name {
            entry
        } else {
            entry.with("former-name", before.name.as_str())
        });
    }
    entries
}
