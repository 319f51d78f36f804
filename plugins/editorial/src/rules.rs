//! The rules: which content types are moderated, which states there are, and how content goes from one to another.

use trovato_sdk::form::fault;
use trovato_sdk::prelude::*;

/// The form in which the settings are changed, as the site calls it.
pub const FORM: &str = "plugin-settings-editorial";

/// A state.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The machine name.
    pub name: String,
    /// The name that people see.
    pub label: String,
    /// Whether content is published in it.
    pub public: bool,
    /// Whether only few may change content that is in it.
    pub locked: bool,
}

/// A way from one state to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    pub from: String,
    pub to: String,
    /// The permission that it takes.
    pub permission: String,
}

/// The settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The content types that are moderated.
    pub types: Vec<String>,
    /// The states; the first is that of new content.
    states: Vec<State>,
    pub transitions: Vec<Transition>,
    /// Whether people may approve and publish their own content.
    pub own_content: bool,
    /// Whether a note is required when content goes back to the first state.
    pub note_on_return: bool,
}

impl Rules {
    /// The rules for the items of a content type; none where it is not moderated. Settings that make no sense are
    /// nothing to the other types.
    pub fn of(item_type: &str) -> Result<Option<Self>> {
        let types: String = variables::get("types")?;
        if !names(&types).any(|name| name == item_type) {
            return Ok(None);
        }
        Self::read().map(Some)
    }

    /// The rules as the settings have them now.
    pub fn read() -> Result<Self> {
        let [types, states, transitions]: [String; 3] = [
            variables::get("types")?,
            variables::get("states")?,
            variables::get("transitions")?,
        ];
        let rules = Self::parse(&types, &states, &transitions).map_err(|(setting, problem)| {
            Error::other(format!(
                "the setting `{setting}` of the plugin 'editorial': {problem}"
            ))
        })?;
        Ok(Self {
            own_content: variables::get("own_content")?,
            note_on_return: variables::get("note_on_return")?,
            ..rules
        })
    }

    /// The rules of these texts, or which setting is wrong, and how.
    pub fn parse(types: &str, states: &str, transitions: &str) -> Result<Self, (&'static str, String)> {
        let states = lines(states)
            .map(state)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|problem| ("states", problem))?;
        let has = |wanted: fn(&State) -> bool| states.iter().any(wanted);
        if states.first().is_none_or(|first| first.public) || !has(|state| state.public) {
            let problem = "the first state is not (public), and at least one other is".to_owned();
            return Err(("states", problem));
        }
        let transitions = lines(transitions)
            .map(|line| transition(line, &states))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|problem| ("transitions", problem))?;
        Ok(Self {
            types: names(types).map(str::to_owned).collect(),
            states,
            transitions,
            own_content: true,
            note_on_return: false,
        })
    }

    /// The states in which content is published.
    pub fn public(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| state.public)
    }

    /// The state of a name.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| state.name == name)
    }

    /// The state of new content.
    pub fn first(&self) -> Result<&State> {
        self.states
            .first()
            .ok_or_else(|| Error::other("there are no states"))
    }

    /// The state of content that is published or not, by what was written down. What is published counts more: the
    /// plugin may have been away when it was saved.
    pub fn current(&self, written: Option<&str>, published: bool) -> Result<&State> {
        if let Some(state) = written.and_then(|name| self.state(name))
            && state.public == published
        {
            return Ok(state);
        }
        if published && let Some(public) = self.public().next() {
            return Ok(public);
        }
        self.first()
    }

    /// The ways from a state that `may` opens, in their order.
    pub fn ways(&self, from: &State, may: impl Fn(&str) -> bool) -> Vec<&State> {
        let ways = self.transitions.iter();
        ways.filter(|way| way.from == from.name && may(&way.permission))
            .filter_map(|way| self.state(&way.to))
            .collect()
    }

    /// Whether content that goes from one state to another goes back to the beginning, which takes a word about it.
    pub fn wants_note(&self, from: &State, to: &State) -> bool {
        let is_first = self.states.first().is_some_and(|first| first.name == to.name);
        self.note_on_return && is_first && from.name != to.name
    }

    /// Whether content in a state waits for somebody: it is neither at the beginning nor at an end.
    pub fn waits(&self, state: &State) -> bool {
        let is_first = self.states.first().is_some_and(|first| first.name == state.name);
        let leads_on = |to: &str| self.state(to).is_some_and(|to| to.public || to.locked);
        let mut ways = self.transitions.iter().filter(|way| way.from == state.name);
        !is_first && !state.public && ways.any(|way| leads_on(&way.to))
    }
}

/// What is wrong with the settings that were sent.
pub fn faults(submission: &Submission) -> Vec<FieldError> {
    let text = |name| submission.text(name);
    let parsed = Rules::parse("", text("setting_states"), text("setting_transitions"));
    let wrong = parsed
        .err()
        .map(|(setting, problem)| fault(format!("setting_{setting}"), problem));
    wrong.into_iter().collect()
}

/// The machine names in a setting, with commas between them.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|name| !name.is_empty())
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// `approved: Approved (locked)`
fn state(line: &str) -> Result<State, String> {
    let wrong = || format!("`{line}` is no state; one looks like `review: In review`");
    let (name, rest) = line.split_once(':').ok_or_else(wrong)?;
    let (label, mark) = match rest
        .trim()
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('))
    {
        Some((label, mark)) => (label.trim(), mark.trim()),
        None => (rest.trim(), ""),
    };
    let name = name.trim();
    let is_name = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    if name.is_empty() || label.is_empty() || !name.chars().all(is_name) {
        return Err(wrong());
    }
    let (public, locked) = match mark {
        "public" => (true, true),
        "locked" => (false, true),
        "" => (false, false),
        other => {
            return Err(format!(
                "`{line}`: a state is (public) or (locked), not ({other})"
            ));
        }
    };
    Ok(State {
        name: name.to_owned(),
        label: label.to_owned(),
        public,
        locked,
    })
}

/// `draft > review: submit content for review`
fn transition(line: &str, states: &[State]) -> Result<Transition, String> {
    let wrong =
        || format!("`{line}` is no transition; one looks like `draft > review: submit content for review`");
    let (way, permission) = line.split_once(':').ok_or_else(wrong)?;
    let (from, to) = way.split_once('>').ok_or_else(wrong)?;
    let [from, to, permission] = [from, to, permission].map(str::trim);
    if permission.is_empty() || from == to {
        return Err(wrong());
    }
    match [from, to]
        .into_iter()
        .find(|name| !states.iter().any(|state| state.name == *name))
    {
        Some(unknown) => Err(format!("`{line}`: there is no state `{unknown}`")),
        None => Ok(Transition {
            from: from.to_owned(),
            to: to.to_owned(),
            permission: permission.to_owned(),
        }),
    }
}

#[cfg(test)]
impl Rules {
    /// Rules of two steps for tests.
    pub fn sample() -> Self {
        let states = "draft: Draft\nreview: In review\npublished: Published (public)";
        let ways = "draft > review: submit\nreview > published: publish\npublished > draft: return";
        Self::parse("blog, page", states, ways).unwrap_or_else(|(_, problem)| unreachable!("{problem}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_and_ways_are_read_from_lines() {
        let rules = Rules::sample();
        assert_eq!(rules.types, ["blog", "page"]);
        let draft = rules.state("draft").cloned();
        assert_eq!(rules.first().ok(), draft.as_ref());
        let names = |from: &str, permission: &str| -> Vec<String> {
            let ways = rules
                .state(from)
                .map(|from| rules.ways(from, |needed| needed == permission));
            ways.into_iter()
                .flatten()
                .map(|state| state.name.clone())
                .collect()
        };
        assert_eq!(names("draft", "submit"), ["review"]);
        assert!(names("draft", "publish").is_empty());
        let waits = |name: &str| rules.state(name).is_some_and(|state| rules.waits(state));
        assert_eq!(["draft", "review", "published"].map(waits), [false, true, false]);
    }

    #[test]
    fn what_is_published_counts_more_than_what_was_written_down() {
        let rules = Rules::sample();
        let current = |written, published| rules.current(written, published).map(|state| state.name.clone());
        assert_eq!(current(Some("review"), false).as_deref(), Ok("review"));
        assert_eq!(current(Some("review"), true).as_deref(), Ok("published"));
        assert_eq!(current(Some("published"), false).as_deref(), Ok("draft"));
        assert_eq!(current(Some("gone"), false).as_deref(), Ok("draft"));
        assert_eq!(current(None, true).as_deref(), Ok("published"));
    }

    #[test]
    fn settings_that_make_no_sense_are_told() {
        let draft = "draft: Draft\npublished: Published (public)";
        for (states, ways, setting, told) in [
            ("", "", "states", "the first state is not (public)"),
            ("draft: Draft", "", "states", "at least one other is"),
            ("Draft", "", "states", "`Draft` is no state"),
            ("draft: Draft (odd)", "", "states", "not (odd)"),
            (draft, "draft - published: x", "transitions", "is no transition"),
            (
                draft,
                "draft > gone: x",
                "transitions",
                "there is no state `gone`",
            ),
            (draft, "draft > published:", "transitions", "is no transition"),
        ] {
            let problem = Rules::parse("", states, ways).err();
            let is_told = problem
                .as_ref()
                .is_some_and(|(of, problem)| *of == setting && problem.contains(told));
            assert!(is_told, "{told}: {problem:?}");
        }
    }
}
