//! How fast the machine is at this hour, by work that crosses no boundary.

use std::hint::black_box;

use crate::content::item;
use crate::native;
use crate::samples::Samples;

/// What the native work took in the run whose figures `docs/kernel-performance.md` tells, in nanoseconds.
const REFERENCE: f64 = 520.0;
/// How much slower a machine may be before figures of time say nothing any more.
const MOST: f64 = 4.0;
const WARM_UP: usize = 500;
const RUNS: usize = 5000;

/// How many times longer the native floor takes than it took in the reference run; at least 1, and at most 4.
pub fn pace() -> f64 {
    let mut item = item(5);
    for _ in 0..WARM_UP {
        drop(black_box(native::view(black_box(&mut item))));
    }
    let mut times = Samples::default();
    times.time(RUNS, || native::view(black_box(&mut item)));
    (times.p50() / REFERENCE).clamp(1.0, MOST)
}
