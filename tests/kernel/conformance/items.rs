//! The `items` interface: the same door as everybody's.

use trovato::wit::types::Error;
use trovato_tests::{Package, TestApp, both};

use super::{probe, problems, refusal, with_prober};

const UNKNOWN: &str = "018c0000-0000-7000-8000-00000000ffff";

both! {
    async fn an_item_is_loaded_by_who_may_see_it(app: TestApp) {
        with_prober(&app).await;
        let shown = app.item("note", "Shown").save().await.id.to_string();
        let hidden = app.item("note", "Hidden").unpublished().save().await.id.to_string();
        let load = async |account, id: &str| app.ask_as(account, "prober", "items.load", id).await;
        assert_eq!(load(app.visitor(), &shown).await.unwrap(), "Shown");
        assert_eq!(load(app.visitor(), &hidden).await, Err(Error::NotFound));
        let reviewer = app.somebody(&["access content", "view unpublished content"]);
        assert_eq!(load(reviewer, &hidden).await.unwrap(), "Hidden");
        assert_eq!(load(app.visitor(), UNKNOWN).await, Err(Error::NotFound));
    }

    async fn no_identifier_is_refused(app: TestApp) {
        with_prober(&app).await;
        for function in ["items.load", "items.delete"] {
            assert_eq!(problems(refusal(&app, function, "one").await), ["id: 'one' is no identifier"]);
        }
    }

    async fn a_listing_comes_in_the_order_asked(app: TestApp) {
        with_prober(&app).await;
        for title in ["b", "c", "a"] {
            app.wait(std::time::Duration::from_secs(1));
            app.item("note", title).save().await;
        }
        for (order, titles) in [("newest", "a,c,b"), ("oldest", "b,c,a"), ("title", "a,b,c"), ("changed", "a,c,b")] {
            assert_eq!(probe(&app, "items.query", &format!("note|{order}|10|0")).await, format!("{titles} of 3"));
        }
        assert_eq!(probe(&app, "items.query", "note|oldest|2|1").await, "c,a of 3");
        assert_eq!(probe(&app, "items.query", "note|oldest|0|0").await, " of 3");
    }

    async fn a_listing_keeps_to_its_conditions(app: TestApp) {
        with_prober(&app).await;
        let author = app.somebody(&[]).id;
        app.item("note", "tagged").with_all("field_tags", ["a", "b"]).save().await;
        app.item("note", "authored").by(author).save().await;
        app.item("note", "hidden").unpublished().save().await;
        let titles = async |conditions: &str| probe(&app, "items.query", &format!("note|title|9|0|{conditions}")).await;
        assert_eq!(titles("|b").await, "tagged of 1");
        assert_eq!(titles("||").await, "authored,hidden,tagged of 3");
        assert_eq!(titles(&format!("||{author}")).await, "authored of 1");
        assert_eq!(titles("unpublished").await, "hidden of 1");
        assert_eq!(titles("published").await, "authored,tagged of 2");
        assert_eq!(probe(&app, "items.query", "absent|title|9|0").await, " of 0");
    }

    async fn a_listing_has_only_what_the_visitor_may_see(app: TestApp) {
        with_prober(&app).await;
        app.item("note", "shown").save().await;
        app.item("note", "hidden").unpublished().save().await;
        let list = async |account| app.ask_as(account, "prober", "items.query", "note|title|9|0").await.unwrap();
        assert_eq!(list(app.visitor()).await, "shown of 1");
        assert_eq!(list(app.somebody(&[])).await, " of 0");
    }

    async fn a_new_item_has_its_types_defaults_and_is_not_stored(app: TestApp) {
        with_prober(&app).await;
        assert_eq!(probe(&app, "items.create", "note|A note").await, "A note 00000000-0000-0000-0000-000000000000");
        assert_eq!(probe(&app, "items.query", "note|title|9|0").await, " of 0");
        let found = problems(refusal(&app, "items.create", "absent|A note").await);
        assert_eq!(found, ["type: there is no content type 'absent'"]);
    }

    async fn what_is_saved_is_there_after_a_restart(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        assert_eq!(probe(&app, "item.integer", &format!("{id}|field_count")).await, "Some(7)");
        let app = app.restart().await;
        assert_eq!(probe(&app, "items.load", &id).await, "A note");
    }

    async fn each_save_is_a_revision(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|First").await;
        app.wait(std::time::Duration::from_secs(1));
        probe(&app, "items.rename", &format!("{id}|Second")).await;
        let revisions = probe(&app, "items.revisions", &format!("{id}|0|10")).await;
        assert_eq!(revisions, "Second: renamed by the prober,First: made by the prober");
        assert_eq!(probe(&app, "items.revisions", &format!("{id}|1|10")).await, "First: made by the prober");
        assert_eq!(probe(&app, "items.save-twice", &id).await, "true");
    }

    async fn revisions_are_for_who_may_edit(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|First").await;
        let revisions = app.ask_as(app.visitor(), "prober", "items.revisions", &format!("{id}|0|10")).await;
        assert_eq!(revisions, Err(Error::Denied("you may not see the revisions of this item".to_owned())));
        assert_eq!(refusal(&app, "items.revisions", &format!("{UNKNOWN}|0|10")).await, Error::NotFound);
    }

    async fn a_revision_that_was_replaced_meanwhile_is_a_conflict(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        let refused = refusal(&app, "items.save-late", &id).await;
        let reason = "the item has been changed by somebody else in the meantime";
        assert_eq!(refused, Error::Conflict(reason.to_owned()));
    }

    async fn what_does_not_fit_its_type_is_refused_field_by_field(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        let wrong = [
            ("field_tags|text|far too long", "field_tags.0: Tags: at most 8 characters"),
            ("field_tags|integer|1", "field_tags.0: Tags: a value of the kind text was expected"),
            ("field_price|decimal|1,50", "field_price.0: Price: no decimal number such as -12.50"),
            ("field_mail|text|nobody", "field_mail.0: Mail: no e-mail address"),
            (
                "field_link|text|javascript:alert(1)",
                "field_link.0: Link: neither an http or https URL nor a path that begins with /",
            ),
            ("field_choice|text|middle", "field_choice.0: Choice: one of left, right"),
            (
                "field_see|user|018c0000-0000-7000-8000-00000000ffff",
                "field_see.0: See: a reference to a item was expected, not to a user",
            ),
            ("field_absent|text|x", "field_absent: the content type 'note' has no field 'field_absent'"),
        ];
        for (value, problem) in wrong {
            let found = problems(refusal(&app, "items.save-with", &format!("{id}|{value}")).await);
            assert_eq!(found, [problem]);
        }
        let found = problems(refusal(&app, "items.rename", &format!("{id}|")).await);
        assert_eq!(found, ["title: Title is required"]);
        assert_eq!(probe(&app, "items.load", &id).await, "A note");
    }

    async fn a_plugin_writes_only_the_types_that_it_was_granted(app: TestApp) {
        with_prober(&app).await;
        app.enable("page").await.unwrap();
        let page = app.item("page", "A page").save().await.id;
        let reason = "the plugin 'prober' was not granted to write 'page' content; add it to `write` in `[grants]` of \
                      its plugin.toml";
        let denied = Error::Denied(reason.to_owned());
        assert_eq!(refusal(&app, "items.save-new", "page|Another").await, denied);
        assert_eq!(refusal(&app, "items.rename", &format!("{page}|Another")).await, denied);
        assert_eq!(refusal(&app, "items.delete", &page.to_string()).await, denied);
    }

    async fn a_plugin_does_what_the_visitor_may_do_and_no_more(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        let save = async |account, function, argument: &str| app.ask_as(account, "prober", function, argument).await;
        let denied = Err(Error::Denied("you may not save content of the type 'note'".to_owned()));
        assert_eq!(save(app.visitor(), "items.save-new", "note|Another").await, denied);
        assert_eq!(save(app.visitor(), "items.rename", &format!("{id}|Another")).await, denied);
        let refused = save(app.visitor(), "items.delete", &id).await;
        assert_eq!(refused, Err(Error::Denied("you may not delete this item".to_owned())));
        let editor = app.somebody(&["access content", "edit any note content"]);
        assert!(save(editor, "items.rename", &format!("{id}|Another")).await.is_ok());
    }

    async fn what_is_deleted_is_gone(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        probe(&app, "items.delete", &id).await;
        assert_eq!(refusal(&app, "items.load", &id).await, Error::NotFound);
        assert_eq!(refusal(&app, "items.delete", &id).await, Error::NotFound);
        assert_eq!(refusal(&app, "items.revisions", &format!("{id}|0|10")).await, Error::NotFound);
    }

    async fn a_plugin_holds_at_most_1000_items_at_once(app: TestApp) {
        with_prober(&app).await;
        let id = probe(&app, "items.save-new", "note|A note").await;
        assert_eq!(probe(&app, "items.hold", &format!("{id}|1000")).await, "1000");
        let refused = refusal(&app, "items.hold", &format!("{id}|1001")).await;
        assert_eq!(refused, Error::Limit("a plugin may hold 1000 items at once".to_owned()));
    }

    async fn a_save_by_a_plugin_goes_through_the_taps_of_a_save(app: TestApp) {
        with_prober(&app).await;
        app.with(Package::tapper("tapper").setting("suffix", "!")).await;
        let session = app.system();
        let id = app.ask_in(&session, "prober", "items.save-new", "note|A note").await.unwrap();
        assert_eq!(app.ask_in(&session, "prober", "items.load", &id).await.unwrap(), "A note!");
        let taps = session.request().note("taps").unwrap();
        assert!(taps.starts_with("tapper.item-presave-insert tapper.item-insert "), "{taps}");
    }
}
