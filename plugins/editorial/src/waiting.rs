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
    let (rows, total) = store::waiting(&states, page, per_page)?;
    let pages = page_count(total, per_page);
    if page > 0 && page >= pages {
        return Err(Error::not_found());
    }
    if rows.is_empty() {
        let nothing = "Nothing waits for you. What others submit for review is listed here.";
        return Ok(Tree::from(paragraph().text(nothing)).max_age(0).into());
    }
    let list = tree()
        .child(list(&rows, rules))
        .child(pager(PATH, page, pages))
        .max_age(0);
    Ok(list.into())
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
