//! What is said in the head of a page. Nothing here calls the site, so plain tests do.

use trovato_sdk::head::{ItemFacts, Picture};
use trovato_sdk::prelude::*;

use crate::record::Record;
use crate::settings::Settings;

/// What there is to say about a page.
pub fn of(page: &PageFacts, record: &Record, settings: &Settings) -> Head {
    let words = Words::of(page, record, settings);
    let picture = picture(page, record, settings);
    let mut head = with_words(Head::new(), &words);
    if is_hidden(page, record, settings) {
        head = head.robots("noindex");
    }
    if !settings.twitter.is_empty() {
        head = head.meta("twitter:site", &settings.twitter);
    }
    head = with_picture(head, picture.as_ref());
    let about = match &page.item {
        Some(item) => Some(article(page, item, &words, picture.as_ref(), settings)),
        None => page.is_front.then(|| site(page, words.description)),
    };
    about.into_iter().chain(breadcrumbs(page)).fold(head, Head::data)
}

/// How a page is called and described.
struct Words<'a> {
    /// The title of the window.
    window: String,
    title: &'a str,
    description: &'a str,
}

impl<'a> Words<'a> {
    fn of(page: &'a PageFacts, record: &'a Record, settings: &'a Settings) -> Self {
        let of_home = |text: &'a str| if page.is_front { text } else { "" };
        let title = first([&record.title, of_home(&settings.home_title), &page.title]);
        let description = first([
            &record.description,
            of_home(&settings.home_description),
            &page.description,
        ]);
        let window = if record.title.is_empty() && !page.is_front {
            settings.title_of(title, &page.site_name)
        } else {
            title.to_owned()
        };
        Self {
            window,
            title,
            description,
        }
    }
}

fn with_words(head: Head, words: &Words<'_>) -> Head {
    let head = head
        .title(&words.window)
        .property("og:title", words.title)
        .meta("twitter:title", words.title);
    if words.description.is_empty() {
        return head;
    }
    head.description(words.description)
        .property("og:description", words.description)
        .meta("twitter:description", words.description)
}

/// Whether search engines are asked to leave the page out.
fn is_hidden(page: &PageFacts, record: &Record, settings: &Settings) -> bool {
    let of_type = |item: &ItemFacts| settings.hides(&item.item_type);
    record.noindex || page.item.as_ref().is_some_and(of_type)
}

/// The first that says something.
fn first<const N: usize>(texts: [&str; N]) -> &str {
    texts
        .into_iter()
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

/// The picture of the item's own form, that of the page, or the one for all others.
fn picture(page: &PageFacts, record: &Record, settings: &Settings) -> Option<Picture> {
    let made = |address: &str| Picture {
        url: match address.strip_prefix('/') {
            Some(path) => format!("{}{path}", page.site_url),
            None => address.to_owned(),
        },
        alt: String::new(),
    };
    let said = (!record.picture.is_empty()).then(|| made(&record.picture));
    let usual = (!settings.picture.is_empty()).then(|| made(&settings.picture));
    said.or_else(|| page.picture.clone()).or(usual)
}

fn with_picture(head: Head, picture: Option<&Picture>) -> Head {
    let Some(picture) = picture else {
        return head.meta("twitter:card", "summary");
    };
    head.meta("twitter:card", "summary_large_image")
        .meta("twitter:image", &picture.url)
        .meta("twitter:image:alt", &picture.alt)
        .property("og:image", &picture.url)
        .property("og:image:alt", &picture.alt)
}

fn article(
    page: &PageFacts,
    item: &ItemFacts,
    words: &Words<'_>,
    picture: Option<&Picture>,
    settings: &Settings,
) -> Data {
    let kind = settings.kind_of(&item.item_type);
    let named = if kind == "WebPage" { "name" } else { "headline" };
    let mut data = Data::new(kind)
        .text("@id", &page.url)
        .text("url", &page.url)
        .text(named, words.title)
        .text("description", words.description)
        .text("inLanguage", &page.language)
        .text("datePublished", iso8601(item.created))
        .text("dateModified", iso8601(item.changed))
        .text("mainEntityOfPage", &page.url)
        .thing("publisher", publisher(page));
    if !item.author.is_empty() {
        data = data.thing("author", Data::new("Person").text("name", &item.author));
    }
    match picture {
        Some(picture) => data.text("image", &picture.url),
        None => data,
    }
}

fn publisher(page: &PageFacts) -> Data {
    Data::new("Organization")
        .text("name", &page.site_name)
        .text("url", &page.site_url)
}

fn site(page: &PageFacts, description: &str) -> Data {
    Data::new("WebSite")
        .text("name", &page.site_name)
        .text("url", &page.site_url)
        .text("description", description)
        .text("inLanguage", &page.language)
        .thing("publisher", publisher(page))
}

/// The way from the home page; none for the home page itself.
fn breadcrumbs(page: &PageFacts) -> Option<Data> {
    if page.breadcrumbs.is_empty() {
        return None;
    }
    let steps = page.breadcrumbs.iter().zip(1..).map(|(crumb, position)| {
        Data::new("ListItem")
            .number("position", position)
            .text("name", &crumb.title)
            .text("item", &crumb.url)
    });
    Some(Data::new("BreadcrumbList").things("itemListElement", steps))
}

#[cfg(test)]
mod tests {
    use trovato_sdk::head::{Crumb, Entry};

    use super::*;

    /// What an entry of this name says.
    fn said(entries: &[Entry], wanted: &str) -> Option<String> {
        entries.iter().find_map(|entry| match entry {
            Entry::Title(text) if wanted == "title" => Some(text.clone()),
            Entry::Description(text) if wanted == "description" => Some(text.clone()),
            Entry::Robots(text) if wanted == "robots" => Some(text.clone()),
            Entry::Data(text) if wanted == "data" => Some(text.clone()),
            Entry::Meta(meta) | Entry::Property(meta) if meta.name == wanted => Some(meta.content.clone()),
            _ => None,
        })
    }

    fn page() -> PageFacts {
        PageFacts {
            path: "/a".into(),
            url: "https://example.org/a".into(),
            title: "A page".into(),
            site_name: "Site".into(),
            site_url: "https://example.org/".into(),
            language: "en".into(),
            description: "It begins.".into(),
            is_front: false,
            picture: None,
            breadcrumbs: vec![Crumb {
                title: "Home".into(),
                url: "https://example.org/".into(),
            }],
            item: Some(ItemFacts {
                id: "1".into(),
                item_type: "blog".into(),
                author: "Ada".into(),
                created: 0,
                changed: 0,
            }),
        }
    }

    fn entries(page: &PageFacts, record: &Record, settings: &Settings) -> Vec<Entry> {
        of(page, record, settings).into()
    }

    #[test]
    fn what_nobody_has_said_comes_from_the_page_and_the_settings() {
        let settings = Settings {
            picture: "/logo.png".into(),
            ..Settings::of("[title] | [site]", "blog: BlogPosting", "")
        };
        let head = entries(&page(), &Record::default(), &settings);
        for (name, text) in [
            ("title", "A page | Site"),
            ("description", "It begins."),
            ("og:title", "A page"),
            ("og:image", "https://example.org/logo.png"),
            ("twitter:card", "summary_large_image"),
        ] {
            assert_eq!(said(&head, name).as_deref(), Some(text), "{name}");
        }
        let data = said(&head, "data").unwrap_or_default();
        assert!(
            data.contains("\"@type\":\"BlogPosting\"") && data.contains("\"name\":\"Ada\""),
            "{data}"
        );
        assert_eq!(said(&head, "robots"), None);
    }

    #[test]
    fn what_somebody_has_said_goes_before() {
        let record = Record {
            title: "Better".into(),
            description: "In short.".into(),
            picture: "https://example.com/p.png".into(),
            noindex: true,
        };
        let head = entries(&page(), &record, &Settings::of("[title] | [site]", "", ""));
        for (name, text) in [
            ("title", "Better"),
            ("description", "In short."),
            ("twitter:image", "https://example.com/p.png"),
            ("robots", "noindex"),
        ] {
            assert_eq!(said(&head, name).as_deref(), Some(text), "{name}");
        }
    }

    #[test]
    fn the_home_page_is_the_site() {
        let home = PageFacts {
            is_front: true,
            item: None,
            breadcrumbs: Vec::new(),
            ..page()
        };
        let settings = Settings {
            home_title: "Site, the best".into(),
            ..Settings::of("[title] | [site]", "", "")
        };
        let head = entries(&home, &Record::default(), &settings);
        assert_eq!(said(&head, "title").as_deref(), Some("Site, the best"));
        assert!(said(&head, "data").unwrap_or_default().contains("WebSite"));
        assert_eq!(said(&head, "twitter:card").as_deref(), Some("summary"));
    }
}
