//! What is settled stays as it is, and goes back only with a word about it.

use axum::body::Body;
use axum::http::{Method, Request};
use trovato::subsystems::item::Error;
use trovato_tests::{TestApp, both};

use super::{REVIEWS, account, load, post, post_at, ready, reason, save, writer_who_may};

both! {
    async fn nothing_of_what_is_settled_is_changed_by_the_way(app: TestApp) {
        ready(&app).await;
        let item = post_at(&app, "published").await;
        let returns = writer_who_may(&app, &["return content to draft"]);
        let sent = "{\"promoted\":true,\"path\":\"/x\"}";
        let request = Request::builder().method(Method::PATCH).uri(format!("/api/items/{}", item.id));
        let request = request.header("content-type", "application/json").header("if-match", "*");
        let mut request = request.body(Body::from(sent)).unwrap();
        request.extensions_mut().insert(returns.clone());
        let answer = app.answer(request).await;
        assert!(!answer.status.is_success() && answer.contains("you can't change it there"), "{}", answer.text);
        let (mut promoted, mut sticky, mut moved) = (item.clone(), item.clone(), item.clone());
        promoted.promoted = !item.promoted;
        sticky.sticky = true;
        moved.alias = Some("elsewhere".to_owned());
        for changed in [promoted, sticky, moved] {
            let reason = reason(save(&app, returns.clone(), changed.clone()).await);
            assert!(reason.contains("you can't change it there"), "{reason}");
            assert_eq!(load(&app, item.id).await, item);
        }
        save(&app, returns, item.clone()).await.unwrap();
        let mut sticky = load(&app, item.id).await;
        sticky.sticky = true;
        save(&app, writer_who_may(&app, &["change locked content"]), sticky).await.unwrap();
    }

    async fn what_is_settled_is_deleted_by_few(app: TestApp) {
        ready(&app).await;
        const DELETE: &str = "delete own blog content";
        let approved = post_at(&app, "approved").await;
        let published = post_at(&app, "published").await;
        let items = &app.services().items;
        for item in [&approved, &published] {
            let refused = items.delete(&app.session(writer_who_may(&app, &[DELETE])), item.id).await;
            assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        }
        // To publish it is not to take it away.
        let publishes = writer_who_may(&app, &[DELETE, "publish approved content"]);
        let refused = items.delete(&app.session(publishes), approved.id).await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
        let draft = post(&app, "draft").await;
        items.delete(&app.session(writer_who_may(&app, &[DELETE])), draft.id).await.unwrap();
        let archives = writer_who_may(&app, &[DELETE, "archive content"]);
        items.delete(&app.session(archives), published.id).await.unwrap();
        let changes = writer_who_may(&app, &[DELETE, "change locked content"]);
        items.delete(&app.session(changes), approved.id).await.unwrap();
    }

    async fn what_goes_back_otherwise_than_by_its_form_says_why_as_well(app: TestApp) {
        ready(&app).await;
        let mut item = post_at(&app, "published").await;
        item.published = false;
        let may = [&REVIEWS[..], &["edit any blog content"]].concat();
        let returns = account(&app, 3, &may);
        let reason = reason(save(&app, returns.clone(), item.clone()).await);
        assert!(reason.contains("a note is needed") && reason.contains("the form"), "{reason}");
        assert!(load(&app, item.id).await.published);
        // There is another way for who may archive it, and that takes no note.
        let archives = account(&app, 4, &[&may[..], &["archive content"]].concat());
        save(&app, archives, item.clone()).await.unwrap();
        let page = app.get_as(&app.administrator(), &format!("/item/{}/edit", item.id)).await;
        assert!(page.contains("Published → Archived"), "{}", page.text);

        app.services().variables.store("editorial", "note_on_return", Some(false.into())).await.unwrap();
        let mut another = post_at(&app, "published").await;
        another.published = false;
        save(&app, returns, another).await.unwrap();
    }
}
