//! Compiled guests: kept, and made anew where they are damaged.

use std::fs;
use std::path::PathBuf;

use trovato_tests::{Package, TestApp, both};

const ANEW: &str = "the compiled form of 'tapper' is made anew";

/// Enables the tapper with a folder of artefacts that no other test uses, and gives its artefact.
async fn artefact(app: &TestApp) -> PathBuf {
    app.place().keep_artefacts_apart();
    app.with(Package::tapper("tapper")).await;
    let files: Vec<PathBuf> = fs::read_dir(app.place().artefacts())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

/// Starts with other bytes in the artefact; they must be noticed and replaced.
async fn damage(app: TestApp, damage: impl FnOnce(&mut Vec<u8>)) {
    let artefact = artefact(&app).await;
    let sound = fs::read(&artefact).unwrap();
    let mut bytes = sound.clone();
    damage(&mut bytes);
    // In the place of the file that the running app has mapped, not into it.
    let damaged = artefact.with_extension("damaged");
    fs::write(&damaged, &bytes).unwrap();
    fs::rename(damaged, &artefact).unwrap();
    let app = app.restart().await;
    app.logged(ANEW);
    assert_eq!(app.ask("tapper", "upper", "a").await.unwrap(), "A");
    assert_eq!(fs::read(&artefact).unwrap().len(), sound.len());
    let app = app.restart().await;
    assert_eq!(app.times_logged(ANEW), 1);
    assert_eq!(app.ask("tapper", "upper", "a").await.unwrap(), "A");
}

both! {
    async fn a_sound_artefact_is_taken_as_it_is(app: TestApp) {
        let artefact = artefact(&app).await;
        let made = fs::metadata(&artefact).unwrap().modified().unwrap();
        let app = app.restart().await;
        assert_eq!(fs::metadata(&artefact).unwrap().modified().unwrap(), made);
        assert_eq!(app.ask("tapper", "upper", "a").await.unwrap(), "A");
    }

    async fn a_truncated_artefact_is_compiled_anew(app: TestApp) {
        damage(app, |bytes| bytes.truncate(bytes.len() / 2)).await;
    }

    async fn an_empty_artefact_is_compiled_anew(app: TestApp) {
        damage(app, Vec::clear).await;
    }

    async fn a_corrupt_artefact_is_compiled_anew(app: TestApp) {
        damage(app, |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        })
        .await;
    }

    async fn a_missing_artefact_is_compiled(app: TestApp) {
        let artefact = artefact(&app).await;
        fs::remove_file(&artefact).unwrap();
        let app = app.restart().await;
        assert!(artefact.is_file());
        assert_eq!(app.ask("tapper", "upper", "a").await.unwrap(), "A");
    }

    async fn several_that_compile_one_component_at_once_do_not_disturb_each_other(app: TestApp) {
        app.place().keep_artefacts_apart();
        app.add(&Package::tapper("tapper"));
        let compilations: Vec<_> = (0..4)
            .map(|_| {
                let site = app.site().clone();
                tokio::task::spawn_blocking(move || site.services().plugins.capabilities(&site, "tapper").unwrap())
            })
            .collect();
        for compilation in compilations {
            compilation.await.unwrap();
        }
        assert_eq!(app.times_logged("can't be kept"), 0);
        assert_eq!(fs::read_dir(app.place().artefacts()).unwrap().count(), 1);
    }

    async fn no_half_written_file_stays_behind(app: TestApp) {
        let artefact = artefact(&app).await;
        assert_eq!(artefact.extension().unwrap(), "cwasm");
    }
}
