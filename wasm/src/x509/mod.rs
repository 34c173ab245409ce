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
pub mod name;
pub mod oid;
pub mod path;
pub mod pem;
pub mod pss;
pub mod revocation;
pub mod rsa_key;
pub mod rsa_padding;
pub mod shape;
pub mod signature;
pub mod signer;
pub mod structure;
pub mod time;
pub mod tlv;
pub mod value;

use crate::answer::Refusal;
use codes::Code;

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self::of_code(code.as_str())
    }
}
