//! The audit: what is recorded, who may read it, and that no secret is in it.

use trovato::subsystems::access::{AUTHENTICATED, Grant};
use trovato::subsystems::audit::Filter;
use trovato::subsystems::user::Changes;
use trovato_tests::{PASSWORD, TestApp, both};

use crate::sign_in;

async fn actions(app: &TestApp, filter: Filter) -> Vec<String> {
    let session = app.session(app.account("admin").await);
    let page = app.services().audit.query(&session, &filter).await.unwrap();
    page.records.into_iter().map(|record| record.action).collect()
}

both! {
    async fn what_happens_to_accounts_and_roles_is_recorded_without_secrets(app: TestApp) {
        let session = app.session(app.account("admin").await);
        let user = app.person("user").await;
        drop(sign_in(&app, "user", "my other secret").await);
        drop(sign_in(&app, "my other secret", "x").await);
        sign_in(&app, "user", PASSWORD).await.unwrap();
        let changes = Changes {
            password: Some("a third secret".to_owned()),
            mail: Some(Some("secret@example.org".to_owned())),
            active: Some(false),
            ..Changes::default()
        };
        app.services().users.update(&session, user.id, changes, None).await.unwrap();
        let grant = Grant { role: AUTHENTICATED, permission: "administer users".to_owned(), granted: true };
        app.services().access.grant(&session, &[grant]).await.unwrap();
        let all = app.services().audit.query(&session, &Filter { limit: 100, ..Filter::default() }).await.unwrap();
        let recorded: Vec<&str> = all.records.iter().map(|record| record.action.as_str()).collect();
        for action in
            ["permission.grant", "user.update", "user.password", "user.block", "login", "login.failed", "user.create"]
        {
            assert!(recorded.contains(&action), "{action} in {recorded:?}");
        }
        let text = serde_json::to_string(&all.records).unwrap();
        assert!(!text.contains("secret"), "{text}");
        assert!(!text.contains("argon2"), "{text}");
        let block = all.records.iter().find(|record| record.action == "user.block").unwrap();
        assert_eq!((block.actor.as_str(), block.subject.as_str()), ("admin", "user"));
    }

    async fn records_are_filtered_and_paged_and_pruned_by_age(app: TestApp) {
        let user = app.person("user").await.id;
        for _ in 0..3 {
            drop(sign_in(&app, "user", "wrong").await);
        }
        app.wait(std::time::Duration::from_secs(10 * 24 * 3600));
        sign_in(&app, "user", PASSWORD).await.unwrap();
        let of = |action: &str| Filter { action: Some(action.to_owned()), limit: 10, ..Filter::default() };
        assert_eq!(actions(&app, of("login.failed")).await.len(), 3);
        assert_eq!(actions(&app, of("login")).await.len(), 4);
        let subject = Filter { subject: Some(user.to_string()), limit: 10, ..Filter::default() };
        assert_eq!(actions(&app, subject.clone()).await.len(), 5);
        let session = app.session(app.account("admin").await);
        let mut filter = Filter { limit: 2, ..subject };
        let mut seen = Vec::new();
        loop {
            let page = app.services().audit.query(&session, &filter).await.unwrap();
            seen.extend(page.records.into_iter().map(|record| record.id));
            match page.next {
                Some(next) => filter.after = Some(next),
                None => break,
            }
        }
        seen.dedup();
        assert_eq!(seen.len(), 5);
        assert!(!app.services().audit.prune(9).await.unwrap());
        assert_eq!(actions(&app, Filter { limit: 10, ..Filter::default() }).await, ["login"]);
    }

    async fn publishing_unpublishing_and_deleting_are_recorded(app: TestApp) {
        app.enable("page").await.unwrap();
        let mut item = app.item("page", "A page").save().await;
        let items = &app.services().items;
        let session = app.session(app.account("admin").await);
        for published in [false, false, true] {
            item.published = published;
            let (saved, done) = items.save(&session, Box::new(item), "").await;
            done.unwrap();
            item = *saved;
        }
        items.delete(&session, item.id).await.unwrap();
        let of = Filter { subject: Some(item.id.to_string()), limit: 9, ..Filter::default() };
        assert_eq!(actions(&app, of).await, ["item.delete", "item.publish", "item.unpublish", "item.publish"]);
    }

    async fn only_who_may_reads_the_audit(app: TestApp) {
        let session = app.session(app.account("editor").await);
        assert!(app.services().audit.query(&session, &Filter::default()).await.is_err());
    }
}
