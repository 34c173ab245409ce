//! A report, its certificates and lists in one call.

use crate::anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::frame;
use crate::json::write::{Json, Writer, object};
use crate::snp::binding::{self, ChipBinding};
use crate::snp::chain::{Chain, Input};
use crate::snp::leaf::Leaf;
use crate::snp::report::{Report, SIGNED_BYTES};
use crate::snp::revocation::{MAX_CRLS, RevocationList};
use crate::x509::certificate::CertificateSummary;
use crate::x509::codes::Code as X509Code;
use core::cell::RefCell;
use std::rc::Rc;

/// Most lists that the boundary takes before it calls them too many for a chain.
const MAX_FIELDS: usize = 1024;

/// Chains that were verified before.
pub type Cache = cache::Cache<Chain>;

thread_local! {
    /// The cache of this instance of the module.
    pub static INSTANCE: RefCell<Cache> = RefCell::default();
}

/// What holds after verification, written as the TypeScript type `SnpEvidence`.
pub struct Evidence {
    /// The report.
    pub report: Report,
    /// The chain of the key that signed it.
    pub chain: Rc<Chain>,
    /// How report and leaf name the chip.
    pub chip_binding: ChipBinding,
}

/// Verifies a report. Fields: report; leaf; chain; list of revocation lists;
/// list of anchors ([`anchor::read`]); now, 8 bytes big-endian, seconds since 1970.
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
    let [report, leaf, chain, crls, anchors, now] = frame::fields(input)?;
    let now = now
        .try_into()
        .map_err(|_| Refusal::bug("now is not 8 bytes"))?;
    let input = Input {
        leaf,
        chain,
        crls: read_crls(crls)?,
        anchors: anchor::read(anchors)?,
    };
    verify(report, &input, u64::from_be_bytes(now), cache)
}

/// Verifies a report: chain first, then what binds the report to it. The
/// product is settled before the signature, since the layout of the TCB
/// versions hangs on it.
///
/// The steps stand in `src/evidence/snp/mod.ts` in this order: a refusal at one
/// is shown with those before it as done.
///
/// # Errors
/// Those of [`operation`].
pub fn verify(
    bytes: &[u8],
    input: &Input<'_>,
    now: u64,
    cache: &mut Cache,
) -> Result<Evidence, Refusal> {
    let report = Report::parse(bytes)?;
    binding::check_signed(&report)?;
    let chain = cache.get(input.key()?, || Chain::verify(input))?;
    chain.check_lists(now)?;
    binding::check_key_type(&report, &chain.leaf)?;
    binding::check_product(&report, &chain)?;
    chain.check_validity(now)?;
    let report = report.settle(chain.line.layout)?;
    let signed = bytes.get(..SIGNED_BYTES).unwrap_or_default();
    report.signature.verify(signed, &chain.key)?;
    binding::check_tcb(&report, &chain.leaf)?;
    let chip_binding = binding::check_chip(&report, &chain.leaf)?;
    Ok(Evidence {
        report,
        chain,
        chip_binding,
    })
}

fn read_crls(list: &[u8]) -> Result<Vec<&[u8]>, Refusal> {
    let crls = frame::list(list, MAX_FIELDS)?;
    if crls.len() > MAX_CRLS {
        return Err(Refusal::from(X509Code::X509Count)
            .with("input", "crl")
            .with("expected", format!("at most {MAX_CRLS}"))
            .with("actual", crls.len().to_string()));
    }
    Ok(crls)
}

struct EvidenceView<'a> {
    report: &'a Report,
    leaf: &'a Leaf,
    chain: ChainView<'a>,
    crls: &'a [RevocationList],
    chip_binding: ChipBinding,
}

object!(EvidenceView<'_> { report, leaf, chain, crls, chip_binding });

struct ChainView<'a> {
    line: &'static str,
    lab: bool,
    ask: &'a CertificateSummary,
    ark: &'a CertificateSummary,
}

object!(ChainView<'_> { line, lab, ask, ark });

impl Json for Evidence {
    fn write(&self, to: &mut Writer) {
        let chain = &self.chain;
        let view = EvidenceView {
            report: &self.report,
            leaf: &chain.leaf,
            chain: ChainView {
                line: chain.line.name,
                lab: chain.lab,
                ask: &chain.ask,
                ark: &chain.ark,
            },
            crls: &chain.crls,
            chip_binding: self.chip_binding,
        };
        view.write(to);
    }
}
