//! What `pager.html` can read: the pages of a list and their addresses.

use serde::Serialize;

use super::tree::Pager;

/// A link of a pager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PagerLink {
    /// The page, from 0.
    pub page: u32,
    /// Its address.
    pub href: String,
    /// Whether it is the page that is shown.
    pub current: bool,
}

/// The variable `pager` of `pager.html`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PagerLinks {
    /// The page that is shown, from 0.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The path of the list.
    pub path: String,
    /// The first, the last and the pages around the one that is shown; there may be gaps.
    pub links: Vec<PagerLink>,
    /// The address of the first page; none on it.
    pub first: Option<String>,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
    /// The address of the last page; none on it.
    pub last: Option<String>,
}

impl From<&Pager> for PagerLinks {
    fn from(pager: &Pager) -> Self {
        let last = pager.pages.saturating_sub(1);
        let page = pager.page.min(last);
        let href = |page| page_href(&pager.path, page);
        let around = page.saturating_sub(2)..=page.saturating_add(2).min(last);
        let first = (!around.contains(&0)).then_some(0);
        let end = (!around.contains(&last)).then_some(last);
        let link = |page_number| PagerLink {
            page: page_number,
            href: href(page_number),
            current: page_number == page,
        };
        Self {
            page,
            pages: pager.pages,
            path: pager.path.clone(),
            links: first.into_iter().chain(around).chain(end).map(link).collect(),
            first: (page > 0).then(|| href(0)),
            previous: page.checked_sub(1).map(href),
            next: (page < last).then(|| href(page + 1)),
            last: (page < last).then(|| href(last)),
        }
    }
}

/// The address of a page of a list: the first has no `page` parameter, so that it has one address only.
fn page_href(path: &str, page: u32) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let others = query
        .split('&')
        .filter(|pair| !pair.is_empty() && *pair != "page" && !pair.starts_with("page="));
    let number = (page > 0).then(|| format!("page={page}"));
    let query = others
        .map(String::from)
        .chain(number)
        .collect::<Vec<_>>()
        .join("&");
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(page: u32, pages: u32, path: &str) -> PagerLinks {
        PagerLinks::from(&Pager {
            page,
            pages,
            path: path.into(),
        })
    }

    #[test]
    fn a_pager_links_to_the_ends_and_the_pages_around() {
        let pager = links(5, 20, "/blog?sort=new&page=3");
        let pages: Vec<_> = pager.links.iter().map(|link| link.page).collect();
        assert_eq!(pages, [0, 3, 4, 5, 6, 7, 19]);
        assert_eq!(pager.first.as_deref(), Some("/blog?sort=new"));
        assert_eq!(pager.previous.as_deref(), Some("/blog?sort=new&page=4"));
        assert_eq!(pager.next.as_deref(), Some("/blog?sort=new&page=6"));
        assert_eq!(pager.last.as_deref(), Some("/blog?sort=new&page=19"));
    }

    #[test]
    fn the_ends_of_a_list_lead_no_further() {
        let first = links(0, 2, "/blog");
        assert_eq!(
            (first.first, first.previous, first.next.as_deref()),
            (None, None, Some("/blog?page=1"))
        );
        let last = links(9, 2, "/blog");
        assert_eq!(
            (last.page, last.next, last.previous.as_deref()),
            (1, None, Some("/blog"))
        );
        assert_eq!(links(0, 0, "/blog").links.len(), 1);
        assert_eq!(links(u32::MAX, u32::MAX, "/").page, u32::MAX - 1);
    }
}
