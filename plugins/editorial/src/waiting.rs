//! The page with what waits for whoever looks.

use trovato_sdk::prelude::*;
use trovato_sdk::tree::html::time;

use crate::rules::Rules;
use crate::store::{self, Listed};

pub const PATH: &str = "/moderation";

pub fn page(request: &PageRequest, rules: &Rules) -> Result<PageAnswer> {
    let states = states(rules, users::may);
    let per_page = variables::get("per_page")?;
    let page = request.page_number();
    let (left, total) = store::waiting(&rules.types, &states, page, per_page)?;
    let pages = page_count(total, per_page);
    if page > 0 && page >= pages {
        return Err(Error::not_found());
    }
    let rows = still_waiting(left, rules)?;
    let body = if rows.is_empty() {
        let nothing = match pages {
            0 | 1 => "Nothing waits for you. What others submit for review is listed here.",
            _ => "Nothing on this page waits for you.",
        };
        tree().child(paragraph().text(nothing))
    } else {
        tree().child(list(&rows, rules))
    };
    Ok(body.child(pager(PATH, page, pages)).max_age(0).into())
}

/// Those that whoever looks may see, and that are still where they were left: what was written down says neither.
fn still_waiting(left: Vec<Listed>, rules: &Rules) -> Result<Vec<Listed>> {
    let mut rows = Vec::new();
    for row in left {
        let item = match items::load(&row.item) {
            Ok(item) => item,
            Err(Error::NotFound | Error::Denied(_)) => continue,
            Err(error) => return Err(error),
        };
        let current = rules.current(Some(&row.state), item.published())?;
        if current.name == row.state {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The states that wait for somebody who may do this.
fn states(rules: &Rules, may: impl Fn(&str) -> bool) -> Vec<&str> {
    let may = &may;
    let mut states: Vec<&str> = Vec::new();
    for way in &rules.transitions {
        let waits = rules.state(&way.from).is_some_and(|from| rules.waits(from));
        if waits && may(&way.permission) && !states.contains(&way.from.as_str()) {
            states.push(&way.from);
        }
    }
    states
}

fn list(rows: &[Listed], rules: &Rules) -> Element {
    let headings = ["Title", "Type", "Author", "State", "Since"];
    table(headings, rows.iter().map(|row| cells(row, rules)))
}

fn cells(row: &Listed, rules: &Rules) -> [Node; 5] {
    let state = rules
        .state(&row.state)
        .map_or(row.state.as_str(), |state| &state.label);
    let moment = iso8601(row.since);
    let day = moment.split('T').next().unwrap_or_default().to_owned();
    let since = time()
        .with(trovato_sdk::tree::Attribute::Datetime(moment))
        .text(day);
    [
        link(path(["item", row.item.as_str(), "edit"]), row.title.as_str()).into(),
        text(&row.item_type),
        text(&row.author),
        text(state),
        since.into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_what_somebody_may_take_on() {
        let rules = Rules::sample();
        assert_eq!(states(&rules, |permission| permission == "publish"), ["review"]);
        assert!(states(&rules, |permission| permission == "submit").is_empty());
    }
}
