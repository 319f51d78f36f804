//! The way to a page.

use super::INSTALL;
use crate::subsystems::theme::Link;
use crate::subsystems::{Session, Site, admin, menu};
use crate::web::Page;

/// The way from the home page; none on the home page itself.
pub(super) fn of_site(table: &menu::Table, session: &Session, page: &Page) -> Vec<Link> {
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
pub(super) fn of_admin(site: &Site, session: &Session, page: &Page) -> Vec<Link> {
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
