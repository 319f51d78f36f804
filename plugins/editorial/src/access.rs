//! Who may see and change what is not published. Where the plugin has nothing to say, the permissions of the site decide.

use trovato_sdk::prelude::*;

use crate::rules::{Rules, State};
use crate::{CHANGE, SEE, store};

/// What the plugin says about an item. Asked for every item that is looked at, so it looks at what costs nothing first.
pub fn opinion(item: &Item, operation: ItemOperation) -> Result<Access> {
    let published = item.published();
    let says_nothing = match operation {
        ItemOperation::View => published || !users::may(SEE),
        ItemOperation::Edit => users::current().is_visitor(),
        ItemOperation::Delete => users::may(CHANGE),
    };
    if says_nothing {
        return Ok(Access::Neutral);
    }
    let Some(rules) = Rules::of(&item.item_type())? else {
        return Ok(Access::Neutral);
    };
    let written = store::state_of(&item.id())?;
    let state = rules.current(written.as_deref(), published)?;
    Ok(judge(&rules, state, operation, users::may))
}

/// What is said where nothing can be found out: a save tells the reason itself, to delete asks nobody else.
pub fn in_doubt(operation: ItemOperation) -> Access {
    match operation {
        ItemOperation::Delete => Access::Deny,
        ItemOperation::View | ItemOperation::Edit => Access::Neutral,
    }
}

fn judge(rules: &Rules, state: &State, operation: ItemOperation, may: impl Fn(&str) -> bool) -> Access {
    let ways = rules.ways(state, &may);
    let reviews = may(SEE) && !ways.is_empty() && rules.waits(state);
    let is_bound = state.locked && !may(CHANGE);
    // Who can't take it back can't do away with it: to be deleted is to be taken from the site for good.
    let takes_back = |to: &&State| !to.locked || state.public && !to.public;
    match operation {
        ItemOperation::View | ItemOperation::Edit if reviews => Access::Grant,
        ItemOperation::Edit if is_bound && ways.is_empty() => Access::Deny,
        ItemOperation::Delete if is_bound && !ways.iter().any(takes_back) => Access::Deny,
        _ => Access::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reviews_sees_what_waits_and_nobody_changes_what_is_settled() {
        let rules = Rules::sample();
        let told = |state: &str, operation, permissions: &[&str]| {
            let state = rules.state(state);
            state.map(|state| judge(&rules, state, operation, |asked| permissions.contains(&asked)))
        };
        use ItemOperation::{Delete, Edit, View};
        assert_eq!(told("review", View, &[SEE, "publish"]), Some(Access::Grant));
        assert_eq!(told("review", Edit, &[SEE, "publish"]), Some(Access::Grant));
        assert_eq!(told("review", Delete, &[SEE, "publish"]), Some(Access::Neutral));
        assert_eq!(told("review", View, &[SEE]), Some(Access::Neutral));
        assert_eq!(told("draft", View, &[SEE, "submit"]), Some(Access::Neutral));
        for operation in [Edit, Delete] {
            assert_eq!(told("published", operation, &[]), Some(Access::Deny));
            assert_eq!(told("published", operation, &[CHANGE]), Some(Access::Neutral));
            assert_eq!(told("published", operation, &["return"]), Some(Access::Neutral));
        }
    }
}
