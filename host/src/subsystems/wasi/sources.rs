//! Clocks and randomness: the same that the interfaces `clock` and `random` give.

use wasmtime::component::Resource;

use super::Wasi;
use crate::subsystems::{Service, View};
use crate::wit::wasi::Moment;
use crate::wit::wasi::clocks::wall_clock::Datetime;
use crate::wit::wasi::clocks::{monotonic_clock, wall_clock};
use crate::wit::wasi::random::{insecure, insecure_seed, random};

/// How many random bytes a guest gets at once.
const MOST_BYTES: u64 = 1 << 20;

impl monotonic_clock::Host for View<'_, Wasi> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.service().time.monotonic())
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<Moment>> {
        self.moment(when)
    }

    fn subscribe_duration(&mut self, when: u64) -> wasmtime::Result<Resource<Moment>> {
        let now = self.service().time.monotonic();
        self.moment(now.saturating_add(when))
    }
}

impl wall_clock::Host for View<'_, Wasi> {
    fn now(&mut self) -> wasmtime::Result<Datetime> {
        let milliseconds = self.service().time.clock().now().as_millis();
        Ok(Datetime {
            // There is no time before 1970 in WASI.
            seconds: u64::try_from(milliseconds.div_euclid(1000)).unwrap_or(0),
            nanoseconds: u32::try_from(milliseconds.rem_euclid(1000) * 1_000_000).unwrap_or(0),
        })
    }

    fn resolution(&mut self) -> wasmtime::Result<Datetime> {
        Ok(Datetime {
            seconds: 0,
            nanoseconds: 1_000_000,
        })
    }
}

impl View<'_, Wasi> {
    fn fill(&self, bytes: &mut [u8]) -> wasmtime::Result<()> {
        let filled = self.service().random.fill(bytes);
        filled.map_err(|error| wasmtime::Error::msg(error.to_string()))
    }

    fn random_bytes(&self, count: u64) -> wasmtime::Result<Vec<u8>> {
        let count = usize::try_from(count.min(MOST_BYTES + 1))?;
        if count as u64 > MOST_BYTES {
            return Err(wasmtime::Error::msg(format!(
                "it asked for more than {MOST_BYTES} random bytes at once"
            )));
        }
        let mut bytes = vec![0; count];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn random_number(&self) -> wasmtime::Result<u64> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }
}

impl random::Host for View<'_, Wasi> {
    fn get_random_bytes(&mut self, count: u64) -> wasmtime::Result<Vec<u8>> {
        self.random_bytes(count)
    }

    fn get_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.random_number()
    }
}

/// Plugins get no worse randomness here than elsewhere.
impl insecure::Host for View<'_, Wasi> {
    fn get_insecure_random_bytes(&mut self, count: u64) -> wasmtime::Result<Vec<u8>> {
        self.random_bytes(count)
    }

    fn get_insecure_random_u64(&mut self) -> wasmtime::Result<u64> {
        self.random_number()
    }
}

impl insecure_seed::Host for View<'_, Wasi> {
    fn insecure_seed(&mut self) -> wasmtime::Result<(u64, u64)> {
        Ok((self.random_number()?, self.random_number()?))
    }
}
