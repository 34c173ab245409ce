//! The chain that comes with the PCK CA's revocation list. The list must be of
//! the CA in the quote's own chain, so this one can only agree with it.

use crate::anchor;
use crate::answer::Refusal;
use crate::tdx::chain::{ANCHOR_CODES, Chain};
use crate::tdx::codes::Code;
use crate::x509::certificate::Certificate;
use crate::x509::encoding::{self, Kind, MAX_CHAIN_BYTES, Place};
use crate::x509::name;

/// Name of the CA in it, for a person.
pub const NAME: &str = "CA of the list";

const PLACE: Place = Place {
    name: "pck-crl-chain",
    kind: Some(Kind::Certificate),
    limit: MAX_CHAIN_BYTES,
};

/// Verifies CA and root: the same root, and a certificate of the same CA, which
/// may be an older or newer one than the quote's. Gives the CA.
///
/// # Errors
/// `tdx.crl_issuer`, `tdx.crl_signature`, `tdx.lab_*`, `x509.*`, `input.*`
pub fn verify(bytes: &[u8], chain: &Chain) -> Result<Certificate, Refusal> {
    let [ca, root] = encoding::exactly(bytes, &PLACE)?;
    let parse = |der, name| {
        Certificate::parse(der, name).map_err(|refusal| refusal.with("input", PLACE.name))
    };
    let (ca, root) = (parse(ca, NAME)?, parse(root, "root")?);
    if root.fingerprint() != chain.root.certificate.fingerprint() {
        return Err(refuse_issuer(&chain.root.certificate, &root));
    }
    let expected = &chain.intermediate.certificate;
    let same_name = ca.content().subject == expected.content().subject;
    if !same_name || ca.key_fingerprint() != expected.key_fingerprint() {
        return Err(refuse_issuer(expected, &ca));
    }
    anchor::check_marks(chain.lab, &[(NAME, &ca)], &ANCHOR_CODES)?;
    if !chain.root.key.has_signed(&ca) {
        let refusal = Refusal::from(Code::CrlSignature).with("input", PLACE.name);
        return Err(refusal.with("certificate", NAME));
    }
    Ok(ca)
}

fn refuse_issuer(expected: &Certificate, actual: &Certificate) -> Refusal {
    let text = |one: &Certificate| {
        let subject = name::text(&one.content().subject);
        format!(
            "{} with key {}",
            name::shorten(subject),
            one.summary().spki_sha256
        )
    };
    Refusal::from(Code::CrlIssuer)
        .with("input", PLACE.name)
        .with("expected", text(expected))
        .with("actual", text(actual))
}
