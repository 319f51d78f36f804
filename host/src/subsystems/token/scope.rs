//! Permissions as OAuth names them: a scope has no spaces (RFC 6749, 3.3), a permission does.

use super::Error;
use crate::request::Account;

/// Scopes of one token.
const MOST: usize = 100;

/// The scope of a permission: `access-content` for `access content`.
#[must_use]
pub fn scope_name(permission: &str) -> String {
    let plain = |char: char| {
        if char.is_ascii_alphanumeric() || matches!(char, '.' | '_' | ':' | '/') {
            char
        } else {
            '-'
        }
    };
    permission.chars().map(plain).collect()
}

/// The permissions among `granted` that a text of scopes names; all of them where it is empty.
///
/// # Errors
/// The first scope that names none.
pub(super) fn named<'a>(granted: &'a [String], asked: &str) -> Result<Vec<&'a str>, String> {
    if asked.trim().is_empty() {
        return Ok(granted.iter().map(String::as_str).collect());
    }
    let mut permissions = Vec::new();
    for scope in asked.split_ascii_whitespace() {
        let before = permissions.len();
        permissions.extend(
            granted
                .iter()
                .map(String::as_str)
                .filter(|name| scope_name(name) == scope),
        );
        if permissions.len() == before {
            return Err(scope.to_owned());
        }
    }
    permissions.sort_unstable();
    permissions.dedup();
    Ok(permissions)
}

/// Checks what somebody wants to hand on: no more than they have.
pub(super) fn check(by: &Account, scopes: &mut Vec<String>) -> Result<(), Error> {
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Error::invalid("scopes", "Choose at least one permission."));
    }
    if scopes.len() > MOST {
        return Err(Error::invalid(
            "scopes",
            format!("A token has at most {MOST} permissions."),
        ));
    }
    match scopes.iter().find(|scope| !by.may(scope)) {
        Some(scope) => {
            let problem = format!("You don't have the permission '{scope}', so no token of yours can.");
            Err(Error::invalid("scopes", problem))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_name_permissions_and_unknown_ones_are_told() {
        let granted = ["access content", "edit own blog content"].map(str::to_owned);
        assert_eq!(
            named(&granted, "edit-own-blog-content").unwrap(),
            ["edit own blog content"]
        );
        assert_eq!(named(&granted, "").unwrap().len(), 2);
        assert_eq!(
            named(&granted, "access-content administer-users").unwrap_err(),
            "administer-users"
        );
        assert_eq!(named(&granted, "access content").unwrap_err(), "access");
    }
}
