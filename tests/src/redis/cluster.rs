//! Servers that share the keys between them.

use super::{Authority, READY, RedisServer, free_port};

/// How long a server may be silent, in milliseconds. Not so short that a busy machine is taken for a broken one.
const NODE_TIMEOUT: u32 = 2000;

/// A cluster of three servers, without replicas.
pub struct RedisCluster {
    /// The servers.
    pub servers: Vec<RedisServer>,
}

impl RedisCluster {
    /// Begins a cluster.
    pub async fn begin(authority: Option<&Authority>) -> Self {
        let mut servers = Vec::new();
        let mut others = Vec::new();
        for slots in ["0 5460", "5461 10922", "10923 16383"] {
            let bus = free_port();
            let settings = [
                "cluster-enabled yes".to_owned(),
                format!("cluster-port {bus}"),
                format!("cluster-node-timeout {NODE_TIMEOUT}"),
            ];
            let server = RedisServer::begin(&settings, authority, READY).await;
            server.told(&format!("CLUSTER ADDSLOTSRANGE {slots}")).await;
            others.push((server.tls_port.unwrap_or(server.port), bus));
            servers.push(server);
        }
        if let Some(first) = servers.first() {
            for (port, bus) in others.into_iter().skip(1) {
                first.told(&format!("CLUSTER MEET 127.0.0.1 {port} {bus}")).await;
            }
        }
        for server in &mut servers {
            server.says("Cluster state changed: ok").await;
        }
        Self { servers }
    }

    /// The address for the site.
    ///
    /// # Panics
    /// There is no server.
    #[must_use]
    pub fn url(&self) -> String {
        let (first, others) = self.servers.split_first().unwrap();
        let others: Vec<String> = others
            .iter()
            .map(|server| format!("node={}", server.address()))
            .collect();
        let scheme = first.scheme("redis-cluster");
        format!("{scheme}://{}?{}", first.address(), others.join("&"))
    }

    /// Which server has the keys of a prefix: its place among them.
    ///
    /// # Panics
    /// None has.
    pub async fn owner(&self, prefix: &str) -> usize {
        let key = format!("{{{prefix}}}:reign");
        let mut has = Vec::new();
        for server in &self.servers {
            // Another would send us on.
            has.push(server.keys(server.slot(&key).await).await.contains(&key));
        }
        has.iter().position(|has| *has).unwrap()
    }

    fn server(&self, place: usize) -> &RedisServer {
        self.servers.get(place).unwrap()
    }

    /// Begins to move the keys of a prefix from one server to another.
    pub async fn begin_move(&self, prefix: &str, from: usize, to: usize) {
        let (from, to) = (self.server(from), self.server(to));
        let slot = from.slot(&format!("{{{prefix}}}")).await;
        let importing = format!("CLUSTER SETSLOT {slot} IMPORTING {}", from.id().await);
        to.told(&importing).await;
        let migrating = format!("CLUSTER SETSLOT {slot} MIGRATING {}", to.id().await);
        from.told(&migrating).await;
    }

    /// Ends it.
    pub async fn end_move(&self, prefix: &str, from: usize, to: usize) {
        let (from, to) = (self.server(from), self.server(to));
        let slot = from.slot(&format!("{{{prefix}}}")).await;
        loop {
            let keys = from.keys(slot).await;
            if keys.is_empty() {
                break;
            }
            let port = to.tls_port.unwrap_or(to.port).to_string();
            let mut command = vec!["MIGRATE", "127.0.0.1", &port, "", "0", "5000", "KEYS"];
            command.extend(keys.iter().map(String::as_str));
            from.answers(&command).await;
        }
        let id = to.id().await;
        // Who gives them away comes last, so that whom it names knows already.
        let others = self.servers.iter().filter(|server| server.port != from.port);
        for server in others.chain([from]) {
            server.told(&format!("CLUSTER SETSLOT {slot} NODE {id}")).await;
        }
    }
}

impl RedisServer {
    async fn slot(&self, key: &str) -> u16 {
        let slot = self.answers(&["CLUSTER", "KEYSLOT", key]).await.remove(0);
        slot.parse().unwrap()
    }

    async fn keys(&self, slot: u16) -> Vec<String> {
        let slot = slot.to_string();
        self.answers(&["CLUSTER", "GETKEYSINSLOT", &slot, "1000"]).await
    }

    async fn id(&self) -> String {
        self.answers(&["CLUSTER", "MYID"]).await.remove(0)
    }
}
