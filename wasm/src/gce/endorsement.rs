//! Launch endorsements: Google's word for which firmware it launches, verified
//! with the certificates above the key that signed it.

use crate::anchor::{self, Anchor};
use crate::answer::Refusal;
use crate::cache;
use crate::frame;
use crate::gce::codes::Code;
use crate::gce::endorsement_message::{Envelope, Golden, SevSnp, Statement, Tdx};
use crate::input::{MAX_ITEMS, Part};
use crate::json::write::{Json, Writer, object};
use crate::moment;
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::chain::{Chain, ValidityCodes};
use crate::x509::encoding::{Kind, MAX_CHAIN_BYTES, Place};
use crate::x509::extensions::EXTENDED_KEY_USAGE;
use crate::x509::hash::Hash;
use crate::x509::path::{Path, Pool, add_file, check_signed, parse};
use crate::x509::revocation::Lists;
use crate::x509::rsa_key::RsaKey;
use crate::x509::shape::{check_authorities, check_end, check_version, misshapen};
use crate::x509::signature::PublicKey;
use crate::x509::signer::{Cache, INSTANCE, Signer};
use std::rc::Rc;

/// The endorsement: 4096 measurements have 230 KiB.
const PART: Part = Part {
    name: "endorsement",
    limit: 256 * 1024,
};
const BUNDLE: Place = Place {
    name: PART.name,
    kind: Some(Kind::Certificate),
    limit: MAX_CHAIN_BYTES,
};
const ROOTS: Place = Place {
    name: "endorsement-root",
    ..BUNDLE
};
/// Name of the certificate that signs.
const LEAF: &str = "leaf";
/// Extensions that are understood in every certificate besides the usual ones.
const KNOWN: [&[u8]; 1] = [EXTENDED_KEY_USAGE];

const ANCHOR_CODES: anchor::Codes = anchor::Codes {
    unknown: Code::EndorsementRoot.as_str(),
    mismatch: Code::EndorsementRoot.as_str(),
    lab_on_vendor_path: Code::LabRoot.as_str(),
    lab_extension_missing: Code::LabExtensionMissing.as_str(),
};
const VALIDITY_CODES: ValidityCodes = ValidityCodes {
    expired: Code::EndorsementExpired.as_str(),
    not_yet_valid: Code::EndorsementNotYetValid.as_str(),
};

/// An endorsement that was verified.
pub struct Endorsement {
    /// What it says.
    pub statement: Statement,
    /// Whose key signed it.
    pub signer: Rc<Signer>,
}

/// Verifies an endorsement. Fields: the endorsement; list of files with roots;
/// list of anchors ([`anchor::read`]); now, 8 bytes big-endian, seconds since 1970.
///
/// # Errors
/// `gce.endorsement_*` but for what is about appraisal, `gce.lab_*`, `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Endorsement, Refusal> {
    cache::with(&INSTANCE, |cache| verify_framed(input, cache))?
}

/// The same with the caller's cache.
///
/// # Errors
/// Those of [`operation`].
pub fn verify_framed(input: &[u8], cache: &mut Cache) -> Result<Endorsement, Refusal> {
    let [bytes, roots, anchors, now] = frame::fields(input)?;
    let now = moment::read(now)?;
    let anchors = anchor::read(anchors)?;
    PART.check(bytes)?;
    let envelope = Envelope::read(bytes)?;
    let golden = Golden::read(envelope.golden)?;
    let parts = [b"gce", golden.certificate, golden.bundle, roots].into_iter();
    let key = cache::key(parts.chain(anchors.iter().flat_map(Anchor::parts)))?;
    let signer = cache.get(key, || verify_chain(&golden, roots, &anchors))?;
    if !is_signed(&envelope, &signer.key) {
        return Err(Refusal::from(Code::EndorsementSignature));
    }
    signer.chain.check_validity(now, &VALIDITY_CODES)?;
    Ok(Endorsement {
        statement: golden.statement,
        signer,
    })
}

fn verify_chain(
    golden: &Golden<'_>,
    roots: &[u8],
    anchors: &[Anchor<'_>],
) -> Result<Signer, Refusal> {
    let path = Path::find(read_pool(golden, roots)?, LEAF, anchors, &ANCHOR_CODES)?;
    let shape = Code::EndorsementShape.as_str();
    check_authorities(&path, shape, &KNOWN, |_| Ok(()))?;
    let key = check_leaf(&path.leaf).map_err(|reason| misshapen(shape, LEAF, reason))?;
    path.check_signatures(Code::EndorsementChain.as_str(), check_signed)?;
    Ok(Signer {
        key,
        window: path.leaf.window(),
        chain: Chain::of(&path),
        revocation: Lists::default(),
    })
}

fn read_pool(golden: &Golden<'_>, roots: &[u8]) -> Result<Pool, Refusal> {
    let leaf = parse(golden.certificate.to_vec(), LEAF, PART.name)?;
    let mut given = vec![leaf];
    if !golden.bundle.is_empty() {
        add_file(&mut given, golden.bundle, LEAF, &BUNDLE)?;
    }
    for file in frame::list(roots, MAX_ITEMS)? {
        add_file(&mut given, file, LEAF, &ROOTS)?;
    }
    Pool::of(given).ok_or_else(|| Refusal::bug("an endorsement without certificate"))
}

fn check_leaf(leaf: &Certificate) -> Result<PublicKey, String> {
    check_version(leaf)?;
    check_end(leaf, &KNOWN)?;
    RsaKey::read(&leaf.content().key).map(PublicKey::Rsa)
}

/// RSASSA-PSS with SHA-256 and a salt of its length, as Google's tool verifies it; nothing else is tried.
fn is_signed(envelope: &Envelope<'_>, key: &PublicKey) -> bool {
    let hash = Hash::Sha256;
    let PublicKey::Rsa(key) = key else {
        return false;
    };
    key.verifies_pss(hash, hash.size(), envelope.golden, envelope.signature)
}

struct EndorsementView<'a> {
    timestamp: Option<&'a str>,
    digest: &'a str,
    commit: &'a str,
    sev_snp: Option<&'a SevSnp>,
    tdx: Option<&'a Tdx>,
    certificates: &'a [CertificateSummary],
    lab: bool,
}

object!(EndorsementView<'_> { timestamp, digest, commit, sev_snp, tdx, certificates, lab });

/// As the TypeScript type `GceEndorsement`.
impl Json for Endorsement {
    fn write(&self, to: &mut Writer) {
        let view = EndorsementView {
            timestamp: self.statement.timestamp.as_deref(),
            digest: &self.statement.digest,
            commit: &self.statement.commit,
            sev_snp: self.statement.sev_snp.as_ref(),
            tdx: self.statement.tdx.as_ref(),
            certificates: &self.signer.chain.certificates,
            lab: self.signer.chain.lab,
        };
        view.write(to);
    }
}
