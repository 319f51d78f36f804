//! Plugins' pages, answered.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, CONTROLS};

use super::table::Found;
use crate::kernel::{Failure, Plain, Tap};
use crate::request::Request;
use crate::subsystems::theme::SafeHtml;
use crate::subsystems::{Session, Site, admin, feed, form, item, theme, tree};
use crate::taps;
use crate::web::{Error, Feed, Page};
use crate::wit::pages::{self, PageAnswer, PageRequest};
use crate::wit::types::{self, NamedText};

/// What is escaped in the path of a URL (RFC 3986, 3.3), slashes kept; a backslash, which browsers take for one,
/// is not.
pub const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

/// Pages of a listing: further ones cost more than anybody reads.
const PAGES: u32 = 10_000;

/// The number of the page of a listing that is asked for, from 0.
///
/// # Errors
/// It is no number.
pub fn page_number(request: &Request) -> Result<u32, Error> {
    let wrong = || Error::Bad("The page of a list is a number from 0.".to_owned());
    let page = request
        .query("page")
        .map_or(Ok(0), |page| page.parse::<u32>().map_err(|_| wrong()))?;
    if page < PAGES {
        Ok(page)
    } else {
        Err(Error::NotFound)
    }
}

/// Asks the plugin behind a route.
///
/// # Errors
/// What the plugin says, or that it failed.
pub async fn answer(
    site: &Site,
    session: &Session,
    asked: &HeaderMap,
    path: &str,
    found: Found<'_>,
) -> Result<Response, Error> {
    answer_with(site, session, asked, path, found, Taken::default()).await
}

/// Takes a form that a page of a plugin shows; where it is shown again, the whole page is.
///
/// # Errors
/// [`Error::Method`] if the page's address names none of its forms; what the form and the page say.
pub async fn take(
    site: &Site,
    session: &Session,
    asked: &HeaderMap,
    path: &str,
    found: Found<'_>,
    submission: form::Submission,
) -> Result<Response, Error> {
    if !session.request().account.may(&found.route.permission) {
        return Err(Error::Denied);
    }
    let name = session
        .request()
        .query(form::FORM)
        .ok_or(Error::Method)?
        .to_owned();
    let plugin = session.registry().get(found.plugin).ok_or(Error::NotFound)?;
    if !plugin.answers(taps::FormBuild::SLOT) {
        return Err(Error::Method);
    }
    let handler = form::PluginForm::new(plugin.clone(), &name, &session.request().path);
    match form::answer_within(session, &handler, submission).await? {
        form::Answered::Response(response) => Ok(response),
        form::Answered::Form { html, status, .. } => {
            let taken = Taken {
                form: Some((name, html)),
                status,
            };
            answer_with(site, session, asked, path, found, taken).await
        }
    }
}

/// A form of the page that was sent and is shown again, and the status of the page.
#[derive(Default)]
struct Taken {
    form: Option<(String, SafeHtml)>,
    status: StatusCode,
}

async fn answer_with(
    site: &Site,
    session: &Session,
    asked: &HeaderMap,
    path: &str,
    found: Found<'_>,
    taken: Taken,
) -> Result<Response, Error> {
    let request = session.request();
    if !request.account.may(&found.route.permission) {
        return Err(Error::Denied);
    }
    page_number(request)?;
    let plugin = session.registry().get(found.plugin).ok_or(Error::NotFound)?;
    let named = |pairs: &[(String, String)]| {
        pairs
            .iter()
            .map(|(name, value)| NamedText {
                name: name.clone(),
                value: value.clone(),
            })
            .collect()
    };
    let mut input = Plain(|| {
        let request = PageRequest {
            route: found.route.name.clone(),
            path: path.to_owned(),
            parameters: named(&found.parameters),
            query: named(&request.query),
        };
        (request,)
    });
    let answer = match session.call::<taps::Page>(plugin, &mut input).await {
        Ok((answer,)) => answer,
        // The failure itself has been logged with its cause.
        Err(Failure::Suspended) => {
            return Err(Error::Unavailable(format!(
                "plugin '{}' is suspended",
                found.plugin
            )));
        }
        Err(_) => return Err(Error::internal(format!("plugin '{}' failed", found.plugin))),
    };
    match answer.map_err(error_from)? {
        PageAnswer::Page(page) => show(site, session, &found, page, taken).await,
        PageAnswer::Feed(feed) => show_feed(site, session, asked, path, feed).await,
        PageAnswer::Redirect(redirect) => Ok(to_redirect(&redirect)),
    }
}

async fn show(
    site: &Site,
    session: &Session,
    found: &Found<'_>,
    page: pages::Page,
    taken: Taken,
) -> Result<Response, Error> {
    let mut body = tree::tree_from(page.body, found.plugin);
    let forms = embed_forms(session, found.plugin, &mut body, taken.form).await;
    let has_forms = !forms.is_empty();
    let content = site
        .services()
        .items
        .render_tree_with(session, body, forms)
        .await?;
    let title = page.title.unwrap_or_else(|| found.route.title.clone());
    let mut answer = Page::new(title, content);
    answer.status = taken.status;
    let path = &session.request().path;
    answer.canonical = Some(match page_number(session.request())? {
        0 => path.clone(),
        page => format!("{path}?page={page}"),
    });
    let in_admin_menu = found
        .route
        .link
        .as_ref()
        .is_some_and(|link| link.menu == admin::MENU);
    answer.admin = in_admin_menu && session.request().account.may(admin::ENTER);
    answer.suggestions = found
        .route
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    answer.feeds = feeds_of(session, &found.route.path);
    let response = answer.into_response();
    Ok(if has_forms {
        form::keep_private(response)
    } else {
        response
    })
}

/// Forms that a page may show.
const FORMS: usize = 8;

/// Puts the plugin's forms where its page wants them: an embed of the kind `form` becomes a place that the host fills.
/// A form that can't be built is left out, and the page comes without it.
async fn embed_forms(
    session: &Session,
    plugin: &str,
    body: &mut theme::Tree,
    mut taken: Option<(String, SafeHtml)>,
) -> Vec<(String, SafeHtml)> {
    let mut forms: Vec<(String, SafeHtml)> = Vec::new();
    for node in &mut body.nodes {
        let theme::NodeKind::Other(embed) = &node.kind else {
            continue;
        };
        let Some(name) = form_name(embed) else { continue };
        let place = format!("form:{name}");
        if forms.len() >= FORMS || forms.iter().any(|(known, _)| *known == place) {
            continue;
        }
        let html = match taken.take_if(|(sent, _)| *sent == name) {
            Some((_, html)) => Some(html),
            None => build_form(session, plugin, &name).await,
        };
        if let Some(html) = html {
            node.kind = theme::NodeKind::Field(place.clone());
            forms.push((place, html));
        }
    }
    forms
}

async fn build_form(session: &Session, plugin: &str, name: &str) -> Option<SafeHtml> {
    let plugin = session
        .registry()
        .get(plugin)
        .filter(|plugin| plugin.answers(taps::FormBuild::SLOT))?;
    let handler = form::PluginForm::new(plugin.clone(), name, &session.request().path);
    match form::embed(session, &handler).await {
        Ok(html) => Some(html),
        Err(error) => {
            let cause = error.cause().map_or_else(|| error.to_string(), str::to_owned);
            tracing::warn!(
                plugin.name = plugin.manifest.name,
                request.id = %session.request().id,
                "the form '{name}' of plugin '{}' is left out: {cause}",
                plugin.manifest.name
            );
            None
        }
    }
}

fn form_name(embed: &theme::OtherEmbed) -> Option<String> {
    if embed.kind != "form" {
        return None;
    }
    embed.settings.iter().find_map(|setting| match &setting.value {
        theme::TemplateValue::Text(name) if setting.name == "form" => Some(name.clone()),
        _ => None,
    })
}

/// The feeds right below a page.
fn feeds_of(session: &Session, path: &str) -> Vec<Feed> {
    let own = format!("{path}/feed.xml");
    let routes = &session.registry().noted().routes;
    let found = routes.resolve(&own).filter(|found| found.route.path == own);
    found
        .map(|found| feed::of_route(&found.route.title, &own))
        .unwrap_or_default()
}

async fn show_feed(
    site: &Site,
    session: &Session,
    asked: &HeaderMap,
    path: &str,
    feed: pages::Feed,
) -> Result<Response, Error> {
    let ids: Vec<_> = feed
        .items
        .iter()
        .filter_map(|id| item::parse_id(id).ok())
        .take(100)
        .collect();
    let wanted = session.request().query(feed::FORM);
    let form = match wanted.map(feed::Form::of) {
        None => feed::Form::Atom,
        Some(form) => form.ok_or(Error::NotFound)?,
    };
    let own = match form {
        feed::Form::Atom => encoded(path),
        form => format!("{}?{}={}", encoded(path), feed::FORM, form.name()),
    };
    let listed = feed::Listed {
        title: feed.title,
        subtitle: feed.subtitle,
        path: feed.path,
        own,
        items: site.services().items.find_many(session, &ids).await?,
    };
    feed::answer(site, session, asked, form, listed).await
}

/// A path as it stands in an address.
#[must_use]
pub fn encoded(path: &str) -> String {
    percent_encoding::utf8_percent_encode(path, PATH).to_string()
}

fn to_redirect(redirect: &pages::Redirect) -> Response {
    let status = if redirect.permanent {
        StatusCode::PERMANENT_REDIRECT
    } else {
        StatusCode::TEMPORARY_REDIRECT
    };
    let path = format!("/{}", redirect.path.trim_start_matches(['/', '\\']));
    let encoded = percent_encoding::utf8_percent_encode(&path, CONTROLS).to_string();
    (status, [(header::LOCATION, encoded)]).into_response()
}

fn error_from(error: types::Error) -> Error {
    match error {
        types::Error::NotFound => Error::NotFound,
        types::Error::Denied(_) => Error::Denied,
        types::Error::Invalid(_) | types::Error::Limit(_) => Error::Bad(error.in_words()),
        types::Error::Conflict(reason) | types::Error::Other(reason) => Error::internal(reason),
        types::Error::Unavailable(reason) => Error::Unavailable(reason),
    }
}
