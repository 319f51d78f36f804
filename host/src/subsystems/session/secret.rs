//! What cookies carry: 256 random bits, of which only the digest is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::db;
use crate::subsystems::random::Random;

/// Characters of a secret: 256 bits, six each.
const LENGTH: usize = 43;

/// A new secret.
pub(super) fn make(random: &Random) -> db::Result<String> {
    let mut bytes = [0; 32];
    random
        .fill(&mut bytes)
        .map_err(|error| db::Error::Setup(format!("there is no randomness: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// What is stored of a secret: its SHA-256 in hexadecimal. None for what can be no secret.
pub fn digest(secret: &str) -> Option<String> {
    if secret.len() != LENGTH {
        return None;
    }
    let digest = Sha256::digest(secret.as_bytes());
    Some(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}
