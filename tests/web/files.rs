//! The files of themes: how often they are asked for, and how large they are on the way.

use trovato_tests::{Answer, TestApp, both};

use crate::ask;

/// The address of the style sheet of the home page.
async fn sheet(app: &TestApp) -> String {
    let page = app.get("/").await;
    let sheets: Vec<&str> = page.text.split("rel=\"stylesheet\" href=\"").skip(1).collect();
    assert_eq!(
        sheets.len(),
        1,
        "a page is painted after one style sheet: {}",
        page.text
    );
    sheets[0].split('"').next().unwrap().to_owned()
}

async fn load(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    app.answer(ask("GET", path, "192.0.2.1", headers)).await
}

both! {
    async fn browsers_keep_files_for_good_and_get_new_ones_by_new_addresses(app: TestApp) {
        let sheet = sheet(&app).await;
        assert!(sheet.contains("?v="), "{sheet}");
        let loaded = load(&app, &sheet, &[]).await;
        assert_eq!(loaded.header("cache-control"), "public, max-age=31536000, immutable");
        let known = load(&app, &sheet, &[("if-none-match", loaded.header("etag"))]).await;
        assert_eq!((known.status.as_u16(), known.text.len()), (304, 0));
    }

    async fn files_are_sent_packed_to_whoever_can_unpack_them(app: TestApp) {
        let sheet = sheet(&app).await;
        let plain = load(&app, &sheet, &[("accept-encoding", "br, gzip;q=0")]).await;
        assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "accept-encoding"));
        let packed = load(&app, &sheet, &[("accept-encoding", "br, GZIP;q=0.5")]).await;
        assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "accept-encoding"));
        assert_eq!(packed.header("content-type"), plain.header("content-type"));
        assert_ne!(packed.header("etag"), plain.header("etag"));
        assert!(packed.text.chars().count() * 2 < plain.text.len());
    }
}
