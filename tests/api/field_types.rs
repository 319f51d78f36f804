//! Fields of plugins' types, which programs read and write as the kind of value that the type is based on.

use serde_json::{Value as Json, json};
use trovato::request::Account;
use trovato::subsystems::item_type::{DeclaredType, Field, FieldType, ItemType};
use trovato_tests::{Package, TestApp, both};

use super::{ok, patch, pointers, post, problem, titles};

async fn records(app: &TestApp) -> Account {
    app.with(Package::fixture("rating")).await;
    app.somebody(&[
        "access content",
        "create record content",
        "edit any record content",
    ])
}

fn record(title: &str, stars: Json, colours: Json) -> Json {
    let fields = json!({ "field_stars": stars, "field_colours": colours });
    json!({ "type": "record", "title": title, "fields": fields })
}

/// A content type with a number of a plugin's type.
async fn counted(app: &TestApp, plugin: &str) {
    let kind = FieldType::Declared(Box::new(DeclaredType {
        name: format!("{plugin}.number"),
        base: FieldType::Integer,
    }));
    let of = ItemType::new("counted", "Counted", vec![Field::new("field_number", kind)]);
    app.content_type(of).await;
}

both! {
    async fn values_of_a_plugin_s_type_are_written_read_and_filtered_by(app: TestApp) {
        let ada = records(&app).await;
        let made = record("Blue", json!(4), json!(["#3366ff"]));
        let answer = post(&app, &ada, &made).await;
        assert_eq!(ok(&answer, 201)["fields"], made["fields"]);
        ok(&post(&app, &ada, &record("Grey", json!(2), json!([]))).await, 201);
        let page = app.get_as(&ada, "/api/items?filter[type]=record&filter[field_stars][gte]=3").await;
        assert_eq!(titles(&ok(&page, 200)), ["Blue"]);
        let stored = ok(&app.get_as(&ada, answer.header("location")).await, 200);
        assert_eq!(stored["fields"], made["fields"]);
    }

    async fn what_the_plugin_does_not_take_is_told_like_what_the_site_does_not(app: TestApp) {
        let ada = records(&app).await;
        let wrong = record("Red", json!(6), json!(["#ff0000", "red"]));
        let told = problem(&post(&app, &ada, &wrong).await, 422);
        let mut places = pointers(&told);
        places.sort();
        assert_eq!(places, ["#/fields/field_colours/1", "#/fields/field_stars"], "{told}");
        assert!(told.to_string().contains("a rating has 1 to 5 stars"), "{told}");
        let wrong = record("Red", json!("many"), json!(["#ff0000"]));
        assert_eq!(pointers(&problem(&post(&app, &ada, &wrong).await, 422)), ["#/fields/field_stars"]);
        let made = ok(&post(&app, &ada, &record("Red", json!(1), json!([]))).await, 201);
        let change = json!({ "fields": { "field_stars": 0 } });
        let told = problem(&patch(&app, &ada, made["id"].as_str().unwrap(), "*", &change).await, 422);
        assert_eq!(pointers(&told), ["#/fields/field_stars"]);
    }

    async fn a_plugin_that_fails_to_check_refuses_and_is_named(app: TestApp) {
        app.with(Package::tapper("alpha").setting("field_types", "number").setting("fails_in", "field-validate")).await;
        app.with(Package::tapper("beta").setting("field_types", "number").setting("refuses_in", "field-validate")).await;
        for plugin in ["alpha", "beta"] {
            counted(&app, plugin).await;
            let body = json!({ "type": "counted", "title": "a", "fields": { "field_number": 1 } });
            let told = problem(&post(&app, &app.administrator(), &body).await, 422);
            assert_eq!(told["plugin"], plugin, "{told}");
            assert!(told["detail"].as_str().unwrap().contains("can't check"), "{told}");
            let body = json!({ "type": "counted", "title": "a" });
            ok(&post(&app, &app.administrator(), &body).await, 201);
        }
        app.logged("plugin 'alpha' failed in 'field-validate'");
    }

    async fn the_description_says_what_the_type_is_based_on(app: TestApp) {
        let ada = records(&app).await;
        let document = ok(&app.get("/api/openapi.json").await, 200);
        let schema = &document["components"]["schemas"]["Item.record"]["properties"]["fields"]["properties"];
        assert_eq!(schema["field_stars"]["type"], "integer", "{schema}");
        assert_eq!(schema["field_colours"]["items"]["maxLength"], 7, "{schema}");
        let of = ok(&app.get_as(&ada, "/api/types/record").await, 200);
        let fields = of["fields"].as_array().unwrap();
        let told = |index: usize| (fields[index]["type"].clone(), fields[index]["base"].clone());
        assert_eq!(told(0), (json!("rating.stars"), json!("integer")));
        assert_eq!(told(1), (json!("rating.colour"), json!("text")));
    }
}
