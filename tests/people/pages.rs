//! The pages of people: signing in and out, the profile, sessions, registering.

use serde_json::json;
use trovato::subsystems::variable::SITE;
use trovato_tests::{Answer, Browser, PASSWORD, TestApp, both};

/// Signs in by the form.
async fn log_in<'a>(app: &'a TestApp, path: &str, name: &str, password: &str) -> (Answer, Browser<'a>) {
    let form = app.form(path).await.fill("name", name).fill("password", password);
    let answer = form.submit().await;
    (answer, form.browser())
}

both! {
    async fn somebody_signs_in_and_out(app: TestApp) {
        let (answer, browser) = log_in(&app, "/user/login", "user", PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
        let id = app.person("user").await.id;
        assert!(browser.get(&format!("/user/{id}")).await.contains("Log out"));
        assert_eq!(browser.get("/user/login").await.status, 303);
        let form = browser.form("/user/logout").await;
        let answer = form.submit().await;
        assert_eq!(answer.status, 303);
        let browser = form.browser();
        assert_eq!(browser.cookie("session"), None);
        assert!(browser.follow(&answer).await.contains("You are logged out."));
        assert_eq!(browser.get(&format!("/user/{id}")).await.status, 404);
    }

    async fn a_link_to_the_page_for_signing_out_signs_nobody_out(app: TestApp) {
        let browser = app.signed_in("user").await;
        assert_eq!(browser.get("/user/logout").await.status, 200);
        assert_eq!(browser.post("/user/logout", "").await.status, 403);
        assert_eq!(browser.get("/user").await.status, 303);
        assert!(browser.get("/user").await.header("location").starts_with("/user/0"));
        app.logged("was refused");
    }

    async fn a_wrong_name_and_a_wrong_password_are_told_in_the_same_page(app: TestApp) {
        let page = async |name: &str| {
            let (answer, _) = log_in(&app, "/user/login", name, "wrong").await;
            assert_eq!(answer.status, 401);
            assert_eq!(answer.header("cache-control"), "private, no-cache");
            assert!(answer.contains("The name or the password is wrong."), "{}", answer.text);
            assert!(!answer.contains("value=\"wrong\""));
            let text = answer.text.replace(name, "NAME");
            // What differs from page to page: nonces, and the ticket of the form.
            let main = text.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
            let lines = main.lines().filter(|line| !line.contains("nonce=") && !line.contains("form_token") && !line.contains("form_build_id"));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(page("editor").await, page("nobody").await);
    }

    async fn a_locked_account_is_told_to_be(app: TestApp) {
        for _ in 0..5 {
            log_in(&app, "/user/login", "user", "wrong").await;
        }
        let (answer, browser) = log_in(&app, "/user/login", "user", PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "900"));
        assert!(answer.contains("Account temporarily locked"), "{}", answer.text);
        assert_eq!(browser.cookie("session"), None);
    }

    async fn remember_me_outlives_the_browser_for_thirty_days(app: TestApp) {
        let form = app.form("/user/login").await.fill("name", "user").fill("password", PASSWORD);
        let answer = form.fill("remember", "on").submit().await;
        let cookie = answer.headers.get_all("set-cookie").iter().find_map(|cookie| {
            cookie.to_str().ok().filter(|cookie| cookie.starts_with("session="))
        });
        assert!(cookie.unwrap().contains("Max-Age=2592000"), "{cookie:?}");
        let (answer, _) = log_in(&app, "/user/login", "user", PASSWORD).await;
        assert!(!answer.header("set-cookie").contains("Max-Age"), "{}", answer.header("set-cookie"));
    }

    async fn whoever_signs_in_goes_on_within_the_site_only(app: TestApp) {
        for (destination, to) in [
            ("/about%3Fpage%3D2", "/about?page=2"), ("//evil.example", "/"), ("/%5Cevil.example", "/"),
            ("https://evil.example", "/"), ("/%252Fevil.example", "/"), ("/%09/evil.example", "/"),
            ("javascript:alert(1)", "/"), ("/user/logout", "/"),
        ] {
            let (answer, _) = log_in(&app, &format!("/user/login?destination={destination}"), "user", PASSWORD).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, to), "{destination}");
        }
    }

    async fn a_page_that_visitors_may_not_see_leads_to_signing_in_and_back(app: TestApp) {
        app.enable("blog").await.unwrap();
        let refused = app.get("/blog/drafts?page=0").await;
        assert_eq!(refused.status, 403);
        let link = "/user/login?destination=%2Fblog%2Fdrafts%3Fpage%3D0";
        assert!(refused.contains(link) || refused.contains(&link.replace('/', "&#x2f;")), "{}", refused.text);
        let (answer, browser) = log_in(&app, link, "admin", PASSWORD).await;
        assert_eq!(browser.follow(&answer).await.status, 200);
        let refused = app.signed_in("user").await.get("/blog/drafts").await;
        assert_eq!(refused.status, 403);
        assert!(!refused.contains("/user/login"), "{}", refused.text);
    }

    async fn people_change_their_profile_and_nothing_else(app: TestApp) {
        let id = app.person("user").await.id;
        let editor = app.services().access.role_named("editor").unwrap().id.to_string();
        let form = app.signed_in("user").await.form(&format!("/user/{id}/edit")).await;
        assert!(!form.page.contains("is_admin") && !form.page.contains("Roles"), "{}", form.page.text);
        let answer = form
            .fill("name", "Ada")
            .fill("timezone", "Europe/Rome")
            .fill("is_admin", "on")
            .fill("active", "on")
            .fill("roles", &editor)
            .fill("privileges", "9")
            .submit()
            .await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let user = app.person("Ada").await;
        assert_eq!((user.is_admin, user.roles.len(), user.timezone.as_deref()), (false, 0, Some("Europe/Rome")));
    }

    async fn another_password_takes_the_present_one_and_ends_the_other_sessions(app: TestApp) {
        let other = app.signed_in("user").await;
        let id = app.person("user").await.id;
        let path = format!("/user/{id}/edit");
        let browser = app.signed_in("user").await;
        let before = browser.cookie("session").unwrap();
        let form = browser.form(&path).await.fill("password", "battery staple").fill("password.again", "battery staple");
        let refused = form.submit().await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("Your present password is needed"), "{}", refused.text);
        let form = form.fill("current", PASSWORD);
        let answer = form.submit().await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        let browser = form.browser();
        assert_ne!(browser.cookie("session").unwrap(), before);
        assert!(browser.follow(&answer).await.contains("All your other sessions have ended."));
        assert_eq!(browser.get(&path).await.status, 200);
        assert_eq!(other.get(&path).await.status, 404);
        let (answer, _) = log_in(&app, "/user/login", "user", "battery staple").await;
        assert_eq!(answer.status, 303);
    }

    async fn people_see_and_end_their_sessions_and_nobody_else_s(app: TestApp) {
        let id = app.person("user").await.id;
        let path = format!("/user/{id}/sessions");
        let other = app.signed_in("user").await;
        let listed = app.services().sessions.list(id).await.unwrap();
        let form = app.signed_in("user").await.form(&path).await;
        assert!(form.page.contains("(this one)"), "{}", form.page.text);
        let form = form.fill("sessions", &listed[0].id.to_string());
        let answer = form.submit().await;
        assert_eq!(answer.status, 303, "{}", answer.text);
        assert!(form.browser().follow(&answer).await.contains("One session was ended."));
        assert_eq!(other.get(&path).await.status, 404);
        assert_eq!(app.signed_in("editor").await.get(&path).await.status, 404);
        assert_eq!(app.get(&path).await.status, 404);
    }

    async fn nobody_registers_unless_the_site_lets_them(app: TestApp) {
        assert_eq!(app.get("/user/register").await.status, 404);
        let variables = &app.services().variables;
        variables.store(SITE, "user_confirm_mail", Some(json!(false))).await.unwrap();
        for (policy, active) in [("open", true), ("approval", false)] {
            variables.store(SITE, "user_register", Some(json!(policy))).await.unwrap();
            let answer = app
                .form("/user/register")
                .await
                .fill("name", policy)
                .fill("mail", "new@example.org")
                .fill("password", "battery staple")
                .fill("password.again", "battery staple")
                .fill("is_admin", "on")
                .fill("active", "on")
                .submit()
                .await;
            assert_eq!(answer.status, 303, "{}", answer.text);
            let user = app.person(policy).await;
            assert_eq!((user.active, user.is_admin), (active, false));
        }
        let again = app.form("/user/register").await.fill("name", "OPEN").fill("mail", "a@example.org");
        let again = again.fill("password", "battery staple").fill("password.again", "battery staple").submit().await;
        assert_eq!(again.status, 422);
        assert!(again.contains("This name is taken."), "{}", again.text);
    }

    async fn a_site_that_is_not_set_up_leads_to_the_installer(app: TestApp) {
        let app = app.without_people().await;
        for path in ["/", "/user/login", "/blog", "/nothing", "/admin"] {
            let answer = app.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/install"), "{path}");
        }
        assert_eq!(app.get("/health").await.status, 200);
        let told = app.get("/install").await;
        assert_eq!(told.status, 200);
        assert!(told.contains("the link") && !told.contains("password"), "{}", told.text);
        let token = app.services().users.set_up_token().to_owned();
        assert!(!told.contains(&token));
        assert_eq!(app.get("/install?token=guess").await.status, 403);
        let form = app.form(&format!("/install?token={token}")).await;
        let form = form.fill("name", "Ada").fill("password", "long enough").fill("password.again", "long enough");
        assert_eq!(form.submit().await.status, 303);
        assert_eq!(app.get("/").await.status, 200);
        assert_eq!(app.get("/install").await.status, 404);
        assert_eq!(app.get(&format!("/install?token={token}")).await.status, 404);
    }
}
