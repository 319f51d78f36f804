//! How much is measured.

/// The extent of a run.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Things that are compared take turns so often.
    pub rounds: usize,
    /// Calls in a turn.
    pub calls: usize,
    /// Bursts of concurrent requests.
    pub bursts: usize,
    /// Posts on the site that is served.
    pub posts: usize,
    /// Requests of a load run.
    pub requests: usize,
    /// Starts of a server.
    pub starts: usize,
}

impl Plan {
    /// A run whose figures can be quoted.
    pub const FULL: Self = Self {
        rounds: 40,
        calls: 500,
        bursts: 60,
        posts: 1000,
        requests: 8000,
        starts: 9,
    };
    /// A run that shows that everything still works, and roughly how fast.
    pub const SHORT: Self = Self {
        rounds: 5,
        calls: 100,
        bursts: 5,
        posts: 100,
        requests: 400,
        starts: 3,
    };
}
