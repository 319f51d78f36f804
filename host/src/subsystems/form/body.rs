//! Reading what a browser sends, within limits.

use std::path::Path;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use multer::Multipart;

use super::input::Input;
use super::model::{FileRules, Form, Kind};
use super::upload::Writing;
use crate::time::Ids;
use crate::web::Error;

/// Fields of a form: more than any form has.
const MOST_FIELDS: usize = 2_000;
/// Bytes of all texts together.
const MOST_BYTES: usize = 2 << 20;
/// Bytes of a field's name.
const NAME_LIMIT: usize = 200;

/// A body that is being read: texts up to the first file, whose rules are not known before.
pub struct Reader {
    rest: Option<Rest>,
    budget: Budget,
}

struct Rest {
    parts: Multipart<'static>,
    /// The first file.
    pending: Option<multer::Field<'static>>,
}

#[derive(Default)]
struct Budget {
    fields: usize,
    bytes: usize,
}

impl Budget {
    fn field(&mut self, name: &str) -> Result<(), Error> {
        self.fields += 1;
        if self.fields > MOST_FIELDS {
            return Err(Error::TooLarge);
        }
        if name.len() > NAME_LIMIT {
            return Err(Error::Bad(
                "A field of this form has a name that is too long.".to_owned(),
            ));
        }
        self.bytes(name.len())
    }

    fn bytes(&mut self, more: usize) -> Result<(), Error> {
        self.bytes += more;
        if self.bytes > MOST_BYTES {
            Err(Error::TooLarge)
        } else {
            Ok(())
        }
    }
}

impl Reader {
    /// Reads all texts that come before the first file.
    ///
    /// # Errors
    /// The body is no form, is not UTF-8, or is too large.
    pub async fn begin(headers: &HeaderMap, body: Body) -> Result<(Self, Input), Error> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let mut reader = Self {
            rest: None,
            budget: Budget::default(),
        };
        if let Ok(boundary) = multer::parse_boundary(kind) {
            let parts = Multipart::new(body.into_data_stream(), boundary);
            let mut rest = Rest { parts, pending: None };
            let input = reader.texts(&mut rest).await?;
            reader.rest = Some(rest);
            return Ok((reader, input));
        }
        let plain = kind.is_empty() || kind.starts_with("application/x-www-form-urlencoded");
        if !plain {
            return Err(Error::Bad("A form is sent in another way.".to_owned()));
        }
        let input = reader.urlencoded(body).await?;
        Ok((reader, input))
    }

    async fn urlencoded(&mut self, body: Body) -> Result<Input, Error> {
        let mut stream = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| broken_off())?;
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(Error::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        parse(&bytes, &mut self.budget)
    }

    async fn texts(&mut self, rest: &mut Rest) -> Result<Input, Error> {
        let mut input = Input::default();
        while let Some(field) = rest.parts.next_field().await.map_err(of_part)? {
            if field.file_name().is_some() {
                rest.pending = Some(field);
                break;
            }
            self.text(field, &mut input).await?;
        }
        Ok(input)
    }

    async fn text(&mut self, mut field: multer::Field<'static>, input: &mut Input) -> Result<(), Error> {
        let name = field.name().unwrap_or_default().to_owned();
        self.budget.field(&name)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(of_part)? {
            self.budget.bytes(chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes).map_err(|_| not_utf8())?;
        input.push(name, text);
        Ok(())
    }

    /// Reads the files, each by the rules of its element, and what comes after them. What is too large or was not
    /// asked for is read past; the paths of files that were too large are the answer.
    ///
    /// # Errors
    /// As [`Reader::begin`]; a file can't be written.
    pub async fn finish(
        mut self,
        form: &Form,
        input: &mut Input,
        folder: &Path,
        ids: &Ids,
    ) -> Result<Vec<String>, Error> {
        let mut refused = Vec::new();
        let Some(mut rest) = self.rest.take() else {
            return Ok(refused);
        };
        let mut next = rest.pending.take();
        loop {
            let Some(field) = next else { return Ok(refused) };
            if field.file_name().is_some() {
                self.file(field, form, input, folder, ids, &mut refused).await?;
            } else {
                self.text(field, input).await?;
            }
            next = rest.parts.next_field().await.map_err(of_part)?;
        }
    }

    async fn file(
        &mut self,
        mut field: multer::Field<'static>,
        form: &Form,
        input: &mut Input,
        folder: &Path,
        ids: &Ids,
        refused: &mut Vec<String>,
    ) -> Result<(), Error> {
        let path = field.name().unwrap_or_default().to_owned();
        self.budget.field(&path)?;
        let name = field.file_name().unwrap_or_default().to_owned();
        let claimed = field.content_type().map(ToString::to_string).unwrap_or_default();
        let rules = rules_of(form, &path);
        let Some(rules) =
            rules.filter(|rules| !name.is_empty() && input.files(&path).len() < rules.most_files)
        else {
            // An empty file field is sent as a file without a name.
            while field.chunk().await.map_err(of_part)?.is_some() {}
            return Ok(());
        };
        let mut writing = Writing::begin(folder, ids.next())
            .await
            .map_err(Error::internal)?;
        while let Some(chunk) = field.chunk().await.map_err(of_part)? {
            if writing.add(&chunk).await.map_err(Error::internal)? > rules.most_bytes {
                refused.push(path);
                return self.skip(field, rules.most_bytes).await;
            }
        }
        let upload = writing.finish(&name, &claimed).await.map_err(Error::internal)?;
        input.push_file(path, upload);
        Ok(())
    }

    /// Reads past the rest of a file, as long as that is worth the time.
    async fn skip(&self, mut field: multer::Field<'static>, limit: u64) -> Result<(), Error> {
        let mut read = 0_u64;
        while let Some(chunk) = field.chunk().await.map_err(of_part)? {
            read += chunk.len() as u64;
            if read > limit.saturating_mul(4) {
                return Err(Error::TooLarge);
            }
        }
        Ok(())
    }
}

/// The rules of the file element at a path, wherever in the form it lies.
fn rules_of<'a>(form: &'a Form, path: &str) -> Option<&'a FileRules> {
    let name = path.rsplit('.').next().unwrap_or(path);
    match &form.find(name)?.kind {
        Kind::File(rules) => Some(rules),
        _ => None,
    }
}

/// Parses what a form sends by default (WHATWG URL, 5.1), within limits.
fn parse(bytes: &[u8], budget: &mut Budget) -> Result<Input, Error> {
    let mut input = Input::default();
    for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next().unwrap_or_default())?;
        let text = decode(halves.next().unwrap_or_default())?;
        budget.field(&name)?;
        input.push(name, text);
    }
    Ok(input)
}

fn decode(bytes: &[u8]) -> Result<String, Error> {
    let spaced: Vec<u8> = bytes
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_encoding::percent_decode(&spaced)
        .decode_utf8()
        .map(std::borrow::Cow::into_owned)
        .map_err(|_| not_utf8())
}

fn not_utf8() -> Error {
    Error::Bad("A field of this form is not valid UTF-8.".to_owned())
}

fn broken_off() -> Error {
    Error::Bad("The form did not arrive in full.".to_owned())
}

fn of_part(error: multer::Error) -> Error {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => Error::TooLarge,
        multer::Error::StreamReadFailed(_) => broken_off(),
        error => Error::Bad(format!("The form could not be read: {error}.")),
    }
}
