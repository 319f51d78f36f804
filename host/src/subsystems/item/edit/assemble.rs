//! From answers to an item, and from an item back to the files that came along.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::answer::{self, Given, Reading};
use super::editing::Editing;
use super::widget::{UPLOAD, part};
use crate::subsystems::Session;
use crate::subsystems::file;
use crate::subsystems::form::{Errors, Value as Answer, Values};
use crate::subsystems::item::Item;
use crate::time::Timestamp;
use crate::web::Error;

impl Editing {
    /// The item as it was answered, and the values of each field with their rows. `stored` knows the files that the
    /// uploads of a path were stored as.
    pub(super) fn assemble(
        &self,
        values: &Values,
        stored: &dyn Fn(&str) -> Option<Uuid>,
    ) -> (Item, BTreeMap<String, Given>) {
        let mut item = self.item.clone();
        let reading = Reading {
            zone: &self.context.zone,
            stored,
        };
        let mut all = BTreeMap::new();
        for field in &self.of.fields {
            // A field that a plugin has taken out of the form keeps its values.
            if values.get(&field.name).is_none() {
                continue;
            }
            let given = answer::given(field, values, self.item.values(&field.name), &reading);
            item.fields.insert(field.name.clone(), given.values.clone());
            all.insert(field.name.clone(), given);
        }
        self.properties(&mut item, values);
        (item, all)
    }

    fn properties(&self, item: &mut Item, values: &Values) {
        if values.get("title").is_some() {
            item.title = values.text("title").to_owned();
        }
        for (name, flag) in [
            ("published", &mut item.published),
            ("promoted", &mut item.promoted),
            ("sticky", &mut item.sticky),
        ] {
            if let Some(Answer::Flag(answered)) = values.get(name) {
                *flag = *answered;
            }
        }
        for (name, moment) in [
            ("publish_on", &mut item.publish_on),
            ("unpublish_on", &mut item.unpublish_on),
        ] {
            if values.get(name).is_some() {
                *moment = self.moment(values.text(name), *moment);
            }
        }
        if let Some(path) = values.some_text("path") {
            item.alias = Some(path.trim_matches('/').to_owned());
        }
    }

    fn moment(&self, text: &str, before: Option<Timestamp>) -> Option<Timestamp> {
        self.context.zone.read(text, before)
    }

    /// Stores the files that came along: their identifiers by path, or what is wrong with them.
    pub(super) async fn store_uploads(
        &self,
        cx: &Session,
        values: &Values,
    ) -> Result<Result<BTreeMap<String, Uuid>, Errors>, Error> {
        let files = &self.site.services().files;
        let (mut stored, mut errors) = (BTreeMap::new(), Errors::default());
        for field in &self.of.fields {
            for (index, row) in values.rows(&field.name).iter().enumerate() {
                let Some(upload) = row.files(&part(field, UPLOAD)).first() else {
                    continue;
                };
                let path = format!("{}.{index}.{}", field.name, part(field, UPLOAD));
                let content = upload.read().await.map_err(Error::internal)?;
                match files.store(cx.request().account.id, &upload.name, content).await {
                    Ok(file) => drop(stored.insert(path, file.id)),
                    Err(error @ (file::Error::Name { .. } | file::Error::TooLarge { .. })) => {
                        errors.add(path, error.to_string());
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        if errors.is_empty() {
            return Ok(Ok(stored));
        }
        for file in stored.into_values() {
            files.delete(file).await?;
        }
        Ok(Err(errors))
    }
}
