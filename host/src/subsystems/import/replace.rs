//! Addresses in a text become others.

use std::ops::Range;

/// The text with other targets. Those that overlap an earlier one are left as they are.
pub(super) fn replace(text: &str, targets: &[(Range<usize>, String)]) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut at = 0;
    for (range, target) in targets {
        if let Some(before) = text.get(at..range.start) {
            replaced.push_str(before);
            replaced.push_str(target);
            at = range.end;
        }
    }
    replaced.push_str(text.get(at..).unwrap_or_default());
    replaced
}
