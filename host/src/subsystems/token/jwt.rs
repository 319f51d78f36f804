//! Signed tokens: JWTs (RFC 7519, RFC 9068) with Ed25519 signatures (RFC 8037), and nothing else. What signs is ring.

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::signature::{Error as SignatureError, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Error;

/// The type of an access token (RFC 9068, 2.1).
const TYPE: &str = "at+jwt";
/// Bytes of a token beyond which nothing is looked at.
const LENGTH: usize = 8 << 10;

/// What a token says (RFC 9068, 2.2). Times are in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: Uuid,
    pub(super) client_id: Uuid,
    pub(super) jti: Uuid,
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) scope: String,
}

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |algorithm, key| match algorithm {
        Algorithm::EdDSA => Ok(Box::new(Signing(pair(key.as_bytes())?))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::EdDSA => Ok(Box::new(Verifying(key.try_get_as_bytes()?.to_vec()))),
        _ => Err(ErrorKind::UnsupportedAlgorithm.into()),
    },
    // Keys are published by this site's own code.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring what signs tokens in this process.
pub(super) fn install() {
    // A second service of the same process finds it done.
    let _ = PROVIDER.install_default();
}

struct Signing(Ed25519KeyPair);

impl Signer<Vec<u8>> for Signing {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Signing {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Verifying(Vec<u8>);

impl Verifier<Vec<u8>> for Verifying {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        UnparsedPublicKey::new(&ED25519, &self.0)
            .verify(message, signature)
            .map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for Verifying {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

fn pair(seed: &[u8]) -> JwtResult<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| ErrorKind::InvalidEddsaKey.into())
}

/// The public key of a seed of 32 bytes.
pub(super) fn public_key(seed: &[u8]) -> Result<Vec<u8>, Error> {
    use ring::signature::KeyPair;
    let pair = pair(seed).map_err(|error| Error::Key(error.to_string()))?;
    Ok(pair.public_key().as_ref().to_vec())
}

/// Signs.
pub(super) fn sign(seed: &[u8], key: &str, claims: &Claims) -> Result<String, Error> {
    let header = Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(key.to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(seed))
        .map_err(|error| Error::Key(error.to_string()))
}

/// The key that a token says it was signed with; none for what can't be one of this site's tokens.
pub(super) fn key_of(token: &str) -> Option<String> {
    if token.len() > LENGTH {
        return None;
    }
    let header = jsonwebtoken::decode_header(token).ok()?;
    let fits = header.alg == Algorithm::EdDSA && header.typ.as_deref() == Some(TYPE) && header.crit.is_none();
    header.kid.filter(|_| fits)
}

/// What a token says, if this key has signed it for this site. Its time is judged by whoever has the clock.
pub(super) fn verify(token: &str, public_key: &[u8], issuer: &str) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_exp = false;
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let key = DecodingKey::from_ed_der(public_key);
    jsonwebtoken::decode(token, &key, &validation)
        .ok()
        .map(|token| token.claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn claims() -> Claims {
        Claims {
            iss: "https://site.example".to_owned(),
            aud: "https://site.example".to_owned(),
            sub: Uuid::from_u128(1),
            client_id: Uuid::from_u128(1),
            jti: Uuid::from_u128(2),
            iat: 0,
            exp: 600,
            scope: "access-content".to_owned(),
        }
    }

    fn signed() -> (String, Vec<u8>) {
        install();
        let seed = [7; 32];
        (sign(&seed, "k1", &claims()).unwrap(), public_key(&seed).unwrap())
    }

    #[test]
    fn a_token_is_accepted_from_its_key_and_for_its_issuer_only() {
        let (token, public) = signed();
        assert_eq!(key_of(&token).as_deref(), Some("k1"));
        assert_eq!(
            verify(&token, &public, "https://site.example").unwrap().jti,
            Uuid::from_u128(2)
        );
        assert!(verify(&token, &public, "https://other.example").is_none());
        assert!(verify(&token, &public_key(&[8; 32]).unwrap(), "https://site.example").is_none());
    }

    #[test]
    fn a_token_that_was_changed_is_none() {
        let (token, public) = signed();
        let parts: Vec<&str> = token.split('.').collect();
        let mut more = claims();
        more.scope = "administer-users".to_owned();
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&more).unwrap());
        let forged = format!("{}.{payload}.{}", parts[0], parts[2]);
        assert!(verify(&forged, &public, "https://site.example").is_none());
        assert!(
            verify(
                &format!("{}.{}.", parts[0], parts[1]),
                &public,
                "https://site.example"
            )
            .is_none()
        );
    }

    #[test]
    fn other_algorithms_are_not_even_looked_at() {
        let (token, public) = signed();
        let payload = token.split('.').nth(1).unwrap();
        for header in [
            r#"{"alg":"none","typ":"at+jwt","kid":"k1"}"#,
            r#"{"alg":"HS256","typ":"at+jwt","kid":"k1"}"#,
            r#"{"alg":"EdDSA","typ":"JWT","kid":"k1"}"#,
            r#"{"alg":"EdDSA","typ":"at+jwt"}"#,
            r#"{"alg":"EdDSA","typ":"at+jwt","kid":"k1","crit":["b64"]}"#,
        ] {
            let message = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header));
            // As an attacker would who takes the public key for a shared secret.
            let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &public);
            let tag = URL_SAFE_NO_PAD.encode(ring::hmac::sign(&key, message.as_bytes()));
            let token = format!("{message}.{tag}");
            assert_eq!(key_of(&token), None, "{header}");
            assert!(
                verify(&token, &public, "https://site.example").is_none(),
                "{header}"
            );
        }
    }

    #[test]
    fn what_is_too_long_is_not_read() {
        assert_eq!(key_of(&"x".repeat(LENGTH + 1)), None);
    }
}
