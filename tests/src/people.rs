//! The people of every test: `user`, `editor` and `admin`, besides visitors.

use trovato::db::sql;
use trovato::request::{Account, SignInState};
use trovato::subsystems::session::Opening;
use trovato::subsystems::user::{NewUser, User};
use uuid::Uuid;

use crate::{Browser, TestApp};

/// The password of everybody.
pub const PASSWORD: &str = "correct horse";
/// The role of `editor`.
const EDITOR: Uuid = Uuid::from_u128(0x018c_0000_0000_7000_8000_0000_0000_0e01);
/// What it grants.
const EDITS: [&str; 6] = [
    "view unpublished content",
    "create page content",
    "edit any page content",
    "delete any page content",
    "create blog content",
    "edit own blog content",
];

impl TestApp {
    pub(crate) async fn make_people(&self) {
        let services = self.services();
        let role = sql(
            "INSERT INTO role (id, name, label, weight) VALUES ($1, 'editor', 'Editor', 2)",
            (EDITOR,),
        );
        services.db.execute(role).await.unwrap();
        for permission in EDITS {
            let grant = sql(
                "INSERT INTO role_permission (role_id, permission) VALUES ($1, $2)",
                (EDITOR, permission),
            );
            services.db.execute(grant).await.unwrap();
        }
        services.access.reload().await.unwrap();
        for (name, is_admin, roles) in [
            ("admin", true, Vec::new()),
            ("editor", false, vec![EDITOR]),
            ("user", false, Vec::new()),
        ] {
            let new = NewUser {
                name: name.to_owned(),
                mail: Some(format!("{name}@example.org")),
                password: Some(PASSWORD.to_owned()),
                active: true,
                is_admin,
                roles,
                ..NewUser::default()
            };
            services.users.create(&self.system(), new).await.unwrap();
        }
    }

    /// The site as it is before anybody has set it up.
    pub async fn without_people(self) -> Self {
        let nobody = sql("DELETE FROM users WHERE id <> $1", (Uuid::nil(),));
        self.services().db.execute(nobody).await.unwrap();
        self.restart().await
    }

    /// Makes an account that may sign in by no password.
    pub async fn make_person(&self, name: &str, mail: Option<&str>) -> User {
        let new = NewUser {
            name: name.to_owned(),
            mail: mail.map(str::to_owned),
            active: true,
            ..NewUser::default()
        };
        self.services().users.create(&self.system(), new).await.unwrap()
    }

    /// An account by name.
    pub async fn person(&self, name: &str) -> User {
        let users = &self.services().users;
        users.find_named(&Account::system(), name).await.unwrap()
    }

    /// Somebody who asks, by name, for work with the services.
    pub async fn account(&self, name: &str) -> Account {
        self.person(name).await.account(&self.services().access)
    }

    /// A browser in which somebody has signed in.
    pub async fn signed_in(&self, name: &str) -> Browser<'_> {
        let user = self.person(name).await.id;
        let session = self.system();
        let opening = Opening {
            user,
            state: SignInState::Open,
            remember: false,
            agent: "Test",
        };
        let sessions = &self.services().sessions;
        let cookie = sessions.open(session.request(), opening).await.unwrap().unwrap();
        let (pair, _) = cookie.to_str().unwrap().split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let browser = self.browser();
        browser.set_cookie(name, value);
        browser
    }
}
