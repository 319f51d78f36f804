//! The `users` interface.

use trovato::db::sql;
use trovato::time::Timestamp;
use trovato::wit::types::Error;
use trovato_tests::{TestApp, both};
use uuid::Uuid;

use super::{probe, problems, refusal, with_prober};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Makes an account that may not sign in.
async fn blocked(app: &TestApp) -> Uuid {
    let id = app.services().ids.next();
    let insert = sql(
        "INSERT INTO users (id, name, name_key, active, created, changed) VALUES ($1, $2, $3, $4, $5, $6)",
        (id, "Eve", "eve", false, Timestamp(0), Timestamp(0)),
    );
    app.services().db.execute(insert).await.unwrap();
    id
}

both! {
    async fn a_visitor_is_nobody(app: TestApp) {
        with_prober(&app).await;
        let current = app.ask_as(app.visitor(), "prober", "users.current", "").await.unwrap();
        assert_eq!(current, format!("{NOBODY} Anonymous false"));
    }

    async fn who_is_signed_in_is_known(app: TestApp) {
        with_prober(&app).await;
        let admin = app.make_person("Ada", None).await;
        let mut account = app.somebody(&[]);
        account.id = admin.id;
        let current = app.ask_as(account, "prober", "users.current", "").await.unwrap();
        assert_eq!(current, format!("{} Ada true", admin.id));
    }

    async fn a_permission_is_had_or_not(app: TestApp) {
        with_prober(&app).await;
        let may = async |account| app.ask_as(account, "prober", "users.may", "edit things").await.unwrap();
        assert_eq!(may(app.visitor()).await, "false");
        assert_eq!(may(app.somebody(&["edit things"])).await, "true");
        assert_eq!(probe(&app, "users.may", "edit things").await, "true");
    }

    async fn a_person_is_loaded_by_id(app: TestApp) {
        with_prober(&app).await;
        let admin = app.make_person("Ada", None).await;
        let loaded = app.ask_as(app.visitor(), "prober", "users.load", &admin.id.to_string()).await;
        assert_eq!(loaded.unwrap(), format!("{} Ada true", admin.id));
        assert_eq!(probe(&app, "users.load", NOBODY).await, format!("{NOBODY} Anonymous false"));
    }

    async fn a_blocked_account_is_known_only_to_who_administers_users(app: TestApp) {
        with_prober(&app).await;
        let eve = blocked(&app).await.to_string();
        let load = async |account| app.ask_as(account, "prober", "users.load", &eve).await;
        assert_eq!(load(app.visitor()).await, Err(Error::NotFound));
        assert_eq!(load(app.somebody(&["administer users"])).await.unwrap(), format!("{eve} Eve false"));
    }

    async fn an_unknown_person_is_not_found_and_no_identifier_is_refused(app: TestApp) {
        with_prober(&app).await;
        let unknown = "018c0000-0000-7000-8000-00000000ffff";
        assert_eq!(refusal(&app, "users.load", unknown).await, Error::NotFound);
        assert_eq!(problems(refusal(&app, "users.load", "Ada").await), ["id: 'Ada' is no identifier"]);
    }
}
