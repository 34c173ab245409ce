//! A quote with its key, the key's certificate and the values of the registers, in one call.

use crate::anchor::{self, Anchor};
use crate::answer::Refusal;
use crate::cache;
use crate::frame;
use crate::json::write::{Json, Writer, object};
use crate::moment;
use crate::tpm::attest::Quote;
use crate::tpm::certificate::{self, Cache, CertifiedKey, INSTANCE};
use crate::tpm::chain::Input;
use crate::tpm::key::Key;
use crate::tpm::public_area::{AK_PUB, Given, PublicArea};
use crate::tpm::registers::{Register, RegisterValue, Registers};
use crate::tpm::role::Role;
use crate::tpm::scheme::SignatureScheme;
use crate::tpm::signature::Signature;

/// What holds after verification.
pub struct VerifiedQuote {
    /// The quote.
    pub quote: Quote,
    /// How it was signed.
    pub signature: SignatureScheme,
    /// Key that signed it.
    pub key: Given,
    /// Its certificate, where one was given.
    pub certificate: Option<CertifiedKey>,
    /// Values of registers.
    pub registers: Registers,
}

/// What a quote is verified with, except the time.
pub struct Request<'a> {
    /// `TPMS_ATTEST`.
    pub quote: &'a [u8],
    /// Its signature.
    pub signature: &'a [u8],
    /// The key that made it.
    pub key: &'a [u8],
    /// List of register values ([`Registers::check`]).
    pub registers: &'a [u8],
    /// List of files with certificates, the key's first; may be empty.
    pub certificates: &'a [u8],
    /// List of revocation lists.
    pub lists: &'a [u8],
    /// Pinned roots of the certificates.
    pub anchors: Vec<Anchor<'a>>,
}

/// Verifies a quote. Fields: those of [`Request`] in their order, anchors as a
/// list ([`anchor::read`]); now, 8 bytes big-endian, seconds since 1970.
///
/// # Errors
/// All codes of this module's table that are not about appraisal, `x509.*`, `input.*`.
pub fn operation(input: &[u8]) -> Result<VerifiedQuote, Refusal> {
    cache::with(&INSTANCE, |cache| verify_framed(input, cache))?
}

/// The same with the caller's cache.
///
/// # Errors
/// Those of [`operation`].
pub fn verify_framed(input: &[u8], cache: &mut Cache) -> Result<VerifiedQuote, Refusal> {
    let [
        quote,
        signature,
        key,
        registers,
        certificates,
        lists,
        anchors,
        now,
    ] = frame::fields(input)?;
    let now = moment::read(now)?;
    let request = Request {
        quote,
        signature,
        key,
        registers,
        certificates,
        lists,
        anchors: anchor::read(anchors)?,
    };
    verify(&request, now, cache)
}

/// Verifies a quote: what it says, whose key it is, who vouches for the key,
/// the signature, the values of the registers.
///
/// The steps stand in `src/evidence/tpm/checks.ts` in this order: a refusal at
/// one is shown with those before it as done.
///
/// # Errors
/// Those of [`operation`].
pub fn verify(
    request: &Request<'_>,
    now: u64,
    cache: &mut Cache,
) -> Result<VerifiedQuote, Refusal> {
    if request.certificates.is_empty() && !request.lists.is_empty() {
        return Err(Refusal::bug("revocation lists without certificates"));
    }
    let quote = Quote::read(request.quote)?;
    let key = Given::read(request.key, &AK_PUB)?;
    key.check_attestation()?;
    let certificate = certify(request, key.key(), now, cache)?;
    let scheme = key.area().and_then(|area| area.scheme);
    let signature = Signature::read(request.signature, &key.key().public, scheme)?;
    signature.check(request.quote)?;
    let signature = signature.scheme;
    let registers = Registers::check(request.registers, &quote, signature.hash)?;
    Ok(VerifiedQuote {
        quote,
        signature,
        key,
        certificate,
        registers,
    })
}

fn certify(
    request: &Request<'_>,
    key: &Key,
    now: u64,
    cache: &mut Cache,
) -> Result<Option<CertifiedKey>, Refusal> {
    if request.certificates.is_empty() {
        return Ok(None);
    }
    let input = Input {
        role: Role::Ak,
        certificates: request.certificates,
        lists: request.lists,
        anchors: &request.anchors,
        key: Some(key.fingerprint()),
    };
    certificate::verify(&input, now, cache).map(Some)
}

struct VerifiedQuoteView<'a> {
    quote: &'a Quote,
    signature: SignatureScheme,
    key: &'a Key,
    public_area: Option<&'a PublicArea>,
    certificate: Option<&'a CertifiedKey>,
    registers: &'a [RegisterValue],
    not_quoted: &'a [Register],
}

object!(VerifiedQuoteView<'_> {
    quote, signature, key, public_area, certificate, registers, not_quoted,
});

/// As the TypeScript type of the same name.
impl Json for VerifiedQuote {
    fn write(&self, to: &mut Writer) {
        let view = VerifiedQuoteView {
            quote: &self.quote,
            signature: self.signature,
            key: self.key.key(),
            public_area: self.key.area(),
            certificate: self.certificate.as_ref(),
            registers: &self.registers.quoted,
            not_quoted: &self.registers.not_quoted,
        };
        view.write(to);
    }
}
