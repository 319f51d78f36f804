//! What the other tests rely on: that a page which goes wrong is noticed.

use trovato_tests::chromium::Visitor;
use trovato_tests::in_browser;

in_browser! {
    async fn what_goes_wrong_in_a_page_is_noticed(visitor: Visitor) {
        visitor.visit("/").await;
        visitor.run("console.error('it is', 'broken')").await.unwrap();
        visitor.hears_complaint("console: it is broken").await;
        visitor.run("setTimeout(() => { throw new Error('caught by nobody') })").await.unwrap();
        visitor.hears_complaint("uncaught: Error: caught by nobody").await;
        visitor.run("fetch('/nowhere').then(() => 0)").await.unwrap();
        visitor.hears_complaint("404").await;
    }

    async fn what_the_policy_forbids_is_noticed(visitor: Visitor) {
        visitor.visit("/").await;
        let inline = "document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' })); window.ran";
        assert!(visitor.run(inline).await.unwrap().is_null(), "the script has run");
        visitor.hears_complaint("Content Security Policy").await;
        visitor.hears_complaint("ContentSecurityPolicyIssue").await;
    }

    async fn a_page_that_keeps_somebody_out_is_noticed(visitor: Visitor) {
        visitor.visit("/").await;
        visitor.run("document.querySelector('img').removeAttribute('alt'); 0").await.unwrap();
        let judged = visitor.barriers().await;
        assert!(judged.contains("image-alt") && judged.contains("brand__logo"), "{judged}");
        visitor.run("document.body.style.width = '2000px'; 0").await.unwrap();
        assert!(!visitor.is_too_wide().await.is_empty());
    }
}
