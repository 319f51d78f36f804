//! Randomness, as plugins see it.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::{Interface, Linked, Service, Subsystem, View};
use crate::request::Request;
use crate::wit;

const LIMIT: u32 = 65_536;

/// A source of randomness.
pub enum Random {
    /// The operating system.
    System,
    /// A sequence that is the same each time, for tests.
    Fixed(AtomicU64),
}

impl Random {
    /// The operating system's randomness.
    #[must_use]
    pub fn system() -> Self {
        Self::System
    }

    /// A sequence that is the same for the same seed.
    #[must_use]
    pub fn fixed(seed: u64) -> Self {
        Self::Fixed(AtomicU64::new(seed))
    }

    /// The nonce of a request's answer (Content Security Policy Level 3, 2.3): 128 bits, which no one can guess. Empty,
    /// and then worth nothing, if the operating system has no randomness.
    pub fn nonce<'a>(&self, request: &'a Request) -> &'a str {
        request.nonce(|| {
            let mut bytes = [0; 16];
            match self.fill(&mut bytes) {
                Ok(()) => BASE64.encode(bytes),
                Err(error) => {
                    tracing::error!("there is no randomness: {error}");
                    String::new()
                }
            }
        })
    }

    /// Fills a buffer.
    ///
    /// # Errors
    /// The operating system has none to give.
    pub fn fill(&self, buffer: &mut [u8]) -> Result<(), getrandom::Error> {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that asks the operating system"
            )]
            Self::System => getrandom::fill(buffer),
            Self::Fixed(state) => {
                for chunk in buffer.chunks_mut(8) {
                    let step = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
                    chunk
                        .iter_mut()
                        .zip(mix(step).to_le_bytes())
                        .for_each(|(to, from)| *to = from);
                }
                Ok(())
            }
        }
    }
}

/// The output function of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(state: u64) -> u64 {
    let first = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ (second >> 31)
}

impl Subsystem for Random {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("random", |linker| {
            wit::random::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl wit::random::Host for View<'_, Random> {
    fn bytes(&mut self, count: u32) -> wasmtime::Result<Vec<u8>> {
        let mut bytes = vec![0; count.min(LIMIT) as usize];
        self.service()
            .fill(&mut bytes)
            .map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        Ok(bytes)
    }

    fn number(&mut self) -> wasmtime::Result<u64> {
        let mut bytes = [0; 8];
        self.service()
            .fill(&mut bytes)
            .map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        Ok(u64::from_le_bytes(bytes))
    }
}
