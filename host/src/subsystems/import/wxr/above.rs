//! What lies below something that is left out lies below what was above that.

use std::collections::HashMap;

/// The nearest of those above a thing that is kept; none at the top, above nothing known, and in a circle.
pub(super) fn above<'a>(
    of: &str,
    all: &HashMap<&'a str, &'a str>,
    is_kept: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    let mut here = *all.get(of)?;
    for _ in 0..all.len() {
        if is_kept(here) {
            return Some(here).filter(|here| *here != of);
        }
        here = all.get(here)?;
    }
    None
}
