//! A quote with its chain and its collateral in one call.

use crate::anchor::{self, Anchor};
use crate::answer::Refusal;
use crate::cache;
use crate::digest::sha256;
use crate::frame;
use crate::json::write::{Json, Writer, object};
use crate::tdx::codes::Code;
use crate::tdx::collateral;
use crate::tdx::document::SignedDocument;
use crate::tdx::endorsements::{ChainSummary, Endorsements, Input};
use crate::tdx::evaluation::{self, Facts, ModuleFacts, QeFacts, TcbEvaluation};
use crate::tdx::header::Tee;
use crate::tdx::pck::Pck;
use crate::tdx::quote::{Body, Parsed, Quote};
use crate::tdx::revocation::RevocationList;
use crate::tdx::tcb_info::TcbInfoHead;
use crate::x509::certificate::CertificateSummary;
use crate::x509::ecdsa::P256Key;
use core::cell::RefCell;
use std::rc::Rc;

/// Endorsements that were verified before.
pub type Cache = cache::Cache<Endorsements>;

thread_local! {
    /// The cache of this instance of the module.
    pub static INSTANCE: RefCell<Cache> = RefCell::default();
}

/// What holds after verification, written as the TypeScript type `QuoteEvidence`.
pub struct Evidence {
    /// The quote.
    pub quote: Quote,
    /// What vouches for its platform.
    pub endorsements: Rc<Endorsements>,
    /// What the collateral says of the platform, where there is collateral.
    pub tcb: Option<TcbEvaluation>,
}

/// What a quote is verified with, except the time.
pub struct Request<'a> {
    /// Kind of TEE that is asked for.
    pub tee: Tee,
    /// The quote.
    pub quote: &'a [u8],
    /// Collateral, where it was given.
    pub collateral: Option<collateral::Input<'a>>,
    /// Pinned roots.
    pub anchors: Vec<Anchor<'a>>,
}

/// Verifies a quote. Fields: TEE, `TDX` or `SGX`; quote; collateral
/// ([`collateral::Input::read`]); list of anchors ([`anchor::read`]); now, 8
/// bytes big-endian, seconds since 1970.
///
/// # Errors
/// All codes of this module's table that are not about appraisal, `x509.*`, `input.*`.
pub fn operation(input: &[u8]) -> Result<Evidence, Refusal> {
    cache::with(&INSTANCE, |cache| verify_framed(input, cache))?
}

/// The same with the caller's cache.
///
/// # Errors
/// Those of [`operation`].
pub fn verify_framed(input: &[u8], cache: &mut Cache) -> Result<Evidence, Refusal> {
    let [tee, quote, collateral, anchors, now] = frame::fields(input)?;
    let now = now
        .try_into()
        .map_err(|_| Refusal::bug("now is not 8 bytes"))?;
    let request = Request {
        tee: Tee::read(tee)?,
        quote,
        collateral: collateral::Input::read(collateral)?,
        anchors: anchor::read(anchors)?,
    };
    verify(&request, u64::from_be_bytes(now), cache)
}

/// Verifies a quote: what vouches for the platform first, then what its quoting
/// enclave signed, then what the collateral says of both.
///
/// The steps stand in `src/evidence/tdx/checks.ts` in this order: a refusal at
/// one is shown with those before it as done.
///
/// # Errors
/// Those of [`operation`].
pub fn verify(request: &Request<'_>, now: u64, cache: &mut Cache) -> Result<Evidence, Refusal> {
    let parsed = Parsed::read(request.quote, Some(request.tee))?;
    let input = Input {
        tee: request.tee,
        chain: parsed.chain,
        collateral: request.collateral,
        anchors: &request.anchors,
    };
    let endorsements = cache.get(input.key()?, || Endorsements::verify(&input))?;
    endorsements.check_validity(now)?;
    check_qe_report(&parsed, &endorsements.key)?;
    let key = check_attestation_key(&parsed.quote)?;
    check_signature(&parsed, &key)?;
    let tcb = evaluate(&parsed.quote, &endorsements)?;
    Ok(Evidence {
        quote: parsed.quote,
        endorsements,
        tcb,
    })
}

fn check_qe_report(parsed: &Parsed<'_>, pck: &P256Key) -> Result<(), Refusal> {
    if parsed.qe_signature.is_of(pck, parsed.qe_report) {
        return Ok(());
    }
    Err(Refusal::from(Code::QeReportSignature))
}

/// The quoting enclave vouches for the key by the first half of its report data:
/// SHA-256 of key and authentication data; the rest is zero.
fn check_attestation_key(quote: &Quote) -> Result<P256Key, Refusal> {
    let coordinates = &quote.attestation_key.0;
    let key = P256Key::of_coordinates(coordinates)
        .map_err(|reason| Refusal::from(Code::AttestationKeyInvalid).with("reason", reason))?;
    let bound = [coordinates.as_slice(), &quote.qe_authentication_data].concat();
    let expected = [sha256(&bound), [0; 32]].concat();
    let actual = quote.qe_report.report_data;
    if actual.0.as_slice() == expected {
        return Ok(key);
    }
    Err(Refusal::from(Code::AttestationKeyBinding)
        .with("expected", crate::hex::encode(&expected))
        .with("actual", crate::hex::encode(&actual.0)))
}

fn check_signature(parsed: &Parsed<'_>, key: &P256Key) -> Result<(), Refusal> {
    if parsed.quote.signature.is_of(key, parsed.signed) {
        return Ok(());
    }
    Err(Refusal::from(Code::SignatureMismatch))
}

fn evaluate(quote: &Quote, endorsements: &Endorsements) -> Result<Option<TcbEvaluation>, Refusal> {
    let Some(collateral) = &endorsements.collateral else {
        return Ok(None);
    };
    let facts = facts(quote, &endorsements.pck);
    evaluation::evaluate(&collateral.tcb_info, &collateral.qe_identity, &facts).map(Some)
}

fn facts(quote: &Quote, pck: &Pck) -> Facts {
    let report = &quote.qe_report;
    Facts {
        components: pck.components,
        pce_svn: pck.pce_svn,
        module: match &quote.body {
            Body::Enclave(_) => None,
            Body::Td(body) => Some(ModuleFacts {
                tee_tcb_svn: body.tee_tcb_svn.0,
                tee_tcb_svn2: body.tee_tcb_svn2.map(|svn| svn.0),
                mr_signer_seam: body.mr_signer_seam.0,
                seam_attributes: body.seam_attributes.0.to_le_bytes(),
            }),
        },
        qe: QeFacts {
            misc_select: report.misc_select.0,
            attributes: report.attributes.0,
            mr_signer: report.mr_signer.0,
            isv_prod_id: report.isv_prod_id,
            isv_svn: report.isv_svn,
        },
    }
}

struct EvidenceView<'a> {
    quote: &'a Quote,
    pck: &'a Pck,
    chain: &'a ChainSummary,
    collateral: Option<CollateralView<'a>>,
}

object!(EvidenceView<'_> { quote, pck, chain, collateral });

struct CollateralView<'a> {
    tcb_info: &'a TcbInfoHead,
    qe_identity: &'a SignedDocument,
    tcb_signing: &'a CertificateSummary,
    pck_crl: &'a RevocationList,
    root_crl: &'a RevocationList,
    tcb: &'a TcbEvaluation,
}

object!(CollateralView<'_> { tcb_info, qe_identity, tcb_signing, pck_crl, root_crl, tcb });

impl Json for Evidence {
    fn write(&self, to: &mut Writer) {
        let endorsements = &self.endorsements;
        let collateral = endorsements.collateral.as_ref().zip(self.tcb.as_ref());
        let view = EvidenceView {
            quote: &self.quote,
            pck: &endorsements.pck,
            chain: &endorsements.chain,
            collateral: collateral.map(|(found, tcb)| CollateralView {
                tcb_info: &found.tcb_info_head,
                qe_identity: &found.qe_identity_head,
                tcb_signing: &found.tcb_signing,
                pck_crl: &found.pck_crl,
                root_crl: &found.root_crl,
                tcb,
            }),
        };
        view.write(to);
    }
}
