//! Comments of an entry, as they stand there, and which of them are kept.

use std::collections::{HashMap, HashSet};

use super::super::kept::{Kept, Kind};
use super::above::above;
use super::entry::at_utc;

/// Bytes of what a comment says.
pub(super) const LIMIT: usize = 64 << 10;
/// Comments of one entry, and bytes of all of them.
const MOST: usize = 5000;
const ALL: usize = 8 << 20;
/// Characters of names, of mail addresses and of addresses of sites.
const NAME: usize = 255;
const MAIL: usize = 254;
const URL: usize = 1024;

/// A comment.
#[derive(Debug, Default)]
pub(super) struct Comment {
    /// Whether something about it is longer than it may be.
    pub(super) is_long: bool,
    number: String,
    above: String,
    author: String,
    mail: String,
    url: String,
    written: String,
    written_utc: String,
    approved: String,
    kind: String,
    content: String,
}

/// The comments of an entry. What is left out is counted and not held.
#[derive(Debug, Default)]
pub(super) struct Comments {
    held: Vec<Comment>,
    bytes: usize,
    /// The numbers of those that are refuse, with the comments that they answer.
    refused: HashMap<String, String>,
    /// Spam, and what was in the trash.
    pub(super) refuse: usize,
    /// Of kinds that are no comments.
    pub(super) other: usize,
    /// Without a number or a text.
    pub(super) empty: usize,
    pub(super) long: usize,
    pub(super) many: usize,
}

impl Comment {
    /// What an element of it says. The address of whoever wrote it is none of anybody's business.
    pub(super) fn set(&mut self, name: &str, text: String) {
        match name {
            "wp:comment_id" => text.trim().clone_into(&mut self.number),
            "wp:comment_parent" => text.trim().clone_into(&mut self.above),
            "wp:comment_author" => self.author = text,
            "wp:comment_author_email" => text.trim().clone_into(&mut self.mail),
            "wp:comment_author_url" => text.trim().clone_into(&mut self.url),
            "wp:comment_date" => self.written = text,
            "wp:comment_date_gmt" => self.written_utc = text,
            "wp:comment_approved" => text.trim().clone_into(&mut self.approved),
            "wp:comment_type" => text.trim().clone_into(&mut self.kind),
            "wp:comment_content" => self.content = text,
            _ => {}
        }
    }

    /// WordPress counts comments: an answer has a higher number than what it answers.
    fn order(&self) -> Option<u64> {
        order(&self.number)
    }

    fn is_refuse(&self) -> bool {
        matches!(self.approved.as_str(), "spam" | "trash" | "post-trashed")
    }

    fn kind(&self) -> Option<Kind> {
        match self.kind.as_str() {
            "" | "comment" => Some(Kind::Comment),
            "pingback" => Some(Kind::Pingback),
            "trackback" => Some(Kind::Trackback),
            _ => None,
        }
    }

    fn kept(&self, kind: Kind, above: Option<&str>) -> Kept {
        let is_mail = |mail: &&String| mail.contains('@') && is_word(mail, MAIL);
        let is_url = |url: &&String| {
            let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
            rest.is_some_and(|rest| !rest.is_empty()) && is_word(url, URL)
        };
        let name = self.author.chars().filter(|char| !char.is_control());
        let text = self.content.replace("\r\n", "\n");
        let is_text = |char: &char| !char.is_control() || matches!(char, '\n' | '\t');
        Kept {
            key: self.number.clone(),
            parent: above.map(str::to_owned),
            kind,
            author: name.take(NAME).collect::<String>().trim().to_owned(),
            mail: Some(&self.mail).filter(is_mail).cloned(),
            url: Some(&self.url).filter(is_url).cloned(),
            created: at_utc(&self.written_utc).or_else(|| at_utc(&self.written)),
            approved: matches!(self.approved.as_str(), "1" | "approve" | "approved"),
            body: text.chars().filter(is_text).collect::<String>().trim().to_owned(),
        }
    }
}

fn order(number: &str) -> Option<u64> {
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|_| is_plain)
}

fn is_word(text: &str, most: usize) -> bool {
    let is_part = |char: char| !char.is_control() && !char.is_whitespace();
    text.chars().all(is_part) && text.chars().count() <= most
}

impl Comments {
    pub(super) fn add(&mut self, comment: Comment) {
        let is_number = comment.order().is_some();
        if comment.is_refuse() {
            if is_number && self.refused.len() < MOST {
                self.refused.insert(comment.number, comment.above);
            }
            self.refuse += 1;
        } else if comment.is_long {
            self.long += 1;
        } else if !is_number || comment.content.trim().is_empty() {
            self.empty += 1;
        } else if comment.kind().is_none() {
            self.other += 1;
        } else if self.held.len() >= MOST || self.bytes.saturating_add(comment.content.len()) > ALL {
            self.many += 1;
        } else {
            self.bytes += comment.content.len();
            self.held.push(comment);
        }
    }

    /// Those that are kept, each below the next one above it that is kept as well.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let held: HashSet<&str> = self.held.iter().map(|comment| comment.number.as_str()).collect();
        let answers = self
            .held
            .iter()
            .map(|comment| (comment.number.as_str(), comment.above.as_str()));
        let refused = self
            .refused
            .iter()
            .map(|(number, above)| (number.as_str(), above.as_str()));
        let answers: HashMap<&str, &str> = refused.chain(answers).collect();
        let mut seen = HashSet::new();
        let first = self
            .held
            .iter()
            .filter(|comment| seen.insert(comment.number.as_str()));
        let kept = first.filter_map(|comment| {
            let above = above(&comment.number, &answers, |number| held.contains(number));
            // Whoever walks up from a comment comes to an end.
            let above = above.filter(|above| order(above) < comment.order());
            Some(comment.kept(comment.kind()?, above))
        });
        kept.collect()
    }

    /// The numbers of those that are refuse: what was kept of them before is not kept any longer.
    pub(super) fn refused(&self) -> impl Iterator<Item = &str> {
        self.refused.keys().map(String::as_str)
    }

    /// What is said of an entry of which not all comments are kept.
    pub(super) fn notes(&self) -> Vec<String> {
        let told = [
            (self.long, format!("longer than {} KiB", LIMIT >> 10)),
            (self.empty, "without a number or a text".to_owned()),
            (self.other, "of kinds that are no comments".to_owned()),
            (
                self.many,
                format!("too many: {MOST} and {} MiB are kept", ALL >> 20),
            ),
        ];
        let told = told.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(count, why)| format!("comments ({count}) are left out: they are {why}"))
            .collect()
    }
}
