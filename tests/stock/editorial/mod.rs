//! Content that is reviewed before it is published.

mod dates;
mod listing;
mod locks;

use trovato::request::Account;
use trovato::subsystems::item::{Error, Item, Value};
use trovato_tests::{Answer, TestApp, both};
use uuid::Uuid;

const WRITES: [&str; 5] = [
    "access content",
    "use markdown text format",
    "create blog content",
    "edit own blog content",
    "submit content for review",
];
const REVIEWS: [&str; 6] = [
    "access content",
    "use markdown text format",
    "see what waits for review",
    "approve content",
    "publish approved content",
    "return content to draft",
];

async fn ready(app: &TestApp) {
    for plugin in ["blog", "page", "editorial"] {
        app.enable(plugin).await.unwrap();
    }
}

fn account(app: &TestApp, number: u128, permissions: &[&str]) -> Account {
    Account {
        id: Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0000 + number),
        ..app.somebody(permissions)
    }
}

fn writer(app: &TestApp) -> Account {
    account(app, 1, &WRITES)
}

fn reviewer(app: &TestApp) -> Account {
    account(app, 2, &REVIEWS)
}

async fn load(app: &TestApp, id: Uuid) -> Item {
    app.services()
        .items
        .load(&app.system(), id)
        .await
        .unwrap()
        .unwrap()
}

fn body() -> Value {
    Value::Formatted {
        value: "Words.".to_owned(),
        format: "markdown".to_owned(),
    }
}

/// A writer who may do more.
fn writer_who_may(app: &TestApp, more: &[&str]) -> Account {
    account(app, 1, &[&WRITES, more].concat())
}

/// A post that its writer has made by the form, in this state.
async fn post(app: &TestApp, state: &str) -> Item {
    post_called(app, "A post", state).await
}

async fn post_called(app: &TestApp, title: &str, state: &str) -> Item {
    let form = app.browser_of(writer(app)).form("/item/add/blog").await;
    let form = form
        .fill("title", title)
        .fill("field_body", "Words.")
        .fill("field_body.format", "markdown");
    let answer = form.fill("editorial_state", state).press("save").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    app.newest_item().await
}

/// Takes an item to a state by its form.
async fn take(app: &TestApp, who: Account, item: &Item, state: &str, note: &str) -> Answer {
    let form = app.browser_of(who).form(&format!("/item/{}/edit", item.id)).await;
    form.fill("editorial_state", state)
        .fill("editorial_note", note)
        .press("save")
        .await
}

/// A post that was taken on to this state, by way of review and approval.
async fn post_at(app: &TestApp, state: &str) -> Item {
    let item = post(app, "review").await;
    for step in ["approved", "published"] {
        let answer = take(app, reviewer(app), &item, step, "").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        if step == state {
            break;
        }
    }
    load(app, item.id).await
}

/// Saves an item as it is, otherwise than by its form.
async fn save(app: &TestApp, who: Account, item: Item) -> Result<Uuid, Error> {
    let session = app.session(who);
    app.services().items.save(&session, Box::new(item), "").await.1
}

/// Why the plugin has refused.
#[track_caller]
fn reason<T: std::fmt::Debug>(saved: Result<T, Error>) -> String {
    match saved {
        Err(Error::Refused { plugin, reason }) if plugin == "editorial" => reason,
        other => panic!("it was not refused: {other:?}"),
    }
}

/// The states that a form offers.
fn offered(page: &Answer) -> Vec<String> {
    let (_, rest) = page
        .text
        .split_once("name=\"editorial_state\"")
        .unwrap_or_default();
    let select = rest.split("</select>").next().unwrap();
    let values = select.split("<option value=\"").skip(1);
    values
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

both! {
    async fn a_post_is_written_reviewed_approved_and_published(app: TestApp) {
        ready(&app).await;
        let form = app.browser_of(writer(&app)).form("/item/add/blog").await;
        assert_eq!(offered(&form.page), ["draft", "review"], "{}", form.page.text);
        for gone in ["name=\"published\"", "name=\"publish_on\""] {
            assert!(!form.page.contains(gone), "{gone} in {}", form.page.text);
        }
        let item = post(&app, "review").await;
        assert!(!item.published);
        assert_eq!(app.get(&item.path()).await.status, 404);
        let list = app.get_as(&reviewer(&app), "/moderation").await;
        assert!(list.contains("A post") && list.contains("In review"), "{}", list.text);
        assert_eq!(app.get_as(&reviewer(&app), &item.path()).await.status, 200, "who reviews sees it");
        let answer = take(&app, reviewer(&app), &item, "approved", "Well written").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(!load(&app, item.id).await.published);
        let answer = take(&app, reviewer(&app), &item, "published", "").await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(load(&app, item.id).await.published);
        let page = app.get(&item.path()).await;
        assert!(page.status == 200 && page.contains("Words."), "{}", page.text);
        let form = app.get_as(&app.administrator(), &format!("/item/{}/edit", item.id)).await;
        for line in ["Draft → In review, by Somebody", "In review → Approved, by Somebody", ": Well written", "Approved → Published"] {
            assert!(form.contains(line), "{line} in {}", form.text);
        }
        assert!(!app.get_as(&reviewer(&app), "/moderation").await.contains("A post"), "it waits no more");
    }

    async fn who_may_not_make_a_transition_can_t_by_any_way(app: TestApp) {
        ready(&app).await;
        let item = post(&app, "draft").await;
        let refused = take(&app, writer(&app), &item, "published", "").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("State: choose"), "{}", refused.text);
        // The form is not the only way.
        let session = app.session(writer(&app));
        let mut changed = load(&app, item.id).await;
        changed.published = true;
        let (_, saved) = app.services().items.save(&session, Box::new(changed), "").await;
        let Err(Error::Refused { plugin, reason }) = saved else { panic!("{saved:?}") };
        assert_eq!(plugin, "editorial");
        assert!(reason.contains("it is “Draft”, and you can't publish it from there"), "{reason}");
        assert!(!load(&app, item.id).await.published);
        let new = app.item("blog", "By a program").with("field_body", body()).try_save_in(&session).await;
        new.1.unwrap();
        assert!(!app.newest_item().await.published, "what nobody has approved is not published");
        assert_eq!(app.get_as(&writer(&app), "/moderation").await.status, 403);
        assert_eq!(app.get("/moderation").await.status, 403);
    }

    async fn what_is_settled_is_changed_by_few(app: TestApp) {
        ready(&app).await;
        let item = post(&app, "review").await;
        take(&app, reviewer(&app), &item, "approved", "").await;
        let edit = format!("/item/{}/edit", item.id);
        let refused = app.get_as(&writer(&app), &edit).await;
        assert_eq!(refused.status, 403, "its writer can't change what is approved: {}", refused.text);
        let form = app.browser_of(reviewer(&app)).form(&edit).await;
        let form = form.fill("title", "Another title").fill("editorial_state", "published");
        let refused = form.press("save").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("you can&#39;t change it there; take it back first"), "{}", refused.text);
        let mut may = REVIEWS.to_vec();
        may.push("change locked content");
        // The other one is not at work on it any more.
        app.wait(std::time::Duration::from_secs(700));
        let form = app.browser_of(account(&app, 3, &may)).form(&edit).await;
        let saved = form.fill("title", "Another title").fill("editorial_state", "published").press("save").await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let item = load(&app, item.id).await;
        assert_eq!((item.title.as_str(), item.published), ("Another title", true));
    }

    async fn what_goes_back_says_why(app: TestApp) {
        ready(&app).await;
        let item = post(&app, "review").await;
        let refused = take(&app, reviewer(&app), &item, "draft", " ").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("Say why it goes back."), "{}", refused.text);
        let taken = take(&app, reviewer(&app), &item, "draft", "Too <short>").await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let form = app.get_as(&writer(&app), &format!("/item/{}/edit", item.id)).await;
        assert!(form.contains("In review → Draft") && form.contains("Too &lt;short&gt;"), "{}", form.text);
        assert_eq!(app.get_as(&reviewer(&app), &item.path()).await.status, 404, "it waits for nobody else now");
        app.services().variables.store("editorial", "own_content", Some(false.into())).await.unwrap();
        let mut both = WRITES.to_vec();
        both.extend(REVIEWS);
        let alone = account(&app, 1, &both);
        assert_eq!(take(&app, alone.clone(), &item, "review", "").await.status, 303);
        let refused = take(&app, alone, &item, "approved", "").await;
        assert!(refused.status == 422 && refused.contains("somebody else has to approve"), "{}", refused.text);
    }

    async fn the_clock_publishes_what_is_approved_and_nothing_else(app: TestApp) {
        ready(&app).await;
        let draft = post(&app, "draft").await;
        let approved = post(&app, "review").await;
        take(&app, reviewer(&app), &approved, "approved", "").await;
        let items = &app.services().items;
        for id in [draft.id, approved.id] {
            let mut item = load(&app, id).await;
            item.publish_on = Some(app.now());
            items.save(&app.system(), Box::new(item), "").await.1.unwrap();
        }
        app.wait(std::time::Duration::from_secs(1));
        items.keep_schedule(app.site()).await.unwrap();
        assert!(load(&app, approved.id).await.published);
        let draft = load(&app, draft.id).await;
        assert_eq!((draft.published, draft.publish_on), (false, None));
        app.logged("can't be published or unpublished by schedule");
    }

    async fn what_the_site_brings_along_and_other_types_stay_as_they_are(app: TestApp) {
        ready(&app).await;
        let imported = app.item("blog", "Imported").with("field_body", body()).save().await;
        assert!(imported.published && app.get(&imported.path()).await.status == 200);
        let page = app.item("page", "A page").with("field_body", body()).save().await;
        assert!(page.published);
        let form = app.get_as(&app.administrator(), &format!("/item/{}/edit", page.id)).await;
        assert!(form.contains("name=\"published\"") && !form.contains("editorial_state"), "{}", form.text);
        // What was there before the plugin is where it shows itself to be.
        app.services().plugins.disable(app.site(), "editorial").await.unwrap();
        let before = app.item("blog", "From before").with("field_body", body()).save().await;
        app.enable("editorial").await.unwrap();
        let form = app.get_as(&app.administrator(), &format!("/item/{}/edit", before.id)).await;
        assert_eq!(offered(&form), ["published", "draft", "archived"], "{}", form.text);
        let archived = take(&app, app.administrator(), &before, "archived", "").await;
        assert_eq!(archived.status, 303, "{}", archived.text);
        assert_eq!(app.get(&before.path()).await.status, 404);
        app.services().items.delete(&app.system(), before.id).await.unwrap();
    }

    async fn the_rules_are_settings_and_nonsense_is_refused_where_it_is_typed(app: TestApp) {
        ready(&app).await;
        let manifest = app.site().registry().get("editorial").unwrap().manifest.clone();
        let page = move |session: trovato::subsystems::Cx, submission: trovato::subsystems::form::Submission| {
            let settings = trovato::subsystems::form::PluginSettings::new(manifest.clone(), "/back");
            async move { trovato::subsystems::form::answer(&session, &settings, submission).await }
        };
        let routes = axum::Router::<trovato::subsystems::Site>::new();
        app.add_routes(routes.route("/settings", axum::routing::get(page.clone()).post(page)));
        let form = app.form("/settings").await;
        let refused = form.fill("setting_transitions", "draft > gone: access content").press("save").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("there is no state `gone`"), "{}", refused.text);
        let form = app.form("/settings").await
            .fill("setting_types", "page")
            .fill("setting_states", "idea: Idea\nout: Out (public)")
            .fill("setting_transitions", "idea > out: create page content\nout > idea: create page content");
        assert_eq!(form.press("save").await.header("location"), "/back");
        let who = account(&app, 4, &["access content", "create page content", "use markdown text format"]);
        let form = app.browser_of(who).form("/item/add/page").await;
        assert_eq!(offered(&form.page), ["idea", "out"], "{}", form.page.text);
        let answer = form
            .fill("title", "Out at once")
            .fill("field_body", "Words.")
            .fill("field_body.format", "markdown")
            .fill("editorial_state", "out")
            .press("save")
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(app.newest_item().await.published);
    }
}
