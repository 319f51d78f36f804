//! The form in which an account is changed: by its owner, and by those who administer people.

use axum::http::header;
use uuid::Uuid;

use super::password::{LEAST, MOST};
use super::{ADMINISTER, Changes, NewUser, User, name};
use crate::request::Account;
use crate::subsystems::Session;
use crate::subsystems::access::{self, Access};
use crate::subsystems::form::{Element, Form, Handler, Outcome, State, Values};
use crate::web::Error;

/// Changing an account.
pub(super) struct Edit {
    user: User,
    own: bool,
}

impl Edit {
    pub fn of(session: &Session, user: User) -> Self {
        let own = session.request().account.id == user.id;
        Self { user, own }
    }
}

impl Handler for Edit {
    fn id(&self) -> &str {
        "user_edit"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let user = &self.user;
        let mut form = Form::new(format!("Edit {}", user.name))
            .with(name_field().default(user.name.as_str()))
            .with(mail_field().default(user.mail.clone().unwrap_or_default()));
        if self.own {
            form = form.with(
                Element::password("current", "Present password")
                    .autocomplete("current-password")
                    .help("Needed to change the e-mail address or the password."),
            );
        }
        form = form
            .with(
                password_field("New password")
                    .help("Leave empty to keep the present one. A new one ends all other sessions."),
            )
            .with(timezone_field().default(user.timezone.clone().unwrap_or_default()))
            .with(language_field().default(user.language.clone().unwrap_or_default()));
        for field in power_fields(cx, Some(user)) {
            form = form.with(field);
        }
        let actions = Element::actions()
            .with(Element::submit("save", "Save"))
            .with(Element::link("cancel", "Cancel", format!("/user/{}", user.id)));
        Ok(form.with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let services = cx.services();
        let account = &cx.request().account;
        let administers = account.may(ADMINISTER);
        let optional = |name: &str| Some(values.some_text(name).map(str::to_owned));
        let changes = Changes {
            name: Some(values.text("name").to_owned()),
            mail: optional("mail"),
            password: values.some_text("password").map(str::to_owned),
            timezone: optional("timezone"),
            language: optional("language"),
            active: (administers && !self.own).then(|| values.flag("active")),
            is_admin: account.is_admin.then(|| values.flag("is_admin")),
            roles: may_give_roles(account, &services.access).then(|| roles(&values)),
        };
        let present = values.some_text("current").map(str::to_owned);
        let changed = match services.users.update(cx, self.user.id, changes, present).await {
            Ok(changed) => changed,
            Err(error) => return error.in_form(),
        };
        let mut done =
            Outcome::redirect(format!("/user/{}", changed.user.id)).message("The changes are saved.");
        if let Some(mail) = &changed.to_confirm {
            done = done.message(&format!(
                "A link is on its way to {mail}: follow it within a day, and it is your address. Until then the one \
                 before stays."
            ));
        }
        if let Some(own) = cx
            .request()
            .session
            .as_ref()
            .filter(|_| self.own && changed.sessions_ended)
            && let Some(cookie) = services.logins.renew(own, cx.request().is_secure).await?
        {
            done = done
                .header(header::SET_COOKIE, cookie)
                .message("All your other sessions have ended.");
        }
        Ok(done)
    }
}

/// Making an account, by those who administer people.
pub(super) struct Add;

impl Handler for Add {
    fn id(&self) -> &str {
        "user_add"
    }

    async fn build(&self, cx: &Session, _: &State) -> Result<Form, Error> {
        let mut form = Form::new("Add an account")
            .with(name_field())
            .with(mail_field())
            .with(password_field("Password").help(format!(
                "At least {LEAST} characters. Without one the account can be entered once a password was set by mail."
            )));
        for field in power_fields(cx, None) {
            form = form.with(field);
        }
        let actions = Element::actions()
            .with(Element::submit("add", "Add the account"))
            .with(Element::link("cancel", "Cancel", "/admin/people"));
        Ok(form.with(actions))
    }

    async fn submit(&self, cx: &Session, values: Values, _: &mut State) -> Result<Outcome, Error> {
        let new = NewUser {
            name: values.text("name").to_owned(),
            mail: values.some_text("mail").map(str::to_owned),
            password: values.some_text("password").map(str::to_owned),
            active: values.flag("active"),
            is_admin: values.flag("is_admin"),
            roles: roles(&values),
            ..NewUser::default()
        };
        match cx.services().users.create(cx, new).await {
            Ok(user) => {
                let said = format!("The account {} is made.", user.name);
                Ok(Outcome::redirect("/admin/people").message(&said))
            }
            Err(error) => error.in_form(),
        }
    }
}

pub(super) fn name_field() -> Element {
    Element::text("name", "Name")
        .required()
        .max_length(name::LIMIT)
        .autocomplete("username")
}

pub(super) fn mail_field() -> Element {
    Element::email("mail", "E-mail address").autocomplete("email")
}

pub(super) fn password_field(label: &str) -> Element {
    Element::password("password", label)
        .new_password()
        .min_length(LEAST)
        .max_length(MOST)
}

fn timezone_field() -> Element {
    let zones = jiff::tz::db().available().map(|zone| {
        let name = zone.as_str().to_owned();
        let label = name.replace('_', " ");
        (name, label)
    });
    let mut zones: Vec<(String, String)> = zones.collect();
    zones.sort();
    Element::select("timezone", "Time zone")
        .choices([("", "The site's")])
        .choices(zones)
}

fn language_field() -> Element {
    Element::text("language", "Language")
        .max_length(35)
        .help("Like en or pt-BR; empty for the site's.")
}

/// What only those may change who administer people: each field is there for those who may use it, and an answer to one
/// that is not there is not read.
fn power_fields(cx: &Session, user: Option<&User>) -> Vec<Element> {
    let account = &cx.request().account;
    let own = user.is_some_and(|user| user.id == account.id);
    let mut fields = Vec::new();
    if account.may(ADMINISTER) && !own {
        let active = user.is_none_or(|user| user.active);
        fields.push(
            Element::checkbox("active", "May log in")
                .default(active)
                .help("Who may not is logged out everywhere at once."),
        );
    }
    let access = &cx.services().access;
    if may_give_roles(account, access) {
        let has: Vec<String> = user
            .map(|user| user.roles.iter().map(Uuid::to_string).collect())
            .unwrap_or_default();
        let choices = access
            .roles()
            .iter()
            .filter(|role| !role.is_built_in())
            .map(|role| (role.id.to_string(), role.label.clone()))
            .collect::<Vec<_>>();
        fields.push(
            Element::checkboxes("roles", "Roles")
                .choices(choices)
                .default(has),
        );
    }
    if account.is_admin {
        let is_admin = user.is_some_and(|user| user.is_admin);
        fields.push(
            Element::checkbox("is_admin", "Administrator")
                .default(is_admin)
                .help("May do everything, whatever the roles say."),
        );
    }
    fields
}

fn may_give_roles(account: &Account, access: &Access) -> bool {
    account.may(access::ADMINISTER) && access.roles().iter().any(|role| !role.is_built_in())
}

fn roles(values: &Values) -> Vec<Uuid> {
    values
        .list("roles")
        .iter()
        .filter_map(|role| Uuid::parse_str(role).ok())
        .collect()
}
