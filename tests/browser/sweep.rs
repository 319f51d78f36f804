//! Every page of the administration and of the public site: none keeps anybody out, on whatever screen, in whatever
//! colours. The pages of the administration come from the list that they are made of, so that none can be forgotten.

use serde_json::json;
use trovato::subsystems::Services;
use trovato::subsystems::access::{ANONYMOUS, AUTHENTICATED, Grant};
use trovato::subsystems::item_type::ItemType;
use trovato::subsystems::menu::Menu;
use trovato::subsystems::token::NewClient;
use trovato::subsystems::variable::SITE;
use trovato_tests::chromium::{Owner, Visitor};
use trovato_tests::{PASSWORD, Package, TestApp, in_browser};

use crate::people::log_in;

/// A site with something of everything.
async fn furnish(app: &TestApp) {
    app.with_content().await;
    app.enable("contact").await.unwrap();
    app.add(&Package::fixture("prober"));
    // Once at work and put aside: it can be removed for good.
    app.with(Package::tapper("aside")).await;
    app.services().plugins.disable(app.site(), "aside").await.unwrap();
    for number in 0..60 {
        app.item("page", &format!("Page {number}")).save().await;
    }
    app.item("page", &"A title that goes on and on ".repeat(6))
        .unpublished()
        .save()
        .await;
    furnish_menus(app).await;
    app.make_person(
        &"A_very_long_name".repeat(3),
        Some("a.very.long.address.indeed@subdomain.example.org"),
    )
    .await;
    let access = &app.services().access;
    access
        .create_role(
            &app.system(),
            "proof_readers",
            "Proof readers of the evening edition",
        )
        .await
        .unwrap();
    let grants = [ANONYMOUS, AUTHENTICATED].map(|role| Grant {
        role,
        permission: "use the contact form".to_owned(),
        granted: true,
    });
    access.grant(&app.system(), &grants).await.unwrap();
}

/// Links below links, in every menu of the theme and one more.
async fn furnish_menus(app: &TestApp) {
    let (menus, system) = (&app.services().menus, app.system());
    let legal = Menu {
        name: "legal".to_owned(),
        label: "Legal".to_owned(),
    };
    menus.create(&system, legal).await.unwrap();
    for menu in menus.all() {
        let links = [
            ("All", "/blog", None),
            ("Everything that anybody could want to know", "/about", Some(0)),
            ("More", "/contact", Some(1)),
            ("Elsewhere", "https://example.org/", None),
        ];
        app.lay_out(&menu.name, &links).await;
    }
}

/// The address of a page, with something that there is for each name in its path, and what it asks about.
async fn address(app: &TestApp, path: &str) -> String {
    if path.starts_with("/item/{id}") {
        return of_an_item(app, path).await;
    }
    let mut address = String::new();
    for segment in path.split('/').skip(1) {
        address.push('/');
        address += &match (path, segment) {
            (_, "{name}") if path.ends_with("/enable") => "prober".to_owned(),
            (_, "{name}") if path.ends_with("/uninstall") => "aside".to_owned(),
            (_, "{name}") if path.starts_with("/admin/plugins") => "contact".to_owned(),
            (_, "{name}") if path.starts_with("/admin/structure/menus") => "legal".to_owned(),
            (_, "{role}") => app
                .services()
                .access
                .role_named("proof_readers")
                .unwrap()
                .id
                .to_string(),
            (_, "{id}") if path.starts_with("/admin/people/api-clients") => api_client(app).await,
            (_, "{type}") if path.ends_with("/trash") => deleted_type(app).await,
            (_, "{type}") => "page".to_owned(),
            (_, "{field}") => "field_body".to_owned(),
            (_, "{mode}") => "full".to_owned(),
            (_, "{format}") => "filtered_html".to_owned(),
            (_, segment) if segment.starts_with('{') => {
                panic!("{path} is new here: say in `address` what there is for {segment}")
            }
            (_, segment) => segment.to_owned(),
        };
    }
    match path {
        "/admin/people/cancel" => format!("{address}?row={}", app.person("user").await.id),
        "/admin/content/delete" => format!("{address}?row={}", item(app).await),
        "/admin/search" => format!("{address}?q=pl"),
        _ => address,
    }
}

/// An item with two revisions, and the address of one of its pages.
async fn of_an_item(app: &TestApp, path: &str) -> String {
    let item = app.item("page", "Revised").save().await;
    let (id, first) = (item.id, item.revision);
    let items = &app.services().items;
    let (_, second) = items.save(&app.system(), Box::new(item), "A second time").await;
    let second = second.unwrap().to_string();
    path.replace("{id}", &id.to_string())
        .replace("{rev}", &first.to_string())
        .replace("{a}", &first.to_string())
        .replace("{b}", &second)
}

async fn deleted_type(app: &TestApp) -> String {
    let types = &app.services().item_types;
    let of = ItemType::new("bygone", "Bygone", Vec::new());
    // It may be there from an address before.
    if types.create(&app.system(), of).await.is_ok() {
        types.delete(&app.system(), "bygone").await.unwrap();
    }
    "bygone".to_owned()
}

async fn api_client(app: &TestApp) -> String {
    let new = NewClient {
        name: "A robot that reads".to_owned(),
        user: app.person("user").await.id,
        scopes: vec!["access content".to_owned()],
    };
    let session = app.session(app.account("admin").await);
    let (client, _) = app.services().tokens.create_client(&session, new).await.unwrap();
    client.id.to_string()
}

async fn item(app: &TestApp) -> uuid::Uuid {
    app.item("page", "To be deleted").save().await.id
}

/// Fails the test if one of the pages of the administration that the filter takes keeps somebody out.
async fn sweep(admin: &Visitor, takes: impl Fn(&str) -> bool) {
    let mut seen = 0;
    for page in Services::admin_pages() {
        let path = page.about().path;
        // What programs read, and what is only posted to, is no page.
        let is_page = !path.ends_with(".json") && !path.ends_with("/resume");
        if is_page && takes(path) {
            let address = address(admin.app(), path).await;
            admin.visit(&address).await;
            assert_eq!(admin.status(), 200, "{address}");
            admin.finds_no_barrier_anywhere().await;
            seen += 1;
        }
    }
    assert!(seen > 0, "there are no such pages");
}

async fn start(admin: &Visitor) {
    furnish(admin.app()).await;
    log_in(admin, "admin", PASSWORD).await;
    admin.at("/").await;
}

in_browser! {
    async fn no_page_about_people_keeps_anybody_out(admin: Visitor) {
        start(&admin).await;
        sweep(&admin, |path| path.starts_with("/admin/people")).await;
    }

    async fn no_page_about_plugins_keeps_anybody_out(admin: Visitor) {
        start(&admin).await;
        sweep(&admin, |path| path.starts_with("/admin/plugins")).await;
    }

    async fn no_other_page_of_the_administration_keeps_anybody_out(admin: Visitor) {
        start(&admin).await;
        sweep(&admin, |path| !path.starts_with("/admin/people") && !path.starts_with("/admin/plugins")).await;
    }

    async fn nor_does_any_before_there_is_something_in_it(admin: Visitor) {
        log_in(&admin, "admin", PASSWORD).await;
        for page in Services::admin_pages() {
            let path = page.about().path;
            if path.contains('{') || path.ends_with(".json") {
                continue;
            }
            admin.visit(path).await;
            // Questions about what was selected need something that was.
            if admin.status() != 404 {
                assert_eq!(admin.status(), 200, "{path}");
                admin.finds_no_barrier_anywhere().await;
            }
        }
    }

    async fn no_public_page_keeps_visitors_out(visitor: Visitor) {
        furnish(visitor.app()).await;
        let variables = &visitor.app().services().variables;
        variables.store(SITE, "user_register", Some(json!("open"))).await.unwrap();
        for path in [
            "/", "/blog", "/blog/everything-is-an-item", "/about", "/contact", "/user/login", "/user/register",
            "/user/password-reset", "/user/password-reset/nothing", "/nowhere", "/admin", "/user/logout",
        ] {
            visitor.visit(path).await;
            visitor.finds_no_barrier_anywhere().await;
        }
    }

    async fn no_page_of_an_account_keeps_its_owner_out(person: Visitor) {
        furnish(person.app()).await;
        log_in(&person, "user", PASSWORD).await;
        person.at("/").await;
        let own = format!("/user/{}", person.app().person("user").await.id);
        for path in [
            "/", "/blog/everything-is-an-item", &own, &format!("{own}/edit"), &format!("{own}/sessions"),
            "/user/security", "/user/security/codes", "/user/logout", "/admin",
        ] {
            person.visit(path).await;
            person.finds_no_barrier_anywhere().await;
        }
    }

    async fn no_public_page_keeps_an_administrator_out(admin: Visitor) {
        start(&admin).await;
        for path in ["/", "/blog/everything-is-an-item", "/user", "/user/security", "/nowhere", "/contact"] {
            admin.visit(path).await;
            admin.finds_no_barrier_anywhere().await;
        }
    }

    async fn the_first_pages_of_a_site_keep_nobody_out(owner: Owner) {
        for path in ["/install".to_owned(), format!("/install?token={}", owner.app().services().users.set_up_token())] {
            owner.visit(&path).await;
            owner.finds_no_barrier_anywhere().await;
        }
    }
}
