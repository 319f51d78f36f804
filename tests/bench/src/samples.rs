//! Measured times and their percentiles.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Times of single runs, in nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    pub fn add(&mut self, time: Duration) {
        self.add_nanoseconds(time.as_nanos() as f64);
    }

    pub fn add_nanoseconds(&mut self, nanoseconds: f64) {
        self.0.push(nanoseconds);
    }

    /// Times so many runs.
    pub fn time<R>(&mut self, runs: usize, mut run: impl FnMut() -> R) {
        for _ in 0..runs {
            let started = Instant::now();
            drop(black_box(run()));
            self.add(started.elapsed());
        }
    }

    /// Times so many runs that may wait.
    pub async fn time_async<R>(&mut self, runs: usize, mut run: impl AsyncFnMut() -> R) {
        for _ in 0..runs {
            let started = Instant::now();
            drop(black_box(run().await));
            self.add(started.elapsed());
        }
    }

    /// The time that so many of a hundred runs did not exceed; not a number without runs.
    pub fn percentile(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted
            .get((last * percent + 50) / 100)
            .copied()
            .unwrap_or(f64::NAN)
    }

    pub fn p50(&self) -> f64 {
        self.percentile(50)
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn percentiles_are_measured_times_not_guesses_between_them() {
        let mut samples = Samples::default();
        (1..=100)
            .rev()
            .for_each(|time| samples.add_nanoseconds(f64::from(time)));
        assert_eq!(samples.p50(), 51.0);
        assert_eq!(samples.percentile(95), 95.0);
        assert_eq!(samples.percentile(100), 100.0);
        assert!(Samples::default().p50().is_nan());
    }
}
