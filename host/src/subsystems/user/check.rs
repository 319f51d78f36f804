//! What an account may look like, and who may change what of it.

use uuid::Uuid;

use super::model::{Changes, NewUser, User};
use super::{ADMINISTER, Error, name, password};
use crate::request::Account;
use crate::subsystems::access::{self, Access};
use crate::subsystems::item::FieldError;

/// Bytes of an e-mail address (RFC 5321, 4.5.3.1.3, less the angle brackets).
const MAIL_LIMIT: usize = 254;

/// Collects what is wrong, field by field, and puts what is right into its stored form.
pub(super) struct Check<'a> {
    access: &'a Access,
    problems: Vec<FieldError>,
}

impl<'a> Check<'a> {
    pub fn new(access: &'a Access) -> Self {
        Self {
            access,
            problems: Vec::new(),
        }
    }

    /// A new account.
    pub fn new_user(mut self, user: &mut NewUser) -> Result<(), Error> {
        self.name(&mut user.name);
        self.mail(&mut user.mail);
        self.password(user.password.as_deref());
        self.timezone(user.timezone.as_deref());
        self.language(user.language.as_deref());
        self.roles(&mut user.roles);
        self.done()
    }

    /// What is to be changed of an account.
    pub fn changes(mut self, changes: &mut Changes) -> Result<(), Error> {
        if let Some(name) = &mut changes.name {
            self.name(name);
        }
        if let Some(mail) = &mut changes.mail {
            self.mail(mail);
        }
        self.password(changes.password.as_deref());
        self.timezone(changes.timezone.as_ref().and_then(|zone| zone.as_deref()));
        self.language(changes.language.as_ref().and_then(|language| language.as_deref()));
        if let Some(roles) = &mut changes.roles {
            self.roles(roles);
        }
        self.done()
    }

    fn name(&mut self, name: &mut String) {
        match name::check(name) {
            Ok(checked) => *name = checked,
            Err(problem) => self.problem("name", problem),
        }
    }

    fn mail(&mut self, mail: &mut Option<String>) {
        let Some(address) = mail.as_deref().map(str::trim).filter(|mail| !mail.is_empty()) else {
            *mail = None;
            return;
        };
        let fits = address.len() <= MAIL_LIMIT
            && !address.contains(char::is_control)
            && address.parse::<lettre::Address>().is_ok();
        if fits {
            *mail = Some(address.to_owned());
        } else {
            self.problem("mail", "This is no e-mail address.");
        }
    }

    fn password(&mut self, password: Option<&str>) {
        if let Some(problem) = password.and_then(password::problem) {
            self.problem("password", problem);
        }
    }

    fn timezone(&mut self, zone: Option<&str>) {
        if zone.is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
            self.problem("timezone", "There is no such time zone.");
        }
    }

    fn language(&mut self, language: Option<&str>) {
        let Some(language) = language else { return };
        let mut parts = language.split('-');
        let primary = parts.next().is_some_and(|part| {
            (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic())
        });
        let rest = parts
            .all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
        if !primary || !rest || language.len() > 35 {
            self.problem("language", "A language is written like 'en' or 'pt-BR'.");
        }
    }

    fn roles(&mut self, roles: &mut Vec<Uuid>) {
        roles.sort();
        roles.dedup();
        roles.retain(|role| *role != access::AUTHENTICATED);
        let given = |role: &Uuid| self.access.role(*role).is_some_and(|role| !role.is_built_in());
        if let Some(unknown) = roles.iter().find(|role| !given(role)) {
            let message = format!("There is no role {unknown} that people can be given.");
            self.problem("roles", message);
        }
    }

    fn problem(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(FieldError::new(path, message));
    }

    fn done(self) -> Result<(), Error> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.problems))
        }
    }
}

/// Whether somebody may make this account.
pub(super) fn may_create(asks: &Account, user: &NewUser) -> Result<(), Error> {
    if !asks.may(ADMINISTER) {
        return Err(Error::denied("make accounts"));
    }
    if user.is_admin && !asks.is_admin {
        return Err(Error::denied("make administrators"));
    }
    if !user.roles.is_empty() && !asks.may(access::ADMINISTER) {
        return Err(Error::denied("give roles"));
    }
    Ok(())
}

/// Whether somebody may change this of an account. People change their own name, address, password, time zone and
/// language; accounts of administrators are changed by administrators.
pub(super) fn may_change(asks: &Account, user: &User, changes: &Changes) -> Result<(), Error> {
    let own = !asks.id.is_nil() && asks.id == user.id;
    if !own && !asks.may(ADMINISTER) {
        return Err(Error::NotFound);
    }
    if !own && user.is_admin && !asks.is_admin {
        return Err(Error::denied("change the account of an administrator"));
    }
    if changes.is_admin.is_some_and(|is_admin| is_admin != user.is_admin) && !asks.is_admin {
        return Err(Error::denied("make or unmake administrators"));
    }
    if changes.roles.as_ref().is_some_and(|roles| *roles != user.roles) && !asks.may(access::ADMINISTER) {
        return Err(Error::denied("give or take roles"));
    }
    if changes.active.is_some_and(|active| active != user.active) && !asks.may(ADMINISTER) {
        return Err(Error::denied("block or unblock accounts"));
    }
    Ok(())
}
