//! A document with its certificates and their revocation lists, in one call.

use crate::anchor;
use crate::answer::Refusal;
use crate::cache;
use crate::frame;
use crate::json::write::{Json, Writer, object};
use crate::moment::{self, Position};
use crate::nitro::chain::{Input, LIST_CODES, VALIDITY_CODES};
use crate::nitro::codes::Code;
use crate::nitro::cose::Message;
use crate::nitro::document::{Document, PART, Payload};
use crate::x509::certificate::CertificateSummary;
use crate::x509::hash::Hash;
use crate::x509::revocation::RevocationList;
use crate::x509::signature::PublicKey;
use crate::x509::signer::{Cache, INSTANCE, Signer};
use std::rc::Rc;

/// A document that was verified.
pub struct Evidence {
    /// What it says.
    pub document: Document,
    /// Whose key signed it.
    pub signer: Rc<Signer>,
}

/// Verifies a document. Fields: the document; list of revocation lists; list
/// of anchors ([`anchor::read`]); now, 8 bytes big-endian, seconds since 1970.
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
    let [bytes, lists, anchors, now] = frame::fields(input)?;
    let now = moment::read(now)?;
    let anchors = anchor::read(anchors)?;
    PART.check(bytes)?;
    let message = Message::read(bytes)?;
    let payload = Payload::read(message.payload)?;
    let input = Input {
        payload: &payload,
        lists,
        anchors: &anchors,
    };
    let signer = cache.get(input.cache_key()?, || input.verify())?;
    if !is_signed(&message, &signer.key) {
        return Err(Refusal::from(Code::SignatureMismatch));
    }
    signer.revocation.check_windows(now, &LIST_CODES)?;
    signer.chain.check_validity(now, &VALIDITY_CODES)?;
    check_timestamp(payload.document.timestamp / 1000, &signer)?;
    Ok(Evidence {
        document: payload.document,
        signer,
    })
}

/// Numbers that are zero or not below the order are no signature.
fn is_signed(message: &Message<'_>, key: &PublicKey) -> bool {
    let PublicKey::Ec(key) = key else {
        return false;
    };
    let (r, s) = message.signature.split_at(48);
    let signature = key.signature(r, s);
    signature.is_some_and(|made| key.verifies(Hash::Sha384, &message.signed(), &made))
}

/// The leaf lives for three hours: a document that was made outside of them was not made by its key.
fn check_timestamp(seconds: u64, signer: &Signer) -> Result<(), Refusal> {
    let (bound, limit) = match signer.window.position(seconds) {
        Position::Within => return Ok(()),
        Position::Before => ("notBefore", signer.window.from),
        Position::After => ("notAfter", signer.window.until),
    };
    Err(Refusal::from(Code::Timestamp)
        .with("timestamp", moment::text(seconds))
        .with(bound, moment::text(limit)))
}

struct EvidenceView<'a> {
    document: &'a Document,
    certificates: &'a [CertificateSummary],
    lab: bool,
    revocation_checked: bool,
    revocation_lists: &'a [RevocationList],
}

object!(EvidenceView<'_> { document, certificates, lab, revocation_checked, revocation_lists });

/// As the TypeScript type `NitroEvidence`.
impl Json for Evidence {
    fn write(&self, to: &mut Writer) {
        let view = EvidenceView {
            document: &self.document,
            certificates: &self.signer.chain.certificates,
            lab: self.signer.chain.lab,
            revocation_checked: self.signer.revocation.checked,
            revocation_lists: &self.signer.revocation.lists,
        };
        view.write(to);
    }
}
