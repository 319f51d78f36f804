//! What goes wrong in a request: it gets a clear answer, and the next one is fine.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use trovato::db::Backend;
use trovato::request::{Account, Request};
use trovato::subsystems::Site;
use trovato::subsystems::import::Records;
use trovato::subsystems::import::markdown::Importer;
use trovato::web;
use trovato_tests::{TestApp, both};

use crate::ask;

/// Stores a page with a text that needs room.
async fn store(State(site): State<Site>) -> Result<StatusCode, web::Error> {
    let services = site.services();
    let session = site.session(Request::new(services.ids.next(), "", Account::system()));
    let mut item = services.items.blank(&session, "page", "Large".to_owned())?;
    let text = "room ".repeat(20_000);
    item.fields
        .insert("field_body".to_owned(), vec![text.as_str().into()]);
    let (_, stored) = services.items.save(&session, Box::new(item), "").await;
    stored?;
    Ok(StatusCode::CREATED)
}

async fn run(app: &TestApp, statements: &[&'static str]) {
    for statement in statements {
        app.services().db.execute(*statement).await.unwrap();
    }
}

/// As a disk that is full, for the database.
async fn fill(app: &TestApp) {
    match app.services().db.backend() {
        // The file may not grow beyond what it is.
        Backend::Sqlite => run(app, &["PRAGMA max_page_count = 1"]).await,
        Backend::Postgres => {
            run(
                app,
                &[
                    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS \
                     'BEGIN RAISE EXCEPTION ''could not extend file'' USING ERRCODE = ''53100''; END'",
                    "CREATE TRIGGER no_room BEFORE INSERT ON item FOR EACH ROW EXECUTE FUNCTION no_room()",
                ],
            )
            .await;
        }
    }
}

async fn make_room(app: &TestApp) {
    match app.services().db.backend() {
        Backend::Sqlite => run(app, &["PRAGMA max_page_count = 1000000"]).await,
        Backend::Postgres => run(app, &["DROP TRIGGER no_room ON item"]).await,
    }
}

both! {
    async fn a_handler_that_panics_costs_its_own_answer_and_no_other(app: TestApp) {
        async fn panics() -> &'static str {
            panic!("the handler gives up")
        }
        app.add_routes(Router::<Site>::new().route("/panics", get(panics)));
        let page = app.get("/panics").await;
        assert_eq!(page.status, 500);
        assert!(page.contains("Internal error") && page.contains("</html>"), "{}", page.text);
        assert!(!page.contains("gives up"), "{}", page.text);
        let json = app.answer(ask("GET", "/panics", "203.0.113.9", &[("accept", "application/json")])).await;
        assert_eq!((json.status.as_u16(), json.header("content-type")), (500, "application/problem+json"));
        app.logged("/panics could not be answered: a handler panicked");
        assert_eq!(app.get("/").await.status, 200);
    }

    async fn addresses_that_make_no_sense_are_the_askers_fault(app: TestApp) {
        for path in ["/?a=%ff", "/item/%ff", "/%ff", "/%00", "/a%00b", "/%0a", "/?page=-1", "/item/%00", "/theme/%00"] {
            let answer = app.get(path).await;
            assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        }
        assert_eq!(app.get("/?a=%ff").await.status, 400);
        assert_eq!(app.get("/").await.status, 200);
    }

    async fn an_older_path_of_a_hidden_item_is_nothing_and_says_nothing(app: TestApp) {
        app.enable("page").await.unwrap();
        let item = app.item("page", "The secret plan").save().await;
        let session = app.system();
        let moved = |item: &trovato::subsystems::item::Item, path: &str| {
            let mut moved = item.clone();
            moved.alias = Some(path.to_owned());
            moved
        };
        let (item, saved) = app.services().items.save(&session, Box::new(moved(&item, "plans/old")), "").await;
        saved.unwrap();
        let (item, saved) = app.services().items.save(&session, Box::new(moved(&item, "plans/new")), "").await;
        saved.unwrap();
        let answer = app.get("/plans/old").await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, "/plans/new"));
        let mut hidden = *item;
        hidden.published = false;
        let (_, saved) = app.services().items.save(&session, Box::new(hidden), "").await;
        saved.unwrap();
        let absent = app.get("/plans/absent").await;
        for path in ["/plans/old", "/plans/new"] {
            let answer = app.get(path).await;
            assert_eq!(answer.status, 404, "{path}");
            assert!(!answer.contains("secret") && !answer.headers.contains_key("location"), "{}", answer.text);
            let bare = |text: &str, path: &str| text.replace(path, "").len();
            assert_eq!(bare(&answer.text, path), bare(&absent.text, "/plans/absent"), "{path}");
        }
    }

    async fn a_full_disk_is_told_and_nothing_is_half_written(app: TestApp) {
        app.enable("page").await.unwrap();
        app.add_routes(Router::<Site>::new().route("/store", post(store)));
        fill(&app).await;
        let answer = app.post("/store", "").await;
        assert_eq!(answer.status, 507, "{}", answer.text);
        assert!(answer.contains("no room left"), "{}", answer.text);
        app.logged("/store could not be answered: ");
        assert_eq!(app.get("/").await.status, 200);
        make_room(&app).await;
        assert_eq!(app.post("/store", "").await.status, 201);
        let query = trovato::subsystems::item::Query { limit: 10, ..Default::default() };
        let found = app.services().items.query(&app.system(), &query).await.unwrap();
        assert_eq!(found.total, 1, "only what was answered with success is there");
    }

    async fn folders_with_files_of_one_name_are_two_imports(app: TestApp) {
        app.enable("blog").await.unwrap();
        let folder = |name: &str, title: &str, path: &str| {
            let folder = app.place().folder().join(name);
            std::fs::create_dir_all(&folder).unwrap();
            let text = format!("---\ntitle: {title}\nurl: /{path}\n---\n\nText.\n");
            std::fs::write(folder.join("post.md"), text).unwrap();
            folder
        };
        let (one, other) = (folder("one/content", "The first", "first"), folder("other/content", "The second", "second"));
        let importer = || {
            let services = app.services();
            let records = Records::new(services.db.clone(), services.clock.clock(), services.ids.clone());
            Importer::new(app.site().clone(), records, "blog").unwrap()
        };
        for folder in [&one, &other] {
            let report = importer().run(folder, |_| {}).await.unwrap();
            assert_eq!((report.created, report.updated, report.skipped), (1, 0, Vec::new()));
        }
        for folder in [&one, &other] {
            let report = importer().run(folder, |_| {}).await.unwrap();
            assert!(!report.has_changes() && report.unchanged == 1);
        }
    }

    async fn a_folder_that_has_a_name_is_the_same_wherever_it_lies(app: TestApp) {
        app.enable("blog").await.unwrap();
        let one = app.place().folder().join("here");
        std::fs::create_dir_all(&one).unwrap();
        std::fs::write(one.join("post.md"), "---\ntitle: A post\n---\n\nText.\n").unwrap();
        let importer = || {
            let services = app.services();
            let records = Records::new(services.db.clone(), services.clock.clock(), services.ids.clone());
            Importer::new(app.site().clone(), records, "blog").unwrap().known_as("journal")
        };
        assert_eq!(importer().run(&one, |_| {}).await.unwrap().created, 1);
        let there = app.place().folder().join("there");
        std::fs::rename(&one, &there).unwrap();
        let report = importer().run(&there, |_| {}).await.unwrap();
        assert!(!report.has_changes() && report.unchanged == 1, "{report:?}");
    }
}
