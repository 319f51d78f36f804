//! Where Redis is: what an address says, and what the driver is told of it.

use std::path::Path;

use fred::types::RespVersion;
use fred::types::config::{Config, ServerConfig};

use super::tls::{self, Refusal};
use super::{Error, Result};

/// The schemes of addresses; each also with `rediss` for TLS.
const SCHEMES: [&str; 3] = ["redis", "redis-sentinel", "redis-cluster"];

/// An address that was read.
pub(super) struct Address {
    config: Config,
    /// Where it leads, without its secrets.
    pub place: String,
    /// Why the server's certificate was refused, if it was.
    pub refusal: Refusal,
}

impl Address {
    /// Reads an address, and the certificates of the CAs that its servers are to be trusted by.
    pub fn read(url: &str, ca: Option<&Path>) -> Result<Self> {
        let (plain, is_tls) = without_tls(url)?;
        if ca.is_some() && !is_tls {
            let problem = "redis-ca is set, but redis-url does not ask for TLS: begin it with rediss";
            return Err(Error::Tls(problem.to_owned()));
        }
        // The driver is not told of TLS by the address: it would want the system's CAs, which may be none.
        let mut config = Config::from_url(&plain).map_err(|error| Error::Url(error.details().to_owned()))?;
        // Messages and answers on one connection.
        config.version = RespVersion::RESP3;
        let refusal = Refusal::default();
        if is_tls {
            config.tls = Some(tls::config(ca, refusal.clone())?.into());
        }
        Ok(Self {
            place: place(&config),
            config,
            refusal,
        })
    }

    /// What the driver is told after so many failures. It begins with the host that it is given first, and does not get
    /// past one that takes connections and says nothing.
    pub fn config(&self, failures: usize) -> Config {
        let mut config = self.config.clone();
        match &mut config.server {
            ServerConfig::Sentinel { hosts, .. } if !hosts.is_empty() => {
                let first = failures % hosts.len();
                hosts.rotate_left(first);
            }
            // In an order of its own, so that there must be one only. That one knows the others.
            ServerConfig::Clustered { hosts, .. } if !hosts.is_empty() && failures > 0 => {
                let first = failures % hosts.len();
                hosts.rotate_left(first);
                hosts.truncate(1);
            }
            _ => {}
        }
        config
    }
}

/// An address without the `s` of TLS, and whether it had it. The driver itself takes any scheme for a single server.
fn without_tls(url: &str) -> Result<(String, bool)> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let plain = scheme.replacen("rediss", "redis", 1);
    if !SCHEMES.contains(&plain.as_str()) {
        let problem = format!("it begins with none of {}://", SCHEMES.join("://, "));
        return Err(Error::Url(problem));
    }
    Ok((format!("{plain}://{rest}"), plain != scheme))
}

/// Where an address leads, without its secrets.
fn place(config: &Config) -> String {
    let mut hosts: Vec<String> = config.server.hosts().iter().map(ToString::to_string).collect();
    hosts.sort();
    let kind = match config.server {
        ServerConfig::Sentinel { .. } => "the sentinels ",
        ServerConfig::Clustered { .. } => "the cluster ",
        _ => "",
    };
    format!("{kind}{}", hosts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Address> {
        Address::read(url, None)
    }

    fn hosts(address: &Address, failures: usize) -> Vec<String> {
        let config = address.config(failures);
        config.server.hosts().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_address_is_shown_without_its_password() {
        let single = read("redis://:secret@cache.example:6380/2").unwrap();
        assert_eq!(single.place, "cache.example:6380");
        let sentinels = "redis-sentinel://:secret@a.example:26379/0?sentinelServiceName=main&node=b.example:26379\
                         &sentinelPassword=secret";
        assert_eq!(
            read(sentinels).unwrap().place,
            "the sentinels a.example:26379, b.example:26379"
        );
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        for url in ["postgres://x", "nonsense", "redis-https://x", "https-redis://x"] {
            assert!(matches!(read(url), Err(Error::Url(_))), "{url}");
        }
    }

    #[test]
    fn every_kind_is_taken_with_and_without_tls() {
        for (scheme, is_tls) in SCHEMES
            .iter()
            .flat_map(|scheme| [(*scheme, false), (*scheme, true)])
        {
            let scheme = if is_tls {
                scheme.replacen("redis", "rediss", 1)
            } else {
                scheme.to_owned()
            };
            let address = read(&format!("{scheme}://a.example:7000?sentinelServiceName=main")).unwrap();
            assert_eq!(address.config.tls.is_some(), is_tls, "{scheme}");
            assert_eq!(address.config.server.is_clustered(), scheme.ends_with("-cluster"));
            assert_eq!(address.config.server.is_sentinel(), scheme.ends_with("-sentinel"));
        }
    }

    #[test]
    fn a_ca_needs_an_address_with_tls() {
        let unused = Address::read("redis://a.example", Some(Path::new("ca.pem")));
        assert!(matches!(unused, Err(Error::Tls(_))));
    }

    #[test]
    fn after_a_failure_another_host_is_asked_first() {
        let sentinels =
            read("redis-sentinel://a.example:1?sentinelServiceName=main&node=b.example:2").unwrap();
        assert_eq!(hosts(&sentinels, 0), ["b.example:2", "a.example:1"]);
        assert_eq!(hosts(&sentinels, 1), ["a.example:1", "b.example:2"]);
        let cluster = read("redis-cluster://a.example:1?node=b.example:2").unwrap();
        assert_eq!(hosts(&cluster, 0).len(), 2);
        assert_eq!(hosts(&cluster, 1), ["a.example:1"]);
        assert_eq!(hosts(&cluster, 2), ["b.example:2"]);
    }
}
