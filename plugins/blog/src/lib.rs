//! A blog: the content type `blog`, listings of posts, a feed, and a byline and tags on each post.
//!
//! A plugin answers *taps*: functions that the site calls when it wants to know or show something. Each `#[tap]`
//! below answers the tap of the same name. That is all there is to a plugin; there is no main function and nothing
//! to register.

mod pages;
mod post;
mod view;

use trovato_sdk::prelude::*;

/// The permission to see the list of unpublished posts.
const REVIEW_DRAFTS: &str = "review blog drafts";

/// Which content types there are.
#[tap]
fn item_info() -> ItemType {
    post::content_type()
}

/// Which permissions the plugin knows, besides those that the site makes for every content type.
#[tap]
fn perm() -> Permission {
    Permission::new(REVIEW_DRAFTS, "See the list of unpublished blog posts")
}

/// At which paths the plugin has pages. The names come back in `page`.
#[tap]
fn menu() -> [Route; 4] {
    [
        Route::new("listing", "/blog").title("Blog").in_menu("main", 10),
        Route::new("feed", "/blog/feed.xml").title("Blog").below("/blog"),
        Route::new("tag", "/blog/tag/{tag}")
            .title("Posts with a tag")
            .below("/blog"),
        Route::new("drafts", "/blog/drafts")
            .title("Unpublished posts")
            .below("/blog")
            .needs(REVIEW_DRAFTS),
    ]
}

/// Answers one of these pages.
#[tap]
fn page(request: PageRequest) -> Result<PageAnswer> {
    match request.route.as_str() {
        "listing" => pages::all(&request),
        "feed" => pages::feed(),
        "tag" => pages::with_tag(&request),
        "drafts" => pages::drafts(&request),
        _ => Err(Error::not_found()),
    }
}

/// Adds to an item that is being shown. Asked for items of every type, so it looks at the type first.
#[tap]
fn item_view(item: Item, mode: ViewMode) -> Option<Tree> {
    if item.item_type() != post::TYPE {
        return None;
    }
    match mode {
        ViewMode::Full => Some(view::full(&item)),
        ViewMode::Teaser => Some(view::teaser(&item)),
        _ => None,
    }
}
