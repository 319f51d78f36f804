//! The table of plugins' routes.

use std::collections::BTreeMap;

use crate::request::Account;
use crate::subsystems::alias::RESERVED;
use crate::wit::declarations::Route;

/// Breadcrumbs above a page; a circle of parents ends here.
const CRUMBS: usize = 10;

/// Why a plugin's route can't be taken up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another plugin has declared the same path.
    #[error("Plugin '{plugin}' declares the path {path}, which plugin '{other}' has declared already")]
    Duplicate {
        /// The plugin.
        plugin: String,
        /// The path.
        path: String,
        /// The plugin that has it.
        other: String,
    },
    /// The path is the host's.
    #[error("Plugin '{plugin}' declares the path {path}, which belongs to the site itself")]
    Reserved {
        /// The plugin.
        plugin: String,
        /// The path.
        path: String,
    },
    /// The path is no pattern.
    #[error("Plugin '{plugin}' declares the path {path}: {reason}")]
    Pattern {
        /// The plugin.
        plugin: String,
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A link of a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its text.
    pub title: String,
    /// Its target.
    pub path: String,
    permission: String,
    /// Lower comes first.
    pub weight: i32,
}

/// A step from the home page to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its text.
    pub title: String,
    /// Its target.
    pub path: String,
}

/// A route that a path leads to.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The plugin that answers.
    pub plugin: &'a str,
    /// What it declared.
    pub route: &'a Route,
    /// The values of the `{name}` segments.
    pub parameters: Vec<(String, String)>,
}

/// Routes by path, links by menu.
#[derive(Default)]
pub struct Table {
    paths: matchit::Router<usize>,
    routes: Vec<(String, Route)>,
    menus: BTreeMap<String, Vec<Link>>,
}

impl Table {
    /// Takes up a route of a plugin.
    ///
    /// # Errors
    /// The path is taken, reserved, or no path.
    pub fn add(&mut self, plugin: &str, route: Route) -> Result<(), Error> {
        let path = route.path.clone();
        let pattern = |reason: &str| {
            Err(Error::Pattern {
                plugin: plugin.to_owned(),
                path: path.clone(),
                reason: reason.to_owned(),
            })
        };
        if !path.starts_with('/') || path.len() < 2 || path.ends_with('/') || path.contains("{*") {
            return pattern(
                "a path begins with /, does not end with one, and each {name} stands for one segment",
            );
        }
        let first = path.split('/').nth(1).unwrap_or_default();
        if RESERVED.contains(&first) || first.starts_with('{') {
            return Err(Error::Reserved {
                plugin: plugin.to_owned(),
                path,
            });
        }
        match self.paths.insert(path.clone(), self.routes.len()) {
            Ok(()) => {}
            Err(matchit::InsertError::Conflict { with }) => {
                let other = self.routes.iter().find(|(_, route)| route.path == with);
                let other = other
                    .map_or("another plugin", |(plugin, _)| plugin.as_str())
                    .to_owned();
                return Err(Error::Duplicate {
                    plugin: plugin.to_owned(),
                    path,
                    other,
                });
            }
            Err(error) => return pattern(&error.to_string()),
        }
        if let Some(link) = &route.link {
            let links = self.menus.entry(link.menu.clone()).or_default();
            links.push(Link {
                title: route.title.clone(),
                path,
                permission: route.permission.clone(),
                weight: link.weight,
            });
            links.sort_by(|a, b| (a.weight, &a.title).cmp(&(b.weight, &b.title)));
        }
        self.routes.push((plugin.to_owned(), route));
        Ok(())
    }

    /// The route that a path leads to.
    #[must_use]
    pub fn resolve(&self, path: &str) -> Option<Found<'_>> {
        let found = self.paths.at(path).ok()?;
        let (plugin, route) = self.routes.get(*found.value)?;
        let parameters = found
            .params
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Found {
            plugin,
            route,
            parameters,
        })
    }

    /// The links of a menu that somebody may follow.
    pub fn menu<'a>(&'a self, name: &str, account: &'a Account) -> impl Iterator<Item = &'a Link> {
        self.menus
            .get(name)
            .into_iter()
            .flatten()
            .filter(|link| account.may(&link.permission))
    }

    /// The links of all menus, each with the name of its menu.
    pub fn links(&self) -> impl Iterator<Item = (&str, &Link)> {
        let menus = self.menus.iter();
        menus.flat_map(|(menu, links)| links.iter().map(|link| (menu.as_str(), link)))
    }

    /// The paths that a plugin declares.
    #[must_use]
    pub fn paths_of(&self, plugin: &str) -> Vec<String> {
        let own = self.routes.iter().filter(|(owner, _)| owner == plugin);
        own.map(|(_, route)| route.path.clone()).collect()
    }

    /// The pages above a path, from the one below the home page down to its parent.
    #[must_use]
    pub fn above(&self, path: &str) -> Vec<Crumb> {
        let mut crumbs = Vec::new();
        let mut parent = self.resolve(path).and_then(|found| found.route.parent.clone());
        while let Some(path) = parent.filter(|_| crumbs.len() < CRUMBS) {
            let Some(found) = self.resolve(&path) else { break };
            parent = found.route.parent.clone();
            crumbs.push(Crumb {
                title: found.route.title.clone(),
                path,
            });
        }
        crumbs.reverse();
        crumbs
    }
}

impl Table {
    /// The pages whose paths a path begins with, from the shortest on.
    #[must_use]
    pub fn along(&self, path: &str) -> Vec<Crumb> {
        let ends = path.match_indices('/').map(|(end, _)| end).filter(|end| *end > 0);
        ends.filter_map(|end| {
            let path = path.get(..end)?;
            let found = self.resolve(path).filter(|found| found.parameters.is_empty())?;
            Some(Crumb {
                title: found.route.title.clone(),
                path: path.to_owned(),
            })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str, parent: Option<&str>) -> Route {
        Route {
            name: path.to_owned(),
            path: path.to_owned(),
            title: path.trim_start_matches('/').to_owned(),
            parent: parent.map(str::to_owned),
            permission: "access content".to_owned(),
            link: None,
        }
    }

    #[test]
    fn exact_paths_win_over_patterns_and_parameters_are_named() {
        let mut table = Table::default();
        table.add("blog", route("/blog/{id}", None)).unwrap();
        table.add("blog", route("/blog/new", None)).unwrap();
        let found = table.resolve("/blog/123").unwrap();
        assert_eq!(found.parameters, [("id".to_owned(), "123".to_owned())]);
        assert_eq!(table.resolve("/blog/new").unwrap().route.path, "/blog/new");
        assert!(table.resolve("/blog/1/2").is_none());
    }

    #[test]
    fn a_path_that_two_plugins_declare_is_refused_with_both_names() {
        let mut table = Table::default();
        table.add("blog", route("/blog", None)).unwrap();
        let error = table.add("news", route("/blog", None)).unwrap_err().to_string();
        assert_eq!(
            error,
            "Plugin 'news' declares the path /blog, which plugin 'blog' has declared already"
        );
    }

    #[test]
    fn the_sites_own_paths_can_not_be_declared() {
        let mut table = Table::default();
        for path in ["/item/x", "/admin", "/{anything}"] {
            assert!(
                matches!(table.add("p", route(path, None)), Err(Error::Reserved { .. })),
                "{path}"
            );
        }
    }

    #[test]
    fn breadcrumbs_walk_up_the_parents_and_survive_a_circle() {
        let mut table = Table::default();
        table.add("p", route("/a", None)).unwrap();
        table.add("p", route("/a/b", Some("/a"))).unwrap();
        table.add("p", route("/a/b/{c}", Some("/a/b"))).unwrap();
        let titles: Vec<_> = table
            .above("/a/b/1")
            .into_iter()
            .map(|crumb| crumb.title)
            .collect();
        assert_eq!(titles, ["a", "a/b"]);
        table.add("p", route("/x", Some("/y"))).unwrap();
        table.add("p", route("/y", Some("/x"))).unwrap();
        assert_eq!(table.above("/x").len(), CRUMBS);
    }
}
