//! Hashes and message authentication, done by the host.

use crate::wit::crypto;

/// The SHA-256 digest, 32 bytes.
pub fn sha256(data: impl AsRef<[u8]>) -> Vec<u8> {
    crypto::sha256(data.as_ref())
}

/// HMAC-SHA-256, 32 bytes.
pub fn hmac_sha256(key: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Vec<u8> {
    crypto::hmac_sha256(key.as_ref(), data.as_ref())
}

/// Whether two byte strings are equal, in a time that depends only on their lengths.
pub fn constant_time_equal(a: impl AsRef<[u8]>, b: impl AsRef<[u8]>) -> bool {
    crypto::constant_time_equal(a.as_ref(), b.as_ref())
}
