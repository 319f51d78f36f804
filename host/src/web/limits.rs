//! The rules of how often whoever asks may do what: which of them a request falls under.

use std::time::Duration;

use axum::http::Method;

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The client's address.
    Address,
    /// The session of whoever is signed in, else the address.
    Session,
    /// The token that the request carries, else the address.
    Token,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// The paths that it is for; `*` stands for any characters.
    pub paths: Vec<String>,
    /// The paths among these that it is not for.
    pub except: Vec<String>,
    /// The methods that it is for; all if there are none.
    pub methods: Vec<Method>,
    /// How often.
    pub limit: u32,
    /// In which time.
    pub window: Duration,
    /// Who.
    pub by: By,
}

/// The mark of a request that is one too many, of which the page itself says so: it does nothing else. With the seconds
/// after which there is room again.
#[derive(Clone, Copy, Debug)]
pub struct Overrun(pub u64);

/// All rules.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Paths without limits.
    pub exempt: Vec<String>,
    /// What is limited.
    pub rules: Vec<Rule>,
}

const MINUTE: Duration = Duration::from_secs(60);

impl Rules {
    /// What is limited where nothing else is said.
    #[must_use]
    pub fn built_in() -> Vec<Rule> {
        let rule = |name: &str, paths: &[&str], methods: &[Method], limit, by| Rule {
            name: name.to_owned(),
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            except: Vec::new(),
            methods: methods.to_vec(),
            limit,
            window: MINUTE,
            by,
        };
        vec![
            rule("login", &["/user/login*"], &[Method::POST], 5, By::Address),
            rule(
                "password-reset",
                &["/user/password-reset*"],
                &[Method::POST],
                5,
                By::Address,
            ),
            Rule {
                // Programs send no forms; they are counted by their own rules.
                except: vec!["/api/*".to_owned(), "/oauth/*".to_owned()],
                ..rule("forms", &["*"], &[Method::POST], 30, By::Session)
            },
            rule("search", &["/search*"], &[Method::GET], 20, By::Session),
            rule("api", &["/api/*"], &[], 100, By::Token),
            // Tokens that are made up are many; who makes them up is one.
            rule("api-address", &["/api/*", "/oauth/*"], &[], 600, By::Address),
            rule(
                "uploads",
                &["/file/upload*"],
                &[Method::POST, Method::PUT],
                20,
                By::Session,
            ),
        ]
    }

    /// The rules that a request falls under.
    #[must_use]
    pub fn of(&self, method: &Method, path: &str) -> Vec<&Rule> {
        let applies = |rule: &&Rule| {
            (rule.methods.is_empty() || rule.methods.contains(method))
                && rule.paths.iter().any(|pattern| fits(pattern, path))
                && !rule.except.iter().any(|pattern| fits(pattern, path))
        };
        let mut rules: Vec<&Rule> = self.rules.iter().filter(applies).collect();
        // Only who falls under a rule pays for the exceptions.
        if !rules.is_empty() && self.exempt.iter().any(|pattern| fits(pattern, path)) {
            rules.clear();
        }
        rules
    }
}

/// Whether a path fits a pattern, in which `*` stands for any characters.
fn fits(pattern: &str, path: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let Some(mut left) = path.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else {
            return false;
        };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, path) in [
            ("*", "/"),
            ("/a", "/a"),
            ("/a/*", "/a/b/c"),
            ("/*/edit", "/item/7/edit"),
            ("/a*b*c", "/abxbc"),
        ] {
            assert!(fits(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/a", "/a/"),
            ("/a/*", "/a"),
            ("/*/edit", "/item/7/editor"),
            ("/a*b*c", "/acb"),
        ] {
            assert!(!fits(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn a_request_falls_under_every_rule_that_fits_unless_its_path_is_exempt() {
        let mut rules = Rules {
            exempt: Vec::new(),
            rules: Rules::built_in(),
        };
        let names = |rules: &Rules, method: Method, path: &str| -> Vec<String> {
            rules
                .of(&method, path)
                .iter()
                .map(|rule| rule.name.clone())
                .collect()
        };
        assert_eq!(names(&rules, Method::POST, "/user/login"), ["login", "forms"]);
        assert_eq!(names(&rules, Method::GET, "/user/login"), [""; 0]);
        assert_eq!(names(&rules, Method::GET, "/theme/trovato/css/base.css"), [""; 0]);
        assert_eq!(names(&rules, Method::GET, "/api/items"), ["api", "api-address"]);
        assert_eq!(names(&rules, Method::POST, "/api/items"), ["api", "api-address"]);
        rules.exempt.push("/api/hooks/*".to_owned());
        assert_eq!(names(&rules, Method::GET, "/api/hooks/a"), [""; 0]);
    }
}
