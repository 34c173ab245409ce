//! Arithmetic of signatures: ECDSA over P-256 and P-384, and RSA's public
//! operation. It verifies; it cannot sign, and keeps no secrets, so that
//! nothing here takes the same time for all numbers.
//!
//! It is a crate of its own for its settings: it is compiled for speed, the
//! parsers around it for size. Its tests hold it against the crates `p256`,
//! `p384` and `rsa`.
#![deny(missing_docs, unsafe_code, clippy::as_conversions)]

mod curve;
mod ecdsa;
mod field;
mod limbs;
mod montgomery;
mod point;
mod rsa;
mod table;

pub use ecdsa::{P256Key, P256Signature, P384Key, P384Signature};
pub use rsa::RsaKey;
