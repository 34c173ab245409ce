//! A key's certificate, its chain and their revocation lists, verified together.

use crate::anchor::Anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::hex::encode;
use crate::moment::{self, Position, Window};
use crate::tpm::codes::Code;
use crate::tpm::identity::TpmIdentity;
use crate::tpm::key::Key;
use crate::tpm::path::{Path, Pool, check_signed};
use crate::tpm::revocation::{Lists, RevocationList};
use crate::tpm::role::Role;
use crate::tpm::shape::{self, Leaf};
use crate::x509::certificate::{Certificate, CertificateSummary};
use serde::{Serialize, Serializer};

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
    /// Whether the root is a lab's.
    pub lab: bool,
    /// From the key's certificate to the root.
    pub certificates: Vec<CertificateSummary>,
    /// Lists.
    pub revocation: Lists,
    windows: Vec<(&'static str, Window)>,
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
        let pool = Pool::read(input.certificates, role)?;
        check_key(&pool.leaf, input.key)?;
        let path = Path::find(pool, role, input.anchors)?;
        let leaf = shape::check(&path, role)?;
        check_signatures(&path)?;
        let revocation = Lists::verify(input.lists, &path, role)?;
        let named = path.named();
        Ok(Self {
            leaf,
            lab: path.lab,
            certificates: named.iter().map(|(_, one)| one.summary()).collect(),
            revocation,
            windows: named
                .iter()
                .map(|(name, one)| (*name, one.window()))
                .collect(),
        })
    }

    /// Refuses a time outside of any list's window or certificate's validity.
    ///
    /// # Errors
    /// `tpm.crl_expired`, `tpm.crl_not_yet_valid`, `tpm.certificate_expired`,
    /// `tpm.certificate_not_yet_valid`
    pub fn check_time(&self, now: u64) -> Result<(), Refusal> {
        for list in &self.revocation.lists {
            list.check_window(now)?;
        }
        for (name, window) in &self.windows {
            let (code, bound, limit) = match window.position(now) {
                Position::Within => continue,
                Position::Before => (Code::CertificateNotYetValid, "notBefore", window.from),
                Position::After => (Code::CertificateExpired, "notAfter", window.until),
            };
            return Err(Refusal::from(code)
                .with("certificate", *name)
                .with(bound, moment::text(limit))
                .with("now", moment::text(now)));
        }
        Ok(())
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

/// The root's own signature too: a pinned certificate that signed nothing,
/// itself neither, is no root.
fn check_signatures(path: &Path) -> Result<(), Refusal> {
    for ((name, certificate), issuer) in path.issued() {
        let signed = check_signed(issuer, certificate);
        if signed == Ok(true) {
            continue;
        }
        let summary = certificate.summary();
        let refusal = Refusal::from(Code::ChainSignature)
            .with("certificate", name)
            .with("subject", summary.subject)
            .with("issuer", summary.issuer);
        return Err(match signed {
            Ok(_) => refusal,
            Err(reason) => refusal.with("reason", reason),
        });
    }
    Ok(())
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChainView<'a> {
    key: &'a Key,
    identity: Option<&'a TpmIdentity>,
    certificates: &'a [CertificateSummary],
    lab: bool,
    revocation_checked: bool,
    revocation_lists: &'a [RevocationList],
}

/// As the TypeScript type `CertifiedKey`.
impl Serialize for Chain {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let view = ChainView {
            key: &self.leaf.key,
            identity: self.leaf.identity.as_ref(),
            certificates: &self.certificates,
            lab: self.lab,
            revocation_checked: self.revocation.checked,
            revocation_lists: &self.revocation.lists,
        };
        view.serialize(to)
    }
}
