//! What the certificates of a chain must look like (RFC 5280; EK Credential
//! Profile §3; TCG "Attestation Key" purposes).

use crate::answer::Refusal;
use crate::lab::LAB_MARK;
use crate::tpm::codes::Code;
use crate::tpm::identity::{self, TpmIdentity};
use crate::tpm::key::{Key, KeyError};
use crate::tpm::role::Role;
use crate::x509::certificate::Certificate;
use crate::x509::extensions::{
    self, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, SUBJECT_ALT_NAME,
};
use crate::x509::path::Path;
use crate::x509::shape::{check_authorities, check_version, misshapen};
use crate::x509::signature::PublicKey;

/// Content of `tcg-kp-EKCertificate`, 2.23.133.8.1. Google's attestation keys name it, too.
const EK_PURPOSE: [u8; 5] = [0x67, 0x81, 0x05, 0x08, 0x01];
/// Content of `tcg-kp-AIKCertificate`, 2.23.133.8.3.
const AK_PURPOSE: [u8; 5] = [0x67, 0x81, 0x05, 0x08, 0x03];

/// Critical extensions that are understood in the key's own certificate.
const UNDERSTOOD: [&[u8]; 5] = [
    BASIC_CONSTRAINTS,
    KEY_USAGE,
    EXTENDED_KEY_USAGE,
    SUBJECT_ALT_NAME,
    &LAB_MARK,
];

/// What the key's own certificate certifies.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The key.
    pub key: Key,
    /// The TPM, where it says so.
    pub identity: Option<TpmIdentity>,
}

/// Checks the authorities, then the key's own certificate.
///
/// # Errors
/// `tpm.chain_shape`, `tpm.ak_certificate_shape`, `tpm.ek_certificate_shape`
pub fn check(path: &Path, role: Role) -> Result<Leaf, Refusal> {
    let known = [EXTENDED_KEY_USAGE];
    check_authorities(path, Code::ChainShape.as_str(), &known, |_| Ok(()))?;
    check_leaf(&path.leaf, role)
        .map_err(|reason| misshapen(role.shape_code().as_str(), role.name(), reason))
}

fn check_leaf(leaf: &Certificate, role: Role) -> Result<Leaf, String> {
    check_version(leaf)?;
    let listed = leaf.extensions();
    if extensions::basic_constraints(listed)?.is_some_and(|constraints| constraints.ca) {
        return Err(String::from("it may issue certificates"));
    }
    extensions::check_critical(listed, &UNDERSTOOD)?;
    check_purpose(leaf, role)?;
    let key = Key::read(&leaf.content().key).map_err(KeyError::reason)?;
    check_usage(leaf, role, &key)?;
    let identity = identity::read(leaf)?;
    if role == Role::Ek && identity.is_none() {
        return Err(String::from("it does not say what TPM it is"));
    }
    Ok(Leaf { key, identity })
}

fn check_purpose(leaf: &Certificate, role: Role) -> Result<(), String> {
    let purposes = extensions::extended_key_usage(leaf.extensions())?;
    let purposes = purposes.ok_or("it names no purpose")?;
    let wanted: &[[u8; 5]] = match role {
        Role::Ak => &[AK_PURPOSE, EK_PURPOSE],
        Role::Ek => &[EK_PURPOSE],
    };
    let is_wanted = |id: &[u8]| wanted.iter().any(|one| one == id);
    if purposes.iter().any(|purpose| is_wanted(purpose)) {
        return Ok(());
    }
    Err(format!("its purpose is not {}'s", role.name()))
}

fn check_usage(leaf: &Certificate, role: Role, key: &Key) -> Result<(), String> {
    let usage = extensions::key_usage(leaf.extensions())?;
    let usage = usage.ok_or("it does not say what its key may do")?;
    let wanted = match (role, &key.public) {
        (Role::Ak, _) => "digitalSignature",
        (Role::Ek, PublicKey::Rsa(_)) => "keyEncipherment",
        (Role::Ek, PublicKey::Ec(_)) => "keyAgreement",
    };
    if usage.allows(wanted) {
        return Ok(());
    }
    Err(format!("its key usage is not {wanted}"))
}
