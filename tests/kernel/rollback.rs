//! Going back to an earlier version: without a restart, with the tables as they are, on every node.

use std::fs::{self, File};
use std::time::UNIX_EPOCH;
use toml::Value;

use trovato::subsystems::plugin::{Error, Outcome, Rollback, State};
use trovato_tests::{Package, TestApp, both};

async fn back(app: &TestApp, to: Option<&str>) -> Result<Rollback, Error> {
    app.services().plugins.rollback(app.site(), "tapper", to).await
}

async fn refused(app: &TestApp, to: Option<&str>) -> String {
    back(app, to).await.unwrap_err().to_string()
}

fn version(app: &TestApp) -> String {
    app.site()
        .registry()
        .get("tapper")
        .unwrap()
        .manifest
        .version
        .to_string()
}

/// The tapper in a version with these steps in the history of its tables besides the first.
fn with_steps(version: &str, steps: &str) -> Package {
    let first = "{ version = 1, create-table = [{ name = 'tapper_note', primary-key = ['note'], \
                 columns = [{ name = 'note', type = 'text' }] }] }";
    let steps: toml::Table = toml::from_str(&format!("migrations = [{first}, {steps}]")).unwrap();
    Package::tapper("tapper")
        .version(version)
        .set("migrations", steps["migrations"].clone())
}

const ADDS_A_COLUMN: &str = "{ version = 2, add-column = [{ table = 'tapper_note', column = { name = 'more', type = 'text', null = true } }] }";
const MAKES_A_TABLE: &str = "{ version = 3, create-table = [{ name = 'tapper_other', primary-key = ['id'], \
                             columns = [{ name = 'id', type = 'id' }] }] }";
const DROPS_THE_TABLE: &str = "{ version = 2, drop-table = ['tapper_note'] }";

async fn has_table(app: &TestApp, delete: &'static str) -> bool {
    app.services().db.execute(delete).await.is_ok()
}

both! {
    async fn a_plugin_goes_back_step_by_step_and_forward_by_name(app: TestApp) {
        for version in ["0.1.0", "0.2.0", "0.3.0"] {
            app.with(Package::tapper("tapper").version(version)).await;
        }
        let done = back(&app, None).await.unwrap();
        assert_eq!((done.from.as_str(), done.to.version.as_str(), done.outcome), ("0.3.0", "0.2.0", Outcome::RolledBack));
        assert_eq!(version(&app), "0.2.0");
        back(&app, None).await.unwrap();
        assert_eq!(version(&app), "0.1.0");
        let error = refused(&app, None).await;
        assert!(error.starts_with("the plugin 'tapper' has no earlier version to go back to"), "{error}");
        back(&app, Some("0.3.0")).await.unwrap();
        assert_eq!(version(&app), "0.3.0");
        let app = app.restart().await;
        assert_eq!(version(&app), "0.3.0");
    }

    async fn a_version_is_named_by_the_beginning_of_its_digest(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").setting("suffix", "!")).await;
        let versions = app.services().plugins.versions("tapper").await.unwrap();
        let first = versions.last().unwrap().digest.clone();
        back(&app, Some(&first[..8])).await.unwrap();
        assert_eq!(app.site().registry().get("tapper").unwrap().digest, first);
        assert_eq!(back(&app, Some(&first)).await.unwrap().outcome, Outcome::Unchanged);
        let error = refused(&app, Some("9.9.9")).await;
        assert!(error.starts_with("the plugin 'tapper' was never at work in '9.9.9'; it was in 0.1.0 ("), "{error}");
    }

    async fn the_versions_are_told_with_the_one_that_was_gone_back_from(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        back(&app, None).await.unwrap();
        let versions = app.services().plugins.versions("tapper").await.unwrap();
        let told: Vec<_> = versions.iter().map(|of| (of.version.as_str(), of.withdrawn.is_some())).collect();
        assert_eq!(told, [("0.1.0", false), ("0.2.0", true)]);
        app.enable("tapper").await.unwrap();
        let versions = app.services().plugins.versions("tapper").await.unwrap();
        assert!(versions.iter().all(|of| of.withdrawn.is_none()));
    }

    async fn a_version_that_comes_back_hears_enable_and_no_upgrade(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        let (upgrades, enables) = (app.calls("tapper", "upgrade").0, app.calls("tapper", "enable").0);
        back(&app, None).await.unwrap();
        assert_eq!((app.calls("tapper", "upgrade").0, app.calls("tapper", "enable").0), (upgrades, enables + 1));
    }

    async fn what_was_agreed_to_then_holds_again_and_no_more(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0").grant("write", vec!["page"])).await;
        let agreed = async |app: &TestApp| app.services().plugins.records().await.unwrap()[0].capabilities.clone();
        assert!(agreed(&app).await.iter().any(|words| words.contains("page")));
        back(&app, None).await.unwrap();
        assert!(!agreed(&app).await.iter().any(|words| words.contains("page")));
    }

    async fn a_disabled_plugin_comes_back_to_work_in_its_earlier_version(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        app.services().plugins.disable(app.site(), "tapper").await.unwrap();
        back(&app, None).await.unwrap();
        assert_eq!(version(&app), "0.1.0");
        assert_eq!(app.services().plugins.records().await.unwrap()[0].state, State::Enabled);
    }

    async fn a_tap_that_refuses_leaves_the_newer_version_at_work(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        app.services().variables.store("tapper", "refuses_in", Some("enable".into())).await.unwrap();
        assert_eq!(refused(&app, None).await, "Plugin 'tapper': its 'enable' tap says: tapper says no in enable");
        assert_eq!(version(&app), "0.2.0");
        let app = app.restart().await;
        assert_eq!(version(&app), "0.2.0");
    }

    async fn columns_and_tables_that_the_earlier_version_does_not_know_do_no_harm(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "first").await.unwrap();
        let newer = with_steps("0.2.0", &format!("{ADDS_A_COLUMN}, {MAKES_A_TABLE}"));
        app.with(newer).await;
        back(&app, None).await.unwrap();
        app.ask("tapper", "note", "second").await.unwrap();
        assert!(app.ask("tapper", "note", "first").await.is_err(), "the key is taken");
        app.enable("tapper").await.unwrap();
        assert_eq!(version(&app), "0.2.0");
        assert!(app.ask("tapper", "note", "second").await.is_err(), "the key is taken");
    }

    async fn tables_of_a_version_that_was_gone_back_from_go_with_the_plugin(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(with_steps("0.2.0", &format!("{ADDS_A_COLUMN}, {MAKES_A_TABLE}"))).await;
        back(&app, None).await.unwrap();
        assert!(has_table(&app, "DELETE FROM tapper_other").await);
        let plugins = &app.services().plugins;
        plugins.disable(app.site(), "tapper").await.unwrap();
        plugins.uninstall(app.site(), "tapper").await.unwrap();
        assert!(!has_table(&app, "DELETE FROM tapper_other").await);
        assert!(!has_table(&app, "DELETE FROM tapper_note").await);
        assert!(plugins.versions("tapper").await.unwrap().is_empty());
    }

    async fn a_table_that_is_gone_does_not_come_back_and_the_refusal_says_which(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(with_steps("0.2.0", DROPS_THE_TABLE)).await;
        assert_eq!(
            refused(&app, None).await,
            "Plugin 'tapper': its tables can't be brought up to date: version 0.1.0 of the plugin 'tapper' can't use the \
             tables that version 0.2.0 has made: migration 2 drops the table 'tapper_note', and what it took away does \
             not come back. Stay with 0.2.0, make a newer version that does without it, or uninstall the plugin with its \
             data and enable 0.1.0 anew"
        );
        assert_eq!(version(&app), "0.2.0");
    }

    async fn a_migration_that_has_run_is_not_rewritten(app: TestApp) {
        app.with(with_steps("0.1.0", ADDS_A_COLUMN)).await;
        let rewritten = ADDS_A_COLUMN.replace("more", "less");
        let error = app.take(&with_steps("0.2.0", &rewritten)).await.unwrap_err().to_string();
        assert!(error.contains("changes the column 'less' of the table 'tapper_note'"), "{error}");
        assert!(error.contains("give the change a number of its own"), "{error}");
        assert_eq!(version(&app), "0.1.0");
    }

    async fn a_copy_that_is_gone_is_told_with_the_way_out(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        let first = app.services().plugins.versions("tapper").await.unwrap().pop().unwrap();
        std::fs::remove_dir_all(app.place().folder().join("plugins-enabled/tapper").join(first.digest)).unwrap();
        let error = refused(&app, None).await;
        assert!(error.starts_with("the copy of version 0.1.0 of the plugin 'tapper' can't be used: "), "{error}");
        assert!(error.ends_with("run `trovato plugin upgrade tapper`"), "{error}");
        assert_eq!(version(&app), "0.2.0");
    }

    async fn what_was_never_installed_has_no_version_to_go_back_to(app: TestApp) {
        assert_eq!(refused(&app, None).await, "the plugin 'tapper' is not enabled");
    }

    async fn another_node_follows(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.with(Package::tapper("tapper").version("0.2.0")).await;
        let other = app.another_node().await;
        let before = other.services().plugins.generation().await.unwrap();
        back(&app, None).await.unwrap();
        assert_ne!(other.services().plugins.generation().await.unwrap(), before);
        other.services().plugins.follow(other.site(), true).await.unwrap();
        assert_eq!(version(&other), "0.1.0");
    }

    async fn a_stock_plugin_that_was_gone_back_from_does_not_return_at_the_start(app: TestApp) {
        app.enable("page").await.unwrap();
        let record = app.services().plugins.records().await.unwrap().remove(0);
        // An earlier program had another page: the folder shadows the program's own.
        let text = include_str!("../../plugins/page/plugin.toml").replace("0.1.0", "0.0.9");
        let manifest: toml::Table = text.parse().unwrap();
        let component = trovato::app::STOCK.iter().find(|stock| stock.name == "page").unwrap().component;
        let earlier = manifest.iter().fold(Package::of("page", component), |package, (key, value): (_, &Value)| {
            package.set(key, value.clone())
        });
        app.with(earlier).await;
        std::fs::remove_dir_all(app.place().config().plugins_dir().join("page")).unwrap();
        let running = |app: &TestApp| app.site().registry().get("page").unwrap().manifest.version.to_string();
        let app = app.restart().await;
        assert_eq!(running(&app), record.version);
        app.services().plugins.rollback(app.site(), "page", None).await.unwrap();
        assert_eq!(running(&app), "0.0.9");
        let app = app.restart().await;
        assert_eq!(running(&app), "0.0.9");
        app.enable("page").await.unwrap();
        assert_eq!(running(&app), record.version);
    }

    async fn an_upgrade_takes_over_what_is_in_a_table_before_it_is_dropped(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "first").await.unwrap();
        app.with(with_steps("0.2.0", DROPS_THE_TABLE)).await;
        app.logged("the upgrade finds notes: 1");
        assert!(!has_table(&app, "DELETE FROM tapper_note").await);
        assert!(app.ask("tapper", "note", "second").await.is_err(), "the table is not its own any more");
    }

    async fn a_table_stays_where_it_is_when_the_upgrade_that_drops_it_is_refused(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "first").await.unwrap();
        app.services().variables.store("tapper", "refuses_in", Some("upgrade".into())).await.unwrap();
        let drops = with_steps("0.2.0", DROPS_THE_TABLE);
        let error = app.take(&drops).await.unwrap_err().to_string();
        assert_eq!(error, "Plugin 'tapper': its 'upgrade' tap says: tapper says no in upgrade");
        assert!(app.ask("tapper", "note", "first").await.is_err(), "the key is taken");
        app.services().variables.store("tapper", "refuses_in", None).await.unwrap();
        app.with(drops).await;
        assert!(!has_table(&app, "DELETE FROM tapper_note").await);
    }

    async fn a_table_that_makes_room_for_another_of_its_name_is_dropped_at_once(app: TestApp) {
        app.with(Package::tapper("tapper")).await;
        app.ask("tapper", "note", "first").await.unwrap();
        let again = "{ version = 3, create-table = [{ name = 'tapper_note', primary-key = ['note'], \
                     columns = [{ name = 'note', type = 'text' }] }] }";
        app.with(with_steps("0.2.0", &format!("{DROPS_THE_TABLE}, {again}"))).await;
        app.logged("the upgrade finds notes: 0");
        app.ask("tapper", "note", "first").await.unwrap();
    }

    async fn copies_that_nobody_can_go_back_to_are_removed(app: TestApp) {
        for version in 1..=8 {
            app.with(Package::tapper("tapper").version(&format!("0.{version}.0"))).await;
        }
        let versions = app.services().plugins.versions("tapper").await.unwrap();
        let known: Vec<&str> = versions.iter().map(|of| of.version.as_str()).collect();
        assert_eq!(known, ["0.8.0", "0.7.0", "0.6.0", "0.5.0", "0.4.0", "0.3.0"]);
        let folder = app.place().folder().join("plugins-enabled/tapper");
        let copies = || fs::read_dir(&folder).unwrap().map(|copy| copy.unwrap().path()).collect::<Vec<_>>();
        assert_eq!(copies().len(), 8, "what is new may be that of another process");
        for copy in copies() {
            File::open(copy).unwrap().set_modified(UNIX_EPOCH).unwrap();
        }
        let app = app.restart().await;
        assert_eq!(copies().len(), 6);
        back(&app, Some("0.3.0")).await.unwrap();
        assert_eq!(version(&app), "0.3.0");
        assert!(refused(&app, Some("0.2.0")).await.contains("was never at work in '0.2.0'"));
    }
}
