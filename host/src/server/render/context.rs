//! What a theme gets to make a page of.

use minijinja::Value;
use minijinja::value::Serde;

use super::{INSTALL, crumbs};
use crate::request::{Message, Tone};
use crate::subsystems::theme::{self, PageContext, SafeHtml};
use crate::subsystems::{Session, Site, admin, login, menu};
use crate::web::{self, Page};

pub(super) async fn of(site: &Site, session: &Session, page: &Page) -> PageContext {
    let services = site.services();
    // Pages of the administration show none.
    let menus = if page.admin {
        menu::Shown::new()
    } else {
        services.menus.shown(session).await
    };
    let request = session.request();
    let table = &session.registry().noted().routes;
    let name = services.variables.site_text("site_name", "Trovato");
    let viewer = viewer(session, page);
    let log_out = viewer.log_out.clone().unwrap_or_default();
    let shell = services.admin.shell(request, table, &page.actions, log_out);
    let mut css = Vec::new();
    let (toolbar, shell) = match shell {
        Some(shell) if page.admin => (SafeHtml::default(), Value::from(Serde(shell))),
        Some(shell) => {
            css.extend(services.themes.asset(admin::THEME, "css/toolbar.css"));
            (admin::render(site, "toolbar.html", &shell), Value::UNDEFINED)
        }
        None => Default::default(),
    };
    let said = theme::Page {
        css,
        ..in_words(session, page, &name)
    };
    PageContext {
        site: theme::Site {
            name,
            slogan: services.variables.site_text("site_slogan", ""),
            url: services.themes.site_url().to_owned(),
            language: request.language.to_string(),
        },
        page: said,
        content: SafeHtml::trusted(page.content.as_str()),
        messages: messages(session),
        breadcrumbs: if page.admin {
            crumbs::of_admin(site, session, page)
        } else {
            crumbs::of_site(table, session, page)
        },
        menus,
        user: viewer,
        toolbar,
        admin: shell,
        now: services.clock.clock().now().as_millis(),
        debug: services.themes.is_development(),
        csp_nonce: services.random.nonce(request).to_owned(),
        ..PageContext::default()
    }
}

/// What is said of a page of a site of that name.
fn in_words(session: &Session, page: &Page, site: &str) -> theme::Page {
    let request = session.request();
    let head_title = if page.is_front || page.title == site {
        site.to_owned()
    } else {
        format!("{} | {site}", page.title)
    };
    let feed = |feed: &web::Feed| theme::Feed {
        title: feed.title.clone(),
        href: feed.href.clone(),
        kind: feed.kind,
    };
    theme::Page {
        title: page.title.clone(),
        head_title,
        path: request.path.clone(),
        status: page.status.as_u16(),
        is_front: page.is_front,
        language: request.language.to_string(),
        description: page.description.clone(),
        feeds: page.feeds.iter().map(feed).collect(),
        body_classes: page.body_classes.join(" "),
        ..theme::Page::default()
    }
}

/// Whoever looks at a page. Visitors come back to it from logging in, unless there is nothing to come back to; the
/// paths of accounts may be secrets.
fn viewer(session: &Session, page: &Page) -> theme::User {
    let request = session.request();
    let account = &request.account;
    let is_anonymous = account.id.is_nil();
    let comes_back = page.status.is_success() && !request.path.starts_with("/user/");
    let log_out = || {
        let told = |error| tracing::warn!("a page has no button to log out: {error}");
        login::log_out(session).map_err(told).ok()
    };
    theme::User {
        id: account.id.to_string(),
        name: account.name.to_string(),
        is_anonymous,
        href: (!is_anonymous).then(|| format!("/user/{}", account.id)),
        log_in: (is_anonymous && request.path != INSTALL)
            .then(|| login::login_href(if comes_back { &request.path } else { "/" })),
        log_out: if is_anonymous { None } else { log_out() },
    }
}

/// What there is to say, with a word for editors where a part of the page is missing.
fn messages(session: &Session) -> Vec<theme::Message> {
    let request = session.request();
    let mut messages = request.messages.take();
    if request.account.may(admin::ENTER) {
        messages.extend(session.left_out().iter().map(|plugin| {
            let text = format!(
                "A part of this page is missing: the plugin '{plugin}' failed. Its page in the administration says why."
            );
            Message::new(Tone::Warning, &text)
        }));
    }
    let message = |message: Message| theme::Message {
        kind: message.tone.name().to_owned(),
        text: message.text,
    };
    messages.into_iter().map(message).collect()
}
