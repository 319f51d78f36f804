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
        ItemOperation::Delete => true,
    };
    if says_nothing {
        return Ok(Access::Neutral);
    }
    let rules = Rules::read()?;
    if !rules.cover(&item.item_type()) {
        return Ok(Access::Neutral);
    }
    let written = store::state_of(&item.id())?;
    let state = rules.current(written.as_deref(), published)?;
    let may_move = !rules.ways(state, users::may).is_empty();
    Ok(judge(&rules, state, operation, may_move, users::may))
}

fn judge(
    rules: &Rules,
    state: &State,
    operation: ItemOperation,
    may_move: bool,
    may: impl Fn(&str) -> bool,
) -> Access {
    let reviews = may(SEE) && may_move && rules.waits(state);
    match operation {
        ItemOperation::View | ItemOperation::Edit if reviews => Access::Grant,
        ItemOperation::Edit if state.locked && !may_move && !may(CHANGE) => Access::Deny,
        _ => Access::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reviews_sees_what_waits_and_nobody_changes_what_is_settled() {
        let rules = Rules::sample();
        let told = |state: &str, operation, may_move, permission: &str| {
            let state = rules.state(state);
            state.map(|state| judge(&rules, state, operation, may_move, |asked| asked == permission))
        };
        use ItemOperation::{Edit, View};
        assert_eq!(told("review", View, true, SEE), Some(Access::Grant));
        assert_eq!(told("review", Edit, true, SEE), Some(Access::Grant));
        assert_eq!(told("review", View, false, SEE), Some(Access::Neutral));
        assert_eq!(told("draft", View, true, SEE), Some(Access::Neutral));
        assert_eq!(told("published", Edit, false, ""), Some(Access::Deny));
        assert_eq!(told("published", Edit, false, CHANGE), Some(Access::Neutral));
        assert_eq!(told("published", Edit, true, ""), Some(Access::Neutral));
    }
}
