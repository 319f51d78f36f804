//! The site's secret: one key per purpose is made of it, and what must not be read in the database is sealed with
//! them. It must not know what the keys are for.

mod load;

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hmac;

use super::Subsystem;
use super::random::Random;
use super::variable::{SITE, Variables};
use crate::db;

pub use load::load;

/// The setting that tells nodes with different secrets apart.
const FINGERPRINT: &str = "secret_fingerprint";
/// What sealed texts begin with: another way of sealing gets another mark.
const MARK: &str = "s1.";

/// Why the secret can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The configured secret can be guessed.
    #[error("the site's secret has at least {0} bytes; `openssl rand -hex 32` makes a good one")]
    Short(usize),
    /// The file can't be read or made.
    #[error("the file {file} of the site's secret can't be used: {source}")]
    File {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// The operating system has no randomness to give.
    #[error("there is no randomness: {0}")]
    Random(String),
    /// What was sealed can't be opened: it was changed, or sealed with another secret.
    #[error("what is stored was sealed with another secret or was changed")]
    Sealed,
}

/// Keys made of the site's secret.
pub struct Secrets {
    root: hmac::Key,
    random: Arc<Random>,
    /// Whether the database was made with this secret.
    fits: bool,
}

impl Secrets {
    /// Takes up the secret, and compares it with the one that the database was made with.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(secret: &[u8], random: Arc<Random>, variables: &Variables) -> db::Result<Self> {
        let mut secrets = Self {
            root: hmac::Key::new(hmac::HMAC_SHA256, secret),
            random,
            fits: true,
        };
        let fingerprint = URL_SAFE_NO_PAD.encode(secrets.key("fingerprint"));
        match variables.stored(SITE, FINGERPRINT) {
            Some(known) => secrets.fits = known.as_str() == Some(&fingerprint),
            None => {
                variables
                    .store(SITE, FINGERPRINT, Some(fingerprint.into()))
                    .await?
            }
        }
        if !secrets.fits {
            tracing::warn!(
                "the site's secret is not the one that its database was made with: sessions, forms, two-factor codes \
                 and access tokens of other nodes are not accepted here; give every node the same `secret`"
            );
        }
        Ok(secrets)
    }

    /// Whether the database was made with this secret.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.fits
    }

    /// The key of a purpose: the first block of HKDF-Expand (RFC 5869) with SHA-256.
    #[must_use]
    pub fn key(&self, purpose: &str) -> [u8; 32] {
        let mut info = purpose.as_bytes().to_vec();
        info.push(1);
        bytes(&hmac::sign(&self.root, &info))
    }

    /// Authenticates data for a purpose: HMAC-SHA-256 (RFC 2104).
    #[must_use]
    pub fn mac(&self, purpose: &str, data: &[u8]) -> [u8; 32] {
        bytes(&hmac::sign(&self.mac_key(purpose), data))
    }

    /// Whether [`Self::mac`] has made this of the data, in a time that does not depend on either.
    #[must_use]
    pub fn is_mac(&self, purpose: &str, data: &[u8], mac: &[u8]) -> bool {
        hmac::verify(&self.mac_key(purpose), data, mac).is_ok()
    }

    fn mac_key(&self, purpose: &str) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, &self.key(purpose))
    }

    /// Seals data by ChaCha20-Poly1305 (RFC 8439). It can be opened for the same purpose and the same owner only.
    ///
    /// # Errors
    /// There is no randomness.
    pub fn seal(&self, purpose: &str, owner: &[u8], data: &[u8]) -> Result<String, Error> {
        let mut nonce = [0; NONCE_LEN];
        self.random
            .fill(&mut nonce)
            .map_err(|error| Error::Random(error.to_string()))?;
        let mut sealed = data.to_vec();
        self.cipher(purpose)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(owner), &mut sealed)
            .map_err(|_| Error::Sealed)?;
        sealed.splice(0..0, nonce);
        Ok(format!("{MARK}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// [`Error::Sealed`].
    pub fn open(&self, purpose: &str, owner: &[u8], sealed: &str) -> Result<Vec<u8>, Error> {
        let text = sealed.strip_prefix(MARK).ok_or(Error::Sealed)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::Sealed)?;
        let (nonce, data) = bytes.split_at_checked(NONCE_LEN).ok_or(Error::Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::Sealed)?;
        let mut data = data.to_vec();
        let opened = self
            .cipher(purpose)?
            .open_in_place(nonce, Aad::from(owner), &mut data)
            .map_err(|_| Error::Sealed)?;
        Ok(opened.to_vec())
    }

    fn cipher(&self, purpose: &str) -> Result<LessSafeKey, Error> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.key(purpose)).map_err(|_| Error::Sealed)?;
        Ok(LessSafeKey::new(key))
    }
}

fn bytes(tag: &hmac::Tag) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes
        .iter_mut()
        .zip(tag.as_ref())
        .for_each(|(to, from)| *to = *from);
    bytes
}

impl Subsystem for Secrets {}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(secret: &[u8]) -> Secrets {
        Secrets {
            root: hmac::Key::new(hmac::HMAC_SHA256, secret),
            random: Arc::new(Random::system()),
            fits: true,
        }
    }

    #[test]
    fn what_is_sealed_opens_for_its_purpose_its_owner_and_its_secret_only() {
        let here = secrets(b"one");
        let sealed = here.seal("totp", b"ada", b"data").unwrap();
        assert_eq!(here.open("totp", b"ada", &sealed).unwrap(), b"data");
        assert!(here.open("key", b"ada", &sealed).is_err());
        assert!(here.open("totp", b"eve", &sealed).is_err());
        assert!(secrets(b"two").open("totp", b"ada", &sealed).is_err());
        assert_ne!(here.seal("totp", b"ada", b"data").unwrap(), sealed);
    }

    #[test]
    fn what_was_changed_or_cut_off_does_not_open() {
        let here = secrets(b"one");
        let sealed = here.seal("totp", b"ada", b"data").unwrap();
        let mut changed = sealed.clone();
        let last = if changed.pop() == Some('A') { 'B' } else { 'A' };
        changed.insert(changed.len() - 1, last);
        for broken in [changed.as_str(), &sealed[..10], "", "s1.", "s1.AAAA", "data"] {
            assert!(here.open("totp", b"ada", broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_mac_is_accepted_for_its_purpose_and_data_only() {
        let here = secrets(b"one");
        let mac = here.mac("form", b"data");
        assert!(here.is_mac("form", b"data", &mac));
        assert!(!here.is_mac("form", b"date", &mac));
        assert!(!here.is_mac("link", b"data", &mac));
        assert!(!here.is_mac("form", b"data", &mac[..31]));
    }
}
