//! `trovato config export`, `import` and `diff`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use trovato::subsystems::format::{AllowedHtml, Definition, Filter};
use trovato::subsystems::item_type::{
    Display, Field, FieldType, ItemType, LabelPosition, Settings, ViewMode,
};
use trovato::subsystems::menu::{Entry, Menu};
use trovato::subsystems::variable::SITE;
use trovato_tests::{Database, Place, TestApp, both};

use super::{Done, command_at, trovato, with};

/// A site with something of everything.
pub(super) async fn furnished(app: &TestApp) {
    app.enable("blog").await.unwrap();
    let (services, system) = (app.services(), app.system());
    services
        .variables
        .store(SITE, "site_slogan", Some("yes: \"no\" # 'maybe'".into()))
        .await
        .unwrap();
    services.item_types.create(&system, event()).await.unwrap();
    let format = Definition {
        name: "short".to_owned(),
        label: "Short".to_owned(),
        filters: vec![Filter::Links, Filter::AllowedHtml(AllowedHtml::basic())],
    };
    services.formats.save(&system, format).await.unwrap();
    let role = services
        .access
        .create_role(&system, "host", "Host")
        .await
        .unwrap();
    let grant = |permission: &str| trovato::subsystems::access::Grant {
        role: role.id,
        permission: permission.to_owned(),
        granted: true,
    };
    let grants = [
        "create event content",
        "use short text format",
        "review blog drafts",
    ]
    .map(grant);
    services.access.grant(&system, &grants).await.unwrap();
    services
        .two_factor
        .requirement()
        .set(system.request(), role.id, true)
        .await
        .unwrap();
    let mut links = services.menus.entries(&system, "main");
    links[0].title = "News".to_owned();
    let above = Some(links[0].key.clone());
    links.push(link("Events", "/events", above));
    links.push(link("Elsewhere", "https://example.org/?a=b#c", None));
    let main = services.menus.find("main").unwrap();
    services.menus.arrange(&system, main, links).await.unwrap();
    let legal = Menu {
        name: "legal".to_owned(),
        label: "Legal".to_owned(),
    };
    services.menus.create(&system, legal).await.unwrap();
}

fn link(title: &str, path: &str, parent: Option<String>) -> Entry {
    Entry {
        key: String::new(),
        title: title.to_owned(),
        path: path.to_owned(),
        parent,
        shown: title != "Elsewhere",
        declared: false,
    }
}

fn event() -> ItemType {
    let settings = Settings {
        min: Some("2024-01-01".to_owned()),
        ..Settings::default()
    };
    let shown = Display {
        mode: "full".to_owned(),
        label: LabelPosition::Inline,
        weight: 3,
        formatter: "default".to_owned(),
    };
    let mut day = Field::new("field_day", FieldType::Date).with_settings(settings);
    day.display.push(shown);
    let mut size = Field::new(
        "field_size",
        FieldType::Choice(vec!["on".to_owned(), "2".to_owned()]),
    );
    size.default_values = serde_json::json!([{ "value": "on" }]);
    let fields = vec![
        day,
        size.with_cardinality(0),
        Field::new("field_place", FieldType::Reference("item".to_owned())),
        Field::new("field_name", FieldType::Text(40)),
    ];
    ItemType {
        description: "Two lines:\n  the second, \"quoted\".".to_owned(),
        path_pattern: Some("events/[title]".to_owned()),
        promoted: false,
        modes: vec![ViewMode {
            name: "row".to_owned(),
            label: "Row".to_owned(),
        }],
        ..ItemType::new("event", "Event", fields)
    }
}

pub(super) fn folder(app: &TestApp) -> PathBuf {
    app.place().folder().join("configuration")
}

pub(super) async fn config(app: &TestApp, verb: &str, options: &[&str]) -> Done {
    let folder = folder(app);
    let mut arguments = vec!["config", verb, folder.to_str().unwrap()];
    arguments.extend(options);
    trovato(app, &arguments).await
}

/// Every file of a folder with its text.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            files.extend(
                self::files(&path)
                    .into_iter()
                    .map(|(file, text)| (format!("{name}/{file}"), text)),
            );
        } else {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    files
}

pub(super) fn replace(app: &TestApp, file: &str, from: &str, to: &str) {
    let path = folder(app).join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

both! {
    async fn a_configuration_goes_into_an_empty_site_of_the_other_database(app: TestApp) {
        furnished(&app).await;
        config(&app, "export", &[]).await.well();
        let exported = files(&folder(&app));
        for file in ["site.yml", "item_types/event.yml", "formats/short.yml", "roles/host.yml", "menus/main.yml", "plugins/blog.yml"] {
            assert!(exported.contains_key(file), "{file}");
        }
        let others = if app.place().config().database_url().starts_with("sqlite") {
            Database::Postgres
        } else {
            Database::Sqlite
        };
        let other = Place::make(others).await;
        let there = |verb: &'static str, options: &[&str]| {
            let folder = folder(&app);
            let mut arguments = vec!["config", verb, folder.to_str().unwrap()];
            arguments.extend(options);
            with(command_at(&other, &arguments), None)
        };
        let refused = there("import", &[]).await;
        assert!(refused.out.contains("enable   blog") && refused.out.contains("make     item_types/event.yml"), "{}", refused.out);
        assert!(refused.failed(1).contains("say --plugins"));
        assert!(there("import", &["--plugins", "--dry-run"]).await.well().contains("rehearsal"));
        there("diff", &[]).await.failed(1);
        assert!(there("import", &["--plugins"]).await.well().contains("are in force"));
        assert!(there("import", &[]).await.well().contains("Nothing to do"));
        assert!(there("diff", &[]).await.well().contains("No difference"));
        let again = other.folder().join("again");
        with(command_at(&other, &["config", "export", again.to_str().unwrap()]), None).await.well();
        assert_eq!(files(&again), exported);
        other.remove().await;
    }

    async fn no_identifier_and_no_secret_is_exported_and_the_same_site_gives_the_same_files(app: TestApp) {
        furnished(&app).await;
        config(&app, "export", &[]).await.well();
        assert!(config(&app, "export", &[]).await.well().contains("Nothing to do"));
        let secret = fs::read_to_string(app.place().folder().join("secret")).unwrap_or_default();
        for (file, text) in files(&folder(&app)) {
            let has_id = text.split(|char: char| !char.is_ascii_hexdigit() && char != '-')
                .any(|word| uuid::Uuid::try_parse(word).is_ok());
            assert!(!has_id, "{file}: {text}");
            assert!(secret.is_empty() || !text.contains(secret.trim()), "{file}");
        }
        let event = fs::read_to_string(folder(&app).join("item_types/event.yml")).unwrap();
        assert!(event.starts_with("label: Event\n") && event.contains("choice:\n"), "{event}");
    }

    async fn what_differs_is_told_line_by_line_and_put_back(app: TestApp) {
        furnished(&app).await;
        config(&app, "export", &[]).await.well();
        app.services().variables.store(SITE, "site_slogan", Some("Other".into())).await.unwrap();
        app.services().menus.delete(&app.system(), "legal").await.unwrap();
        let change = |of: &mut ItemType| { of.label = "Date".to_owned(); Ok(()) };
        app.services().item_types.change(&app.system(), "event", change).await.unwrap();
        replace(&app, "roles/host.yml", "- review blog drafts\n", "");
        let diff = config(&app, "diff", &[]).await;
        for line in ["--- site/item_types/event.yml", "+++ folder/item_types/event.yml", "-label: Date", "+label: Event",
            "--- /dev/null", "+++ folder/menus/legal.yml", "-site_slogan: Other", "-- review blog drafts"] {
            assert!(diff.out.lines().any(|told| told == line), "{line}\n{}", diff.out);
        }
        assert!(diff.failed(1).contains("4 files differ"));
        let told = config(&app, "import", &[]).await.well();
        for line in ["change   item_types/event.yml", "make     menus/legal.yml", "change   site.yml", "change   roles/host.yml"] {
            assert!(told.contains(line), "{told}");
        }
        let services = app.services();
        services.variables.refresh().await.unwrap();
        services.item_types.follow().await.unwrap();
        services.menus.follow().await.unwrap();
        services.access.follow().await.unwrap();
        assert_eq!(services.variables.site_text("site_slogan", ""), "yes: \"no\" # 'maybe'");
        assert_eq!(*services.item_types.get("event").unwrap(), event());
        assert_eq!(services.menus.find("legal").unwrap().label, "Legal");
        let host = services.access.role_named("host").unwrap();
        assert_eq!(services.access.of_role(host.id).len(), 2);
        let actions = services.audit.actions().await.unwrap();
        for action in ["configuration.import", "item-type.change", "menu.create", "permission.revoke"] {
            assert!(actions.iter().any(|known| known == action), "{action}: {actions:?}");
        }
    }

    async fn everything_that_is_wrong_is_told_at_once_and_nothing_changes(app: TestApp) {
        furnished(&app).await;
        config(&app, "export", &[]).await.well();
        replace(&app, "item_types/event.yml", "label: Event", "lable: Event");
        fs::write(folder(&app).join("roles/host.yml"), "label: [\n").unwrap();
        fs::write(folder(&app).join("menus/legal.txt"), "x").unwrap();
        fs::create_dir(folder(&app).join("menu")).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        for words in ["item_types/event.yml: line 1, column 1:", "roles/host.yml: line ", "menus/legal.txt: ", "menu: this is no part of a configuration; did you mean menus?",
            "4 things are wrong; nothing has changed"] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        fs::remove_dir_all(folder(&app)).unwrap();
        config(&app, "export", &[]).await.well();
        replace(&app, "item_types/event.yml", "name: field_name", "name: name");
        replace(&app, "item_types/event.yml", "events/[title]", "events/[titel]");
        replace(&app, "formats/short.yml", "- filter: links\n", "");
        replace(&app, "roles/host.yml", "- create event content", "- create evnt content");
        replace(&app, "menus/main.yml", "path: /events", "path: javascript:alert(1)");
        replace(&app, "site.yml", "site_slogan", "site_slogn");
        fs::remove_file(folder(&app).join("roles/anonymous.yml")).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        for words in ["item_types/event.yml: name.name: field_", "item_types/event.yml: path_pattern: ", "roles/host.yml: permissions: there is no permission 'create evnt content'; did you mean 'create event content'?",
            "menus/main.yml: the link 'Events' to 'javascript:alert(1)', path: ", "site.yml: site_slogn: there is no such setting; did you mean 'site_slogan'?",
            "roles/anonymous.yml: the file is missing"] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        app.services().item_types.follow().await.unwrap();
        assert_eq!(app.services().item_types.get("event").unwrap().label, "Event");
        let nowhere = trovato(&app, &["config", "import", "/nowhere/at/all"]).await.failed(2);
        assert!(nowhere.contains("/nowhere/at/all is no folder"), "{nowhere}");
        trovato(&app, &["config", "diff", "/nowhere/at/all"]).await.failed(2);
        fs::write(app.place().folder().join("themes-of-mine"), "x").unwrap();
        let full = app.place().folder().to_str().unwrap().to_owned();
        assert!(trovato(&app, &["config", "export", &full]).await.failed(2).contains("holds no configuration"));
    }

    async fn a_field_that_names_a_type_or_format_that_will_not_be_there_is_refused(app: TestApp) {
        furnished(&app).await;
        let change = |of: &mut ItemType| {
            let settings = Settings { targets: vec!["event".to_owned()], ..Settings::default() };
            of.fields.push(Field::new("field_next", FieldType::Reference("item".to_owned())).with_settings(settings));
            let settings = Settings { formats: vec!["short".to_owned(), "plain_text".to_owned()], ..Settings::default() };
            of.fields.push(Field::new("field_text", FieldType::LongText).with_settings(settings));
            let settings = Settings { targets: vec!["topics".to_owned()], ..Settings::default() };
            of.fields.push(Field::new("field_tag", FieldType::Reference("tag".to_owned())).with_settings(settings));
            Ok(())
        };
        app.services().item_types.change(&app.system(), "event", change).await.unwrap();
        config(&app, "export", &[]).await.well();
        assert!(config(&app, "import", &[]).await.well().contains("Nothing to do"));
        replace(&app, "item_types/event.yml", "- event\n", "- evnt\n");
        replace(&app, "item_types/event.yml", "- short\n", "- shrot\n");
        let told = config(&app, "import", &[]).await.failed(1);
        for words in ["item_types/event.yml: field_next.settings.targets: there is no content type 'evnt'; did you mean 'event'?",
            "item_types/event.yml: field_text.settings.formats: there is no text format 'shrot'; did you mean 'short'?",
            "2 things are wrong; nothing has changed"] {
            assert!(told.contains(words), "{words}\n{told}");
        }
        // What goes is missed by the types that stay as they are.
        config(&app, "export", &[]).await.well();
        fs::remove_file(folder(&app).join("formats/short.yml")).unwrap();
        replace(&app, "roles/host.yml", "- use short text format\n", "");
        assert!(config(&app, "import", &[]).await.failed(1).contains("field_text.settings.formats: there is no text format 'short'"));
        // What a site has without it being there is no reason to refuse what the site has.
        app.services().formats.remove(&app.system(), "short").await.unwrap();
        config(&app, "export", &[]).await.well();
        replace(&app, "site.yml", "maybe", "yes");
        config(&app, "import", &[]).await.well();
    }

    async fn a_plugin_that_is_not_there_or_asks_for_more_is_refused(app: TestApp) {
        config(&app, "export", &[]).await.well();
        fs::create_dir_all(folder(&app).join("plugins")).unwrap();
        fs::write(folder(&app).join("plugins/nobody.yml"), "agreed: []\n").unwrap();
        fs::write(folder(&app).join("plugins/blog.yml"), "agreed: []\n").unwrap();
        let told = config(&app, "import", &["--plugins"]).await.failed(1);
        assert!(told.contains("plugins/nobody.yml: "), "{told}");
        assert!(told.contains("plugins/blog.yml: the plugin asks to ") && told.contains("`trovato plugin enable blog`"), "{told}");
        fs::remove_dir_all(folder(&app).join("plugins")).unwrap();
        app.enable("blog").await.unwrap();
        config(&app, "export", &[]).await.well();
        fs::write(folder(&app).join("plugins/blog.yml"), "agreed: [to rule]\n").unwrap();
        assert!(config(&app, "import", &["--plugins"]).await.failed(1).contains("plugins/blog.yml: agreed: here the plugin may: "));
        fs::remove_file(folder(&app).join("plugins/blog.yml")).unwrap();
        assert!(config(&app, "import", &["--plugins"]).await.well().contains("disable  blog"));
    }

    async fn what_people_would_miss_goes_only_with_its_number(app: TestApp) {
        let system = app.system();
        app.services().item_types.create(&system, event()).await.unwrap();
        let first = app.item("event", "One").save().await;
        app.item("event", "Two").save().await;
        app.services().access.create_role(&system, "host", "Host").await.unwrap();
        config(&app, "export", &[]).await.well();
        fs::remove_file(folder(&app).join("item_types/event.yml")).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        assert!(told.contains("2 items with 2 revisions") && told.contains("--remove item_types/event=2"), "{told}");
        assert!(config(&app, "import", &["--remove", "item_types/event=1"]).await.failed(1).contains("you said 1"));
        config(&app, "import", &["--remove", "event"]).await.failed(2);
        config(&app, "import", &["--remove", "item_types/event=2"]).await.well();
        let types = &app.services().item_types;
        types.follow().await.unwrap();
        assert!(types.get("event").is_none());
        types.restore(&system, "event").await.unwrap();
        assert!(app.services().items.load(&system, first.id).await.unwrap().is_some());
        // Nobody has the role, so nobody misses it.
        config(&app, "export", &[]).await.well();
        fs::remove_file(folder(&app).join("roles/host.yml")).unwrap();
        config(&app, "import", &[]).await.well();
        app.services().access.follow().await.unwrap();
        assert!(app.services().access.role_named("host").is_none());
    }

    async fn a_field_that_goes_keeps_its_values_and_comes_back_with_them(app: TestApp) {
        let system = app.system();
        app.services().item_types.create(&system, event()).await.unwrap();
        app.item("event", "One").with("field_name", "Ada").save().await;
        config(&app, "export", &[]).await.well();
        let event = fs::read_to_string(folder(&app).join("item_types/event.yml")).unwrap();
        let (before, _) = event.split_once("- name: field_name").unwrap();
        fs::write(folder(&app).join("item_types/event.yml"), before).unwrap();
        let told = config(&app, "import", &[]).await.failed(1);
        assert!(told.contains("--remove item_types/event.field_name=1"), "{told}");
        config(&app, "import", &["--remove", "item_types/event.field_name=1"]).await.well();
        assert!(config(&app, "import", &[]).await.well().contains("Nothing to do"));
        // Under its name nothing else can come while its values are kept.
        fs::write(folder(&app).join("item_types/event.yml"), event.replace("text: 40", "integer")).unwrap();
        assert!(config(&app, "import", &[]).await.failed(1).contains("field_name.type: "));
        fs::write(folder(&app).join("item_types/event.yml"), event.replace("type:\n    text: 40", "type: integer")).unwrap();
        assert!(config(&app, "import", &[]).await.failed(1).contains("field_name.type: a field of this name and another type was removed"));
        fs::write(folder(&app).join("item_types/event.yml"), &event).unwrap();
        config(&app, "import", &[]).await.well();
        let types = &app.services().item_types;
        types.follow().await.unwrap();
        assert_eq!(types.usage_of_field("event", "field_name").await.unwrap().items, 1);
        assert!(types.get("event").unwrap().removed.is_empty());
    }
}
