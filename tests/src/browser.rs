//! A browser: it keeps its cookies, follows redirects when it is told to, and fills in forms as they stand in pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Method, Request, header};
use trovato::request::Account;

use crate::{Answer, Filling, TestApp};

/// A browser with a jar of cookies of its own, which its copies share.
#[derive(Clone)]
pub struct Browser<'a> {
    app: &'a TestApp,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
    who: Option<Account>,
}

impl TestApp {
    /// A browser without any cookie.
    #[must_use]
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            app: self,
            jar: Arc::default(),
            who: None,
        }
    }

    /// The browser of somebody who is signed in.
    #[must_use]
    pub fn browser_of(&self, who: Account) -> Browser<'_> {
        Browser {
            who: Some(who),
            ..self.browser()
        }
    }

    /// The form of a page, in a browser of its own, which [`Filling::browser`] gives back.
    pub async fn form(&self, path: &str) -> Filling<'_> {
        Filling::open(self.browser(), path).await
    }
}

impl<'a> Browser<'a> {
    /// The app that it looks at.
    #[must_use]
    pub fn app(&self) -> &'a TestApp {
        self.app
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::builder().method(Method::GET).uri(path), Body::empty())
            .await
    }

    /// Sends an urlencoded body.
    pub async fn post(&self, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body.to_owned())).await
    }

    /// Sends any request with the cookies, and keeps those of the answer.
    pub async fn send(&self, request: Builder, body: Body) -> Answer {
        let cookies: Vec<String> = {
            let jar = self.jar.lock().unwrap();
            jar.iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect()
        };
        let request = if cookies.is_empty() {
            request
        } else {
            request.header(header::COOKIE, cookies.join("; "))
        };
        let mut request = request.body(body).unwrap();
        if let Some(who) = &self.who {
            request.extensions_mut().insert(who.clone());
        }
        let answer = self.app.answer(request).await;
        self.keep(&answer);
        answer
    }

    /// Goes where an answer leads.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        assert!(
            answer.status.is_redirection(),
            "{} leads nowhere: {}",
            answer.status,
            answer.text
        );
        self.get(answer.header("location")).await
    }

    /// The form of a page.
    pub async fn form(&self, path: &str) -> Filling<'a> {
        Filling::open(self.clone(), path).await
    }

    /// A cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie there.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// The same browser at another node.
    #[must_use]
    pub fn at<'b>(&self, app: &'b TestApp) -> Browser<'b> {
        Browser {
            app,
            jar: Arc::new(Mutex::new(self.jar.lock().unwrap().clone())),
            who: self.who.clone(),
        }
    }

    /// Forgets all cookies.
    pub fn forget(&self) {
        self.jar.lock().unwrap().clear();
    }

    fn keep(&self, answer: &Answer) {
        let mut jar = self.jar.lock().unwrap();
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
