//! How requests reach the site: from which address, over HTTPS or not, under which name.
//!
//! What a client says of itself is believed only where a proxy that the configuration names has said it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use ipnet::IpNet;

/// The header in which proxies name the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`, with `X-Forwarded-Proto`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// What is known about the way to the site.
#[derive(Clone, Debug, Default)]
pub struct Entrance {
    /// The proxies in front of the site.
    pub trusted: Vec<IpNet>,
    /// Where they name the client.
    pub header: ProxyHeader,
    /// The address under which visitors reach the site, without a slash at its end; empty where it is not known.
    pub public_url: Arc<str>,
    /// The names under which the site may be asked for while `public_url` is not known.
    pub hosts: Vec<String>,
    /// What absolute links begin with if a request names another host.
    pub fallback: Arc<str>,
}

/// A request, as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The client.
    pub address: IpAddr,
    /// Whether the client speaks HTTPS.
    pub is_secure: bool,
    /// What absolute links begin with. Never a name that only the client has brought up.
    pub origin: Arc<str>,
    /// Whether the name of the host could be one.
    pub is_readable: bool,
}

impl Entrance {
    /// Reads where a request comes from. `peer` is the other end of the connection.
    #[must_use]
    pub fn arrival(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Arrival {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.to_canonical());
        let (address, proxied_secure) = if self.trusts(peer) {
            self.behind_proxies(peer, headers)
        } else {
            (peer, None)
        };
        let is_secure = proxied_secure.unwrap_or_else(|| self.public_url.starts_with("https://"));
        let host = headers.get(header::HOST).map(|host| host.to_str().unwrap_or(""));
        // Whoever names two hosts hopes that each is believed by somebody (RFC 9112, 3.2).
        let is_one = headers.get_all(header::HOST).iter().count() <= 1;
        Arrival {
            address,
            is_secure,
            origin: self.origin(host, is_secure),
            is_readable: is_one && host.is_none_or(is_host),
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Goes back from proxy to proxy: each is believed what it says about its own client, and no more.
    fn behind_proxies(&self, peer: IpAddr, headers: &HeaderMap) -> (IpAddr, Option<bool>) {
        let mut address = peer;
        let mut is_secure = None;
        let hops = match self.header {
            ProxyHeader::XForwardedFor => forwarded_for(headers),
            ProxyHeader::Forwarded => forwarded(headers),
        };
        for hop in hops {
            if !self.trusts(address) {
                break;
            }
            is_secure = hop.is_secure.or(is_secure);
            let Some(client) = hop.address else { break };
            address = client;
        }
        (address, is_secure)
    }

    fn origin(&self, host: Option<&str>, is_secure: bool) -> Arc<str> {
        if !self.public_url.is_empty() {
            return self.public_url.clone();
        }
        let scheme = if is_secure { "https" } else { "http" };
        match host {
            Some(host) if is_host(host) && self.allows(name_of(host)) => {
                Arc::from(format!("{scheme}://{host}"))
            }
            _ => self.fallback.clone(),
        }
    }

    fn allows(&self, name: &str) -> bool {
        let local = ["localhost", "127.0.0.1", "[::1]"];
        local.contains(&name) || self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name))
    }
}

/// What one proxy says about its client.
#[derive(Debug, Default)]
struct Hop {
    address: Option<IpAddr>,
    is_secure: Option<bool>,
}

/// The hops of `X-Forwarded-For`, the nearest first. Its neighbour has no list: it speaks of the nearest.
fn forwarded_for(headers: &HeaderMap) -> Vec<Hop> {
    let mut is_secure = last(headers, "x-forwarded-proto").map(|scheme| scheme.eq_ignore_ascii_case("https"));
    list(headers, "x-forwarded-for")
        .rev()
        .map(|client| Hop {
            address: address(client),
            is_secure: is_secure.take(),
        })
        .collect()
}

/// The hops of `Forwarded` (RFC 7239, 4), the nearest first.
fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    list(headers, "forwarded").rev().map(hop).collect()
}

fn hop(element: &str) -> Hop {
    let mut hop = Hop::default();
    for (name, value) in element.split(';').filter_map(|pair| pair.split_once('=')) {
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "for" => hop.address = address(value),
            "proto" => hop.is_secure = Some(value.eq_ignore_ascii_case("https")),
            _ => {}
        }
    }
    hop
}

/// The members of a list header, which may be spread over several lines.
fn list<'a>(headers: &'a HeaderMap, name: &'static str) -> std::vec::IntoIter<&'a str> {
    let members: Vec<&str> = headers
        .get_all(name)
        .iter()
        // What is no text is no address, but takes its place.
        .flat_map(|line| line.to_str().unwrap_or("?").split(','))
        .map(str::trim)
        .collect();
    members.into_iter()
}

fn last<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    list(headers, name).next_back()
}

/// An address with or without a port, in brackets if it is IPv6 with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split(']').next());
    let parsed = bare
        .unwrap_or(text)
        .parse()
        .or_else(|_| text.rsplit_once(':').map_or(text, |(host, _)| host).parse());
    parsed.ok().map(|address: IpAddr| address.to_canonical())
}

/// Whether a text could be a host with or without a port (RFC 3986, 3.2.2).
fn is_host(host: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    !host.is_empty() && host.len() <= 255 && host.bytes().all(fits)
}

fn name_of(host: &str) -> &str {
    let end = host
        .rfind(':')
        .filter(|at| !host.get(*at..).unwrap_or_default().contains(']'));
    end.and_then(|at| host.get(..at)).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn entrance() -> Entrance {
        Entrance {
            trusted: vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            hosts: vec!["example.org".to_owned()],
            fallback: Arc::from("http://fallback"),
            ..Entrance::default()
        }
    }

    fn arrival(entrance: &Entrance, peer: &str, headers: &[(&'static str, &'static str)]) -> Arrival {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        entrance.arrival(Some(peer.parse().unwrap()), &headers)
    }

    fn client(peer: &str, header: &'static str) -> String {
        arrival(&entrance(), peer, &[("x-forwarded-for", header)])
            .address
            .to_string()
    }

    #[test]
    fn a_stranger_is_not_believed_who_it_comes_for() {
        assert_eq!(client("203.0.113.9", "1.1.1.1"), "203.0.113.9");
        let spoken = arrival(&entrance(), "203.0.113.9", &[("x-forwarded-proto", "https")]);
        assert!(!spoken.is_secure);
    }

    #[test]
    fn a_trusted_proxy_is_believed_who_its_client_is_and_the_client_is_not() {
        assert_eq!(client("10.0.0.1", "1.1.1.1, 203.0.113.9"), "203.0.113.9");
        assert_eq!(
            client("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2"),
            "203.0.113.9"
        );
        assert_eq!(client("10.0.0.1", "10.0.0.3"), "10.0.0.3");
        assert_eq!(client("10.0.0.1", "[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(client("::ffff:10.0.0.1", "203.0.113.9:80"), "203.0.113.9");
    }

    #[test]
    fn what_is_no_address_ends_the_way_back() {
        assert_eq!(client("10.0.0.1", "1.1.1.1, unknown"), "10.0.0.1");
        assert_eq!(client("10.0.0.1", "1.1.1.1, , 10.0.0.2"), "10.0.0.2");
    }

    #[test]
    fn only_the_header_that_the_proxies_set_is_read() {
        let mut entrance = entrance();
        entrance.header = ProxyHeader::Forwarded;
        let both = [
            ("x-forwarded-for", "1.1.1.1"),
            (
                "forwarded",
                "for=2.2.2.2, for=\"[2001:db8::7]:1\";proto=https;by=10.0.0.1",
            ),
        ];
        let arrived = arrival(&entrance, "10.0.0.1", &both);
        assert_eq!(arrived.address.to_string(), "2001:db8::7");
        assert!(arrived.is_secure);
    }

    #[test]
    fn links_begin_with_a_name_that_is_known_and_never_with_one_that_was_only_asked_for() {
        let origin = |entrance: &Entrance, host: &'static str| {
            arrival(entrance, "203.0.113.9", &[("host", host)])
                .origin
                .to_string()
        };
        let mut entrance = entrance();
        assert_eq!(origin(&entrance, "localhost:3000"), "http://localhost:3000");
        assert_eq!(origin(&entrance, "[::1]:3000"), "http://[::1]:3000");
        assert_eq!(origin(&entrance, "EXAMPLE.org:80"), "http://EXAMPLE.org:80");
        assert_eq!(origin(&entrance, "evil.example"), "http://fallback");
        entrance.public_url = Arc::from("https://example.org");
        assert_eq!(origin(&entrance, "evil.example"), "https://example.org");
        assert_eq!(origin(&entrance, "localhost"), "https://example.org");
    }

    #[test]
    fn a_host_that_can_be_none_is_noticed() {
        let readable = |host| arrival(&entrance(), "1.1.1.1", &[("host", host)]).is_readable;
        assert!(readable("example.org:443"));
        assert!(!readable("a/b"));
        assert!(!readable("a@b"));
        assert!(!readable("a b"));
    }

    #[test]
    fn a_public_address_with_https_makes_requests_secure_unless_a_proxy_knows_better() {
        let mut entrance = entrance();
        entrance.public_url = Arc::from("https://example.org");
        assert!(arrival(&entrance, "1.1.1.1", &[]).is_secure);
        assert!(arrival(&entrance, "10.0.0.1", &[]).is_secure);
        let plain = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-proto", "http")];
        assert!(!arrival(&entrance, "10.0.0.1", &plain).is_secure);
    }
}
