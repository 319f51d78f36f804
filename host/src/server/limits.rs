//! Who asks too often is told so, before anything is done for them.
//!
//! The counted answers say where they stand, in the fields of the IETF draft `ratelimit-headers` (revision 11).

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::layers::Refused;
use crate::request::{self, SignInState};
use crate::subsystems::counter::Decision;
use crate::subsystems::{Cx, Site, login};
use crate::web::{By, Error, Overrun, Rule};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STATE: HeaderName = HeaderName::from_static("ratelimit");

/// Counts what a request does under each rule that it falls under.
pub async fn limit(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let services = site.services();
    let path = percent_encoding::percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let rules = services.rate_limits.of(request.method(), &path);
    let cx = request.extensions().get::<Cx>().cloned();
    let (Some(cx), false) = (cx, rules.is_empty()) else {
        return next.run(request).await;
    };
    let mut standing = Vec::with_capacity(rules.len());
    for rule in rules {
        let key = key(rule, cx.request());
        let decision = services.counters.hit(&key, rule.window, rule.limit).await;
        standing.push((rule, decision));
        if !decision.allowed {
            break;
        }
    }
    if let Some((_, refused)) = standing.iter().find(|(_, decision)| !decision.allowed) {
        let wait = seconds(refused.retry_after);
        // That page has more to say to somebody who can't get in, and does no more for them than say it.
        if request.uri().path() == login::PAGE {
            request.extensions_mut().insert(Overrun(wait));
        } else {
            request
                .extensions_mut()
                .insert(Refused::new(Error::TooMany(wait)));
        }
    }
    let mut response = next.run(request).await;
    tell(&mut response, &standing);
    response
}

/// What is counted under a rule. Nobody is counted by what they can make up anew each time: a visitor's cookie says
/// nothing, so visitors are counted by their address.
fn key(rule: &Rule, request: &request::Request) -> String {
    let who = match rule.by {
        By::Token => request.token.map(|token| format!("token:{}", token.simple())),
        By::Session => (request.session.as_ref())
            .filter(|session| session.state != SignInState::Pending)
            .map(|session| format!("session:{}", session.id.simple())),
        By::Address => None,
    };
    let who = who.unwrap_or_else(|| format!("from:{}", network(request.address)));
    format!("rate:{}:{who}", rule.name)
}

/// IPv6 clients have a network of 64 bits to themselves, from which they may choose (RFC 6177, 2).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

fn tell(response: &mut Response, standing: &[(&Rule, Decision)]) {
    let list = |part: &dyn Fn(&Rule, &Decision) -> String| -> String {
        let parts: Vec<String> = standing
            .iter()
            .map(|(rule, decision)| format!("\"{}\"{}", rule.name, part(rule, decision)))
            .collect();
        parts.join(", ")
    };
    let policy = list(&|rule, _| format!(";q={};w={}", rule.limit, rule.window.as_secs()));
    let state = list(&|_, decision| format!(";r={};t={}", decision.remaining, seconds(decision.retry_after)));
    for (name, value) in [(POLICY, policy), (STATE, state)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// Whole seconds, rounded up: who comes back then is not too early.
fn seconds(time: Duration) -> u64 {
    time.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_network_are_one_client() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
    }

    #[test]
    fn who_waits_as_long_as_told_is_not_too_early() {
        assert_eq!(seconds(Duration::from_millis(1)), 1);
        assert_eq!(seconds(Duration::from_millis(1001)), 2);
        assert_eq!(seconds(Duration::from_secs(60)), 60);
    }
}
