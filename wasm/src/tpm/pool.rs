//! The certificates that are given with a key, and the codes of what is wrong with them.

use crate::anchor;
use crate::answer::Refusal;
use crate::frame;
use crate::input::MAX_ITEMS;
use crate::tpm::codes::Code;
use crate::tpm::role::Role;
use crate::x509::chain;
use crate::x509::codes::Code as X509Code;
use crate::x509::path::{Pool, add_file};
use crate::x509::revocation;

/// Codes of what is wrong with the root.
pub const ANCHOR_CODES: anchor::Codes = anchor::Codes {
    unknown: Code::RootUnknown.as_str(),
    mismatch: Code::RootUnknown.as_str(),
    lab_on_vendor_path: Code::LabRoot.as_str(),
    lab_extension_missing: Code::LabExtensionMissing.as_str(),
};

/// Codes of what is wrong with a revocation list.
pub const LIST_CODES: revocation::Codes = revocation::Codes {
    issuer: Code::CrlIssuer.as_str(),
    shape: Code::CrlShape.as_str(),
    signature: Code::CrlSignature.as_str(),
    revoked: Code::Revoked.as_str(),
    expired: Code::CrlExpired.as_str(),
    not_yet_valid: Code::CrlNotYetValid.as_str(),
};

/// Codes of a certificate that is not in force.
pub const VALIDITY_CODES: chain::ValidityCodes = chain::ValidityCodes {
    expired: Code::CertificateExpired.as_str(),
    not_yet_valid: Code::CertificateNotYetValid.as_str(),
};

/// Reads a list of files; the first certificate is the key's.
///
/// # Errors
/// `input.*`, `x509.*`
pub fn read(files: &[u8], role: Role) -> Result<Pool, Refusal> {
    let place = role.certificates();
    let mut given = Vec::new();
    for file in frame::list(files, MAX_ITEMS)? {
        add_file(&mut given, file, role.name(), &place)?;
    }
    Pool::of(given).ok_or_else(|| place.refuse(X509Code::InputEmpty))
}
