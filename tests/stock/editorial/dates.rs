//! Who has the clock publish and unpublish what.

use std::time::Duration;

use trovato::subsystems::item::{Error, Item};
use trovato_tests::{Answer, TestApp, both};
use uuid::Uuid;

use super::{REVIEWS, WRITES};
use super::{account, load, post, post_at, ready, reviewer, save, take, writer, writer_who_may};

const SOON: Duration = Duration::from_secs(60);

/// The place at which a save was refused.
#[track_caller]
fn place(saved: Result<Uuid, Error>) -> String {
    match saved {
        Err(Error::Invalid(problems)) => problems[0].path.clone(),
        other => panic!("it was not refused: {other:?}"),
    }
}

fn offers(page: &Answer, date: &str) -> bool {
    assert!(page.contains("editorial_"), "{}", page.text);
    page.contains(&format!("name=\"{date}\""))
}

async fn edit(app: &TestApp, who: trovato::request::Account, item: &Item) -> Answer {
    let page = app.get_as(&who, &format!("/item/{}/edit", item.id)).await;
    app.wait(Duration::from_secs(700));
    page
}

both! {
    async fn the_clock_unpublishes_for_who_may_take_back_what_is_public(app: TestApp) {
        ready(&app).await;
        assert!(!offers(&app.get_as(&writer(&app), "/item/add/blog").await, "unpublish_on"));
        let item = post(&app, "review").await;
        assert!(!offers(&edit(&app, writer(&app), &item).await, "unpublish_on"));
        assert!(offers(&edit(&app, reviewer(&app), &item).await, "unpublish_on"));
        let mut dated = load(&app, item.id).await;
        dated.unpublish_on = Some(app.now().plus(SOON));
        assert_eq!(place(save(&app, writer(&app), dated.clone()).await), "unpublish_on");
        save(&app, reviewer(&app), dated.clone()).await.unwrap();
        // Who may not set it, does not take it away either: neither by the form, which does not show it, nor otherwise.
        let form = app.browser_of(writer(&app)).form(&format!("/item/{}/edit", item.id)).await;
        assert_eq!(form.fill("title", "Another title").press("save").await.status, 303);
        let kept = load(&app, item.id).await;
        assert_eq!((kept.title.as_str(), kept.unpublish_on), ("Another title", dated.unpublish_on));
        let mut undated = kept;
        undated.unpublish_on = None;
        assert_eq!(place(save(&app, writer(&app), undated).await), "unpublish_on");
        for state in ["approved", "published"] {
            assert_eq!(take(&app, reviewer(&app), &item, state, "").await.status, 303);
        }
        assert!(load(&app, item.id).await.published);
        app.wait(SOON * 2);
        app.services().items.keep_schedule(app.site()).await.unwrap();
        assert!(!load(&app, item.id).await.published);
    }

    async fn a_date_to_publish_is_offered_where_the_clock_will_keep_it(app: TestApp) {
        ready(&app).await;
        let hasty = writer_who_may(&app, &["publish content without review"]);
        let form = app.get_as(&hasty, "/item/add/blog").await;
        assert!(!offers(&form, "publish_on") && form.contains("value=\"published\""), "{}", form.text);
        let mut draft = load(&app, post(&app, "draft").await.id).await;
        assert!(!offers(&edit(&app, hasty.clone(), &draft).await, "publish_on"));
        draft.publish_on = Some(app.now().plus(SOON));
        assert_eq!(place(save(&app, hasty, draft).await), "publish_on");

        let mut approved = post_at(&app, "approved").await;
        assert!(offers(&edit(&app, reviewer(&app), &approved).await, "publish_on"));
        approved.publish_on = Some(app.now().plus(SOON));
        let returns = writer_who_may(&app, &["return content to draft"]);
        assert!(!offers(&edit(&app, returns.clone(), &approved).await, "publish_on"));
        approved.publish_on = Some(app.now().plus(SOON));
        assert_eq!(place(save(&app, returns, approved.clone()).await), "publish_on");
        save(&app, reviewer(&app), approved.clone()).await.unwrap();
        app.wait(SOON * 2);
        app.services().items.keep_schedule(app.site()).await.unwrap();
        assert!(load(&app, approved.id).await.published);
    }

    async fn the_clock_publishes_nobody_s_own_content_where_nobody_may(app: TestApp) {
        ready(&app).await;
        app.services().variables.store("editorial", "own_content", Some(false.into())).await.unwrap();
        let mut approved = post_at(&app, "approved").await;
        let alone = account(&app, 1, &[&WRITES[..], &REVIEWS].concat());
        assert!(!offers(&edit(&app, alone.clone(), &approved).await, "publish_on"));
        approved.publish_on = Some(app.now().plus(SOON));
        assert_eq!(place(save(&app, alone, approved).await), "publish_on");
    }
}
