//! The head of a page: what the site says of it to search engines and to those who share its address, and what plugins
//! say instead.

mod entries;

use serde_json::{Value as Json, json};

use crate::kernel::Plain;
use crate::subsystems::theme::{self, PageContext, SafeHtml};
use crate::subsystems::{Session, api};
use crate::taps;
use crate::web::{About, Page};
use crate::wit::head::{Crumb, ItemFacts, PageFacts, Picture};
use entries::Said;

/// Fills in the head of a page that is otherwise ready. Pages of the administration and of errors are nobody's to share.
pub async fn fill(session: &Session, page: &Page, context: &mut PageContext) {
    let origin = session.request().origin.clone();
    context.page.canonical = page.canonical.as_ref().map(|path| format!("{origin}{path}"));
    if page.admin || !page.status.is_success() || page.canonical.is_none() {
        return;
    }
    let facts = facts(page, context, &origin);
    let mut said = by_site(&facts, page.about.as_ref());
    if session.has::<taps::PageHead>() {
        let mut input = Plain(|| (facts.clone(),));
        for (plugin, (entries,)) in session.collect::<taps::PageHead>(&mut input).await {
            let refused = said.take(entries, &origin);
            for reason in refused {
                let name = &plugin.manifest.name;
                tracing::warn!(
                    plugin.name = name,
                    plugin.tap = "page-head",
                    request.id = %session.request().id,
                    "a part of what plugin '{name}' says in the head of a page is left out: {reason}"
                );
            }
        }
    }
    said.put_into(&mut context.page);
}

/// What there is to know about a page.
fn facts(page: &Page, context: &PageContext, origin: &str) -> PageFacts {
    let url = context.page.canonical.clone().unwrap_or_default();
    let crumb = |crumb: &theme::Link| Crumb {
        title: crumb.title.clone(),
        url: match &crumb.href {
            Some(path) => format!("{origin}{}", crate::subsystems::menu::encoded(path)),
            None => url.clone(),
        },
    };
    let item = page.about.as_ref().zip(page.item).map(|(about, id)| ItemFacts {
        id: id.to_string(),
        item_type: about.kind.clone(),
        author: about.author.clone(),
        created: about.created.as_millis(),
        changed: about.changed.as_millis(),
    });
    let picture = page.about.as_ref().and_then(|about| about.picture.as_ref());
    PageFacts {
        path: context.page.path.clone(),
        title: page.title.clone(),
        site_name: context.site.name.clone(),
        site_url: format!("{origin}/"),
        language: context.page.language.clone(),
        description: page.description.clone(),
        is_front: page.is_front,
        picture: picture.map(|picture| Picture {
            url: format!("{origin}{}", picture.path),
            alt: picture.alt.clone(),
        }),
        breadcrumbs: context.breadcrumbs.iter().map(crumb).collect(),
        item,
        url,
    }
}

/// What the site says by itself: Open Graph, and for items structured data (schema.org).
fn by_site(facts: &PageFacts, about: Option<&About>) -> Said {
    let mut said = Said::default();
    said.description.clone_from(&facts.description);
    let kind = if about.is_some() { "article" } else { "website" };
    said.property("og:type", kind);
    said.property("og:site_name", &facts.site_name);
    said.property("og:title", &facts.title);
    said.property("og:description", &facts.description);
    said.property("og:url", &facts.url);
    if let Some(picture) = &facts.picture {
        said.property("og:image", &picture.url);
        said.property("og:image:alt", &picture.alt);
    }
    if let Some(about) = about {
        let moment = |at| api::moment(at).unwrap_or_default();
        said.property("article:published_time", &moment(about.created));
        said.property("article:modified_time", &moment(about.changed));
        said.data.push(as_data(facts, about));
    }
    said
}

/// An item's page in the words of schema.org.
fn as_data(facts: &PageFacts, about: &About) -> Json {
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": facts.url,
        "url": facts.url,
        "name": facts.title,
        "inLanguage": facts.language,
        "datePublished": api::moment(about.created),
        "dateModified": api::moment(about.changed),
        "isPartOf": {"@type": "WebSite", "name": facts.site_name, "url": facts.site_url},
    });
    let Some(members) = data.as_object_mut() else {
        return data;
    };
    if !facts.description.is_empty() {
        members.insert("description".to_owned(), json!(facts.description));
    }
    if !about.author.is_empty() {
        let author = json!({"@type": "Person", "name": about.author});
        members.insert("author".to_owned(), author);
    }
    if let Some(picture) = &facts.picture {
        let picture = json!({"@type": "ImageObject", "url": picture.url, "caption": picture.alt});
        members.insert("primaryImageOfPage".to_owned(), picture);
    }
    let steps = facts.breadcrumbs.iter().zip(1..).map(|(crumb, position)| {
        json!({"@type": "ListItem", "position": position, "name": crumb.title, "item": crumb.url})
    });
    let steps: Vec<Json> = steps.collect();
    if !steps.is_empty() {
        let trail = json!({"@type": "BreadcrumbList", "itemListElement": steps});
        members.insert("breadcrumb".to_owned(), trail);
    }
    data
}

/// JSON that can stand in a `script` element: nothing in it ends the element or begins a comment (HTML, 4.12.1.3).
fn in_script(data: &Json) -> SafeHtml {
    let text = data.to_string();
    let mut safe = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(char)))
            }
            char => safe.push(char),
        }
    }
    SafeHtml::trusted(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_structured_data_ends_its_element() {
        let data = json!({"name": "</script><!-- <script> & \u{2028}"});
        let safe = in_script(&data);
        let expected = "{\"name\":\"\\u003c/script\\u003e\\u003c!-- \\u003cscript\\u003e \\u0026 \\u2028\"}";
        assert_eq!(safe.as_str(), expected);
        assert_eq!(serde_json::from_str::<Json>(safe.as_str()).unwrap(), data);
    }
}
