//! Streams, and waiting for moments.

use std::time::Duration;

use wasmtime::component::Resource;

use super::Wasi;
use super::lines::{self, Target};
use crate::subsystems::{Service, View};
use crate::wit::wasi::cli::{exit, stderr, stdin, stdout};
use crate::wit::wasi::io::streams::StreamError;
use crate::wit::wasi::io::{error, poll, streams};
use crate::wit::wasi::{Input, Moment, Output, StreamFailure};

/// How much a guest may write at once.
const PERMITTED: u64 = 64 << 10;
/// Moments that a guest may wait for at the same time.
const MOMENTS: usize = 1024;
/// The handles of the standard output and error.
const OUTPUT: u32 = 1;
const ERROR: u32 = 2;

type Written = wasmtime::Result<Result<(), StreamError>>;

impl View<'_, Wasi> {
    /// A handle on a moment of the monotonic clock.
    pub(super) fn moment(&mut self, at: u64) -> wasmtime::Result<Resource<Moment>> {
        let moments = &mut self.call.scope.wasi.moments;
        let free = moments.iter().position(Option::is_none).unwrap_or(moments.len());
        match moments.get_mut(free) {
            Some(place) => *place = Some(at),
            None if free < MOMENTS => moments.push(Some(at)),
            None => {
                return Err(wasmtime::Error::msg(format!(
                    "it waits for more than {MOMENTS} moments at the same time"
                )));
            }
        }
        Ok(Resource::new_own(u32::try_from(free)?))
    }

    fn when(&self, moment: &Resource<Moment>) -> wasmtime::Result<u64> {
        let moments = &self.call.scope.wasi.moments;
        let at = moments.get(moment.rep() as usize).copied().flatten();
        at.ok_or_else(|| wasmtime::Error::msg("it waits for a moment that it has dropped"))
    }

    fn now(&self) -> u64 {
        self.service().time.monotonic()
    }

    async fn until(&self, moment: u64) {
        let left = moment.saturating_sub(self.now());
        if left > 0 {
            tokio::time::sleep(Duration::from_nanos(left)).await;
        }
    }

    fn write_to(&mut self, stream: &Resource<Output>, bytes: &[u8]) -> Written {
        let target = if stream.rep() == ERROR {
            Target::Error
        } else {
            Target::Output
        };
        lines::write(self.call, target, bytes);
        Ok(Ok(()))
    }
}

impl error::Host for View<'_, Wasi> {}

impl error::HostError for View<'_, Wasi> {
    fn to_debug_string(&mut self, _: Resource<StreamFailure>) -> wasmtime::Result<String> {
        Ok("the stream failed".to_owned())
    }

    fn drop(&mut self, _: Resource<StreamFailure>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl poll::Host for View<'_, Wasi> {
    async fn poll(&mut self, moments: Vec<Resource<Moment>>) -> wasmtime::Result<Vec<u32>> {
        let moments: wasmtime::Result<Vec<u64>> = moments.iter().map(|moment| self.when(moment)).collect();
        let moments = moments?;
        let Some(first) = moments.iter().min() else {
            return Err(wasmtime::Error::msg("it waits for none of no moments"));
        };
        self.until(*first).await;
        let now = self.now().max(*first);
        let ready = (0..).zip(&moments).filter(|(_, at)| **at <= now);
        Ok(ready.map(|(index, _)| index).collect())
    }
}

impl poll::HostPollable for View<'_, Wasi> {
    async fn ready(&mut self, moment: Resource<Moment>) -> wasmtime::Result<bool> {
        Ok(self.when(&moment)? <= self.now())
    }

    async fn block(&mut self, moment: Resource<Moment>) -> wasmtime::Result<()> {
        let at = self.when(&moment)?;
        self.until(at).await;
        Ok(())
    }

    async fn drop(&mut self, moment: Resource<Moment>) -> wasmtime::Result<()> {
        if let Some(place) = self.call.scope.wasi.moments.get_mut(moment.rep() as usize) {
            *place = None;
        }
        Ok(())
    }
}

impl streams::Host for View<'_, Wasi> {}

/// The standard input, which is at its end.
impl streams::HostInputStream for View<'_, Wasi> {
    fn read(&mut self, _: Resource<Input>, _: u64) -> wasmtime::Result<Result<Vec<u8>, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn blocking_read(
        &mut self,
        _: Resource<Input>,
        _: u64,
    ) -> wasmtime::Result<Result<Vec<u8>, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn skip(&mut self, _: Resource<Input>, _: u64) -> wasmtime::Result<Result<u64, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn blocking_skip(&mut self, _: Resource<Input>, _: u64) -> wasmtime::Result<Result<u64, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn subscribe(&mut self, _: Resource<Input>) -> wasmtime::Result<Resource<Moment>> {
        self.moment(0)
    }

    fn drop(&mut self, _: Resource<Input>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl streams::HostOutputStream for View<'_, Wasi> {
    fn check_write(&mut self, _: Resource<Output>) -> wasmtime::Result<Result<u64, StreamError>> {
        Ok(Ok(PERMITTED))
    }

    fn write(&mut self, stream: Resource<Output>, contents: Vec<u8>) -> Written {
        self.write_to(&stream, &contents)
    }

    fn blocking_write_and_flush(&mut self, stream: Resource<Output>, contents: Vec<u8>) -> Written {
        self.write_to(&stream, &contents)
    }

    fn flush(&mut self, _: Resource<Output>) -> Written {
        Ok(Ok(()))
    }

    fn blocking_flush(&mut self, _: Resource<Output>) -> Written {
        Ok(Ok(()))
    }

    fn subscribe(&mut self, _: Resource<Output>) -> wasmtime::Result<Resource<Moment>> {
        self.moment(0)
    }

    fn write_zeroes(&mut self, _: Resource<Output>, _: u64) -> Written {
        Ok(Ok(()))
    }

    fn blocking_write_zeroes_and_flush(&mut self, _: Resource<Output>, _: u64) -> Written {
        Ok(Ok(()))
    }

    fn splice(
        &mut self,
        _: Resource<Output>,
        _: Resource<Input>,
        _: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn blocking_splice(
        &mut self,
        _: Resource<Output>,
        _: Resource<Input>,
        _: u64,
    ) -> wasmtime::Result<Result<u64, StreamError>> {
        Ok(Err(StreamError::Closed))
    }

    fn drop(&mut self, _: Resource<Output>) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl stdin::Host for View<'_, Wasi> {
    fn get_stdin(&mut self) -> wasmtime::Result<Resource<Input>> {
        Ok(Resource::new_own(0))
    }
}

impl stdout::Host for View<'_, Wasi> {
    fn get_stdout(&mut self) -> wasmtime::Result<Resource<Output>> {
        Ok(Resource::new_own(OUTPUT))
    }
}

impl stderr::Host for View<'_, Wasi> {
    fn get_stderr(&mut self) -> wasmtime::Result<Resource<Output>> {
        Ok(Resource::new_own(ERROR))
    }
}

impl exit::Host for View<'_, Wasi> {
    fn exit(&mut self, status: Result<(), ()>) -> wasmtime::Result<()> {
        let how = if status.is_ok() { "success" } else { "failure" };
        Err(wasmtime::Error::msg(format!(
            "it called exit, with {how}: a plugin has no process to end; answer the tap, with an error if need be"
        )))
    }
}
