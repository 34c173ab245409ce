//! Certificates and revocation lists, read strictly (RFC 5280, DER only).
//!
//! Nothing here decides trust: a technology's module says which certificate
//! must look how and who must have signed it.

pub mod algorithm;
pub mod certificate;
pub mod chain;
pub mod codes;
pub mod crl;
pub mod definite;
pub mod ec_key;
pub mod ecdsa;
pub mod encoding;
pub mod extension;
pub mod extensions;
pub mod hash;
pub mod identifier;
pub mod name;
pub mod path;
pub mod pem;
pub mod pss;
pub mod revocation;
pub mod rsa_key;
pub mod shape;
pub mod signature;
pub mod signer;
pub mod strict;
pub mod structure;
pub mod tlv;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}
