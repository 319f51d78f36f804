//! Installing, enabling, upgrading, disabling and uninstalling: each works as a whole or not at all.

use trovato::subsystems::plugin::{Outcome, State};
use trovato_tests::{Package, TestApp, both};

/// Whether the table of the tapper is there.
async fn has_table(app: &TestApp) -> bool {
    app.services().db.execute("DELETE FROM tapper_note").await.is_ok()
}

async fn state(app: &TestApp, plugin: &str) -> Option<State> {
    let records = app.services().plugins.records().await.unwrap();
    records
        .into_iter()
        .find(|record| record.name == plugin)
        .map(|record| record.state)
}

async fn refused(app: &TestApp, package: Package) -> String {
    app.take(&package).await.unwrap_err().to_string()
}

both! {
    async fn a_plugin_is_installed_once_and_enabled_as_often_as_it_was_disabled(app: TestApp) {
        let tapper = Package::tapper("tapper");
        assert_eq!(app.take(&tapper).await.unwrap(), Outcome::Installed);
        assert_eq!(app.take(&tapper).await.unwrap(), Outcome::Unchanged);
        app.services().plugins.disable(app.site(), "tapper").await.unwrap();
        assert_eq!(state(&app, "tapper").await, Some(State::Disabled));
        assert!(app.site().registry().get("tapper").is_none());
        assert_eq!(app.take(&tapper).await.unwrap(), Outcome::Enabled);
        assert_eq!(app.calls("tapper", "install"), (1, 0));
        assert_eq!(app.calls("tapper", "enable"), (2, 0));
        assert_eq!(app.calls("tapper", "disable"), (1, 0));
    }

    async fn an_enabled_plugin_is_at_work_after_a_restart_and_its_table_is_kept(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "kept").await.unwrap();
        let app = app.restart().await;
        assert!(app.ask("tapper", "note", "kept").await.is_err(), "the key is taken");
    }

    async fn an_install_tap_that_refuses_leaves_nothing_behind(app: TestApp) {
        let error = refused(&app, Package::tapper("tapper").setting("refuses_in", "install")).await;
        assert_eq!(error, "Plugin 'tapper': its 'install' tap says: tapper says no in install");
        assert!(!has_table(&app).await);
        assert_eq!(state(&app, "tapper").await, None);
        assert!(app.site().registry().get("tapper").is_none());
    }

    async fn an_enable_tap_that_fails_leaves_nothing_behind(app: TestApp) {
        let error = refused(&app, Package::tapper("tapper").setting("fails_in", "enable")).await;
        assert!(error.starts_with("Plugin 'tapper': its 'enable' tap says: panicked at"), "{error}");
        assert!(!has_table(&app).await);
        assert_eq!(state(&app, "tapper").await, None);
        app.logged("plugin 'tapper' failed in 'enable'");
        app.with(Package::tapper("tapper")).await;
        assert!(has_table(&app).await);
    }

    async fn a_declaration_that_fails_leaves_nothing_behind(app: TestApp) {
        for tap in ["item-info", "menu", "perm"] {
            let error = refused(&app, Package::tapper("tapper").setting("fails_in", tap)).await;
            assert!(error.starts_with(&format!("Plugin 'tapper': its '{tap}' tap says: panicked at")), "{error}");
            assert!(!has_table(&app).await);
            app.logged(&format!("plugin 'tapper' failed in '{tap}'"));
        }
    }

    async fn a_disable_tap_that_refuses_leaves_the_plugin_at_work(app: TestApp) {
        app.with(Package::tapper("tapper").setting("refuses_in", "disable")).await;
        let error = app.services().plugins.disable(app.site(), "tapper").await.unwrap_err();
        assert_eq!(error.to_string(), "Plugin 'tapper': its 'disable' tap says: tapper says no in disable");
        assert_eq!(state(&app, "tapper").await, Some(State::Enabled));
        assert_eq!(app.ask("tapper", "upper", "a").await.unwrap(), "A");
    }

    async fn an_upgrade_hears_from_which_version_and_keeps_the_table(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "kept").await.unwrap();
        let newer = Package::tapper("tapper").version("0.2.0");
        assert_eq!(app.take(&newer).await.unwrap(), Outcome::Upgraded);
        app.logged("upgraded from 0.1.0");
        assert_eq!(app.calls("tapper", "install"), (1, 0));
        assert!(app.ask("tapper", "note", "kept").await.is_err(), "the key is taken");
    }

    async fn an_upgrade_that_refuses_leaves_the_older_version_at_work(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "kept").await.unwrap();
        let newer = Package::tapper("tapper").version("0.2.0").setting("name", "newer").setting("refuses_in", "upgrade");
        assert_eq!(refused(&app, newer).await, "Plugin 'tapper': its 'upgrade' tap says: newer says no in upgrade");
        let app = app.restart().await;
        assert_eq!(app.site().registry().get("tapper").unwrap().manifest.version.to_string(), "0.1.0");
        assert!(app.ask("tapper", "note", "kept").await.is_err(), "the key is taken");
    }

    async fn an_older_version_can_come_back(app: TestApp) {
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        assert_eq!(app.take(&Package::tapper("tapper")).await.unwrap(), Outcome::Upgraded);
        assert_eq!(app.site().registry().get("tapper").unwrap().manifest.version.to_string(), "0.1.0");
    }

    async fn a_plugin_that_others_need_can_not_be_disabled(app: TestApp) {
        app.with(Package::tapper("alpha")).await;
        app.with(Package::tapper("beta").depends("alpha", "0.1")).await;
        let error = app.services().plugins.disable(app.site(), "alpha").await.unwrap_err();
        assert_eq!(error.to_string(), "the plugin 'alpha' is needed by beta; disable those first");
    }

    async fn only_a_disabled_plugin_is_uninstalled_and_its_table_and_settings_go_with_it(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        let plugins = &app.services().plugins;
        let error = plugins.uninstall(app.site(), "tapper").await.unwrap_err();
        assert_eq!(error.to_string(), "the plugin 'tapper' is enabled; disable it first");
        app.services().variables.store("tapper", "suffix", Some("!".into())).await.unwrap();
        plugins.disable(app.site(), "tapper").await.unwrap();
        assert!(has_table(&app).await);
        plugins.uninstall(app.site(), "tapper").await.unwrap();
        assert!(!has_table(&app).await);
        assert_eq!(app.services().variables.stored("tapper", "suffix"), None);
        assert_eq!(state(&app, "tapper").await, None);
        assert_eq!(app.take(&Package::tapper("tapper")).await.unwrap(), Outcome::Installed);
    }

    async fn an_uninstall_tap_that_refuses_keeps_everything(app: TestApp) {
        app.with(Package::tapper("tapper").setting("refuses_in", "uninstall")).await;
        let plugins = &app.services().plugins;
        plugins.disable(app.site(), "tapper").await.unwrap();
        let error = plugins.uninstall(app.site(), "tapper").await.unwrap_err();
        assert_eq!(error.to_string(), "Plugin 'tapper': its 'uninstall' tap says: tapper says no in uninstall");
        assert!(has_table(&app).await);
        assert_eq!(state(&app, "tapper").await, Some(State::Disabled));
    }

    async fn what_is_not_enabled_can_be_neither_disabled_nor_uninstalled(app: TestApp) {
        let plugins = &app.services().plugins;
        for error in [plugins.disable(app.site(), "page").await, plugins.uninstall(app.site(), "page").await] {
            assert_eq!(error.unwrap_err().to_string(), "the plugin 'page' is not enabled");
        }
    }

    async fn what_is_declared_twice_is_refused_with_both_names(app: TestApp) {
        app.with(Package::tapper("alpha").setting("item_type", "tapped").setting("path", "/tapped")).await;
        let error = refused(&app, Package::tapper("beta").setting("item_type", "tapped")).await;
        assert_eq!(error, "Plugin 'beta' declares the content type 'tapped', which plugin 'alpha' has declared already");
        let error = refused(&app, Package::tapper("beta").setting("path", "/tapped")).await;
        assert_eq!(error, "Plugin 'beta' declares the path /tapped, which plugin 'alpha' has declared already");
        assert_eq!(state(&app, "beta").await, None);
        assert!(app.get("/tapped").await.contains("alpha answers /tapped"));
    }

    async fn a_declaration_that_makes_no_sense_is_refused(app: TestApp) {
        let error = refused(&app, Package::tapper("alpha").setting("item_type", "Tapped")).await;
        assert_eq!(
            error,
            "Plugin 'alpha': 'Tapped' is no name for a content type: a content type's name has at most 32 lower-case \
             letters, digits and underscores"
        );
        let error = refused(&app, Package::tapper("alpha").setting("path", "/admin/alpha")).await;
        assert_eq!(error, "Plugin 'alpha' declares the path /admin/alpha, which belongs to the site itself");
        let error = refused(&app, Package::tapper("alpha").setting("path", "alpha")).await;
        assert_eq!(
            error,
            "Plugin 'alpha' declares the path alpha: a path begins with /, does not end with one, and each {name} stands \
             for one segment"
        );
    }

    async fn another_node_follows(app: TestApp) {
        let other = app.another_node().await;
        app.with(Package::tapper("tapper")).await;
        other.services().plugins.follow(other.site(), true).await.unwrap();
        assert_eq!(other.ask("tapper", "upper", "a").await.unwrap(), "A");
        app.services().plugins.disable(app.site(), "tapper").await.unwrap();
        other.services().plugins.follow(other.site(), true).await.unwrap();
        assert!(other.site().registry().get("tapper").is_none());
    }
}
