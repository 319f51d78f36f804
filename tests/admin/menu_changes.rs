//! Menus that several change: people one after the other, and plugins that come and go.

use trovato::subsystems::menu::{Entry, Menu};
use trovato_tests::{Filling, TestApp, both};

use super::menus::{LIST, arrange, entries, keeper, link, shown};

async fn form(app: &TestApp) -> Filling<'_> {
    app.browser_of(keeper(app)).form(&format!("{LIST}/main")).await
}

/// Adds a link by the form of the main menu.
async fn add(app: &TestApp, title: &str) {
    let row = entries(app).len();
    let form = form(app).await.press_and_go_on("add:links").await;
    let saved = form
        .fill(&format!("links.{row}.title"), title)
        .fill(&format!("links.{row}.path"), "https://example.org/")
        .fill(&format!("links.{row}.shown"), "1")
        .press("save")
        .await;
    assert_eq!(saved.header("location"), LIST, "{}", saved.text);
}

async fn disable(app: &TestApp, plugin: &str) {
    app.services().plugins.disable(app.site(), plugin).await.unwrap();
}

fn named(label: &str) -> Menu {
    Menu {
        name: label.to_lowercase(),
        label: label.to_owned(),
    }
}

both! {
    async fn what_the_site_says_of_a_plugins_link_waits_for_the_plugin(app: TestApp) {
        app.enable("blog").await.unwrap();
        arrange(&app, "main", vec![link("Home", "/"), link("Last", "/")]).await.unwrap();
        let mut links = entries(&app);
        let at = links.iter().position(|link| link.declared).unwrap();
        let mut blog = links.remove(at);
        blog.title = "News".to_owned();
        blog.shown = true;
        blog.parent = Some(links[0].key.clone());
        links.insert(1, blog);
        links.insert(2, Entry { parent: Some("/blog".to_owned()), ..link("Archive", "/") });
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home News Archive Last");
        disable(&app, "blog").await;
        assert_eq!(shown(&app, &app.visitor()).await, "Home Archive Last");
        add(&app, "New").await;
        app.enable("blog").await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home News Archive Last New");
        let mut links = entries(&app);
        assert_eq!((links[1].key.as_str(), &links[1].parent), ("/blog", &Some(links[0].key.clone())));
        links[1].shown = false;
        arrange(&app, "main", links).await.unwrap();
        disable(&app, "blog").await;
        add(&app, "Newer").await;
        app.enable("blog").await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "Home Last New Newer");
    }

    async fn a_link_that_waits_for_its_plugin_stands_at_the_top_where_its_place_is_gone(app: TestApp) {
        app.enable("blog").await.unwrap();
        arrange(&app, "main", vec![link("A", "/"), link("B", "/")]).await.unwrap();
        let mut links = entries(&app);
        let above = links[0].key.clone();
        links.iter_mut().filter(|link| link.declared).for_each(|link| {
            link.shown = true;
            link.parent = Some(above.clone());
        });
        arrange(&app, "main", links).await.unwrap();
        disable(&app, "blog").await;
        // A link may lie below the one that waits, even the one that was above it.
        let mut links = entries(&app);
        links[0].parent = Some("/blog".to_owned());
        arrange(&app, "main", links).await.unwrap();
        app.enable("blog").await.unwrap();
        let mut links = entries(&app);
        let blog = links.iter().find(|link| link.declared).unwrap();
        assert_eq!((blog.parent.as_deref(), links.iter().find(|link| link.title == "A").unwrap().parent.as_deref()), (None, Some("/blog")));
        links.iter_mut().for_each(|link| link.parent = link.declared.then(|| above.clone()));
        arrange(&app, "main", links).await.unwrap();
        disable(&app, "blog").await;
        let rest = entries(&app).into_iter().filter(|link| link.title != "A");
        arrange(&app, "main", rest.collect()).await.unwrap();
        app.enable("blog").await.unwrap();
        assert_eq!(entries(&app).iter().find(|link| link.declared).unwrap().parent, None);
    }

    async fn a_link_goes_together_with_the_plugins_link_below_it(app: TestApp) {
        app.enable("blog").await.unwrap();
        arrange(&app, "main", vec![link("A", "/")]).await.unwrap();
        let mut links = entries(&app);
        let above = links[0].key.clone();
        let blog = links.iter_mut().find(|link| link.declared).unwrap();
        (blog.shown, blog.parent) = (true, Some(above));
        arrange(&app, "main", links).await.unwrap();
        assert_eq!(shown(&app, &app.visitor()).await, "A Blog");
        arrange(&app, "main", Vec::new()).await.unwrap();
        let left = entries(&app);
        assert_eq!((left.len(), left[0].key.as_str(), left[0].shown, &left[0].parent), (1, "/blog", false, &None));
    }

    async fn a_form_that_is_older_than_the_menu_changes_nothing(app: TestApp) {
        arrange(&app, "main", vec![link("A", "/")]).await.unwrap();
        let older = form(&app).await;
        add(&app, "B").await;
        let refused = older.fill("links.0.title", "C").press("save").await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.contains("was changed meanwhile") && refused.contains("value=\"C\""), "{}", refused.text);
        assert_eq!(shown(&app, &app.visitor()).await, "A B");
        // A link that came with a plugin would be hidden by a form that does not know of it.
        let older = form(&app).await;
        app.enable("blog").await.unwrap();
        assert!(older.press("save").await.contains("was changed meanwhile"));
        assert_eq!(shown(&app, &app.visitor()).await, "A B Blog");
    }

    async fn a_change_on_another_node_is_not_undone_by_an_older_form(app: TestApp) {
        arrange(&app, "main", vec![link("A", "/")]).await.unwrap();
        let other = app.another_node().await;
        let older = form(&other).await;
        add(&app, "B").await;
        // The other node has not heard of it yet.
        assert!(older.press("save").await.contains("was changed meanwhile"));
        assert_eq!(shown(&app, &app.visitor()).await, "A B");
    }

    async fn no_link_is_lost_of_a_menu_that_has_too_many(app: TestApp) {
        let full: Vec<Entry> = (0..200).map(|number| link(&format!("L{number}"), "/")).collect();
        arrange(&app, "main", full).await.unwrap();
        app.enable("blog").await.unwrap();
        assert_eq!(entries(&app).len(), 201);
        let form = form(&app).await;
        assert!(form.value("links.200.title").is_some());
        let refused = form.press("save").await;
        assert_eq!(refused.status, 422);
        assert!(refused.contains("A menu has at most 200 links"));
        assert_eq!(entries(&app).len(), 201);
    }

    async fn a_menu_is_not_called_as_the_page_that_adds_menus(app: TestApp) {
        let refused = app.services().menus.create(&app.system(), named("Add")).await.unwrap_err();
        assert!(refused.to_string().contains("another name"), "{refused}");
    }

    async fn a_site_has_so_many_menus(app: TestApp) {
        let (menus, system) = (&app.services().menus, app.system());
        for number in menus.all().len()..50 {
            menus.create(&system, named(&format!("M{number}"))).await.unwrap();
        }
        let refused = menus.create(&system, named("More")).await.unwrap_err();
        assert_eq!(refused.to_string(), "A site has at most 50 menus. Remove one first.");
        menus.delete(&system, "m10").await.unwrap();
        menus.create(&system, named("More")).await.unwrap();
    }
}
