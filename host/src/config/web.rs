//! How requests reach the site.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// An address or a network, such as `192.0.2.1` or `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(try_from = "String", into = "String")]
pub struct Network(IpNet);

impl Network {
    /// The network; of an address the one that has only it.
    #[must_use]
    pub fn get(self) -> IpNet {
        self.0
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        network.0.to_string()
    }
}

impl TryFrom<String> for Network {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let address = |text: &str| text.parse::<std::net::IpAddr>().map(IpNet::from);
        let network = text.parse::<IpNet>().or_else(|_| address(&text));
        let network = network
            .map_err(|_| format!("'{text}' is neither an address nor a network such as 10.0.0.0/8"))?;
        Ok(Self(network.trunc()))
    }
}

/// The header in which proxies name their clients.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Proxies {
    /// `X-Forwarded-For`, with `X-Forwarded-Proto`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}
