//! What is released for other hosts, proved with this one.

use trovato::cli::conformance::host::{Options, run};
use trovato::cli::conformance::report::Format;
use trovato_tests::{Package, TestApp, both};

both! {
    async fn every_released_case_holds(app: TestApp) {
        let fixtures = app.place().folder().join("conformance");
        Package::release(&fixtures, &["prober", "tapper", "hostile", "wasi"]);
        let mut config = app.place().config();
        // A case waits for it.
        config.limits.view_ms = 5_000;
        let on = config.database_url();
        let report = run(&config, &Options::new(Some(fixtures), Some(on))).await.unwrap();
        assert!(report.outcomes.len() > 50, "{}", report.outcomes.len());
        assert_eq!(report.failures(), 0, "{}", report.shown(Format::Text));
        for fixture in ["prober", "tapper", "hostile", "wasi"] {
            app.logged(&format!("plugin '{fixture}'"));
        }
    }

    async fn the_program_has_the_cases_and_the_guests_in_itself(app: TestApp) {
        let config = app.place().config();
        let report = run(&config, &Options::new(None, Some(config.database_url())).only("wasi")).await.unwrap();
        assert!(report.outcomes.len() > 4 && report.failures() == 0, "{}", report.shown(Format::Text));
        app.logged("plugin 'wasi'");
    }
}
