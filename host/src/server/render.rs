//! The last step of every request: pages and errors get their theme.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use minijinja::Value;
use minijinja::value::Serde;
use serde_json::json;

use super::{asking, layers};
use crate::kernel::Plain;
use crate::request::{Message, Tone};
use crate::subsystems::login;
use crate::subsystems::theme::{self, Additions, ErrorPage, Link, MenuLink, PageContext, SafeHtml};
use crate::subsystems::{Session, Site, admin, menu, tree};
use crate::taps;
use crate::web::{Error, Page};
use crate::wit::pages::PageInfo;

/// Until a site is set up there is nowhere to log in, and no other page to go to.
const INSTALL: &str = "/install";
/// The menus that a theme gets.
const MENUS: [&str; 2] = ["main", "footer"];

/// Puts the pages and errors that handlers answer into the site's theme.
pub async fn pages(State(site): State<Site>, request: Request, next: Next) -> Response {
    let is_program = asking::shows_token(request.headers()) || request.uri().path().starts_with("/api/");
    let wants_json = is_program || prefers_json(request.headers());
    let cx = request.extensions().get::<crate::subsystems::Cx>().cloned();
    let mut response = next.run(request).await;
    let Some(session) = cx else { return response };
    if let Some(page) = response.extensions_mut().remove::<Page>() {
        return with_theme(&site, &session, page, response).await;
    }
    let error = response
        .extensions_mut()
        .remove::<Arc<Error>>()
        .or_else(|| unexplained(&response).map(Arc::new));
    let Some(error) = error else { return response };
    log(&session, &error);
    let allowed = response.headers_mut().remove(header::ALLOW);
    let mut answer = if wants_json {
        problem(&session, &error)
    } else {
        let page = error_page(&site, &session, &error);
        with_theme(&site, &session, page, error.status().into_response()).await
    };
    match *error {
        Error::Busy | Error::Unavailable(_) => {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        Error::TooMany(seconds) => {
            answer
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // RFC 6750, 3, and no more than that.
        Error::Unauthorised => {
            let bearer = HeaderValue::from_static("Bearer");
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, bearer);
        }
        // RFC 9110, 15.5.6: whoever asked in the wrong way is told the right ones.
        Error::Method => {
            let allowed = allowed.unwrap_or(HeaderValue::from_static("GET, HEAD"));
            answer.headers_mut().insert(header::ALLOW, allowed);
        }
        _ => {}
    }
    answer
}

/// An error that the framework answered by itself: a body that is too large, a form that is none.
fn unexplained(response: &Response) -> Option<Error> {
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !plain {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::Method),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Error::TooLarge),
        status if status.is_client_error() => {
            Some(Error::Bad("The request could not be understood.".to_owned()))
        }
        _ => None,
    }
}

fn log(session: &Session, error: &Error) {
    let request = session.request();
    if let Some(cause) = error.cause() {
        tracing::error!(request.id = %request.id, "{} could not be answered: {cause}", request.path);
    }
}

/// RFC 9457. With the type `about:blank` the title is that of the status (4.2.1).
fn problem(session: &Session, error: &Error) -> Response {
    let status = error.status();
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_else(|| error.title()),
        "status": status.as_u16(),
        "detail": error.to_string(),
        "instance": format!("urn:uuid:{}", session.request().id),
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    let Error::Problem(problem) = error else {
        return (status, kind, body.to_string()).into_response();
    };
    if let Some(body) = body.as_object_mut() {
        body.extend(problem.members.clone());
    }
    let mut answer = (status, kind, body.to_string()).into_response();
    answer.headers_mut().extend(problem.headers.clone());
    answer
}

fn prefers_json(headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .unwrap_or_default();
    let position = |kind: &str| accepts.find(kind);
    match (
        position("application/json").or_else(|| position("application/problem+json")),
        position("text/html"),
    ) {
        (Some(json), Some(html)) => json < html,
        (Some(_), None) => true,
        _ => false,
    }
}

/// Visitors who may not see something can sign in and come back to it.
fn login_href(session: &Session, error: &Error) -> Option<String> {
    let request = session.request();
    let may_help = matches!(error, Error::Denied) && request.account.id.is_nil();
    may_help.then(|| {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&request.query)
            .finish();
        let back = if query.is_empty() {
            request.path.clone()
        } else {
            format!("{}?{query}", request.path)
        };
        login::login_href(&back)
    })
}

fn error_page(site: &Site, session: &Session, error: &Error) -> Page {
    let login_href = login_href(session, error);
    let context = ErrorPage {
        status: error.status().as_u16(),
        title: error.title().to_owned(),
        message: error.to_string(),
        hint: match error {
            Error::Denied if login_href.is_none() => {
                "Whoever runs this site decides who may see it.".to_owned()
            }
            error => error.hint().to_owned(),
        },
        request_id: session.request().id.to_string(),
        login_href,
    };
    let content = site
        .services()
        .themes
        .render_error(&session.request().theme, &context);
    let mut page = Page::new(error.title(), content.to_string());
    page.status = error.status();
    page.body_classes = vec!["error-page".to_owned()];
    page
}

async fn with_theme(site: &Site, session: &Session, mut page: Page, response: Response) -> Response {
    page.admin |= *session.request().theme == *admin::THEME;
    let additions = preprocess(session, &page).await;
    let context = context(site, session, &page);
    let status = page.status;
    let theme = if page.admin {
        admin::THEME
    } else {
        &session.request().theme
    };
    let html = site.services().themes.render_page(theme, &context, &additions);
    let (mut parts, _) = response.into_parts();
    parts.status = status;
    parts.headers.remove(header::CONTENT_TYPE);
    parts.headers.remove(header::CONTENT_LENGTH);
    let (fresh, body) = Html(html).into_response().into_parts();
    parts.headers.extend(fresh.headers);
    parts
        .headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert_with(|| layers::policy(session.request().made_nonce()));
    if !session.request().account.id.is_nil() {
        // What somebody sees who is signed in is nobody else's.
        let private = HeaderValue::from_static("private, no-cache");
        parts.headers.entry(header::CACHE_CONTROL).or_insert(private);
    }
    Response::from_parts(parts, body)
}

async fn preprocess(session: &Session, page: &Page) -> Additions {
    let mut additions = Additions::default();
    if !session.has::<taps::PreprocessPage>() {
        return additions;
    }
    let mut input = Plain(|| {
        let info = PageInfo {
            path: session.request().path.clone(),
            title: page.title.clone(),
            status: page.status.as_u16(),
            item: page.item.map(|id| id.to_string()),
        };
        (info,)
    });
    for (plugin, (variables,)) in session.collect::<taps::PreprocessPage>(&mut input).await {
        additions.add(&plugin.manifest.name, tree::variables_from(variables));
    }
    additions
}

fn context(site: &Site, session: &Session, page: &Page) -> PageContext {
    let services = site.services();
    let request = session.request();
    let table = &session.registry().noted().routes;
    let name = services.variables.site_text("site_name", "Trovato");
    let head_title = if page.is_front || page.title == name {
        name.clone()
    } else {
        format!("{} | {name}", page.title)
    };
    let menus = MENUS.map(|menu| (menu.to_owned(), links(table, menu, session)));
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
    PageContext {
        site: theme::Site {
            name,
            slogan: services.variables.site_text("site_slogan", ""),
            url: services.themes.site_url().to_owned(),
            language: request.language.to_string(),
        },
        page: theme::Page {
            title: page.title.clone(),
            head_title,
            path: request.path.clone(),
            status: page.status.as_u16(),
            is_front: page.is_front,
            language: request.language.to_string(),
            description: page.description.clone(),
            canonical: page.canonical.clone(),
            feeds: page
                .feeds
                .iter()
                .map(|feed| theme::Feed {
                    title: feed.title.clone(),
                    href: feed.href.clone(),
                })
                .collect(),
            body_classes: page.body_classes.join(" "),
            css,
            ..theme::Page::default()
        },
        content: SafeHtml::trusted(page.content.as_str()),
        messages: messages(session),
        breadcrumbs: if page.admin {
            admin_breadcrumbs(site, session, page)
        } else {
            breadcrumbs(table, session, page)
        },
        menus: menus.into_iter().collect(),
        user: viewer,
        toolbar,
        admin: shell,
        now: services.clock.clock().now().as_millis(),
        debug: services.themes.is_development(),
        csp_nonce: services.random.nonce(request).to_owned(),
        ..PageContext::default()
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

fn links(table: &menu::Table, name: &str, session: &Session) -> Vec<MenuLink> {
    let request = session.request();
    let within = |path: &str| {
        request
            .path
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let link = |link: &menu::Link| MenuLink {
        title: link.title.clone(),
        href: link.path.clone(),
        active: within(&link.path),
    };
    table.menu(name, &request.account).map(link).collect()
}

/// The way from the home page; none on the home page itself.
fn breadcrumbs(table: &menu::Table, session: &Session, page: &Page) -> Vec<Link> {
    let is_alone = page.is_front || session.request().path == INSTALL;
    if is_alone || !page.status.is_success() {
        return Vec::new();
    }
    let home = Link {
        title: "Home".to_owned(),
        href: Some("/".to_owned()),
    };
    let path = &session.request().path;
    let above = match table.resolve(path) {
        Some(_) => table.above(path),
        // An item's path lies below the pages whose paths it begins with.
        None => table.along(path),
    };
    let crumbs = above.into_iter().map(|crumb| Link {
        title: crumb.title,
        href: Some(crumb.path),
    });
    let here = Link {
        title: page.title.clone(),
        href: None,
    };
    std::iter::once(home)
        .chain(crumbs)
        .chain(std::iter::once(here))
        .collect()
}

/// The way from the dashboard; none on the dashboard itself.
fn admin_breadcrumbs(site: &Site, session: &Session, page: &Page) -> Vec<Link> {
    let path = &session.request().path;
    if !page.status.is_success() || path == admin::HOME {
        return Vec::new();
    }
    let above = site.services().admin.map().above(path);
    let crumbs = above.into_iter().map(|(href, title)| Link {
        title,
        href: Some(href),
    });
    let here = Link {
        title: page.title.clone(),
        href: None,
    };
    crumbs.chain(std::iter::once(here)).collect()
}
