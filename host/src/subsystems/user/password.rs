//! Passwords: Argon2id with the parameters of RFC 9106, hashed away from the threads that serve pages.

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};

use super::Error;

/// The second recommended option of RFC 9106, section 4, for memory-constrained environments.
const MEMORY_KIB: u32 = 64 << 10;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// The PHC string of a password's hash, with a random salt.
pub(super) async fn hash(password: String) -> Result<String, Error> {
    let hashed = tokio::task::spawn_blocking(move || {
        let params =
            Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Error::Hash(error.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon2
            .hash_password(password.as_bytes())
            .map_err(|error| Error::Hash(error.to_string()))?;
        Ok(hash.to_string())
    });
    hashed.await.map_err(|error| Error::Hash(error.to_string()))?
}
