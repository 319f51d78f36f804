//! A primary, its replica, and the sentinels that put the one in the place of the other.

use super::{Authority, READY, RedisServer};

/// The password of the servers.
const PASSWORD: &str = "hush";
/// The password of the sentinels.
const SENTINELS_PASSWORD: &str = "watch";

/// A primary, its replica, and three sentinels.
pub struct RedisSentinels {
    /// The server that is the primary at first.
    pub primary: RedisServer,
    /// The server that takes its place.
    pub replica: RedisServer,
    /// Those who decide so. The site asks the first one first.
    pub sentinels: Vec<RedisServer>,
}

impl RedisSentinels {
    /// All of them, in step with each other.
    pub async fn begin(authority: Option<&Authority>) -> Self {
        let mut settings = vec![
            format!("requirepass {PASSWORD}"),
            format!("masterauth {PASSWORD}"),
            "repl-diskless-sync-delay 0".to_owned(),
        ];
        let mut primary = RedisServer::begin(&settings, authority, READY).await;
        let port = primary.tls_port.unwrap_or(primary.port);
        settings.push(format!("replicaof 127.0.0.1 {port}"));
        let mut replica = RedisServer::begin(&settings, authority, READY).await;
        replica.says("Finished with success").await;
        for server in [&mut primary, &mut replica] {
            server.password = Some(PASSWORD);
        }
        let settings = [
            format!("sentinel monitor main 127.0.0.1 {port} 2"),
            format!("sentinel auth-pass main {PASSWORD}"),
            "sentinel down-after-milliseconds main 1000".to_owned(),
            "sentinel failover-timeout main 5000".to_owned(),
            format!("requirepass {SENTINELS_PASSWORD}"),
            format!("sentinel sentinel-pass {SENTINELS_PASSWORD}"),
        ];
        let mut sentinels = Vec::new();
        for _ in 0..3 {
            let mut sentinel = RedisServer::begin(&settings, authority, "+monitor master main").await;
            sentinel.password = Some(SENTINELS_PASSWORD);
            sentinels.push(sentinel);
        }
        for sentinel in &mut sentinels {
            // A majority decides, so that all must know all; and the replica, which they are told of by the primary.
            for _ in 0..2 {
                sentinel.says("+sentinel sentinel").await;
            }
            let told = sentinel.answers(&["SENTINEL", "REPLICAS", "main"]).await;
            assert!(!told.is_empty(), "the sentinel knows the replica");
        }
        Self {
            primary,
            replica,
            sentinels,
        }
    }

    /// The address for the site.
    ///
    /// # Panics
    /// There is no sentinel.
    #[must_use]
    pub fn url(&self) -> String {
        // The driver asks those of the query first.
        let (last, first) = self.sentinels.split_last().unwrap();
        let first: String = first
            .iter()
            .map(|sentinel| format!("&node={}", sentinel.address()))
            .collect();
        let scheme = last.scheme("redis-sentinel");
        format!(
            "{scheme}://:{PASSWORD}@{}/0?sentinelServiceName=main&sentinelPassword={SENTINELS_PASSWORD}{first}",
            last.address()
        )
    }

    /// Waits until the sentinels but the first have put the replica in the place of the primary.
    ///
    /// # Panics
    /// They do not.
    pub async fn is_switched(&mut self) {
        for sentinel in self.sentinels.iter_mut().skip(1) {
            sentinel.says("+switch-master").await;
        }
    }
}
