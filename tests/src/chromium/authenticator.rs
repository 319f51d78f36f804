//! A virtual authenticator for passkeys.

use serde_json::{Value, json};

use super::Visitor;

/// An authenticator in the visitor's computer, which says yes to everything by itself.
pub struct Authenticator {
    visitor: Visitor,
    id: Value,
}

impl Visitor {
    /// Gets an authenticator.
    pub async fn with_an_authenticator(&self) -> Authenticator {
        self.tab
            .call("WebAuthn.enable", json!({ "enableUI": false }))
            .await
            .unwrap();
        let options = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "automaticPresenceSimulation": true,
        });
        let added = self
            .tab
            .call("WebAuthn.addVirtualAuthenticator", json!({ "options": options }))
            .await;
        Authenticator {
            visitor: self.clone(),
            id: added.unwrap()["authenticatorId"].take(),
        }
    }
}

impl Authenticator {
    /// How many passkeys it holds.
    pub async fn passkeys(&self) -> usize {
        let asked = json!({ "authenticatorId": self.id });
        let held = self
            .visitor
            .tab
            .call("WebAuthn.getCredentials", asked)
            .await
            .unwrap();
        held["credentials"].as_array().map_or(0, Vec::len)
    }

    /// From the next page on the browser offers no keys while a name is typed, as many don't: they have to be asked for.
    pub async fn waits_to_be_asked(&self) {
        let none = "PublicKeyCredential.isConditionalMediationAvailable = async () => false";
        self.visitor
            .tab
            .call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": none }))
            .await
            .unwrap();
    }

    /// Whether it recognises its user from now on.
    pub async fn recognises_its_user(&self, recognises: bool) {
        let set = json!({ "authenticatorId": self.id, "isUserVerified": recognises });
        self.visitor
            .tab
            .call("WebAuthn.setUserVerified", set)
            .await
            .unwrap();
    }
}
