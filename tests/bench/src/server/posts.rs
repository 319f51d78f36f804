//! The content of the site that is served.

use std::path::Path;

use anyhow::{Context as _, Result};
use trovato::app::{App, Start};
use trovato::config::Config;
use trovato::request::{Account, Request};
use trovato::subsystems::item::Value;
use uuid::Uuid;

/// Bytes of a post's text.
const BODY_LENGTH: usize = 2048;
const TAGS: [&str; 8] = ["tide", "wind", "ships", "trade", "maps", "stars", "salt", "ropes"];

/// A post that was written.
pub struct Post {
    pub id: Uuid,
    pub path: String,
}

/// Writes so many blog posts on SQLite and gives the paths of their pages.
pub async fn write(data: &Path, count: usize) -> Result<Vec<String>> {
    let config = Config {
        data_dir: data.to_owned(),
        ..Config::default()
    };
    let posts = write_to(config, count).await?;
    Ok(posts.into_iter().map(|post| post.path).collect())
}

/// Writes so many blog posts.
pub async fn write_to(config: Config, count: usize) -> Result<Vec<Post>> {
    let app = App::start(config, Start::default()).await?;
    let services = app.site.services();
    let mut posts = Vec::with_capacity(count);
    for number in 0..count {
        let session = app.site.session(Request::new(Uuid::nil(), "", Account::system()));
        let mut item = services
            .items
            .blank(&session, "blog", format!("Log of the day {number}"))?;
        let body = Value::Formatted {
            value: body(number),
            format: "markdown".to_owned(),
        };
        item.fields.insert("field_body".to_owned(), vec![body]);
        item.fields.insert(
            "field_authors".to_owned(),
            vec![Value::from("Ada"), Value::from("Grace")],
        );
        let tags = TAGS
            .iter()
            .enumerate()
            .filter(|(place, _)| (number + place) % 3 == 0);
        item.fields.insert(
            "field_tags".to_owned(),
            tags.map(|(_, tag)| Value::from(*tag)).collect(),
        );
        let (item, saved) = services.items.save(&session, Box::new(item), "").await;
        saved?;
        posts.push(Post {
            id: item.id,
            path: item.path(),
        });
    }
    Ok(posts)
}

/// Saves a post so many times.
pub async fn revise(config: Config, post: &Post, times: usize) -> Result<()> {
    let app = App::start(config, Start::default()).await?;
    let session = app.site.session(Request::new(Uuid::nil(), "", Account::system()));
    let mut item = Box::new(
        app.site
            .services()
            .items
            .load(&session, post.id)
            .await?
            .context("the post is gone")?,
    );
    for time in 0..times {
        item.title = format!("Log of a day, version {time}");
        let (saved, result) = app.site.services().items.save(&session, item, "").await;
        result?;
        item = saved;
    }
    Ok(())
}

/// Markdown as people write it: headings, paragraphs with emphasis and links, a list. No two bodies are equal.
fn body(number: usize) -> String {
    let mut body = format!("On day *{number}* we left the harbour.\n\n");
    let mut part = 0;
    while body.len() < BODY_LENGTH {
        part += 1;
        body.push_str(&format!(
            "## Watch {part}\n\nThe wind came from the [west](/blog) and was **strong**; we took in the sails and \
             waited. Nothing was seen of the other ships, and the `log` was kept every hour by whoever had the \
             watch.\n\n- {part} knots\n- course {}\n\n",
            number % 360
        ));
    }
    body.truncate(BODY_LENGTH);
    body
}
