//! Sitemaps as XML (sitemaps.org, protocol 0.9).

use std::fmt::Write;

use crate::subsystems::api::moment;
use crate::subsystems::format::escape;
use crate::subsystems::item::Item;
use crate::subsystems::menu::PATH;

/// What a sitemap begins with.
pub const BEGIN: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
/// What it ends with.
pub const END: &str = "</urlset>\n";

/// The list of all sitemaps.
pub fn index(addresses: impl Iterator<Item = String>) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for address in addresses {
        // Writing into a text does not fail.
        let _ = writeln!(xml, "<sitemap><loc>{}</loc></sitemap>", escape(&address));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// The home page.
pub fn home(origin: &str) -> String {
    format!("<url><loc>{}/</loc></url>\n", escape(origin))
}

/// The pages of some items.
pub fn pages(origin: &str, items: &[Item]) -> String {
    let mut xml = String::new();
    for item in items {
        let path = item.path();
        let path = percent_encoding::utf8_percent_encode(&path, PATH).to_string();
        let address = escape(&format!("{origin}{path}"));
        let changed = moment(item.changed).unwrap_or_default();
        let _ = writeln!(xml, "<url><loc>{address}</loc><lastmod>{changed}</lastmod></url>");
    }
    xml
}
