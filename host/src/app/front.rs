//! What the configuration says about the front of the site, in the words of the web.

use std::time::Duration;

use axum::http::Method;

use crate::config::{Config, Counted, Proxies, RateLimits, RateRule};
use crate::kernel::suggest;
use crate::web::{By, Entrance, ProxyHeader, Rule, Rules};

/// How requests reach the site.
pub(super) fn entrance(config: &Config) -> Entrance {
    let public_url = config.public_url.as_deref().unwrap_or_default();
    Entrance {
        trusted: config
            .trusted_proxies
            .iter()
            .map(|network| network.get())
            .collect(),
        header: match config.proxy_header {
            Proxies::XForwardedFor => ProxyHeader::XForwardedFor,
            Proxies::Forwarded => ProxyHeader::Forwarded,
        },
        public_url: public_url.trim_end_matches('/').into(),
        hosts: config.allowed_hosts.clone(),
        fallback: format!("http://{}", config.listen).into(),
    }
}

/// The rules that come with the program, as the configuration changes them, and its own.
pub(super) fn rate_limits(config: &RateLimits) -> Result<Rules, String> {
    if !config.enabled {
        return Ok(Rules::default());
    }
    let mut rules = Rules::built_in();
    for (name, change) in &config.rules {
        match rules.iter_mut().find(|rule| rule.name == *name) {
            Some(rule) => apply(rule, change)?,
            None => rules.push(own(name, change, &rules)?),
        }
    }
    rules.retain(|rule| rule.limit > 0);
    Ok(Rules {
        exempt: config.exempt.clone(),
        rules,
    })
}

fn own(name: &str, change: &RateRule, known: &[Rule]) -> Result<Rule, String> {
    if change.paths.is_none() || change.limit.is_none() {
        let meant = suggest(name, known.iter().map(|rule| rule.name.as_str()));
        let hint = meant
            .map(|meant| format!("; did you mean `{meant}`?"))
            .unwrap_or_default();
        return Err(format!("the rule `{name}` needs `paths` and `limit`{hint}"));
    }
    let fits = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '-';
    if !name.chars().all(fits) {
        return Err(format!("the name of the rule `{name}` may have a-z, 0-9 and -"));
    }
    let mut rule = Rule {
        name: name.to_owned(),
        paths: Vec::new(),
        except: Vec::new(),
        methods: Vec::new(),
        limit: 0,
        window: Duration::from_secs(60),
        by: By::Address,
    };
    apply(&mut rule, change)?;
    Ok(rule)
}

fn apply(rule: &mut Rule, change: &RateRule) -> Result<(), String> {
    if let Some(paths) = &change.paths {
        if let Some(wrong) = paths.iter().find(|path| !path.starts_with(['/', '*'])) {
            return Err(format!(
                "the path `{wrong}` of the rule `{}` begins with / or *",
                rule.name
            ));
        }
        rule.paths.clone_from(paths);
        rule.except.clear();
    }
    if let Some(methods) = &change.methods {
        let method = |name: &String| {
            Method::from_bytes(name.to_ascii_uppercase().as_bytes())
                .map_err(|_| format!("`{name}` in the rule `{}` is no method", rule.name))
        };
        rule.methods = methods.iter().map(method).collect::<Result<_, _>>()?;
    }
    if let Some(limit) = change.limit {
        rule.limit = limit;
    }
    if let Some(window) = change.window_s {
        if window == 0 {
            return Err(format!(
                "the window of the rule `{}` is at least a second",
                rule.name
            ));
        }
        rule.window = Duration::from_secs(window.into());
    }
    if let Some(by) = change.by {
        rule.by = match by {
            Counted::Address => By::Address,
            Counted::Session => By::Session,
            Counted::Token => By::Token,
        };
    }
    Ok(())
}
