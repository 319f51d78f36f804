//! The time, as plugins see it.

use std::time::Instant;

use super::{Interface, Linked, Service, Subsystem, View};
use crate::time::Clock;
use crate::wit;

/// Tells the time.
pub struct Time {
    clock: Clock,
    started: Instant,
}

impl Time {
    /// The time by a clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            started: Instant::now(),
        }
    }

    /// Nanoseconds since some moment before any call began; never runs backwards.
    #[must_use]
    pub fn monotonic(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.clone()
    }
}

impl Subsystem for Time {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("clock", |linker| {
            wit::clock::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl wit::clock::Host for View<'_, Time> {
    fn now(&mut self) -> i64 {
        self.service().clock.now().as_millis()
    }

    fn monotonic(&mut self) -> u64 {
        self.service().monotonic()
    }
}
