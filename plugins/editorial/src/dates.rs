//! Who may have the clock publish and unpublish an item. The clock asks nobody when it is time, so it is asked for when
//! a date is set, and when it is taken away.

use trovato_sdk::prelude::*;

use crate::WITHOUT_REVIEW;
use crate::rules::{Rules, State};

pub const PUBLISH: &str = "publish_on";
pub const UNPUBLISH: &str = "unpublish_on";

/// Whether whoever asks may have an item published that is in a state. The clock takes no way past review.
pub fn may_publish(rules: &Rules, from: &State, item: &Item) -> bool {
    let is_for_others = !rules.own_content && item.author() == users::current().id;
    !is_for_others && leads_out(rules, from, users::may)
}

fn leads_out(rules: &Rules, from: &State, may: impl Fn(&str) -> bool) -> bool {
    let ways = rules.ways(from, |permission| permission != WITHOUT_REVIEW && may(permission));
    ways.iter().any(|to| to.public)
}

/// Whether whoever asks may take from the site whatever is published there: nobody knows in which state it will be.
pub fn may_unpublish(rules: &Rules) -> bool {
    leads_back(rules, users::may)
}

fn leads_back(rules: &Rules, may: impl Fn(&str) -> bool) -> bool {
    let is_open = |from| rules.ways(from, &may).iter().any(|to| !to.public);
    rules.public().all(is_open)
}

/// Refuses dates that whoever saves an item may not set or take away, and those on which nothing would happen.
pub fn check(rules: &Rules, stored: Option<&Item>, item: &Item, from: &State, to: &State) -> Result<()> {
    let date = item.publish_on();
    if date != stored.and_then(Item::publish_on) {
        let may = may_publish(rules, to, item) || date.is_none() && may_publish(rules, from, item);
        if !may {
            let problem = format!("as “{}” it can't be published by itself, or not by you", to.label);
            return Err(Error::invalid(PUBLISH, problem));
        }
    }
    if item.unpublish_on() != stored.and_then(Item::unpublish_on) && !may_unpublish(rules) {
        let problem = "you can't take it from the site, so you can't say when it is";
        return Err(Error::invalid(UNPUBLISH, problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_goes_only_where_a_way_is_open_and_never_past_review() {
        let states = "draft: Draft\nreview: In review\nout: Out (public)\nsold: Sold (public)";
        let ways = "draft > out: publish content without review\nreview > out: publish\nout > draft: return\n\
                    sold > draft: give back";
        let rules = Rules::parse("", states, ways).unwrap_or_else(|(_, problem)| unreachable!("{problem}"));
        let out = |state: &str, permission: &str| {
            let from = rules.state(state);
            from.is_some_and(|from| leads_out(&rules, from, |asked| asked == permission))
        };
        assert!(out("review", "publish") && !out("review", "return") && !out("draft", WITHOUT_REVIEW));
        assert!(
            !leads_back(&rules, |asked| asked == "return") && leads_back(&rules, |asked| asked != "publish")
        );
    }
}
