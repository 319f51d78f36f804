//! Counting as plugins do it: what whoever asks has done, under names of their own.

use std::net::IpAddr;
use std::time::Duration;

use super::Counters;
use crate::subsystems::{Service, View};
use crate::wit::counters::Host;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Host for View<'_, Counters> {
    async fn hit(&mut self, name: String, seconds: u32, limit: u32) -> bool {
        let request = self.session().request();
        let who = if request.account.id.is_nil() {
            network(request.address)
        } else {
            request.account.id.to_string()
        };
        let key = format!("plugin:{}:{name}:{who}", self.call.plugin.name);
        let window = Duration::from_secs(seconds.max(1).into()).min(DAY);
        self.service().hit(&key, window, limit).await.allowed
    }
}

/// IPv6 clients have a network of 64 bits to themselves, from which they may choose (RFC 6177, 2).
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}
