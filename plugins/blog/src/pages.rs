//! The pages of the blog. Each asks for the posts that it wants and says how they are shown; the posts themselves
//! are embedded, so that the site renders each one as it does everywhere, checks that the visitor may see it, and
//! renders the list anew when one of them changes.

use trovato_sdk::items::{ItemList, Query};
use trovato_sdk::prelude::*;

use crate::post;

/// The cache tag that is invalidated when any blog post is saved or deleted.
const ANY_POST: &str = "item-type:blog";

/// `/blog`
pub fn all(request: &PageRequest) -> Result<PageAnswer> {
    let list = listing(published(), request, "There are no posts yet.")?;
    Ok(list.into())
}

/// `/blog/tag/{tag}`
pub fn with_tag(request: &PageRequest) -> Result<PageAnswer> {
    let tag = request.parameter("tag");
    let list = listing(
        published().with_text(post::TAGS, tag),
        request,
        "There are no posts with this tag.",
    )?;
    Ok(Page::new(list).title(format!("Posts tagged “{tag}”")).into())
}

/// `/blog/drafts`
pub fn drafts(request: &PageRequest) -> Result<PageAnswer> {
    let unpublished = items::query().of_type(post::TYPE).unpublished();
    let list = listing(unpublished, request, "There are no unpublished posts.")?;
    Ok(list.into())
}

/// `/blog/feed.xml`
pub fn feed() -> Result<PageAnswer> {
    let newest = published().limit(variables::get("feed_posts")?).fetch()?;
    let feed = Feed::new("Blog", "/blog")
        .subtitle("The newest posts")
        .items(newest.items);
    Ok(feed.into())
}

fn published() -> Query {
    items::query().of_type(post::TYPE).published()
}

/// The page of a list that the request asks for.
fn listing(query: Query, request: &PageRequest, nothing: &str) -> Result<Tree> {
    let per_page = variables::get("posts_per_page")?;
    let page = request.page_number();
    let posts = query.page(page, per_page).fetch()?;
    let pages = page_count(posts.total, per_page);
    if page > 0 && page >= pages {
        return Err(Error::not_found());
    }
    Ok(show(posts, nothing, pager(&request.path, page, pages)))
}

fn show(posts: ItemList, nothing: &str, pager: Node) -> Tree {
    if posts.items.is_empty() {
        return tree()
            .child(paragraph().class("blog-empty").text(nothing))
            .cache_tag(ANY_POST);
    }
    let teasers = posts.items.into_iter().map(|post| embed(post, ViewMode::Teaser));
    tree()
        .child(div().class("blog-listing").children(teasers))
        .child(pager)
        .cache_tag(ANY_POST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posts(ids: &[&str]) -> ItemList {
        ItemList {
            items: ids.iter().map(|&id| id.into()).collect(),
            total: ids.len() as u64,
        }
    }

    #[test]
    fn a_listing_embeds_each_post_and_ends_with_a_pager() {
        // The list, three posts, the pager.
        assert_eq!(
            show(posts(&["a", "b", "c"]), "Nothing", pager("/blog", 0, 2)).len(),
            5
        );
    }

    #[test]
    fn an_empty_listing_says_so() {
        let expected = tree()
            .child(paragraph().class("blog-empty").text("Nothing"))
            .cache_tag(ANY_POST);
        assert_eq!(show(posts(&[]), "Nothing", pager("/blog", 0, 0)), expected);
    }
}
