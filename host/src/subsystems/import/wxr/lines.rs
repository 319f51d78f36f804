//! A reader that knows in which line it is, so that a fault can be told with its place.

use std::io::{BufRead, Read, Result};

/// Counts the lines of what is read.
#[derive(Debug)]
pub(super) struct Lines<R> {
    inner: R,
    ended: usize,
}

impl<R> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, ended: 0 }
    }

    /// The line in which the reader is, from 1.
    pub(super) fn line(&self) -> usize {
        self.ended + 1
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed is there already: nothing is read here.
        if let Ok(there) = self.inner.fill_buf() {
            let consumed = there.iter().take(amount);
            self.ended += consumed.filter(|byte| **byte == b'\n').count();
        }
        self.inner.consume(amount);
    }
}
