//! How often whoever asks may do what.

use std::time::Duration;

use trovato::config::{Config, Counted, Network, RateRule};
use trovato::subsystems::token::NewToken;
use trovato_tests::{Answer, TestApp, both};

use crate::ask;

const MINUTE: Duration = Duration::from_secs(60);

fn limited(config: &mut Config) {
    config.rate_limits.enabled = true;
}

async fn post(app: &TestApp, path: &str, from: &str) -> Answer {
    app.answer(ask("POST", path, from, &[])).await
}

/// How many of so many are let through.
async fn passed(app: &TestApp, times: usize, path: &str, from: &str) -> usize {
    let mut passed = 0;
    for _ in 0..times {
        passed += usize::from(post(app, path, from).await.status != 429);
    }
    passed
}

fn rule(paths: &[&str], limit: u32, by: Counted) -> RateRule {
    RateRule {
        paths: Some(paths.iter().map(|path| (*path).to_owned()).collect()),
        limit: Some(limit),
        by: Some(by),
        ..RateRule::default()
    }
}

fn two_to_the_api(config: &mut Config) {
    limited(config);
    let two = RateRule {
        limit: Some(2),
        ..RateRule::default()
    };
    config.rate_limits.rules.insert("api".to_owned(), two);
}

/// Which of the requests with these tokens are one too many.
async fn too_many(app: &TestApp, tokens: &[&str]) -> Vec<bool> {
    let mut refused = Vec::new();
    for token in tokens {
        let shown = format!("Bearer {token}");
        let answer = app
            .answer(ask(
                "GET",
                "/api/user",
                "203.0.113.9",
                &[("authorization", &shown)],
            ))
            .await;
        refused.push(answer.status == 429);
    }
    refused
}

both! {
    async fn the_sixth_login_in_a_minute_from_an_address_is_refused_until_the_window_slid(app: TestApp) {
        let app = app.restart_with(limited).await;
        for left in (0..5).rev() {
            let answer = post(&app, "/user/login", "203.0.113.9").await;
            assert_ne!(answer.status, 429);
            assert_eq!(answer.header("ratelimit-policy"), r#""login";q=5;w=60, "forms";q=30;w=60"#);
            assert!(answer.header("ratelimit").starts_with(&format!("\"login\";r={left};t=60")));
            assert_eq!(answer.header("retry-after"), "");
        }
        app.wait(Duration::from_millis(20_500));
        let refused = post(&app, "/user/login", "203.0.113.9").await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("retry-after"), "40");
        assert_eq!(refused.header("ratelimit"), r#""login";r=0;t=40"#);
        assert!(refused.contains("<h1") && refused.contains("try again in 40 seconds"), "{}", refused.text);
        assert_ne!(post(&app, "/user/login", "203.0.113.10").await.status, 429, "another address");
        app.wait(Duration::from_secs(40));
        assert_eq!(passed(&app, 7, "/user/login", "203.0.113.9").await, 5);
    }

    async fn who_is_locked_out_is_told_so_also_by_the_sixth_login_in_a_minute(app: TestApp) {
        let app = app.restart_with(limited).await;
        let log_in = async |name: &str| {
            let form = app.form("/user/login").await.fill("name", name).fill("password", "wrong password");
            form.submit().await
        };
        for _ in 0..5 {
            assert_eq!(log_in("user").await.status, 401);
        }
        let locked = log_in("user").await;
        assert_eq!(locked.status, 429);
        assert!(locked.contains("Account temporarily locked"), "{}", locked.text);
        assert_eq!(locked.header("ratelimit"), r#""login";r=0;t=60"#);
        // Another name is not locked: whoever asks is only too fast, and nobody looks at a password.
        let form = app.form("/user/login").await.fill("name", "admin").fill("password", trovato_tests::PASSWORD);
        let fast = form.submit().await;
        assert_eq!(fast.status, 429);
        assert!(fast.contains("try again in 60 seconds") && !fast.contains("locked"), "{}", fast.text);
    }

    async fn clients_that_want_json_get_a_problem(app: TestApp) {
        let app = app.restart_with(limited).await;
        passed(&app, 5, "/user/login", "203.0.113.9").await;
        let accepts = [("accept", "application/json")];
        let refused = app.answer(ask("POST", "/user/login", "203.0.113.9", &accepts)).await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.header("content-type"), "application/problem+json");
        assert!(refused.contains(r#""status":429"#));
        assert_eq!(refused.header("retry-after"), "60");
    }

    async fn forms_have_thirty_a_minute_and_an_ipv6_network_is_one_client(app: TestApp) {
        let app = app.restart_with(limited).await;
        assert_eq!(passed(&app, 20, "/some-form", "2001:db8::1").await, 20);
        assert_eq!(passed(&app, 20, "/some-form", "2001:db8::2").await, 10);
        assert_eq!(passed(&app, 1, "/some-form", "2001:db8:0:1::1").await, 1);
    }

    async fn a_client_cannot_become_another_by_what_it_says_of_itself(app: TestApp) {
        let app = app
            .restart_with(|config| {
                limited(config);
                config.trusted_proxies = vec![Network::try_from("10.0.0.1".to_owned()).unwrap()];
            })
            .await;
        let mut refused = 0;
        for number in 0..10 {
            let claim = format!("198.51.100.{number}");
            let headers = [("x-forwarded-for", claim.as_str())];
            let direct = app.answer(ask("POST", "/user/login", "203.0.113.9", &headers)).await;
            refused += u32::from(direct.status == 429);
        }
        assert_eq!(refused, 5);
        let mut refused = 0;
        for number in 0..10 {
            let claim = format!("198.51.100.{number}, 192.0.2.1");
            let headers = [("x-forwarded-for", claim.as_str())];
            let proxied = app.answer(ask("POST", "/user/login", "10.0.0.1", &headers)).await;
            refused += u32::from(proxied.status == 429);
        }
        assert_eq!(refused, 5, "what the proxy was told by its client is not believed");
    }

    async fn an_encoded_path_is_the_path_that_it_encodes(app: TestApp) {
        let app = app.restart_with(limited).await;
        assert_eq!(passed(&app, 10, "/user/%6cogin", "203.0.113.9").await, 5);
    }

    async fn tokens_are_counted_each_by_itself(app: TestApp) {
        let app = app.restart_with(two_to_the_api).await;
        let owner = app.person("admin").await;
        let mut tokens = Vec::new();
        for name in ["One", "Another"] {
            let new = NewToken { name: name.to_owned(), scopes: vec!["access content".to_owned()], days: Some(30) };
            tokens.push(app.services().tokens.create(&app.system(), owner.id, new).await.unwrap().1);
        }
        let [one, another] = &tokens[..] else { panic!("{tokens:?}") };
        assert_eq!(too_many(&app, &[one, one, one, another]).await, [false, false, true, false]);
    }

    async fn tokens_that_are_made_up_are_counted_by_the_address(app: TestApp) {
        let app = app.restart_with(two_to_the_api).await;
        assert_eq!(too_many(&app, &["a", "b", "c"]).await, [false, false, true]);
    }

    async fn rules_are_added_changed_switched_off_and_paths_exempt(app: TestApp) {
        let app = app
            .restart_with(|config| {
                limited(config);
                let rules = &mut config.rate_limits.rules;
                rules.insert("newsletter".to_owned(), rule(&["/newsletter/*"], 2, Counted::Address));
                rules.insert("login".to_owned(), RateRule { limit: Some(0), ..RateRule::default() });
                rules.insert("forms".to_owned(), RateRule { limit: Some(7), window_s: Some(10), ..RateRule::default() });
                config.rate_limits.exempt = vec!["/hooks/*".to_owned()];
            })
            .await;
        assert_eq!(passed(&app, 5, "/newsletter/join", "203.0.113.1").await, 2);
        assert_eq!(passed(&app, 10, "/user/login", "203.0.113.2").await, 7);
        app.wait(Duration::from_secs(10));
        assert_eq!(passed(&app, 10, "/user/login", "203.0.113.2").await, 7);
        assert_eq!(passed(&app, 40, "/hooks/a", "203.0.113.3").await, 40);
    }

    async fn pages_and_assets_are_not_counted(app: TestApp) {
        let app = app.restart_with(limited).await;
        for path in ["/", "/theme/trovato/css/base.css", "/health"] {
            let answer = app.get(path).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("ratelimit"), "", "{path}");
        }
    }

    async fn nodes_count_together_and_go_on_alone(app: TestApp) {
        let (app, wire) = app.with_redis_by_wire().await;
        let app = app.restart_with(limited).await;
        app.redis_answers().await;
        let other = app.another_node().await;
        other.redis_answers().await;
        assert_eq!(passed(&app, 3, "/user/login", "203.0.113.9").await, 3);
        assert_eq!(passed(&other, 5, "/user/login", "203.0.113.9").await, 2);
        wire.cut();
        app.redis_is_away().await;
        assert_eq!(passed(&app, 5, "/user/login", "203.0.113.9").await, 2, "it has counted three by itself");
        wire.mend();
        app.redis_answers().await;
        app.wait(MINUTE);
        assert_eq!(passed(&app, 10, "/user/login", "203.0.113.9").await, 5);
    }
}
