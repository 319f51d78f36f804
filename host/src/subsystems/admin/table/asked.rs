//! Which rows somebody asks for, in which order.

use std::collections::BTreeMap;

use super::Table;
use crate::request::Request;
use crate::subsystems::menu;
use crate::web::Error;

/// Characters of a text that is looked for.
const TEXT_LIMIT: usize = 200;

/// Which rows somebody asks for, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The key of the column that is sorted by.
    pub sort: Option<&'static str>,
    /// Whether from its end.
    pub descending: bool,
    /// The number of the page, from 0.
    pub page: u32,
    /// Rows of a page.
    pub page_size: u32,
    filters: BTreeMap<&'static str, String>,
}

impl Asked {
    /// What a filter is set to; none where it is not.
    #[must_use]
    pub fn filter(&self, name: &str) -> Option<&str> {
        self.filters.get(name).map(String::as_str)
    }

    /// How many rows come before those asked for.
    #[must_use]
    pub fn offset(&self) -> u32 {
        self.page.saturating_mul(self.page_size)
    }

    /// Whether a filter is set.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.filters.is_empty()
    }

    /// The rows of the page asked for, where all rows are at hand.
    #[must_use]
    pub fn page_of<T>(&self, rows: Vec<T>) -> Vec<T> {
        let (skip, take) = (self.offset() as usize, self.page_size as usize);
        rows.into_iter().skip(skip).take(take).collect()
    }

    /// The address of the table with these filters, sorted in some way, without the page.
    pub(super) fn href(&self, path: &str, sort: Option<(&str, bool)>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.filters {
            query.append_pair(name, value);
        }
        if let Some((key, descending)) = sort {
            let sign = if descending { "-" } else { "" };
            query.append_pair("sort", &format!("{sign}{key}"));
        }
        let query = query.finish();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }
}

impl Table {
    /// Reads what somebody asks for. A column or choice that there is none of is left out.
    ///
    /// # Errors
    /// The page is no number, or beyond what anybody reads.
    pub fn asked(&self, request: &Request) -> Result<Asked, Error> {
        let (sort, descending) = self.sort_of(request.query("sort").unwrap_or_default());
        let filters = self.filters.iter().filter_map(|filter| {
            let value = request.query(filter.name)?.trim();
            let fits = match &filter.choices {
                Some(choices) => choices.iter().any(|(choice, _)| choice == value),
                None => !value.is_empty() && !value.contains('\0') && value.chars().count() <= TEXT_LIMIT,
            };
            fits.then(|| (filter.name, value.to_owned()))
        });
        Ok(Asked {
            sort,
            descending,
            page: menu::page_number(request)?,
            page_size: self.page_size,
            filters: filters.collect(),
        })
    }

    fn sort_of(&self, text: &str) -> (Option<&'static str>, bool) {
        let (key, descending) = match text.strip_prefix('-') {
            Some(key) => (key, true),
            None => (text, false),
        };
        let column = self
            .columns
            .iter()
            .find(|column| column.sortable && column.key == key);
        match (column, self.sort) {
            (Some(column), _) => (Some(column.key), descending),
            (None, Some((key, descending))) => (Some(key), descending),
            (None, None) => (None, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Column, Filter};
    use super::*;
    use crate::request::Account;

    fn asked(query: &[(&str, &str)]) -> Asked {
        let table = Table::new("/admin/x", "Things")
            .column(Column::new("name", "Name").sortable())
            .column(Column::new("size", "Size"))
            .filter(Filter::text("q", "Search"))
            .filter(Filter::choice("state", "State", [("on", "On")]))
            .sorted_by("name");
        let account = Account::anonymous(Arc::default());
        let mut request = Request::new(uuid::Uuid::nil(), "/admin/x", account);
        request.query = query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        table.asked(&request).unwrap()
    }

    #[test]
    fn only_what_the_table_has_is_taken_from_the_address() {
        let found = asked(&[
            ("q", " a b "),
            ("state", "off"),
            ("sort", "-size"),
            ("other", "1"),
        ]);
        assert_eq!((found.filter("q"), found.filter("state")), (Some("a b"), None));
        assert_eq!((found.sort, found.descending), (Some("name"), false));
    }

    #[test]
    fn addresses_keep_filters_and_forget_the_page() {
        let found = asked(&[("q", "a&b"), ("sort", "-name"), ("page", "3")]);
        assert_eq!((found.descending, found.page, found.offset()), (true, 3, 150));
        assert_eq!(
            found.href("/admin/x", Some(("name", true))),
            "/admin/x?q=a%26b&sort=-name"
        );
        assert_eq!(asked(&[]).href("/admin/x", None), "/admin/x");
    }
}
