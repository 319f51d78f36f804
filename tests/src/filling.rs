//! A form as somebody fills it in: what it sends is what stands in its HTML, with what was typed.

use axum::body::Body;
use axum::http::{Method, Request, header};

use crate::html::{Tag, tags};
use crate::{Answer, Browser};

const BOUNDARY: &str = "----trovato-test";

/// A form in a browser.
pub struct Filling<'a> {
    browser: Browser<'a>,
    /// The page that it stands in.
    pub page: Answer,
    action: String,
    is_post: bool,
    has_files: bool,
    fields: Vec<(String, String)>,
    files: Vec<(String, String, String, Vec<u8>)>,
}

impl<'a> Filling<'a> {
    pub(crate) async fn open(browser: Browser<'a>, path: &str) -> Self {
        let page = browser.get(path).await;
        Self::of(browser, page, path)
    }

    /// The first form of a page that was answered at a path.
    #[must_use]
    pub fn of(browser: Browser<'a>, page: Answer, path: &str) -> Self {
        let (start, _) = page
            .text
            .match_indices("<form")
            .find(|(at, _)| {
                page.text[*at..]
                    .split_once('>')
                    .is_some_and(|(tag, _)| tag.contains("data-form"))
            })
            .unwrap_or_else(|| panic!("no form at {path} ({}): {}", page.status, page.text));
        Self::from(browser, page, path, start)
    }

    /// A form that the page's own template draws, by its name.
    #[must_use]
    pub fn drawn(browser: Browser<'a>, page: Answer, path: &str, name: &str) -> Self {
        let field = format!("name=\"form_id\" value=\"{name}\"");
        let start = page
            .text
            .match_indices("<form")
            .map(|(at, _)| at)
            .find(|at| {
                page.text[*at..]
                    .split_once("</form>")
                    .is_some_and(|(form, _)| form.contains(&field))
            })
            .unwrap_or_else(|| panic!("no form '{name}' at {path} ({}): {}", page.status, page.text));
        Self::from(browser, page, path, start)
    }

    fn from(browser: Browser<'a>, page: Answer, path: &str, start: usize) -> Self {
        let html = page.text[start..].split_once("</form>").unwrap().0;
        let found = tags(html);
        let form = found.first().unwrap();
        let action = form.attribute("action").filter(|action| !action.is_empty());
        Self {
            action: action.unwrap_or(path).to_owned(),
            is_post: form.attribute("method") == Some("post"),
            has_files: form.attribute("enctype").is_some(),
            fields: fields(&found),
            files: Vec::new(),
            browser,
            page,
        }
    }

    /// Types into a field. A field that the page does not have is sent all the same, as anybody could.
    #[must_use]
    pub fn fill(mut self, name: &str, text: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), text.to_owned()));
        self
    }

    /// Chooses one more.
    #[must_use]
    pub fn choose(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Leaves a field out, as a box is that is not ticked.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn attach(mut self, name: &str, file: &str, media_type: &str, content: &[u8]) -> Self {
        self.files.push((
            name.to_owned(),
            file.to_owned(),
            media_type.to_owned(),
            content.to_vec(),
        ));
        self
    }

    /// What a field has.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// What would be sent, urlencoded.
    #[must_use]
    pub fn body(&self) -> String {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields);
        body.finish()
    }

    /// Sends it as Enter does.
    pub async fn submit(&self) -> Answer {
        self.send(None, &self.action).await
    }

    /// Sends it by a button.
    pub async fn press(&self, button: &str) -> Answer {
        self.send(Some(button), &self.action).await
    }

    /// Sends it by a button and takes the page that comes back, which has a form again.
    pub async fn press_and_go_on(self, button: &str) -> Self {
        let answer = self.press(button).await;
        let (answer, path) = if answer.status.is_redirection() {
            let path = answer.header("location").to_owned();
            (self.browser.follow(&answer).await, path)
        } else {
            (answer, self.action.clone())
        };
        Self::of(self.browser, answer, &path)
    }

    /// Asks for the part that a button or a field changes, as the script does.
    pub async fn part(&self, button: &str) -> Answer {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("path", &self.action);
        self.send(Some(button), &format!("/system/ajax?{}", query.finish()))
            .await
    }

    /// The browser.
    #[must_use]
    pub fn browser(self) -> Browser<'a> {
        self.browser
    }

    /// The browser, to look at other pages in between.
    #[must_use]
    pub fn in_browser(&self) -> &Browser<'a> {
        &self.browser
    }

    async fn send(&self, button: Option<&str>, to: &str) -> Answer {
        let mut fields = self.fields.clone();
        fields.extend(button.map(|button| ("form_op".to_owned(), button.to_owned())));
        if !self.is_post {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&fields)
                .finish();
            return self.browser.get(&format!("{to}?{query}")).await;
        }
        let request = Request::builder().method(Method::POST).uri(to);
        if self.has_files {
            let kind = format!("multipart/form-data; boundary={BOUNDARY}");
            let body = self.multipart(&fields);
            return self
                .browser
                .send(request.header(header::CONTENT_TYPE, kind), Body::from(body))
                .await;
        }
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&fields)
            .finish();
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.browser.send(request, Body::from(body)).await
    }

    fn multipart(&self, fields: &[(String, String)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for (name, file, media_type, content) in &self.files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                 Content-Type: {media_type}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        body
    }
}

/// What the fields of a form send before anybody types.
fn fields(found: &[Tag<'_>]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut select: Option<(&str, bool, bool)> = None;
    for tag in found {
        let name = tag.attribute("name").unwrap_or_default();
        match tag.name {
            "select" => select = Some((name, tag.has("multiple"), false)),
            "/select" => select = None,
            "option" => {
                if let Some((name, multiple, chosen)) = &mut select {
                    // A list from which one is chosen sends its first where none is marked.
                    let first = !*multiple && !*chosen;
                    if tag.has("selected") || first {
                        if tag.has("selected") && *chosen {
                            fields.retain(|(known, _): &(String, String)| known != name);
                        }
                        *chosen = !*multiple;
                        fields.push((
                            (*name).to_owned(),
                            tag.attribute("value").unwrap_or_default().to_owned(),
                        ));
                    }
                }
            }
            "textarea" => fields.push((name.to_owned(), tag.text.trim_start_matches('\n').to_owned())),
            "input" if !name.is_empty() && !tag.has("disabled") => {
                let kind = tag.attribute("type").unwrap_or("text");
                let sent = match kind {
                    "checkbox" | "radio" => tag.has("checked"),
                    "file" | "submit" => false,
                    _ => true,
                };
                if sent {
                    fields.push((
                        name.to_owned(),
                        tag.attribute("value").unwrap_or_default().to_owned(),
                    ));
                }
            }
            _ => {}
        }
    }
    fields
}
