//! A key's certificate, its chain and their revocation lists, verified together.

use crate::anchor::Anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::hex::encode;
use crate::json::write::{Json, Writer, object};
use crate::tpm::codes::Code;
use crate::tpm::identity::TpmIdentity;
use crate::tpm::key::Key;
use crate::tpm::pool::{self, ANCHOR_CODES, LIST_CODES, VALIDITY_CODES};
use crate::tpm::role::Role;
use crate::tpm::shape::{self, Leaf};
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::chain;
use crate::x509::path::{Path, check_signed};
use crate::x509::revocation::{Lists, RevocationList};

/// Everything that a chain is verified with, except the time.
pub struct Input<'a> {
    /// Kind of key.
    pub role: Role,
    /// List of files with certificates, framed; the first one is the key's.
    pub certificates: &'a [u8],
    /// List of revocation lists, framed.
    pub lists: &'a [u8],
    /// Pinned roots.
    pub anchors: &'a [Anchor<'a>],
    /// SHA-256 of the `SubjectPublicKeyInfo` that it must be about.
    pub key: Option<[u8; 32]>,
}

/// A chain that is genuine; whether it is in force depends on the time.
pub struct Chain {
    /// What the certificate certifies.
    pub leaf: Leaf,
    /// Its certificates, from the key's to the root.
    pub chain: chain::Chain,
    /// Lists.
    pub revocation: Lists,
}

impl Input<'_> {
    /// Hash over all of it, for the cache.
    ///
    /// # Errors
    /// A bug when a part is too long.
    pub fn cache_key(&self) -> Result<[u8; 32], Refusal> {
        let key: &[u8] = match &self.key {
            Some(key) => key,
            None => &[],
        };
        let role = self.role.name().as_bytes();
        let parts = [role, self.certificates, self.lists, key].into_iter();
        cache::key(parts.chain(self.anchors.iter().flat_map(Anchor::parts)))
    }
}

impl Chain {
    /// Verifies a chain: key, pinned root, shapes, signatures, revocation.
    ///
    /// # Errors
    /// `tpm.ak_key_mismatch`, `tpm.root_unknown`, `tpm.lab_*`, `tpm.chain_*`,
    /// `tpm.*_certificate_shape`, `tpm.crl_*`, `tpm.revoked`, `x509.*`, `input.*`
    pub fn verify(input: &Input<'_>) -> Result<Self, Refusal> {
        let role = input.role;
        let pool = pool::read(input.certificates, role)?;
        check_key(&pool.leaf, input.key)?;
        let path = Path::find(pool, role.name(), input.anchors, &ANCHOR_CODES)?;
        let leaf = shape::check(&path, role)?;
        path.check_signatures(Code::ChainSignature.as_str(), check_signed)?;
        let revocation = Lists::verify(input.lists, &path, &role.lists(), &LIST_CODES)?;
        Ok(Self {
            leaf,
            chain: chain::Chain::of(&path),
            revocation,
        })
    }

    /// Refuses a time outside of any list's window or certificate's validity.
    ///
    /// # Errors
    /// `tpm.crl_expired`, `tpm.crl_not_yet_valid`, `tpm.certificate_expired`,
    /// `tpm.certificate_not_yet_valid`
    pub fn check_time(&self, now: u64) -> Result<(), Refusal> {
        self.revocation.check_windows(now, &LIST_CODES)?;
        self.chain.check_validity(now, &VALIDITY_CODES)
    }
}

fn check_key(leaf: &Certificate, expected: Option<[u8; 32]>) -> Result<(), Refusal> {
    let actual = leaf.key_fingerprint();
    match expected {
        Some(expected) if expected != actual => Err(Refusal::from(Code::AkKeyMismatch)
            .with("expected", encode(&expected))
            .with("actual", encode(&actual))),
        _ => Ok(()),
    }
}

struct ChainView<'a> {
    key: &'a Key,
    identity: Option<&'a TpmIdentity>,
    certificates: &'a [CertificateSummary],
    lab: bool,
    revocation_checked: bool,
    revocation_lists: &'a [RevocationList],
}

object!(ChainView<'_> { key, identity, certificates, lab, revocation_checked, revocation_lists });

/// As the TypeScript type `CertifiedKey`.
impl Json for Chain {
    fn write(&self, to: &mut Writer) {
        let view = ChainView {
            key: &self.leaf.key,
            identity: self.leaf.identity.as_ref(),
            certificates: &self.chain.certificates,
            lab: self.chain.lab,
            revocation_checked: self.revocation.checked,
            revocation_lists: &self.revocation.lists,
        };
        view.write(to);
    }
}
