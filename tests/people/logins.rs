//! Signing in through the service: what is refused, what locks, what is left behind.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use trovato::db::sql;
use trovato::subsystems::login::Error;
use trovato::subsystems::user::Changes;
use trovato_tests::{PASSWORD, TestApp, both};

use crate::{sign_in, sign_in_from};

fn cookies(cookies: &[HeaderValue]) -> HeaderMap {
    let pairs: Vec<&str> = cookies
        .iter()
        .map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap())
        .collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
    headers
}

async fn fail(app: &TestApp, name: &str, times: usize) {
    for _ in 0..times {
        assert!(matches!(
            sign_in(app, name, "wrong password").await,
            Err(Error::Wrong)
        ));
    }
}

async fn hash_of(app: &TestApp, name: &str) -> String {
    let row = sql("SELECT password FROM users WHERE name_key = $1", (name,));
    let (hash,): (String,) = app.services().db.fetch_one(row).await.unwrap();
    hash
}

both! {
    async fn the_right_password_opens_a_session_and_is_noted(app: TestApp) {
        let signed_in = sign_in(&app, "USER", PASSWORD).await.unwrap();
        assert_eq!(signed_in.user.name, "user");
        assert_eq!(signed_in.next, None);
        let cookie = signed_in.cookies[0].to_str().unwrap();
        assert!(cookie.starts_with("session="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        let user = app.person("user").await;
        assert_eq!((user.login, user.access), (Some(app.now()), Some(app.now())));
    }

    async fn wrong_names_wrong_passwords_and_blocked_accounts_get_one_answer(app: TestApp) {
        let id = app.person("editor").await.id;
        let block = Changes { active: Some(false), ..Changes::default() };
        app.services().users.update(&app.system(), id, block, None).await.unwrap();
        for (name, password) in [
            ("user", "wrong"), ("nobody", PASSWORD), ("editor", PASSWORD), ("Anonymous", ""), ("", ""),
            ("user\0", PASSWORD), ("user", "correct horse\0"), ("user", ""), ("us\u{202e}er", PASSWORD),
        ] {
            let refused = sign_in(&app, name, password).await.unwrap_err();
            assert_eq!(refused.to_string(), "The name or the password is wrong.", "{name:?}");
        }
        let long = "x".repeat(1 << 20);
        assert!(matches!(sign_in(&app, "user", &long).await, Err(Error::Wrong)));
        assert!(matches!(sign_in(&app, &long, PASSWORD).await, Err(Error::Wrong)));
    }

    async fn five_failures_lock_for_fifteen_minutes_also_a_name_that_nobody_has(app: TestApp) {
        for name in ["user", "nobody"] {
            fail(&app, name, 5).await;
            for password in [PASSWORD, "wrong"] {
                let refused = sign_in(&app, name, password).await.unwrap_err();
                assert!(refused.to_string().starts_with("Account temporarily locked"), "{refused}");
            }
        }
        app.wait(Duration::from_secs(15 * 60 - 1));
        assert!(matches!(sign_in(&app, "user", PASSWORD).await, Err(Error::Locked { .. })));
        app.wait(Duration::from_secs(1));
        sign_in(&app, "user", PASSWORD).await.unwrap();
    }

    async fn failures_that_are_fifteen_minutes_apart_or_end_with_a_success_do_not_add_up(app: TestApp) {
        fail(&app, "user", 4).await;
        sign_in(&app, "user", PASSWORD).await.unwrap();
        fail(&app, "user", 4).await;
        app.wait(Duration::from_secs(15 * 60));
        fail(&app, "user", 4).await;
        sign_in(&app, "user", PASSWORD).await.unwrap();
    }

    async fn failures_are_counted_on_all_nodes_together_and_at_once(app: TestApp) {
        let other = app.another_node().await;
        let tries = (0..12).map(|n| {
            let node = if n % 2 == 0 { &app } else { &other };
            async move { matches!(sign_in(node, "user", "wrong").await, Err(Error::Wrong)) }
        });
        let judged = futures_util::future::join_all(tries).await;
        assert_eq!(judged.into_iter().filter(|judged| *judged).count(), 5);
        assert!(matches!(sign_in(&other, "user", PASSWORD).await, Err(Error::Locked { .. })));
    }

    async fn nobody_locks_somebody_out_of_a_browser_that_is_known(app: TestApp) {
        let known = cookies(&sign_in(&app, "admin", PASSWORD).await.unwrap().cookies);
        fail(&app, "admin", 5).await;
        assert!(matches!(sign_in(&app, "admin", PASSWORD).await, Err(Error::Locked { .. })));
        sign_in_from(&app, &known, "admin", PASSWORD).await.unwrap();
        // It is known for this account only, and its own failures count.
        fail(&app, "user", 5).await;
        assert!(matches!(sign_in_from(&app, &known, "user", PASSWORD).await, Err(Error::Locked { .. })));
        for _ in 0..5 {
            assert!(matches!(sign_in_from(&app, &known, "admin", "wrong").await, Err(Error::Wrong)));
        }
        assert!(matches!(sign_in_from(&app, &known, "admin", PASSWORD).await, Err(Error::Locked { .. })));
    }

    async fn the_session_that_a_browser_brings_is_ended_and_never_taken_up(app: TestApp) {
        let before = app.signed_in("user").await;
        let fixed = before.cookie("session").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("session={fixed}")).unwrap());
        let signed_in = sign_in_from(&app, &headers, "admin", PASSWORD).await.unwrap();
        assert!(!signed_in.cookies[0].to_str().unwrap().contains(&fixed));
        assert!(app.services().sessions.resume(&fixed, false).await.unwrap().is_none());
        headers.insert(header::COOKIE, HeaderValue::from_str(&format!("session={}", "A".repeat(43))).unwrap());
        let signed_in = sign_in_from(&app, &headers, "admin", PASSWORD).await.unwrap();
        assert!(!signed_in.cookies[0].to_str().unwrap().contains("AAAA"));
    }

    async fn a_wrong_name_takes_as_long_as_a_wrong_password(app: TestApp) {
        // Dear enough that a hash that was left out would stand out from everything else.
        let app = app
            .restart_with(|config| (config.password.memory_kib, config.password.passes) = (8 << 10, 2))
            .await;
        let id = app.person("user").await.id;
        let changes = Changes { password: Some(PASSWORD.to_owned()), ..Changes::default() };
        app.services().users.update(&app.system(), id, changes, None).await.unwrap();
        let mut times: Vec<(Duration, bool)> = Vec::new();
        for round in 0..60u32 {
            // Turns after Thue and Morse: what comes and goes on a busy machine keeps no step with them.
            let known = round.count_ones() % 2 == 0;
            let name = if known { "user" } else { "nobody" };
            let begun = std::time::Instant::now();
            assert!(matches!(sign_in(&app, name, "wrong password").await, Err(Error::Wrong)));
            times.push((begun.elapsed(), known));
            app.wait(Duration::from_secs(15 * 60));
        }
        // Mann and Whitney (1947): by ranks, so that a busy machine's outliers weigh no more than others. Of equal
        // distributions one in a million is beyond five standard deviations.
        times.sort();
        let ranks: f64 = (1u32..).zip(&times).filter(|(_, (_, known))| *known).map(|(rank, _)| f64::from(rank)).sum();
        let (n, mean) = (30.0, 30.0 * 61.0 / 2.0);
        let deviation: f64 = f64::sqrt(n * n * 61.0 / 12.0);
        let z = (ranks - mean) / deviation;
        assert!(z.abs() < 5.0, "the two differ by {z:.1} standard deviations: {times:?}");
    }

    async fn a_login_flood_is_sent_away_and_the_others_are_served(app: TestApp) {
        let app = app.restart_with(|config| config.password.memory_kib = 16 << 10).await;
        let flood = (0..400).map(|n| {
            let name = format!("nobody{n}");
            let app = &app;
            async move { sign_in(app, &name, "wrong password").await }
        });
        let flood = futures_util::future::join_all(flood);
        let pages = async {
            for _ in 0..5 {
                assert_eq!(app.get("/").await.status, 200);
            }
        };
        let (judged, ()) = tokio::join!(flood, pages);
        let busy = judged
            .iter()
            .filter(|judged| matches!(judged, Err(Error::User(trovato::subsystems::user::Error::Busy))))
            .count();
        assert!(busy > 0, "nobody was sent away");
        assert!(judged.iter().all(|judged| judged.is_err()));
    }

    async fn a_hash_of_another_cost_is_replaced_when_its_owner_signs_in(app: TestApp) {
        let old = hash_of(&app, "user").await;
        assert!(old.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{old}");
        let app = app.restart_with(|config| config.password.passes = 2).await;
        assert!(matches!(sign_in(&app, "user", "wrong").await, Err(Error::Wrong)));
        assert_eq!(hash_of(&app, "user").await, old);
        sign_in(&app, "user", PASSWORD).await.unwrap();
        let new = hash_of(&app, "user").await;
        assert!(new.starts_with("$argon2id$v=19$m=64,t=2,p=1$"), "{new}");
        sign_in(&app, "user", PASSWORD).await.unwrap();
        assert_eq!(hash_of(&app, "user").await, new);
    }
}

/// The same with Redis, which counts failures where it is there.
mod in_redis {
    use trovato_tests::{TestApp, both};

    both! {
        async fn five_failures_lock_for_fifteen_minutes_also_a_name_that_nobody_has(app: TestApp) {
            super::five_failures_lock_for_fifteen_minutes_also_a_name_that_nobody_has(app.with_redis().await).await;
        }

        async fn failures_that_are_fifteen_minutes_apart_or_end_with_a_success_do_not_add_up(app: TestApp) {
            super::failures_that_are_fifteen_minutes_apart_or_end_with_a_success_do_not_add_up(app.with_redis().await).await;
        }

        async fn failures_are_counted_on_all_nodes_together_and_at_once(app: TestApp) {
            super::failures_are_counted_on_all_nodes_together_and_at_once(app.with_redis().await).await;
        }

        async fn nobody_locks_somebody_out_of_a_browser_that_is_known(app: TestApp) {
            super::nobody_locks_somebody_out_of_a_browser_that_is_known(app.with_redis().await).await;
        }
    }
}
