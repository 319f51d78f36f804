//! Lists of related items, kept until an item changes, and for at most a minute.

use std::time::Duration;

use trovato_sdk::prelude::*;

use crate::terms::Related;

const BIN: &str = "related";
const TAG: &str = "terms";
/// An item may be changed by another process, whose word may not come.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// The longest key that the cache takes, in bytes.
const LONGEST_KEY: usize = 256;
/// Between the parts of a list, none of which contains it.
const BETWEEN: char = '\0';

/// The list for these terms: the one that is kept, else a new one.
pub fn kept(
    terms: &[String],
    limit: usize,
    make: impl FnOnce() -> Result<Vec<Related>>,
) -> Result<Vec<Related>> {
    let key = format!("{limit}\n{}", terms.join("\n"));
    if key.len() > LONGEST_KEY {
        return make();
    }
    let entry = cache::bin(BIN).entry(&key).tag(TAG).keep_for(KEPT_FOR);
    let text = entry.get_or_compute(|| Ok(to_text(&make()?)))?;
    Ok(from_text(&text))
}

/// Drops all lists: an item that is new, changed or gone may be in any of them.
pub fn forget_all() {
    cache::invalidate(TAG);
}

fn to_text(list: &[Related]) -> String {
    let parts: Vec<&str> = list
        .iter()
        .flat_map(|item| [item.id.as_str(), item.title.as_str()])
        .collect();
    parts.join(&BETWEEN.to_string())
}

fn from_text(text: &str) -> Vec<Related> {
    let mut parts = text.split(BETWEEN).map(str::to_owned);
    std::iter::from_fn(|| {
        let (id, title) = (parts.next()?, parts.next()?);
        Some(Related { id, title })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_comes_back_as_it_was_kept() {
        let related = |number: u32| Related {
            id: format!("id-{number}"),
            title: format!("Title\n {number}"),
        };
        for length in 0..3 {
            let list: Vec<_> = (0..length).map(related).collect();
            assert_eq!(from_text(&to_text(&list)), list);
        }
    }
}
