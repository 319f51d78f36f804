//! The `clock`, `crypto` and `random` interfaces.

use std::time::Duration;

use trovato_tests::{TestApp, both};

use super::{probe, with_prober};

both! {
    async fn the_clock_says_what_the_site_says(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "clock.now", "").await, "1700000000000");
        app.wait(Duration::from_secs(1));
        assert_eq!(probe(&app, "clock.now", "").await, "1700000001000");
    }

    async fn the_monotonic_clock_never_runs_backwards(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "clock.monotonic", "").await, "true");
    }

    // FIPS 180-4, the example of one block.
    async fn sha256_is_that_of_the_standard(app: TestApp) {
        with_prober(&app).await;
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(probe(&app, "crypto.sha256", "abc").await, digest);
    }

    // RFC 4231, test case 2.
    async fn hmac_is_that_of_the_standard(app: TestApp) {
        with_prober(&app).await;
        let code = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(probe(&app, "crypto.hmac", "Jefe|what do ya want for nothing?").await, code);
    }

    async fn an_empty_key_and_no_data_have_a_code(app: TestApp) {
        with_prober(&app).await;
        let code = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad";
        assert_eq!(probe(&app, "crypto.hmac", "|").await, code);
    }

    async fn equal_bytes_are_told_from_others(app: TestApp) {
        with_prober(&app).await;
        for (pair, equal) in [("a|a", "true"), ("a|b", "false"), ("a|aa", "false"), ("|", "true")] {
            assert_eq!(probe(&app, "crypto.equal", pair).await, equal, "{pair}");
        }
    }

    async fn random_bytes_come_as_many_as_asked_up_to_a_limit(app: TestApp) {
        with_prober(&app).await;
        for (asked, given) in [("0", "0"), ("33", "33"), ("65536", "65536"), ("65537", "65536")] {
            assert_eq!(probe(&app, "random.bytes", asked).await, given);
        }
    }

    async fn one_random_number_differs_from_the_next(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "random.number", "").await, "true");
    }
}
