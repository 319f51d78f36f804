//! Static files of plugins, and what manifests may say of them.

use std::fs;

use toml::Value;
use trovato_tests::{Package, TestApp, both};

/// The tapper with static files, in the folder of plugins.
fn add(app: &TestApp, version: &str, files: &[(&str, &str)]) {
    let routes: toml::Table =
        toml::from_str("routes = [{ path = 'static/deep', files = 'assets' }]").unwrap();
    app.add(
        &Package::tapper("tapper")
            .version(version)
            .set("routes", routes["routes"].clone()),
    );
    for (file, text) in files {
        let path = app.place().config().plugins_dir().join("tapper").join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn wrong(app: &TestApp, key: &str, value: &str) -> String {
    let table: toml::Table = toml::from_str(&format!("value = {value}")).unwrap();
    let value: Value = table["value"].clone();
    app.add(&Package::tapper("tapper").set(key, value));
    let found = app.services().plugins.available().find("tapper");
    found.unwrap_err().to_string()
}

both! {
    async fn a_file_is_served_below_the_plugins_name_and_may_be_kept_by_its_digest(app: TestApp) {
        add(&app, "0.1.0", &[("assets/a.js", "let a;"), ("assets/in/b.css", "b {}"), ("other.txt", "no")]);
        app.enable("tapper").await.unwrap();
        let script = app.get("/plugin/tapper/static/deep/a.js").await;
        assert_eq!((script.status.as_u16(), script.text.as_str()), (200, "let a;"));
        assert_eq!(script.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(script.header("cache-control"), "no-cache");
        let digest = script.header("etag").trim_matches('"').to_owned();
        let kept = app.get(&format!("/plugin/tapper/static/deep/a.js?v={digest}")).await;
        assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
        let style = app.get("/plugin/tapper/static/deep/in/b.css").await;
        assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    }

    async fn nothing_else_is_served(app: TestApp) {
        let hidden = [("assets/.secret", "no"), ("assets/a.js", "let a;"), ("other.txt", "no")];
        add(&app, "0.1.0", &hidden);
        app.enable("tapper").await.unwrap();
        for path in [
            "/plugin/tapper/static/deep/.secret",
            "/plugin/tapper/static/deep/../../other.txt",
            "/plugin/tapper/static/deep/%2e%2e/other.txt",
            "/plugin/tapper/plugin.toml",
            "/plugin/tapper/static/deep/",
            "/plugin/absent/static/deep/a.js",
        ] {
            assert_eq!(app.get(path).await.status, 404, "{path}");
        }
        app.services().plugins.disable(app.site(), "tapper").await.unwrap();
        assert_eq!(app.get("/plugin/tapper/static/deep/a.js").await.status, 404);
    }

    async fn files_change_with_an_upgrade_and_come_back_with_a_rollback(app: TestApp) {
        add(&app, "0.1.0", &[("assets/a.js", "one")]);
        app.enable("tapper").await.unwrap();
        add(&app, "0.2.0", &[("assets/a.js", "two")]);
        let path = "/plugin/tapper/static/deep/a.js";
        assert_eq!(app.get(path).await.text, "one");
        app.enable("tapper").await.unwrap();
        assert_eq!(app.get(path).await.text, "two");
        app.services().plugins.rollback(app.site(), "tapper", None).await.unwrap();
        assert_eq!(app.get(path).await.text, "one");
        let app = app.restart().await;
        assert_eq!(app.get(path).await.text, "one");
    }

    async fn a_page_among_the_files_runs_no_script(app: TestApp) {
        add(&app, "0.1.0", &[("assets/a.html", "<script>alert(1)</script>")]);
        app.enable("tapper").await.unwrap();
        let page = app.get("/plugin/tapper/static/deep/a.html").await;
        assert!(page.header("content-security-policy").starts_with("sandbox"), "{}", page.header("content-security-policy"));
    }

    async fn a_file_that_is_too_large_is_refused(app: TestApp) {
        add(&app, "0.1.0", &[("assets/a.js", &"x".repeat((4 << 20) + 1))]);
        let error = app.enable("tapper").await.unwrap_err().to_string();
        assert!(error.ends_with("at most 500, of 4 MiB each and 16 MiB in all"), "{error}");
    }

    async fn what_manifests_say_wrong_is_told(app: TestApp) {
        let told = wrong(&app, "routes", "[{ path = '../up', files = 'assets' }]");
        assert!(told.contains("the `path` `../up` of a route is no path"), "{told}");
        let told = wrong(&app, "routes", "[{ path = 'a', files = '/etc' }]");
        assert!(told.contains("the `files` `/etc` of a route is no path"), "{told}");
        let told = wrong(&app, "routes", "[{ path = 'a', files = 'b' }, { path = 'a', files = 'c' }]");
        assert!(told.contains("the path `a` is that of two routes"), "{told}");
        let told = wrong(&app, "cron", "{ sweep = 'often' }");
        assert!(told.contains("`often` is no schedule: five fields"), "{told}");
        let told = wrong(&app, "cron", "{ Sweep = '@daily' }");
        assert!(told.contains("`Sweep` is no name for a task"), "{told}");
    }
}
