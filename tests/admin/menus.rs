//! Menus: links of plugins and of the site, their order, and who sees them.

use std::time::Duration;

use trovato::request::Account;
use trovato::subsystems::admin::ENTER;
use trovato::subsystems::audit::Filter;
use trovato::subsystems::item_type::ItemType;
use trovato::subsystems::menu::{Entry, Error, Menu};
use trovato_tests::{Answer, TestApp, both};

pub(super) const LIST: &str = "/admin/structure/menus";

pub(super) fn keeper(app: &TestApp) -> Account {
    app.somebody(&[ENTER, "access content", "administer menus"])
}

pub(super) fn link(title: &str, path: &str) -> Entry {
    Entry {
        key: String::new(),
        title: title.to_owned(),
        path: path.to_owned(),
        parent: None,
        shown: true,
        declared: false,
    }
}

/// Puts these links into a menu.
pub(super) async fn arrange(app: &TestApp, menu: &str, links: Vec<Entry>) -> Result<(), Error> {
    let menus = &app.services().menus;
    let menu = menus.find(menu).unwrap();
    menus.arrange(&app.system(), menu, links).await
}

pub(super) fn entries(app: &TestApp) -> Vec<Entry> {
    app.services().menus.entries(&app.system(), "main")
}

/// What a page has in the navigation of a label.
pub(super) fn nav(page: &Answer, label: &str) -> String {
    let nav = page.text.split(&format!("aria-label=\"{label}\"")).nth(1);
    let nav = nav.and_then(|rest| rest.split("</nav>").next());
    nav.unwrap_or_default().to_owned()
}

/// The texts of the links of the main navigation.
pub(super) fn texts(nav: &str) -> Vec<&str> {
    let links = nav.split("menu__link").skip(1);
    links
        .map(|rest| rest.split_once('>').unwrap().1.split_once('<').unwrap().0)
        .collect()
}

pub(super) async fn shown(app: &TestApp, who: &Account) -> String {
    texts(&nav(&app.get_as(who, "/").await, "Main")).join(" ")
}

both! {
    async fn links_are_added_ordered_and_removed_in_one_form(app: TestApp) {
        app.enable("blog").await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Blog");
        let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/main")).await;
        let form = form.press_and_go_on("add:links").await;
        let saved = form
            .fill("links.1.title", "Home")
            .fill("links.1.path", "/")
            .fill("links.1.shown", "1")
            .press("save")
            .await;
        assert_eq!(saved.header("location"), LIST, "{}", saved.text);
        assert_eq!(shown(&app, &app.visitor()).await, "Blog Home");
        let mut links = entries(&app);
        links.reverse();
        links[1].title = "News".to_owned();
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home News");
        arrange(&app, "main", entries(&app)[..1].to_vec()).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home");
        // A plugin's link that was left out is hidden, not gone.
        let mut links = entries(&app);
        assert_eq!((links[1].key.as_str(), links[1].shown), ("/blog", false));
        links[1].shown = true;
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home News");
    }

    async fn links_lie_below_others(app: TestApp) {
        arrange(&app, "main", vec![link("A", "/"), link("B", "/api"), link("C", "/user/login")]).await.unwrap();
        let mut links = entries(&app);
        links[1].parent = Some(links[0].key.clone());
        links[2].parent = Some(links[1].key.clone());
        arrange(&app, "main", links.clone()).await.unwrap();
        let main = nav(&app.get("/user/login").await, "Main");
        assert_eq!(texts(&main), ["A", "B", "C"]);
        assert_eq!(main.matches("<ul").count(), 3, "{main}");
        assert_eq!(main.matches("<details").count(), 1, "{main}");
        assert!(main.contains("Below A"), "{main}");
        // The page, and what is above it.
        assert_eq!((main.matches("aria-current=\"page\"").count(), main.matches("aria-current=\"true\"").count()), (1, 2));
        links[1].shown = false;
        arrange(&app, "main", links.clone()).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "A");
        links[0].parent = Some(links[2].key.clone());
        let refused = arrange(&app, "main", links).await.unwrap_err();
        assert_eq!(refused.to_string(), "A link can't lie below itself.");
    }

    async fn every_menu_has_its_place_on_a_page(app: TestApp) {
        for (menu, title) in [("main", "Top"), ("footer", "Legal"), ("account", "Help")] {
            arrange(&app, menu, vec![link(title, "https://example.org/")]).await.unwrap();
        }
        let page = app.get("/").await;
        assert_eq!(texts(&nav(&page, "Main")), ["Top"]);
        assert_eq!(texts(&nav(&page, "Footer")), ["Legal"]);
        assert_eq!(texts(&nav(&page, "Account")), ["Help", "Log in"]);
        assert_eq!(texts(&nav(&app.get_as(&app.administrator(), "/").await, "Account")), ["Help"]);
    }

    async fn a_link_to_an_item_is_shown_to_those_who_may_see_it(app: TestApp) {
        let of = ItemType::new("story", "Story", Vec::new());
        app.content_type(of).await;
        let mut item = app.item("story", "One").unpublished().save().await;
        app.services().aliases.give("one", item.id).await.unwrap();
        let by_id = format!("/item/{}?a=b", item.id);
        let links = vec![link("One", "/one#top"), link("Same", &by_id), link("Out", "https://example.org/")];
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Out");
        let sees = app.somebody(&["access content", "view unpublished content"]);
        assert_eq!(shown(&app, &sees).await, "One Same Out");
        item = app.services().items.load(&app.system(), item.id).await.unwrap().unwrap();
        item.published = true;
        app.services().items.save(&app.system(), Box::new(item), "").await.1.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "One Same Out");
        let page = app.get("/one").await;
        let main = nav(&page, "Main");
        assert!(main.contains("href=\"/one?a=b\"") && main.matches("aria-current").count() == 2, "{main}");
        assert_eq!(shown(&app, &app.somebody(&[])).await, "Out");
    }

    async fn a_link_that_leads_nowhere_is_not_shown_until_it_leads_somewhere(app: TestApp) {
        let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/main")).await;
        let form = form.press_and_go_on("add:links").await;
        let saved = form.fill("links.0.title", "Soon").fill("links.0.path", "/soon").fill("links.0.shown", "1");
        let saved = saved.press("save").await;
        assert_eq!(saved.header("location"), LIST, "{}", saved.text);
        assert_eq!(shown(&app, &app.administrator()).await, "");
        let of = ItemType::new("story", "Story", Vec::new());
        app.content_type(of).await;
        let item = app.item("story", "Soon").save().await;
        app.services().aliases.give("soon", item.id).await.unwrap();
        app.services().aliases.lead("later", "/soon").await.unwrap();
        app.wait(Duration::from_secs(6));
        assert_eq!(shown(&app, &app.visitor()).await, "Soon");
        arrange(&app, "main", vec![link("Later", "/later"), link("Never", "/never")]).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Later");
    }

    async fn menus_are_changed_by_those_who_may_and_it_is_recorded(app: TestApp) {
        let menus = &app.services().menus;
        let nobody = app.session(app.somebody(&[]));
        let main = menus.find("main").unwrap();
        assert!(matches!(menus.arrange(&nobody, main.clone(), Vec::new()).await, Err(Error::Denied)));
        assert!(matches!(menus.delete(&nobody, "main").await, Err(Error::Denied)));
        let legal = Menu { name: "legal".to_owned(), label: "Legal".to_owned() };
        assert!(matches!(menus.create(&nobody, legal.clone()).await, Err(Error::Denied)));
        let system = app.system();
        menus.create(&system, legal.clone()).await.unwrap();
        menus.arrange(&system, Menu { label: "Law".to_owned(), ..legal }, vec![link("A", "/")]).await.unwrap();
        assert_eq!(menus.find("legal").unwrap().label, "Law");
        menus.delete(&system, "legal").await.unwrap();
        assert!(menus.entries(&system, "legal").is_empty());
        let page = app.services().audit.query(&system, &Filter { limit: 10, ..Filter::default() }).await.unwrap();
        let actions: Vec<&str> = page.records.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(actions[..3], ["menu.delete", "menu.arrange", "menu.create"]);
    }

    async fn a_link_to_a_page_goes_with_its_permission(app: TestApp) {
        app.enable("blog").await.unwrap();
        let links = vec![link("Drafts", "/blog/drafts"), link("Reports", "/admin/reports")];
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "");
        assert_eq!(shown(&app, &app.somebody(&["review blog drafts"])).await, "Drafts");
        assert_eq!(shown(&app, &app.administrator()).await, "Drafts Reports");
    }

    async fn what_can_be_no_link_is_refused_at_its_field(app: TestApp) {
        app.enable("blog").await.unwrap();
        for (title, path) in [("", "/x"), ("A", "x"), ("A", "javascript:alert(1)"), ("A", "//x"), ("A", "https://"), ("A", "/a b")] {
            let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/main")).await;
            let form = form.press_and_go_on("add:links").await;
            let refused = form.fill("links.1.title", title).fill("links.1.path", path).press("save").await;
            assert_eq!(refused.status, 422, "{title} {path}");
        }
        let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/main")).await;
        let refused = form.fill("links.0.path", "/elsewhere").press("save").await;
        assert!(refused.contains("A plugin says where this link leads"), "{}", refused.text);
    }

    async fn another_menu_is_made_and_removed(app: TestApp) {
        let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/add")).await;
        let made = form.fill("label", "Legal").fill("name", "legal").press("add").await;
        assert_eq!(made.header("location"), format!("{LIST}/legal"), "{}", made.text);
        let again = app.browser_of(keeper(&app)).form(&format!("{LIST}/add")).await;
        assert_eq!(again.fill("label", "Legal").fill("name", "legal").press("add").await.status, 422);
        let form = app.browser_of(keeper(&app)).form(&format!("{LIST}/legal/remove")).await;
        assert_eq!(form.press("remove").await.header("location"), LIST);
        for gone in ["legal", "main/remove", "none"] {
            assert_eq!(app.get_as(&keeper(&app), &format!("{LIST}/{gone}")).await.status, 404, "{gone}");
        }
        assert_eq!(app.get_as(&app.somebody(&[ENTER]), LIST).await.status, 403);
    }

    async fn another_node_shows_the_same(app: TestApp) {
        let other = app.another_node().await;
        arrange(&app, "main", vec![link("A", "/")]).await.unwrap();
        other.services().menus.follow().await.unwrap();
        assert_eq!(shown(&other, &other.visitor()).await, "A");
    }
}
