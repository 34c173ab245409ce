//! The certificates of a document: shapes, signatures, revocation.

use crate::anchor::{self, Anchor};
use crate::answer::Refusal;
use crate::cache;
use crate::digest::sha256;
use crate::frame;
use crate::nitro::codes::Code;
use crate::nitro::document::{PART, Payload};
use crate::x509::algorithm::{self, CURVE_P384};
use crate::x509::certificate::Certificate;
use crate::x509::chain::{Chain, ValidityCodes};
use crate::x509::encoding::{Kind, MAX_CRL_BYTES, Place};
use crate::x509::extensions::{self, BASIC_CONSTRAINTS, KEY_USAGE};
use crate::x509::hash::Hash;
use crate::x509::path::{Path, Pool, check_signed, parse};
use crate::x509::revocation::{self, Lists};
use crate::x509::shape::{check_authorities, check_end, check_version, misshapen};
use crate::x509::signature::{Algorithm, PublicKey};
use crate::x509::signer::Signer;

/// Name of the certificate that signs.
const LEAF: &str = "leaf";

const LISTS: Place = Place {
    name: "crl",
    kind: Some(Kind::Crl),
    limit: MAX_CRL_BYTES,
};

const ANCHOR_CODES: anchor::Codes = anchor::Codes {
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
pub const VALIDITY_CODES: ValidityCodes = ValidityCodes {
    expired: Code::CertificateExpired.as_str(),
    not_yet_valid: Code::CertificateNotYetValid.as_str(),
};

/// Everything that a chain is verified with, except the time.
pub struct Input<'a> {
    /// The document with its certificates.
    pub payload: &'a Payload<'a>,
    /// List of revocation lists, framed.
    pub lists: &'a [u8],
    /// Pinned roots.
    pub anchors: &'a [Anchor<'a>],
}

impl Input<'_> {
    /// Hash over all of it, for the cache.
    ///
    /// # Errors
    /// A bug when a part is too long.
    pub fn cache_key(&self) -> Result<[u8; 32], Refusal> {
        let above = frame::write(&self.payload.authorities)?;
        let parts = [b"nitro", self.payload.certificate, &above, self.lists].into_iter();
        cache::key(parts.chain(self.anchors.iter().flat_map(Anchor::parts)))
    }

    /// Verifies the chain: pinned root, order, shapes, signatures, revocation.
    ///
    /// # Errors
    /// `x509.*`, `nitro.root_unknown`, `nitro.lab_*`, `nitro.chain_*`,
    /// `nitro.leaf_shape`, `nitro.crl_*`, `nitro.revoked`, `input.*`
    pub fn verify(&self) -> Result<Signer, Refusal> {
        let pool = self.pool()?;
        revocation::check_files(self.lists, &LISTS)?;
        let path = Path::find(pool, LEAF, self.anchors, &ANCHOR_CODES)?;
        self.check_order(&path)?;
        check_authorities(&path, Code::ChainShape.as_str(), &[], check_authority)?;
        let key = check_leaf(&path.leaf);
        let key = key.map_err(|reason| misshapen(Code::LeafShape.as_str(), LEAF, reason))?;
        path.check_signatures(Code::ChainSignature.as_str(), check_signed_es384)?;
        Ok(Signer {
            key,
            window: path.leaf.window(),
            revocation: Lists::verify(self.lists, &path, &LISTS, &LIST_CODES)?,
            chain: Chain::of(&path),
        })
    }

    fn pool(&self) -> Result<Pool, Refusal> {
        let leaf = parse(self.payload.certificate.to_vec(), LEAF, PART.name)?;
        let others = self.payload.authorities.iter();
        let others = others.map(|der| parse(der.to_vec(), "CA", PART.name));
        Ok(Pool {
            leaf,
            others: others.collect::<Result<_, _>>()?,
        })
    }

    /// Exactly the path, root first, as AWS writes it.
    fn check_order(&self, path: &Path) -> Result<(), Refusal> {
        let used = path.authorities.iter().rev().map(Certificate::fingerprint);
        let given = self.payload.authorities.iter().map(|der| sha256(der));
        if used.eq(given) {
            return Ok(());
        }
        let reason = "they are not the path from the root down";
        Err(Refusal::from(Code::ChainOrder).with("reason", reason))
    }
}

/// AWS, "Certificates validation": basic constraints are critical, and the key usage is said.
fn check_authority(authority: &Certificate) -> Result<(), String> {
    let listed = authority.extensions();
    let constraints = extensions::find(listed, BASIC_CONSTRAINTS);
    if !constraints.is_some_and(|constraints| constraints.critical) {
        return Err(String::from("its basic constraints are not critical"));
    }
    check_usage(authority)
}

fn check_usage(certificate: &Certificate) -> Result<(), String> {
    match extensions::find(certificate.extensions(), KEY_USAGE) {
        Some(_) => Ok(()),
        None => Err(String::from("it does not say what its key may do")),
    }
}

fn check_leaf(leaf: &Certificate) -> Result<PublicKey, String> {
    check_version(leaf)?;
    check_usage(leaf)?;
    check_end(leaf, &[])?;
    let key = &leaf.content().key;
    algorithm::point(key, CURVE_P384)?;
    PublicKey::read(key)
}

/// AWS signs with one algorithm only: no weaker one may stand in for it.
fn check_signed_es384(issuer: &Certificate, certificate: &Certificate) -> Result<bool, String> {
    algorithm::point(&issuer.content().key, CURVE_P384)?;
    if Algorithm::read(certificate.algorithm())? != Algorithm::Ecdsa(Hash::Sha384) {
        return Err(String::from("its algorithm is not ECDSA with SHA-384"));
    }
    check_signed(issuer, certificate)
}
