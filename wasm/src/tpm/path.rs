//! The way from a key's certificate to a pinned root, through whatever other
//! certificates were given with it.

use crate::anchor::{self, Anchor, Named};
use crate::answer::Refusal;
use crate::frame;
use crate::tpm::codes::Code;
use crate::tpm::input::{MAX_ITEMS, too_large};
use crate::tpm::role::Role;
use crate::x509::certificate::Certificate;
use crate::x509::codes::Code as X509Code;
use crate::x509::encoding::{self, Place};
use crate::x509::signature::{Algorithm, PublicKey};

/// Most certificates that are looked at; real chains have 3 or 4.
pub const MAX_CERTIFICATES: usize = 8;

/// Codes of what is wrong with the root.
const ANCHOR_CODES: anchor::Codes = anchor::Codes {
    unknown: Code::RootUnknown.as_str(),
    mismatch: Code::RootUnknown.as_str(),
    lab_on_vendor_path: Code::LabRoot.as_str(),
    lab_extension_missing: Code::LabExtensionMissing.as_str(),
};

/// Certificates that were given.
pub struct Pool {
    /// The key's own.
    pub leaf: Certificate,
    /// All others, in their order.
    others: Vec<Certificate>,
}

/// Certificates from the key's to the root; nothing was verified but that the
/// root is pinned.
pub struct Path {
    role: Role,
    /// The key's.
    pub leaf: Certificate,
    /// Those above it, the root last; none where the leaf itself is pinned.
    pub authorities: Vec<Certificate>,
    /// Whether the root is a lab's.
    pub lab: bool,
}

impl Pool {
    /// Reads a list of files; the first certificate is the key's.
    ///
    /// # Errors
    /// `input.*`, `x509.*`
    pub fn read(files: &[u8], role: Role) -> Result<Self, Refusal> {
        let place = role.certificates();
        let mut leaf = None;
        let mut others = Vec::new();
        for file in frame::list(files, MAX_ITEMS)? {
            let items = encoding::items(file, &place)?;
            let count = usize::from(leaf.is_some()) + others.len() + items.len();
            if count > MAX_CERTIFICATES {
                let most = MAX_CERTIFICATES;
                return Err(too_large(place.name, most, count, "certificates"));
            }
            for item in items {
                if leaf.is_none() {
                    leaf = Some(parse(item.der, role.name(), &place)?);
                } else {
                    others.push(parse(item.der, "CA", &place)?);
                }
            }
        }
        let leaf = leaf.ok_or_else(|| place.refuse(X509Code::InputEmpty))?;
        Ok(Self { leaf, others })
    }
}

fn parse(der: Vec<u8>, name: &'static str, place: &Place) -> Result<Certificate, Refusal> {
    Certificate::parse(der, name).map_err(|refusal| refusal.with("input", place.name))
}

impl Path {
    /// Finds the way to a pinned root. What is not on it is of no interest.
    ///
    /// # Errors
    /// `tpm.root_unknown`, `tpm.lab_root`, `tpm.lab_extension_missing`
    pub fn find(pool: Pool, role: Role, anchors: &[Anchor<'_>]) -> Result<Self, Refusal> {
        let Pool { leaf, mut others } = pool;
        let mut authorities = Vec::new();
        let mut last = &leaf;
        while !is_pinned(last, anchors) {
            let Some(index) = issuer_of(last, &others) else {
                break;
            };
            authorities.push(others.remove(index));
            last = authorities.last().unwrap_or(&leaf);
        }
        let mut path = Self {
            role,
            leaf,
            authorities,
            lab: false,
        };
        let mut named = path.named();
        named.reverse();
        let root = path.authorities.last().unwrap_or(&path.leaf);
        path.lab = anchor::choose(anchors, root, &named, &ANCHOR_CODES)?.lab;
        Ok(path)
    }

    /// All with their names, leaf first.
    #[must_use]
    pub fn named(&self) -> Vec<Named<'_>> {
        let last = self.authorities.len();
        let above = (1..).zip(&self.authorities);
        let above = above.map(|(place, one)| (if place == last { "root" } else { "CA" }, one));
        core::iter::once((self.role.name(), &self.leaf))
            .chain(above)
            .collect()
    }

    /// Each with its issuer, which for the root is itself, leaf first.
    #[must_use]
    pub fn issued(&self) -> Vec<(Named<'_>, &Certificate)> {
        let named = self.named();
        let last = named.last().map(|(_, root)| *root);
        let issuers = self.authorities.iter().chain(last);
        named.iter().copied().zip(issuers).collect()
    }
}

fn is_pinned(certificate: &Certificate, anchors: &[Anchor<'_>]) -> bool {
    let (whole, key) = (certificate.fingerprint(), certificate.key_fingerprint());
    let mut all = anchors.iter();
    all.any(|anchor| anchor.certificate == whole && anchor.key == key)
}

/// The certificate with the name of the issuer. An authority that changed its
/// key has several: of them the one that signed, so that their order is no matter.
fn issuer_of(certificate: &Certificate, others: &[Certificate]) -> Option<usize> {
    let name = &certificate.content().issuer;
    let found = others.iter().enumerate();
    let found = found.filter(|(_, one)| one.content().subject == *name);
    let found: Vec<(usize, &Certificate)> = found.collect();
    let signer = match found.as_slice() {
        [] | [_] => None,
        several => several.iter().find(|(_, one)| has_signed(one, certificate)),
    };
    signer.or(found.first()).map(|(index, _)| *index)
}

fn has_signed(issuer: &Certificate, certificate: &Certificate) -> bool {
    check_signed(issuer, certificate).unwrap_or(false)
}

/// Whether a certificate is signed by an issuer's key.
///
/// # Errors
/// Says for a person what about key or algorithm is not accepted.
pub fn check_signed(issuer: &Certificate, certificate: &Certificate) -> Result<bool, String> {
    let key = PublicKey::read(&issuer.content().key)?;
    let algorithm = Algorithm::read(certificate.algorithm())?;
    Ok(key.verifies(algorithm, certificate.signed(), certificate.signature()))
}
