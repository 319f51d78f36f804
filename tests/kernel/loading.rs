//! What the author of a plugin reads when it can't be loaded, and that the site is up all the same.

use std::fs;

use trovato_tests::{Package, TestApp, both};

/// Why a package can't be enabled, with the data folder as `DATA`.
async fn refusal(app: &TestApp, package: Package) -> String {
    let error = app.take(&package).await.unwrap_err().to_string();
    error.replace(&app.place().folder().display().to_string(), "DATA")
}

/// A component that exports one function of an interface and answers a number.
fn exporting(interface: &str, function: &str) -> String {
    format!(
        r#"(component
            (core module $module (func (export "f") (result i32) i32.const 0))
            (core instance $instance (instantiate $module))
            (func $function (result u32) (canon lift (core func $instance "f")))
            (instance $interface (export "{function}" (func $function)))
            (export "{interface}" (instance $interface)))"#
    )
}

/// A component that imports an empty interface.
fn importing(interface: &str) -> String {
    format!(r#"(component (import "{interface}" (instance)))"#)
}

both! {
    async fn an_unknown_plugin_is_named_with_what_may_have_been_meant(app: TestApp) {
        let error = app.enable("pgae").await.unwrap_err().to_string();
        let error = error.replace(&app.place().folder().display().to_string(), "DATA");
        assert_eq!(error, "there is no plugin 'pgae', did you mean 'page'?; put it into DATA/plugins");
    }

    async fn a_missing_component_is_named_with_its_place(app: TestApp) {
        assert_eq!(
            refusal(&app, Package::tapper("blog-like").without_component()).await,
            "Plugin 'blog-like': component not found at DATA/plugins/blog-like/blog-like.wasm; build it with `trovato \
             plugin build DATA/plugins/blog-like`"
        );
    }

    async fn a_core_module_is_told_from_a_component(app: TestApp) {
        assert_eq!(
            refusal(&app, Package::of_text("core", "(module)")).await,
            "Plugin 'core': DATA/plugins/core/core.wasm is a core WebAssembly module, and a component was expected; \
             build it with `trovato plugin build`, or link it with `-Clinker=wasm-component-ld`"
        );
    }

    async fn what_is_no_webassembly_is_refused(app: TestApp) {
        for bytes in [&b"hello"[..], &[]] {
            assert_eq!(
                refusal(&app, Package::of("text", bytes)).await,
                "Plugin 'text': DATA/plugins/text/text.wasm is not a valid component: it is no WebAssembly; build it \
                 again with `trovato plugin build`"
            );
        }
    }

    async fn a_damaged_component_is_refused(app: TestApp) {
        let whole = Package::tapper("half");
        let half = whole.component()[..whole.component().len() / 2].to_vec();
        let error = refusal(&app, whole.with_component(half)).await;
        assert!(error.starts_with("Plugin 'half': DATA/plugins/half/half.wasm is not a valid component: "), "{error}");
        assert!(error.ends_with("; build it again with `trovato plugin build`"), "{error}");
    }

    async fn an_import_that_the_host_does_not_have_is_named_with_the_nearest(app: TestApp) {
        assert_eq!(
            refusal(&app, Package::of_text("importer", &importing("trovato:kernel/itmes@0.1.0"))).await,
            "Plugin 'importer' imports 'trovato:kernel/itmes@0.1.0', which this host does not have; did you mean \
             'items'?; a plugin has no file system, no sockets and no environment, only the interfaces of trovato:kernel \
             and, of WASI 0.2, clocks, randomness and output"
        );
    }

    async fn an_import_that_was_not_granted_is_named_with_the_grant(app: TestApp) {
        assert_eq!(
            refusal(&app, Package::hostile("well").grant("raw-sql", false)).await,
            "Plugin 'hostile' imports 'raw-sql', which it was not granted; add `raw-sql = true` to `[grants]` in its \
             plugin.toml, and an administrator will be asked to agree"
        );
    }

    async fn another_version_of_the_contract_is_named_with_the_one_that_is_served(app: TestApp) {
        for version in ["0.2.0", "1.0.0", "0.1.1"] {
            assert_eq!(
                refusal(&app, Package::of_text("newer", &importing(&format!("trovato:kernel/log@{version}")))).await,
                format!(
                    "Plugin 'newer' was built against trovato:kernel {version}, and this host serves 0.1; set `wit = \
                     \"0.1\"` in its plugin.toml and rebuild it with the SDK of that version"
                )
            );
        }
    }

    async fn an_export_of_another_type_is_shown_beside_the_hosts(app: TestApp) {
        assert_eq!(
            refusal(&app, Package::of_text("exporter", &exporting("trovato:kernel/tap-menu@0.1.0", "menu"))).await,
            "Plugin 'exporter': 'menu' in 'tap-menu' differs from the host's.\n  \
             expected: menu: func() -> list<route>\n  \
             found:    menu: func() -> u32\n\
             Change it to what is expected and rebuild; with the Rust SDK, use the `#[tap]` macro of the host's version"
        );
    }

    async fn an_export_that_is_no_tap_is_named_with_the_nearest(app: TestApp) {
        let export = exporting("trovato:kernel/tap-item-veiw@0.1.0", "item-veiw");
        assert_eq!(
            refusal(&app, Package::of_text("exporter", &export)).await,
            "Plugin 'exporter' exports 'trovato:kernel/tap-item-veiw@0.1.0', which is no tap of this host; did you mean \
             'tap-item-view'?"
        );
    }

    async fn a_dependency_that_is_missing_is_named(app: TestApp) {
        let error = refusal(&app, Package::tapper("alpha").depends("beta", "1")).await;
        assert_eq!(error, "Plugin 'alpha' requires 'beta' which is not enabled");
    }

    async fn a_dependency_of_another_version_is_named_with_both(app: TestApp) {
        app.with(Package::tapper("beta")).await;
        let error = refusal(&app, Package::tapper("alpha").depends("beta", ">=0.2")).await;
        assert_eq!(error, "Plugin 'alpha' requires 'beta' >=0.2, and 0.1.0 is enabled");
    }

    async fn a_circle_of_dependencies_is_shown(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta").depends("alpha", "*")).await;
        let error = refusal(&app, Package::tapper("alpha").version("0.2.0").depends("beta", "*")).await;
        assert_eq!(error, "Circular dependency detected: alpha → beta → alpha");
    }

    async fn a_wrong_manifest_is_named_with_the_line(app: TestApp) {
        let error = refusal(&app, Package::tapper("alpha").set("wieght", 3)).await;
        assert!(error.starts_with("DATA/plugins/alpha/plugin.toml:"), "{error}");
        assert!(error.contains("unknown field `wieght`") && error.ends_with("did you mean `weight`?"), "{error}");
    }

    async fn an_unknown_view_is_refused(app: TestApp) {
        let error = refusal(&app, Package::tapper("alpha").grant("views", vec!["users"])).await;
        assert_eq!(
            error,
            "Plugin 'alpha': its tables can't be brought up to date: the plugin 'alpha' asks for the view 'users', which \
             there is not; there is: published_item"
        );
    }

    async fn a_broken_plugin_among_good_ones_keeps_the_site_up_and_is_named(app: TestApp) {
        app.enable("page").await.unwrap();
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta")).await;
        let path = app.item("page", "The title").save().await.path();
        let kept = app.place().folder().join("plugins-enabled/alpha");
        for copy in fs::read_dir(&kept).unwrap() {
            fs::write(copy.unwrap().path().join("alpha.wasm"), b"\0asm broken").unwrap();
        }
        fs::remove_dir_all(app.place().folder().join("plugins/alpha")).unwrap();
        let app = app.restart().await;
        let shown = app.get(&path).await;
        assert_eq!(shown.status, 200);
        assert!(shown.contains("beta saw []") && !shown.contains("alpha"), "{}", shown.text);
        let problems = app.services().plugins.problems();
        let problem = problems.get("alpha").unwrap();
        assert!(problem.contains("plugins-enabled/alpha") && problem.ends_with("the copy of the plugin is damaged"), "{problem}");
        app.logged("the copy of the plugin is damaged");
    }

    async fn a_damaged_or_missing_copy_is_made_again_where_the_same_plugin_is_found(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta")).await;
        let kept = app.place().folder().join("plugins-enabled");
        for copy in fs::read_dir(kept.join("alpha")).unwrap() {
            fs::write(copy.unwrap().path().join("alpha.wasm"), b"\0asm broken").unwrap();
        }
        fs::remove_dir_all(kept.join("beta")).unwrap();
        let app = app.restart().await;
        assert_eq!(app.ask("alpha", "upper", "a").await.unwrap(), "A");
        assert_eq!(app.ask("beta", "upper", "b").await.unwrap(), "B");
        assert!(app.services().plugins.problems().is_empty());
    }

    async fn content_whose_guard_is_not_at_its_post_stays_closed(app: TestApp) {
        app.with(Package::fixture("prober")).await;
        let path = app.item("note", "The title").save().await.path();
        assert_eq!(app.get(&path).await.status, 200);
        app.services().item_types.set_unguarded(["prober".to_owned()].into());
        assert_eq!(app.get(&path).await.status, 404);
    }

    async fn a_plugin_whose_dependency_is_broken_is_named_as_well(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta").depends("alpha", "*")).await;
        app.with(Package::tapper("gamma")).await;
        fs::remove_dir_all(app.place().folder().join("plugins-enabled/alpha")).unwrap();
        fs::remove_dir_all(app.place().folder().join("plugins/alpha")).unwrap();
        let app = app.restart().await;
        let problems = app.services().plugins.problems();
        assert!(problems.contains_key("alpha"), "{problems:?}");
        assert_eq!(problems.get("beta").unwrap(), "Plugin 'beta' requires 'alpha' which is not enabled");
        assert_eq!(app.ask("gamma", "upper", "a").await.unwrap(), "A");
        app.logged("plugins-enabled/alpha");
        app.logged("Plugin 'beta' requires 'alpha' which is not enabled");
    }
}
