//! The certificate that signs TCB info and QE identity, under the root of the quote's chain.

use crate::anchor;
use crate::answer::Refusal;
use crate::tdx::chain::{ANCHOR_CODES, Chain};
use crate::tdx::codes::Code;
use crate::x509::certificate::Certificate;
use crate::x509::ecdsa::{self, P256Key};
use crate::x509::encoding::{self, Kind, MAX_CHAIN_BYTES, Place};
use crate::x509::shape::{check_end, check_names};

/// Common name of all certificates that sign documents.
const COMMON_NAME: &str = "Intel SGX TCB Signing";

const PLACE: Place = Place {
    name: "tcb-chain",
    kind: Some(Kind::Certificate),
    limit: MAX_CHAIN_BYTES,
};

/// The certificate and its key.
pub struct TcbSigner {
    /// The certificate.
    pub certificate: Certificate,
    /// Its key.
    pub key: P256Key,
}

impl TcbSigner {
    /// Name for a person.
    pub const NAME: &'static str = "TCB signing";

    /// Verifies the chain of the documents: the same root, the shape, the signature.
    ///
    /// # Errors
    /// `tdx.tcb_chain_root`, `tdx.tcb_chain_shape`, `tdx.tcb_chain_signature`,
    /// `tdx.lab_*`, `x509.*`, `input.*`
    pub fn verify(bytes: &[u8], chain: &Chain) -> Result<Self, Refusal> {
        let [first, second] = encoding::exactly(bytes, &PLACE)?;
        let parse = |der, name| {
            Certificate::parse(der, name).map_err(|refusal| refusal.with("input", PLACE.name))
        };
        let certificate = parse(first, Self::NAME)?;
        check_root(&certificate, &parse(second, "root")?, chain)?;
        let named = [(Self::NAME, &certificate)];
        anchor::check_marks(chain.lab, &named, &ANCHOR_CODES)?;
        let key = check_shape(&certificate, chain).map_err(misshapen)?;
        if !chain.root.key.has_signed(&certificate) {
            return Err(refuse(Code::TcbChainSignature).with("certificate", Self::NAME));
        }
        Ok(Self { certificate, key })
    }
}

fn check_root(first: &Certificate, second: &Certificate, chain: &Chain) -> Result<(), Refusal> {
    let expected = chain.root.certificate.fingerprint();
    if second.fingerprint() == expected {
        return Ok(());
    }
    if first.fingerprint() == expected {
        return Err(misshapen(String::from(
            "the root stands before what it signed",
        )));
    }
    let (expected, actual) = (chain.root.certificate.summary(), second.summary());
    Err(refuse(Code::TcbChainRoot)
        .with(
            "expected",
            format!("{} ({})", expected.subject, expected.sha256),
        )
        .with("actual", format!("{} ({})", actual.subject, actual.sha256)))
}

fn check_shape(certificate: &Certificate, chain: &Chain) -> Result<P256Key, String> {
    check_names(certificate, &chain.root.certificate, COMMON_NAME)?;
    check_end(certificate, &[])?;
    if !certificate.algorithm().is_some_and(ecdsa::is_ecdsa_sha256) {
        return Err(String::from("it is not signed with Intel's algorithm"));
    }
    P256Key::read(&certificate.content().key)
}

fn misshapen(reason: String) -> Refusal {
    refuse(Code::TcbChainShape)
        .with("certificate", TcbSigner::NAME)
        .with("reason", reason)
}

fn refuse(code: Code) -> Refusal {
    Refusal::from(code).with("input", PLACE.name)
}
