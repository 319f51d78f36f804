//! Hashes and message authentication, as plugins see them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::{Interface, Linked, Subsystem, View};
use crate::wit;

/// Hashes and authenticates.
#[derive(Clone, Copy, Debug)]
pub struct Crypto;

impl Subsystem for Crypto {
    fn interfaces() -> Vec<Interface> {
        vec![Interface::open("crypto", |linker| {
            wit::crypto::add_to_linker::<_, Linked<Self>>(linker, |call| call.view())
        })]
    }
}

impl wit::crypto::Host for View<'_, Crypto> {
    fn sha256(&mut self, data: Vec<u8>) -> Vec<u8> {
        Sha256::digest(data).to_vec()
    }

    fn hmac_sha256(&mut self, key: Vec<u8>, data: Vec<u8>) -> wasmtime::Result<Vec<u8>> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&key).map_err(|error| wasmtime::Error::msg(error.to_string()))?;
        mac.update(&data);
        Ok(mac.finalize().into_bytes().to_vec())
    }

    fn constant_time_equal(&mut self, a: Vec<u8>, b: Vec<u8>) -> bool {
        a.ct_eq(&b).into()
    }
}
