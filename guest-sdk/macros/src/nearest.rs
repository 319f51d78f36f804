//! Finds the name that somebody probably meant.

/// The candidate that takes the fewest edits to reach, if that is few enough to be a slip.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| *distance <= candidate.len().div_ceil(3))
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, by one row of the table at a time.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (line, from_char) in from.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (to_char, diagonal) in to.chars().zip(row.windows(2)) {
            let [above_left, above] = diagonal else { continue };
            let replaced = above_left + usize::from(from_char != to_char);
            left = replaced.min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("menu", "menu"), 0);
    }

    #[test]
    fn a_slip_is_recognised_and_nonsense_is_not() {
        let taps = ["item_view", "item_insert", "menu"];
        assert_eq!(nearest("item_veiw", taps), Some("item_view"));
        assert_eq!(nearest("render_everything", taps), None);
    }
}
