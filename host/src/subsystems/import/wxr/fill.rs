//! What an item gets from its entry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::json;
use uuid::Uuid;

use super::super::fields::{body_of, set_texts};
use super::super::replace::replace;
use super::super::{Error, Report, blocking, files};
use super::run::{Importer, Task};
use super::{body, pictures};
use crate::subsystems::file::{self, SIZE_LIMIT};
use crate::subsystems::item::{Item, Value};
use crate::subsystems::item_type::FieldType;
use crate::time::Timestamp;

/// Under what pictures are noted.
const FILES: &str = "wxr-file";
/// The format of the text.
const FORMAT: &str = "full_html";
/// Changes with whatever makes the same entry into another item.
const VERSION: u32 = 1;
/// The field for the picture.
const PICTURE: &str = "field_image";
/// Characters of a title and of a summary.
const TITLE: usize = 255;
const SUMMARY: usize = 500;
/// The category of everything that has none.
const NO_CATEGORY: &str = "Uncategorized";

impl Importer {
    /// Fills an item with what its entry says; gives a digest of all that, by which a later run sees whether it has
    /// changed.
    pub(super) async fn fill(
        &self,
        item: &mut Item,
        task: &Task<'_>,
        report: &mut Report,
    ) -> Result<String, Error> {
        let entry = task.entry;
        let mut notes: Vec<String> = Vec::new();
        let (is_public, why) = entry.is_public();
        notes.extend(why.map(str::to_owned));
        let text = self.text(task, report, &mut notes).await?;
        let picture = self.picture(task, report, &mut notes).await?;
        let texts = self.texts(task);
        let date = entry.date();
        let said = json!([
            VERSION,
            entry.title,
            is_public,
            entry.sticky,
            date.map(Timestamp::as_millis),
            text,
            picture,
            texts
        ]);
        item.title = Some(self.plain(&entry.title, TITLE))
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| "Untitled".to_owned());
        item.published = is_public;
        item.sticky = entry.sticky;
        item.created = date.unwrap_or(item.created);
        if let Some(field) = body_of(task.of) {
            let text = Value::Formatted {
                value: text,
                format: FORMAT.to_owned(),
            };
            item.fields.insert(field.to_owned(), vec![text]);
        }
        if let Some(target) = picture {
            let kind = "file".to_owned();
            item.fields
                .insert(PICTURE.to_owned(), vec![Value::Reference { target, kind }]);
        }
        for (name, texts) in texts {
            notes.extend(set_texts(item, task.of, name, &texts));
        }
        notes.extend(entry.comments.notes());
        report.notes.extend(notes.iter().map(|note| task.note(note)));
        Ok(file::sha256(said.to_string().as_bytes()))
    }

    /// The fields of plain text with what an entry says for them.
    fn texts(&self, task: &Task<'_>) -> [(&'static str, Vec<String>); 3] {
        let entry = task.entry;
        let said = |text: String| (!text.is_empty()).then_some(text).into_iter().collect::<Vec<_>>();
        let author = task
            .plan
            .authors
            .get(&entry.creator)
            .filter(|name| !name.is_empty());
        let author = author.unwrap_or(&entry.creator).clone();
        let mut seen = BTreeSet::new();
        let terms = entry.terms.iter().map(|term| self.plain(term, TITLE));
        let tags =
            terms.filter(|term| !term.is_empty() && term != NO_CATEGORY && seen.insert(term.to_lowercase()));
        [
            ("field_summary", said(self.plain(&entry.excerpt, SUMMARY))),
            ("field_authors", said(author)),
            ("field_tags", tags.collect()),
        ]
    }

    /// HTML as plain text of at most so many characters.
    pub(super) fn plain(&self, html: &str, most: usize) -> String {
        let formats = &self.site.services().formats;
        let whole = formats.plain(FORMAT, html);
        // An excerpt is one of paragraphs: of a title with an element in it, it is but a part.
        if whole.chars().count() <= most {
            whole
        } else {
            formats.excerpt(FORMAT, html, most)
        }
    }

    /// The text, whose addresses lead to where everything is on this site.
    async fn text(
        &self,
        task: &Task<'_>,
        report: &mut Report,
        notes: &mut Vec<String>,
    ) -> Result<String, Error> {
        let (html, stay) = body::html(&task.entry.content);
        notes.extend(
            stay.into_iter()
                .map(|name| format!("the shortcode [{name}] stays as text")),
        );
        let (mut places, mut elsewhere) = (Vec::new(), 0);
        for range in body::addresses(&html) {
            let address = html.get(range.clone()).unwrap_or_default();
            let address = address.replace("&amp;", "&").replace("&#038;", "&");
            if pictures::is_upload(&address) {
                match self.upload(&address, report, notes).await? {
                    Some(file) => places.push((range, file.url())),
                    None => elsewhere += 1,
                }
            } else if let Some((key, rest)) = task.plan.entry_at(&address) {
                let path = match task.plan.paths.get(key) {
                    Some(path) => format!("/{path}"),
                    None => self.item_of(key).await?,
                };
                places.push((range, format!("{path}{rest}")));
            }
        }
        if elsewhere > 0 {
            let how = match self.uploads {
                Some(_) => "they are not in the folder of uploads",
                None => "name a copy of the folder wp-content/uploads by --uploads",
            };
            notes.push(format!(
                "addresses of files ({elsewhere}) stay as they are: {how}"
            ));
        }
        Ok(replace(&html, &places))
    }

    /// The stored picture of an entry, where its content type has a field for one.
    async fn picture(
        &self,
        task: &Task<'_>,
        report: &mut Report,
        notes: &mut Vec<String>,
    ) -> Result<Option<Uuid>, Error> {
        let files = FieldType::Reference("file".to_owned());
        let has_place = task
            .of
            .field(PICTURE)
            .is_some_and(|field| field.field_type == files);
        let number = task.entry.picture.as_ref().filter(|_| has_place);
        let Some(address) = number.and_then(|number| task.plan.attachments.get(number)) else {
            return Ok(None);
        };
        let stored = self.upload(address, report, notes).await?;
        if stored.is_none() {
            notes.push(format!(
                "its picture {address} is left out: it is not in the folder of uploads"
            ));
        }
        Ok(stored.map(|file| file.id))
    }

    /// The stored file of an upload, if the folder of uploads has it.
    async fn upload(
        &self,
        address: &str,
        report: &mut Report,
        notes: &mut Vec<String>,
    ) -> Result<Option<file::File>, Error> {
        let Some(folder) = self.uploads.clone() else {
            return Ok(None);
        };
        let wanted = address.to_owned();
        let Some((path, content)) = blocking(move || read(&folder, &wanted)).await? else {
            return Ok(None);
        };
        let key = path.display().to_string();
        let place = (FILES, key.as_str());
        let sha256 = file::sha256(&content);
        if let Some(file) = files::stored(&self.site, &self.records, place, &sha256).await? {
            return Ok(Some(file));
        }
        match files::store(&self.site, &self.records, place, content.into()).await? {
            Ok(file) => {
                report.files += 1;
                Ok(Some(file))
            }
            Err(reason) => {
                notes.push(format!("{key} is left out: {reason}"));
                Ok(None)
            }
        }
    }
}

/// An uploaded file with its path in the folder; none that is larger than files may be.
fn read(folder: &Path, address: &str) -> Option<(PathBuf, Vec<u8>)> {
    let path = pictures::find(folder, address)?;
    let full = folder.join(&path);
    let size = std::fs::metadata(&full).ok()?.len();
    (size <= SIZE_LIMIT)
        .then(|| std::fs::read(full).ok())
        .flatten()
        .map(|content| (path, content))
}
