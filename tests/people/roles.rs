//! Roles and the permissions that they grant.

use std::sync::Arc;

use trovato::subsystems::access::{ANONYMOUS, AUTHENTICATED, Error, Grant};
use trovato::subsystems::user::Changes;
use trovato_tests::{TestApp, both};

fn grant(role: uuid::Uuid, permission: &str, granted: bool) -> Grant {
    Grant {
        role,
        permission: permission.to_owned(),
        granted,
    }
}

both! {
    async fn visitors_and_the_signed_in_have_their_seeded_roles(app: TestApp) {
        let labels: Vec<String> =
            app.services().access.roles().iter().map(|role| role.label.clone()).collect();
        assert_eq!(labels, ["Anonymous user", "Authenticated user", "Editor"]);
        assert!(app.visitor().may("access content"));
        assert!(!app.visitor().may("administer users"));
        assert!(app.account("user").await.may("access content"));
        assert!(app.account("admin").await.may("anything at all"));
    }

    async fn a_grant_holds_at_once_for_everybody_with_the_role(app: TestApp) {
        let access = &app.services().access;
        let session = app.session(app.account("admin").await);
        access.grant(&session, &[
            grant(ANONYMOUS, "access content", false),
            grant(AUTHENTICATED, "administer users", true),
            grant(AUTHENTICATED, "administer users", true),
        ]).await.unwrap();
        assert!(!app.visitor().may("access content"));
        assert!(app.account("user").await.may("administer users"));
        assert!(app.account("editor").await.may("administer users"));
    }

    async fn people_with_the_same_roles_share_their_permissions(app: TestApp) {
        let access = &app.services().access;
        let editor = access.role_named("editor").unwrap().id;
        assert!(Arc::ptr_eq(&access.of_roles(&[editor]), &access.of_roles(&[editor])));
        assert!(Arc::ptr_eq(&access.of_roles(&[]), &access.of_roles(&[])));
        assert!(access.of_roles(&[editor]).contains("access content"));
    }

    async fn all_grants_are_made_or_none(app: TestApp) {
        let access = &app.services().access;
        let session = app.session(app.account("admin").await);
        for wrong in [grant(AUTHENTICATED, "no such thing", true), grant(app.services().ids.next(), "access content", true)] {
            let grants = [grant(AUTHENTICATED, "administer users", true), wrong];
            assert!(matches!(access.grant(&session, &grants).await, Err(Error::Invalid(_))));
        }
        assert!(!app.account("user").await.may("administer users"));
        let session = app.session(app.account("user").await);
        let refused = access.grant(&session, &[grant(AUTHENTICATED, "administer users", true)]).await;
        assert!(matches!(refused, Err(Error::Denied)));
    }

    async fn the_permissions_of_a_plugin_that_is_gone_are_kept_and_shown_as_such(app: TestApp) {
        let access = &app.services().access;
        let session = app.session(app.account("admin").await);
        app.enable("blog").await.unwrap();
        access.grant(&session, &[grant(AUTHENTICATED, "review blog drafts", true)]).await.unwrap();
        let find = |name: &str| {
            let groups = access.catalogue(&session);
            groups.into_iter().find(|group| group.permissions.iter().any(|permission| permission.name == name))
        };
        assert_eq!(find("review blog drafts").unwrap().title, "blog");
        assert!(find("edit own blog content").is_some());
        app.services().plugins.disable(app.site(), "blog").await.unwrap();
        assert!(find("review blog drafts").unwrap().gone);
        assert!(app.account("user").await.may("review blog drafts"));
    }

    async fn roles_are_made_renamed_and_removed_but_not_the_built_in_ones(app: TestApp) {
        let access = &app.services().access;
        let session = app.session(app.account("admin").await);
        let role = access.create_role(&session, "reviewer", "Reviewer").await.unwrap();
        for (name, label) in [("reviewer", "Another"), ("Reviewer", "Case"), ("", "None"), ("a b", "Space"), ("ok", " ")] {
            assert!(matches!(access.create_role(&session, name, label).await, Err(Error::Invalid(_))), "{name}");
        }
        access.update_role(&session, role.id, "Reviewers", 9).await.unwrap();
        assert_eq!(access.role(role.id).unwrap().label, "Reviewers");
        let give = Changes { roles: Some(vec![role.id]), ..Changes::default() };
        let user = app.person("user").await.id;
        app.services().users.update(&session, user, give, None).await.unwrap();
        access.grant(&session, &[grant(role.id, "administer users", true)]).await.unwrap();
        assert!(app.account("user").await.may("administer users"));
        access.delete_role(&session, role.id).await.unwrap();
        assert!(!app.account("user").await.may("administer users"));
        assert!(app.person("user").await.roles.is_empty());
        for built_in in [ANONYMOUS, AUTHENTICATED] {
            assert!(matches!(access.delete_role(&session, built_in).await, Err(Error::BuiltIn(_))));
        }
    }
}
