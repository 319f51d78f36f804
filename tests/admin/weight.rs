//! How much a page of the administration asks of the network.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use trovato_tests::{TestApp, both};

/// Bytes of text as it is sent: compressed as far as servers commonly do.
fn packed(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

/// The style sheets, scripts and pictures that a page links to.
fn linked(page: &str) -> Vec<String> {
    let attributes = [
        "<link rel=\"stylesheet\" href=\"",
        "<script src=\"",
        "type=\"image/svg+xml\" href=\"",
    ];
    let found = attributes
        .iter()
        .flat_map(|attribute| page.split(attribute).skip(1));
    found
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

both! {
    async fn every_page_with_all_that_it_links_to_stays_below_100_kilobytes(app: TestApp) {
        app.enable("page").await.unwrap();
        for number in 0..20 {
            app.item("page", &format!("Page {number}")).save().await;
        }
        for path in ["/admin", "/admin/content", "/admin/plugins", "/admin/plugins/blog/enable", "/admin/config/site", "/admin/reports/status", "/admin/reports/log", "/admin/search?q=page"] {
            let page = app.get_as(&app.administrator(), path).await;
            let (mut all, mut styles, mut scripts) = (packed(&page.text), 0, 0);
            let files = linked(&page.text);
            assert!(files.len() >= 4, "{files:?}");
            for file in files {
                let answer = app.get(&file).await;
                assert_eq!(answer.status, 200, "{file}");
                let size = packed(&answer.text);
                all += size;
                match answer.header("content-type").split(';').next().unwrap() {
                    "text/css" => styles += size,
                    "text/javascript" => scripts += size,
                    _ => {}
                }
            }
            assert!(all < 100_000, "{path} weighs {all} bytes");
            assert!(styles > 0 && styles < 50_000, "the styles of {path} weigh {styles} bytes");
            assert!(scripts > 0 && scripts < 30_000, "the scripts of {path} weigh {scripts} bytes");
        }
    }
}
