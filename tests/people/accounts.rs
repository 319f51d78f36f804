//! Accounts through the service: what they may look like, and who may change what of them.

use trovato::subsystems::user::{Changes, Error, Filter, NewUser, Order, User};
use trovato_tests::{PASSWORD, TestApp, both};

async fn create(app: &TestApp, name: &str) -> Result<User, Error> {
    let new = NewUser {
        name: name.to_owned(),
        active: true,
        ..NewUser::default()
    };
    app.services().users.create(&app.system(), new).await
}

fn problems(error: Error) -> Vec<String> {
    match error {
        Error::Invalid(problems) => problems.into_iter().map(|problem| problem.path).collect(),
        error => panic!("{error}"),
    }
}

async fn update(app: &TestApp, asks: &str, of: &str, changes: Changes) -> Result<User, Error> {
    let session = app.session(app.account(asks).await);
    let id = app.person(of).await.id;
    let present = Some(PASSWORD.to_owned());
    let changed = app.services().users.update(&session, id, changes, present).await;
    changed.map(|changed| changed.user)
}

both! {
    async fn a_name_is_taken_whatever_its_case_and_form(app: TestApp) {
        create(&app, "Zoë Straße").await.unwrap();
        for same in ["zoë straße", "ZOE\u{308} STRASSE", "Ｚｏë Straße"] {
            assert_eq!(problems(create(&app, same).await.unwrap_err()), ["name"], "{same}");
        }
        assert_eq!(app.person("zOË sTRASSE").await.name, "Zoë Straße");
    }

    async fn everything_that_is_wrong_is_said_at_once(app: TestApp) {
        let new = NewUser {
            name: "a\0b".to_owned(),
            mail: Some("not an address".to_owned()),
            password: Some("short".to_owned()),
            timezone: Some("Mars/Olympus".to_owned()),
            language: Some("e".to_owned()),
            roles: vec![app.services().ids.next()],
            ..NewUser::default()
        };
        let refused = app.services().users.create(&app.system(), new).await.unwrap_err();
        assert_eq!(problems(refused), ["name", "mail", "password", "timezone", "language", "roles"]);
    }

    async fn passwords_are_of_eight_characters_to_a_kilobyte_without_nul(app: TestApp) {
        for (password, fits) in [
            ("1234567".to_owned(), false), ("ééééééé".to_owned(), false), ("éééééééé".to_owned(), true),
            ("x".repeat(1024), true), ("x".repeat(1025), false), ("long enough\0".to_owned(), false),
        ] {
            let new = NewUser {
                name: format!("p{}", app.services().ids.next().simple()),
                password: Some(password.clone()),
                ..NewUser::default()
            };
            let made = app.services().users.create(&app.system(), new).await;
            assert_eq!(made.is_ok(), fits, "{} bytes", password.len());
        }
    }

    async fn people_change_their_own_account_but_not_what_they_may(app: TestApp) {
        let changed = update(&app, "user", "user", Changes {
            name: Some("Somebody Else".to_owned()),
            mail: Some(Some("else@example.org".to_owned())),
            timezone: Some(Some("Europe/Rome".to_owned())),
            language: Some(Some("it".to_owned())),
            ..Changes::default()
        });
        assert_eq!(changed.await.unwrap().timezone.as_deref(), Some("Europe/Rome"));
        let editor = app.services().access.role_named("editor").unwrap().id;
        for changes in [
            Changes { is_admin: Some(true), ..Changes::default() },
            Changes { roles: Some(vec![editor]), ..Changes::default() },
            Changes { active: Some(false), ..Changes::default() },
        ] {
            let refused = update(&app, "Somebody Else", "Somebody Else", changes).await;
            assert!(matches!(refused, Err(Error::Denied(_))));
        }
        let refused = update(&app, "Somebody Else", "editor", Changes::default()).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }

    async fn the_own_password_takes_the_present_one(app: TestApp) {
        let session = app.session(app.account("user").await);
        let id = app.person("user").await.id;
        for present in [None, Some("wrong"), Some("")] {
            let changes = Changes { password: Some("another one".to_owned()), ..Changes::default() };
            let present = present.map(str::to_owned);
            let refused = app.services().users.update(&session, id, changes, present).await;
            assert_eq!(problems(refused.unwrap_err()), ["current"]);
        }
    }

    async fn who_administers_users_does_not_become_an_administrator_by_it(app: TestApp) {
        let asks = app.somebody(&["administer users"]);
        let session = app.session(asks);
        let users = &app.services().users;
        let admin = app.person("admin").await.id;
        let user = app.person("user").await.id;
        let password = Changes { password: Some("mine from now on".to_owned()), ..Changes::default() };
        assert!(matches!(users.update(&session, admin, password, None).await, Err(Error::Denied(_))));
        let promote = Changes { is_admin: Some(true), ..Changes::default() };
        assert!(matches!(users.update(&session, user, promote, None).await, Err(Error::Denied(_))));
        let new = NewUser { name: "mine".to_owned(), is_admin: true, ..NewUser::default() };
        assert!(matches!(users.create(&session, new).await, Err(Error::Denied(_))));
        let block = Changes { active: Some(false), ..Changes::default() };
        users.update(&session, user, block, None).await.unwrap();
    }

    async fn the_last_administrator_stays(app: TestApp) {
        for changes in [
            Changes { active: Some(false), ..Changes::default() },
            Changes { is_admin: Some(false), ..Changes::default() },
        ] {
            let refused = update(&app, "admin", "admin", changes).await;
            assert!(matches!(refused, Err(Error::LastAdministrator)));
        }
        let promote = Changes { is_admin: Some(true), ..Changes::default() };
        update(&app, "admin", "editor", promote).await.unwrap();
        let block = async |asks: &str, of: &str| {
            let session = app.session(app.account(asks).await);
            let id = app.person(of).await.id;
            let changes = Changes { active: Some(false), ..Changes::default() };
            app.services().users.update(&session, id, changes, None).await
        };
        // Both at once, each the other: one of them stays.
        let (one, other) = tokio::join!(block("admin", "editor"), block("editor", "admin"));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    }

    async fn people_are_listed_by_text_role_and_state_in_pages(app: TestApp) {
        for n in 0..5 {
            create(&app, &format!("Person {n}")).await.unwrap();
        }
        let list = async |filter: Filter| {
            let page = app.services().users.list(&app.account("admin").await, &filter).await.unwrap();
            let names: Vec<String> = page.users.into_iter().map(|user| user.name).collect();
            (names.join(","), page.total)
        };
        let text = |text: &str| Filter { text: Some(text.to_owned()), limit: 2, ..Filter::default() };
        assert_eq!(list(text("PERSON")).await, ("Person 0,Person 1".to_owned(), 5));
        assert_eq!(list(Filter { offset: 4, ..text("person") }).await, ("Person 4".to_owned(), 5));
        assert_eq!(list(text("editor@")).await, ("editor".to_owned(), 1));
        assert_eq!(list(text("%")).await, (String::new(), 0));
        let role = app.services().access.role_named("editor").map(|role| role.id);
        assert_eq!(list(Filter { role, limit: 9, ..Filter::default() }).await, ("editor".to_owned(), 1));
        let newest = Filter { order: Order::Created, descending: true, limit: 1, ..Filter::default() };
        assert_eq!(list(newest).await, ("Person 4".to_owned(), 8));
        let denied = app.services().users.list(&app.account("editor").await, &Filter::default()).await;
        assert!(matches!(denied, Err(Error::Denied(_))));
    }
}
