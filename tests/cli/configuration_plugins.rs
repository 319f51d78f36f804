//! `trovato config import --plugins`: what is known beforehand is told beforehand.

use std::fs;

use trovato::subsystems::item::Value;
use trovato::subsystems::plugin::State;
use trovato_tests::{Package, TestApp, both};

use super::configuration::{config, folder, furnished};

/// Puts a package where plugins are found, and its file into the folder.
fn wanted(app: &TestApp, package: &Package) {
    app.add(package);
    let agreed = app
        .services()
        .plugins
        .capabilities(app.site(), package.name())
        .unwrap();
    let text = serde_json::json!({ "agreed": agreed }).to_string();
    fs::create_dir_all(folder(app).join("plugins")).unwrap();
    fs::write(folder(app).join(format!("plugins/{}.yml", package.name())), text).unwrap();
}

fn unwanted(app: &TestApp, name: &str) {
    fs::remove_file(folder(app).join(format!("plugins/{name}.yml"))).unwrap();
}

/// The plugins at work, by what is stored.
async fn at_work(app: &TestApp) -> String {
    let records = app.services().plugins.records().await.unwrap().into_iter();
    let enabled = records.filter(|record| record.state == State::Enabled);
    let mut names: Vec<String> = enabled.map(|record| record.name).collect();
    names.sort();
    names.join(" ")
}

both! {
    async fn what_plugins_need_is_looked_at_before_any_is_changed(app: TestApp) {
        config(&app, "export", &[]).await.well();
        wanted(&app, &Package::tapper("aa"));
        wanted(&app, &Package::tapper("beta").depends("zeta", "0.1"));
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("plugins/beta.yml: the plugin needs 'zeta'"), "{told}");
        wanted(&app, &Package::tapper("zeta").version("2.0.0"));
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("plugins/beta.yml: the plugin needs 'zeta' ^0.1, and 2.0.0 is here"), "{told}");
        wanted(&app, &Package::tapper("zeta").depends("beta", "0.1"));
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("plugins/beta.yml: the plugins need each other in a circle: beta, zeta"), "{told}");
        assert_eq!(at_work(&app).await, "");
        wanted(&app, &Package::tapper("zeta"));
        config(&app, "import", &["--plugins"]).await.well();
        assert_eq!(at_work(&app).await, "aa beta zeta");
        wanted(&app, &Package::tapper("gamma"));
        unwanted(&app, "zeta");
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("plugins/beta.yml: the plugin needs 'zeta', which has no file"), "{told}");
        assert_eq!(at_work(&app).await, "aa beta zeta");
    }

    async fn what_goes_with_a_plugin_can_not_be_granted(app: TestApp) {
        furnished(&app).await;
        config(&app, "export", &[]).await.well();
        unwanted(&app, "blog");
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("roles/host.yml: permissions: there is no permission 'review blog drafts'"), "{told}");
        assert!(told.contains("nothing has changed"), "{told}");
        assert_eq!(at_work(&app).await, "blog");
    }

    async fn plugins_that_were_changed_before_one_failed_are_named(app: TestApp) {
        config(&app, "export", &[]).await.well();
        wanted(&app, &Package::tapper("alpha"));
        wanted(&app, &Package::tapper("beta").setting("refuses_in", "install"));
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("alpha is enabled; nothing else has changed"), "{told}");
        assert_eq!(at_work(&app).await, "alpha");
    }

    async fn a_field_of_a_plugin_s_type_goes_with_what_it_is_based_on(app: TestApp) {
        app.with(Package::fixture("rating")).await;
        app.item("record", "Blue").with("field_stars", Value::Integer(4)).save().await;
        config(&app, "export", &[]).await.well();
        let file = folder(&app).join("item_types/record.yml");
        let exported = fs::read_to_string(&file).unwrap();
        for line in ["declared:", "name: rating.stars", "base: integer"] {
            assert!(exported.contains(line), "{line}\n{exported}");
        }
        config(&app, "diff", &[]).await.well();
        // Another kind of values is another field; the plain type of the same kind is not.
        fs::write(&file, exported.replace("base: integer", "base: json")).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        assert!(told.contains("field_stars.type: the site has this field with another type"), "{told}");
        fs::write(&file, exported.replace("base: integer", "base: blocks")).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        assert!(told.contains("can't be based on 'blocks'"), "{told}");
        fs::write(&file, exported.replace("name: rating.stars", "name: rating.moons")).unwrap();
        config(&app, "import", &[]).await.well();
        app.services().item_types.follow().await.unwrap();
        let record = app.services().item_types.get("record").unwrap();
        assert_eq!(record.field("field_stars").unwrap().field_type.name(), "rating.moons");
        assert!(app.get(&app.newest_item().await.path()).await.contains(">4<"), "no plugin declares that");
    }
}
