//! Identity documents, verified under AWS's certificate of a region. Whoever
//! has read one has it for ever: it says what an instance is, and answers no
//! question.

use crate::answer::Refusal;
use crate::digest::sha256;
use crate::ec2::codes::Code;
use crate::ec2::document::Document;
use crate::ec2::message;
use crate::ec2::signed_data::SignedData;
use crate::frame;
use crate::hex;
use crate::input::Part;
use crate::json::write::object;
use crate::moment::{self, Position};
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::definite::definite;
use crate::x509::encoding::{self, Kind, MAX_CERTIFICATE_BYTES, Place};
use crate::x509::hash::Hash;
use crate::x509::rsa_key::RsaKey;

const DOCUMENT: Part = Part {
    name: "identity-document",
    limit: 16 * 1024,
};
const SIGNATURE: Part = Part {
    name: "identity-signature",
    limit: 16 * 1024,
};
/// How refusals name the certificate.
const REGION: &str = "region";
const CERTIFICATE: Place = Place {
    name: "certificate",
    kind: Some(Kind::Certificate),
    limit: MAX_CERTIFICATE_BYTES,
};

/// As the TypeScript type `Ec2Identity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What the document says.
    pub document: Document,
    /// The region's certificate.
    pub certificate: CertificateSummary,
}

object!(Identity { ..document, certificate });

/// Verifies an identity document. Fields: the document; its signature, binary,
/// PEM or base64; the region's certificate, PEM or DER; now, 8 bytes
/// big-endian, seconds since 1970.
///
/// # Errors
/// `ec2.document_malformed`, `ec2.signature_malformed`, `ec2.certificate_shape`,
/// `ec2.signer_mismatch`, `ec2.digest_mismatch`, `ec2.signature_mismatch`,
/// `ec2.certificate_expired`, `ec2.certificate_not_yet_valid`, `x509.*`, `input.*`
pub fn operation(input: &[u8]) -> Result<Identity, Refusal> {
    let [text, signature, certificate, now] = frame::fields(input)?;
    let now = moment::read(now)?;
    DOCUMENT.check(text)?;
    let document = Document::read(text)?;
    SIGNATURE.check(signature)?;
    let message = message::read(signature).and_then(|message| definite(&message));
    let message = message.map_err(malformed)?;
    let signed = SignedData::read(&message, text).map_err(malformed)?;
    let [der] = encoding::exactly(certificate, &CERTIFICATE)?;
    let certificate = Certificate::parse(der, REGION)?;
    check_signature(&signed, text, &certificate)?;
    check_time(&certificate, now)?;
    Ok(Identity {
        document,
        certificate: certificate.summary(),
    })
}

fn malformed(reason: &str) -> Refusal {
    Refusal::from(Code::SignatureMalformed).with("reason", reason)
}

fn check_signature(
    signed: &SignedData<'_>,
    text: &[u8],
    certificate: &Certificate,
) -> Result<(), Refusal> {
    let content = certificate.content();
    let key = RsaKey::read(&content.key);
    let key =
        key.map_err(|reason| refuse(Code::CertificateShape, &reason).with("certificate", REGION))?;
    let names = content.issuer.der() == signed.issuer && content.serial == signed.serial;
    if !names {
        return Err(refuse(Code::SignerMismatch, "it names another certificate"));
    }
    let message = signed_bytes(signed, text)?;
    if key.verifies_pkcs1(Hash::Sha256, message, signed.signature) {
        return Ok(());
    }
    Err(refuse(
        Code::SignatureMismatch,
        "it is not by the key of the certificate",
    ))
}

/// What the signature is over (RFC 5652 §5.4).
fn signed_bytes<'a>(signed: &'a SignedData<'_>, text: &'a [u8]) -> Result<&'a [u8], Refusal> {
    let Some(attributes) = &signed.attributes else {
        return Ok(text);
    };
    let expected = sha256(text);
    if attributes.digest == expected {
        return Ok(&attributes.signed);
    }
    Err(Refusal::from(Code::DigestMismatch)
        .with("expected", hex::encode(&expected))
        .with("actual", hex::encode(attributes.digest)))
}

fn refuse(code: Code, reason: &str) -> Refusal {
    Refusal::from(code).with("reason", reason)
}

fn check_time(certificate: &Certificate, now: u64) -> Result<(), Refusal> {
    let window = certificate.window();
    let (code, bound, limit) = match window.position(now) {
        Position::Within => return Ok(()),
        Position::Before => (Code::CertificateNotYetValid, "notBefore", window.from),
        Position::After => (Code::CertificateExpired, "notAfter", window.until),
    };
    Err(Refusal::from(code)
        .with("certificate", REGION)
        .with(bound, moment::text(limit))
        .with("now", moment::text(now)))
}
