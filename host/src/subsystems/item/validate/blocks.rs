//! Bodies of blocks: which blocks there are, and what each of them has.

use serde_json::{Map, Value as Json};

use super::{composite, text};
use crate::subsystems::item::error::FieldError;

/// Blocks of a body.
const BLOCKS_LIMIT: usize = 500;
/// Entries of a list.
const ENTRIES: usize = 500;
/// Characters of a line.
const LINE: u32 = 1000;

/// What a member of a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line of plain text.
    Line,
    /// Plain text of any length.
    Text,
    /// The name of a text format.
    Format,
    /// The level of a heading, 2 to 6: the title is the first.
    Level,
    /// Yes or no.
    Flag,
    /// Lines of plain text.
    Lines,
    /// The identifier of a picture among the files.
    Picture,
    /// What a picture shows.
    Alt,
    /// A web address.
    Url,
}

/// A member of a block.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
}

/// A kind of block.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Its name, the `type` of a block.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it has.
    pub members: &'static [Member],
}

const fn needs(name: &'static str, label: &'static str, kind: Kind) -> Member {
    Member {
        name,
        label,
        kind,
        required: true,
    }
}

const fn may_have(name: &'static str, label: &'static str, kind: Kind) -> Member {
    Member {
        name,
        label,
        kind,
        required: false,
    }
}

/// Every kind of block.
pub const BLOCKS: &[Block] = &[
    Block {
        name: "text",
        label: "Text",
        members: &[
            needs("value", "Text", Kind::Text),
            needs("format", "Text format", Kind::Format),
        ],
    },
    Block {
        name: "heading",
        label: "Heading",
        members: &[
            needs("text", "Text", Kind::Line),
            needs("level", "Level", Kind::Level),
        ],
    },
    Block {
        name: "quote",
        label: "Quotation",
        members: &[
            needs("text", "Text", Kind::Text),
            may_have("source", "Source", Kind::Line),
        ],
    },
    Block {
        name: "code",
        label: "Code",
        members: &[
            needs("code", "Code", Kind::Text),
            may_have("language", "Language", Kind::Line),
        ],
    },
    Block {
        name: "list",
        label: "List",
        members: &[
            needs("items", "Entries", Kind::Lines),
            may_have("ordered", "Numbered", Kind::Flag),
        ],
    },
    Block {
        name: "image",
        label: "Image",
        members: &[
            needs("target_id", "Picture", Kind::Picture),
            needs("alt", "What it shows", Kind::Alt),
            may_have("caption", "Caption", Kind::Line),
        ],
    },
    Block {
        name: "link",
        label: "Link",
        members: &[
            needs("url", "Address", Kind::Url),
            needs("text", "Text", Kind::Line),
        ],
    },
    Block {
        name: "divider",
        label: "Divider",
        members: &[],
    },
];

/// The kind of a block.
pub(crate) fn find(name: &str) -> Option<&'static Block> {
    BLOCKS.iter().find(|block| block.name == name)
}

/// What is wrong with a body.
pub(super) fn problems(json: &Json, format: impl Fn(&str) -> Option<String>) -> Vec<FieldError> {
    let mut problems = Vec::new();
    let body = json.as_object().filter(|body| body.len() == 1);
    let Some(blocks) = body.and_then(|body| body.get("blocks")).and_then(Json::as_array) else {
        return vec![FieldError::new(
            "",
            "an object with a list of 'blocks', and nothing else, was expected",
        )];
    };
    if blocks.len() > BLOCKS_LIMIT {
        let message = format!("at most {BLOCKS_LIMIT} blocks; there are {}", blocks.len());
        problems.push(FieldError::new("blocks", message));
    }
    for (index, block) in blocks.iter().enumerate().take(BLOCKS_LIMIT) {
        for wrong in check(block, &format) {
            let path = match wrong.path.as_str() {
                "" => format!("blocks.{index}"),
                within => format!("blocks.{index}.{within}"),
            };
            problems.push(FieldError::new(path, wrong.message));
        }
    }
    problems
}

fn check(block: &Json, format: &impl Fn(&str) -> Option<String>) -> Vec<FieldError> {
    let Some(found) = block.as_object() else {
        return vec![FieldError::new("", "a block is an object")];
    };
    let Some(kind) = found.get("type").and_then(Json::as_str).and_then(find) else {
        let names: Vec<&str> = BLOCKS.iter().map(|block| block.name).collect();
        return vec![FieldError::new(
            "type",
            format!("the kinds of blocks are {}", names.join(", ")),
        )];
    };
    let mut problems = Vec::new();
    let is_known = |name: &str| name == "type" || kind.members.iter().any(|member| member.name == name);
    for name in found.keys().filter(|name| !is_known(name)) {
        let message = format!("a block of the kind {} has no '{name}'", kind.name);
        problems.push(FieldError::new(name.as_str(), message));
    }
    for member in kind.members {
        let wrong = match found.get(member.name) {
            None if member.required => Some(format!("{} is required", member.label)),
            None => None,
            Some(value) => wrong(member.kind, value, found, format),
        };
        problems.extend(wrong.map(|wrong| FieldError::new(member.name, wrong)));
    }
    problems
}

fn wrong(
    kind: Kind,
    value: &Json,
    block: &Map<String, Json>,
    format: &impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let expected = |what: &str| Some(format!("{what} was expected"));
    match (kind, value) {
        (Kind::Line, Json::String(line)) => text::line(line, LINE),
        (Kind::Text, Json::String(_)) => None,
        (Kind::Format, Json::String(name)) => format(name),
        (Kind::Url, Json::String(url)) => (!text::is_url(url)).then(|| "no web address".to_owned()),
        (Kind::Level, Json::Number(level)) if matches!(level.as_i64(), Some(2..=6)) => None,
        (Kind::Flag, Json::Bool(_)) => None,
        (Kind::Lines, Json::Array(lines)) => lines
            .iter()
            .find_map(|line| match line {
                Json::String(line) => text::line(line, LINE),
                _ => expected("a list of texts"),
            })
            .or_else(|| (lines.len() > ENTRIES).then(|| format!("at most {ENTRIES} entries"))),
        (Kind::Picture, _) if composite::target(block).is_some() => None,
        (Kind::Alt, _) => composite::alt(block),
        (Kind::Level, _) => expected("a number from 2 to 6"),
        (Kind::Flag, _) => expected("true or false"),
        (Kind::Lines, _) => expected("a list of texts"),
        (Kind::Picture, _) => expected("the identifier of a file"),
        _ => expected("a text"),
    }
}
