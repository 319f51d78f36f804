//! A table as the theme gets it.

use serde::Serialize;

use super::parts::Bulk;
use super::{Asked, Empty, Row, Table};
use crate::subsystems::Site;
use crate::subsystems::admin::{THEME, render};
use crate::subsystems::theme::{Pager, SafeHtml};

/// The variables of `admin/table.html`.
#[derive(Serialize)]
struct Shown<'a> {
    path: &'a str,
    caption: &'a str,
    columns: Vec<Heading<'a>>,
    filters: Vec<Field<'a>>,
    /// How it is sorted, to be kept when the filters change.
    sort: String,
    is_filtered: bool,
    bulk: &'a [Bulk],
    hidden: &'a [(&'static str, String)],
    posts: bool,
    has_actions: bool,
    empty: &'a Empty,
    rows: Vec<Row>,
    total: u64,
    pager: SafeHtml,
}

#[derive(Serialize)]
struct Heading<'a> {
    title: &'a str,
    is_number: bool,
    /// The address that sorts by it; none where nobody can.
    href: Option<String>,
    /// `ascending` or `descending`, as in `aria-sort`; none where another is sorted by.
    sorted: Option<&'static str>,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    label: &'a str,
    value: &'a str,
    choices: Option<&'a [(String, String)]>,
}

impl Table {
    /// The table with the rows of the page that is asked for, out of so many in all.
    #[must_use]
    pub fn show(&self, site: &Site, asked: &Asked, rows: Vec<Row>, total: u64) -> SafeHtml {
        let has_actions = rows.iter().any(Row::has_actions);
        let shown = Shown {
            path: &self.path,
            caption: &self.caption,
            columns: self.headings(asked),
            filters: self.fields(asked),
            sort: sign(asked),
            is_filtered: asked.is_filtered(),
            bulk: &self.bulk,
            hidden: &self.hidden,
            posts: !self.hidden.is_empty(),
            has_actions,
            empty: &self.empty,
            rows,
            total,
            pager: self.pager(site, asked, total),
        };
        render(site, "admin/table.html", &shown)
    }

    fn headings(&self, asked: &Asked) -> Vec<Heading<'_>> {
        let columns = self.columns.iter().map(|column| {
            let is_sorted = asked.sort == Some(column.key);
            // A second click turns the order round.
            let turned = is_sorted && !asked.descending;
            Heading {
                title: &column.title,
                is_number: column.is_number,
                href: column
                    .sortable
                    .then(|| asked.href(&self.path, Some((column.key, turned)))),
                sorted: is_sorted.then_some(if asked.descending {
                    "descending"
                } else {
                    "ascending"
                }),
            }
        });
        columns.collect()
    }

    fn fields<'a>(&'a self, asked: &'a Asked) -> Vec<Field<'a>> {
        let fields = self.filters.iter().map(|filter| Field {
            name: filter.name,
            label: &filter.label,
            value: asked.filter(filter.name).unwrap_or_default(),
            choices: filter.choices.as_deref(),
        });
        fields.collect()
    }

    fn pager(&self, site: &Site, asked: &Asked, total: u64) -> SafeHtml {
        let pages = u32::try_from(total.div_ceil(self.page_size.into())).unwrap_or(u32::MAX);
        if pages < 2 {
            return SafeHtml::default();
        }
        let sort = asked.sort.map(|key| (key, asked.descending));
        let pager = Pager {
            page: asked.page,
            pages,
            path: asked.href(&self.path, sort),
        };
        site.services().themes.render_pager(THEME, &pager)
    }
}

fn sign(asked: &Asked) -> String {
    match asked.sort {
        Some(key) if asked.descending => format!("-{key}"),
        Some(key) => key.to_owned(),
        None => String::new(),
    }
}
