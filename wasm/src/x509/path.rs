//! The way from a certificate to a pinned root, through whatever other
//! certificates were given with it.

use crate::anchor::{self, Anchor, Named};
use crate::answer::Refusal;
use crate::input::too_large;
use crate::x509::certificate::Certificate;
use crate::x509::encoding::{self, Place};
use crate::x509::signature::{Algorithm, PublicKey};

/// Most certificates that are looked at; real chains have 3 to 5.
pub const MAX_CERTIFICATES: usize = 8;

/// Tells whether a certificate is signed by an issuer's key, or what about key
/// or algorithm is not accepted.
pub type CheckSigned = fn(&Certificate, &Certificate) -> Result<bool, String>;

/// Certificates that were given.
pub struct Pool {
    /// That which the path starts at.
    pub leaf: Certificate,
    /// All others, in their order.
    pub others: Vec<Certificate>,
}

/// Certificates from the leaf to the root; nothing was verified but that the
/// root is pinned.
pub struct Path {
    name: &'static str,
    /// That which it starts at.
    pub leaf: Certificate,
    /// Those above it, the root last; none where the leaf itself is pinned.
    pub authorities: Vec<Certificate>,
    /// Whether the root is a lab's.
    pub lab: bool,
}

/// Reads one certificate of a place.
///
/// # Errors
/// `x509.malformed`
pub fn parse(
    der: Vec<u8>,
    name: &'static str,
    input: &'static str,
) -> Result<Certificate, Refusal> {
    Certificate::parse(der, name).map_err(|refusal| refusal.with("input", input))
}

/// Adds the certificates of a file to those that were given so far.
///
/// # Arguments
/// `leaf` is the name of the very first one.
///
/// # Errors
/// `input.*`, `x509.*`
pub fn add_file(
    given: &mut Vec<Certificate>,
    file: &[u8],
    leaf: &'static str,
    place: &Place,
) -> Result<(), Refusal> {
    let items = encoding::items(file, place)?;
    let count = given.len() + items.len();
    if count > MAX_CERTIFICATES {
        let most = MAX_CERTIFICATES;
        return Err(too_large(place.name, most, count, "certificates"));
    }
    for item in items {
        let name = if given.is_empty() { leaf } else { "CA" };
        given.push(parse(item.der, name, place.name)?);
    }
    Ok(())
}

impl Pool {
    /// Takes certificates, the leaf first; none where there are none.
    #[must_use]
    pub fn of(certificates: Vec<Certificate>) -> Option<Self> {
        let mut certificates = certificates.into_iter();
        let leaf = certificates.next()?;
        let others = certificates.collect();
        Some(Self { leaf, others })
    }
}

impl Path {
    /// Finds the way to a pinned root. What is not on it is of no interest.
    ///
    /// # Arguments
    /// `name` is that of the leaf for a person.
    ///
    /// # Errors
    /// Those of `codes`.
    pub fn find(
        pool: Pool,
        name: &'static str,
        anchors: &[Anchor<'_>],
        codes: &anchor::Codes,
    ) -> Result<Self, Refusal> {
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
            name,
            leaf,
            authorities,
            lab: false,
        };
        let mut named = path.named();
        named.reverse();
        let root = path.authorities.last().unwrap_or(&path.leaf);
        path.lab = anchor::choose(anchors, root, &named, codes)?.lab;
        Ok(path)
    }

    /// All with their names, leaf first.
    #[must_use]
    pub fn named(&self) -> Vec<Named<'_>> {
        let last = self.authorities.len();
        let above = (1..).zip(&self.authorities);
        let above = above.map(|(place, one)| (if place == last { "root" } else { "CA" }, one));
        core::iter::once((self.name, &self.leaf))
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

    /// Checks every signature, the root's own too: a pinned certificate that
    /// signed nothing, itself neither, is no root.
    ///
    /// # Errors
    /// `code`
    pub fn check_signatures(&self, code: &'static str, check: CheckSigned) -> Result<(), Refusal> {
        for ((name, certificate), issuer) in self.issued() {
            let signed = check(issuer, certificate);
            if signed == Ok(true) {
                continue;
            }
            let summary = certificate.summary();
            let refusal = Refusal::of_code(code)
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

/// Whether a certificate is signed by an issuer's key, with any of the usual algorithms.
///
/// # Errors
/// Says for a person what about key or algorithm is not accepted.
pub fn check_signed(issuer: &Certificate, certificate: &Certificate) -> Result<bool, String> {
    let key = PublicKey::read(&issuer.content().key)?;
    let algorithm = Algorithm::read(certificate.algorithm())?;
    Ok(key.verifies(algorithm, certificate.signed(), certificate.signature()))
}
