//! Who is believed about a client.

use trovato::config::{Config, Network};
use trovato_tests::{TestApp, both};

use crate::ask;

fn proxies(config: &mut Config) {
    config.trusted_proxies = vec![Network::try_from("10.0.0.0/8".to_owned()).unwrap()];
}

async fn is_secure(app: &TestApp, from: &str, headers: &[(&str, &str)]) -> bool {
    let answer = app.answer(ask("GET", "/", from, headers)).await;
    !answer.header("strict-transport-security").is_empty()
}

both! {
    async fn a_proxy_that_is_trusted_says_whether_its_client_speaks_https(app: TestApp) {
        let app = app.restart_with(proxies).await;
        let https = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https")];
        assert!(is_secure(&app, "10.1.2.3", &https).await);
        assert!(is_secure(&app, "::ffff:10.1.2.3", &https).await);
        assert!(!is_secure(&app, "10.1.2.3", &[("x-forwarded-for", "203.0.113.9")]).await);
    }

    async fn a_stranger_that_claims_to_be_a_proxy_is_not_believed(app: TestApp) {
        let app = app.restart_with(proxies).await;
        let claims = [("x-forwarded-for", "10.0.0.9"), ("x-forwarded-proto", "https")];
        assert!(!is_secure(&app, "203.0.113.9", &claims).await);
        let other_header = [("forwarded", "for=203.0.113.9;proto=https")];
        assert!(!is_secure(&app, "10.1.2.3", &other_header).await);
    }
}
