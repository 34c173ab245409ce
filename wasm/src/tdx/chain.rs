//! The chain in a quote: PCK certificate, its CA, Intel's root (SGX PCK
//! Certificate and CRL Profile Specification).

use crate::anchor::{self, Anchor, Named};
use crate::answer::Refusal;
use crate::json::write::names;
use crate::tdx::codes::Code;
use crate::tdx::pck::{self, Pck};
use crate::x509::algorithm;
use crate::x509::certificate::Certificate;
use crate::x509::ecdsa::{self, P256Key};
use crate::x509::encoding::{self, Kind, MAX_CHAIN_BYTES, Place};
use crate::x509::name;
use crate::x509::shape::{check_authority, check_names};

/// Common name of Intel's root.
const ROOT_NAME: &str = "Intel SGX Root CA";
/// Longest path below the root: one CA.
const ROOT_PATH: u8 = 1;
/// What an authority's key must be allowed to sign.
const AUTHORITY: [&str; 2] = ["keyCertSign", "cRLSign"];

const PLACE: Place = Place {
    name: "quote",
    kind: Some(Kind::Certificate),
    limit: MAX_CHAIN_BYTES,
};

/// Codes of what is wrong with the root.
pub const ANCHOR_CODES: anchor::Codes = anchor::Codes {
    unknown: Code::RootUnknown.as_str(),
    mismatch: Code::RootMismatch.as_str(),
    lab_on_vendor_path: Code::LabOnVendorPath.as_str(),
    lab_extension_missing: Code::LabExtensionMissing.as_str(),
};

/// The two CAs that issue PCK certificates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ca {
    /// For platforms of several packages, registered with Intel.
    Platform,
    /// For platforms of one package.
    Processor,
}

names!(Ca {
    Platform: "platform",
    Processor: "processor"
});

/// A certificate that signs others, and its key.
pub struct Authority {
    /// The certificate.
    pub certificate: Certificate,
    /// Its key.
    pub key: P256Key,
}

/// A chain that is genuine; whether it is in force depends on the time.
pub struct Chain {
    /// Which CA issued the PCK certificate.
    pub ca: Ca,
    /// Whether the root is a lab's.
    pub lab: bool,
    /// Root.
    pub root: Authority,
    /// CA.
    pub intermediate: Authority,
    /// The PCK certificate.
    pub leaf: Certificate,
    /// Its key.
    pub key: P256Key,
    /// What it certifies.
    pub pck: Pck,
}

/// Takes the three certificates out of a quote's certification data. Quoting
/// services write a text of C into it, which ends in a byte that is zero.
///
/// # Errors
/// `x509.*`, `input.*`
pub fn split(chain: &[u8]) -> Result<[Vec<u8>; 3], Refusal> {
    let zeros = chain.iter().rev().take_while(|byte| **byte == 0).count();
    let text = chain.get(..chain.len() - zeros).unwrap_or_default();
    encoding::exactly(text, &PLACE)
}

impl Ca {
    /// Common name of the CA.
    #[must_use]
    pub const fn common_name(self) -> &'static str {
        match self {
            Self::Platform => "Intel SGX PCK Platform CA",
            Self::Processor => "Intel SGX PCK Processor CA",
        }
    }

    fn of_name(found: Option<&str>) -> Option<Self> {
        let all = [Self::Platform, Self::Processor].into_iter();
        let mut all = all.filter(|ca| Some(ca.common_name()) == found);
        all.next()
    }

    /// The CA that a certificate names as its issuer.
    #[must_use]
    pub fn of_issuer(certificate: &Certificate) -> Option<Self> {
        Self::of_name(name::common_name(&certificate.content().issuer))
    }
}

/// The three as they stand in the quote; which is which was not checked.
struct Certificates([Certificate; 3]);

impl Certificates {
    fn parse(chain: &[u8]) -> Result<Self, Refusal> {
        let [leaf, ca, root] = split(chain)?;
        let parse = |der, name| {
            Certificate::parse(der, name).map_err(|refusal| refusal.with("input", PLACE.name))
        };
        Ok(Self([
            parse(leaf, "PCK")?,
            parse(ca, "CA")?,
            parse(root, "root")?,
        ]))
    }

    /// The root wherever it stands, so that a chain in the wrong order is not
    /// taken for one under another root.
    fn root(&self) -> &Certificate {
        let [_, _, last] = &self.0;
        let mut all = self.0.iter().rev();
        all.find(|one| is_root(one)).unwrap_or(last)
    }

    /// The three with their names, root first.
    fn named(&self) -> [Named<'_>; 3] {
        let [leaf, ca, root] = &self.0;
        [("root", root), ("CA", ca), ("PCK", leaf)]
    }

    fn check_order(&self) -> Result<(), Refusal> {
        let [leaf, ca, root] = &self.0;
        if is_root(root) && is_ca(ca) && !is_root(leaf) && !is_ca(leaf) {
            return Ok(());
        }
        let names = self
            .0
            .iter()
            .map(|one| name::shorten(name::text(&one.content().subject)));
        let names: Vec<String> = names.collect();
        Err(Refusal::from(Code::ChainOrder)
            .with("expected", "PCK certificate, CA, root")
            .with("actual", names.join(" | ")))
    }
}

fn is_root(certificate: &Certificate) -> bool {
    certificate.common_name() == Some(ROOT_NAME)
}

fn is_ca(certificate: &Certificate) -> bool {
    Ca::of_name(certificate.common_name()).is_some()
}

impl Chain {
    /// Verifies a chain: pinned root, order, signatures, shapes, Intel's
    /// extension. Signatures come before shapes, so that a chain of another
    /// form is told from a broken one.
    ///
    /// # Errors
    /// `tdx.root_*`, `tdx.lab_*`, `tdx.chain_*`, `tdx.pck_*`, `x509.*`, `input.*`
    pub fn verify(chain: &[u8], anchors: &[Anchor<'_>]) -> Result<Self, Refusal> {
        let certificates = Certificates::parse(chain)?;
        let all = certificates.named();
        let anchor = anchor::choose(anchors, certificates.root(), &all, &ANCHOR_CODES)?;
        certificates.check_order()?;
        all.into_iter().try_for_each(check_algorithm)?;
        let Certificates([leaf, ca, root]) = certificates;
        let root = Authority::verify(root, None, "root")?;
        let intermediate = Authority::verify(ca, Some(&root.key), "CA")?;
        check_signature(&leaf, &intermediate.key, "PCK")?;
        check_root(&root.certificate)?;
        let ca = check_ca(&intermediate.certificate, &root.certificate)?;
        pck::check_shape(&leaf, &intermediate.certificate)?;
        let key = P256Key::read(&leaf.content().key).map_err(pck::misshapen)?;
        let pck = Pck::read(&leaf, ca)?;
        Ok(Self {
            ca,
            lab: anchor.lab,
            root,
            intermediate,
            leaf,
            key,
            pck,
        })
    }
}

impl Authority {
    /// Reads the key and checks the signature, which a root made itself.
    fn verify(
        certificate: Certificate,
        issuer: Option<&P256Key>,
        name: &'static str,
    ) -> Result<Self, Refusal> {
        let key = P256Key::read(&certificate.content().key);
        let key = key.map_err(|reason| misshapen(name, reason))?;
        check_signature(&certificate, issuer.unwrap_or(&key), name)?;
        Ok(Self { certificate, key })
    }
}

fn check_algorithm((name, certificate): Named<'_>) -> Result<(), Refusal> {
    let algorithm = certificate.algorithm();
    if algorithm.is_some_and(ecdsa::is_ecdsa_sha256) {
        return Ok(());
    }
    Err(Refusal::from(Code::ChainAlgorithm)
        .with("certificate", name)
        .with("actual", algorithm::signature_text(algorithm)))
}

fn check_signature(
    certificate: &Certificate,
    key: &P256Key,
    name: &'static str,
) -> Result<(), Refusal> {
    if key.has_signed(certificate) {
        return Ok(());
    }
    let summary = certificate.summary();
    Err(Refusal::from(Code::ChainSignature)
        .with("certificate", name)
        .with("subject", summary.subject)
        .with("issuer", summary.issuer))
}

fn check_root(root: &Certificate) -> Result<(), Refusal> {
    let refuse = |reason| misshapen("root", reason);
    check_names(root, root, ROOT_NAME).map_err(refuse)?;
    match check_authority(root, &AUTHORITY).map_err(refuse)? {
        None | Some(ROOT_PATH) => Ok(()),
        Some(other) => Err(refuse(format!("the path length is {other}"))),
    }
}

fn check_ca(ca: &Certificate, root: &Certificate) -> Result<Ca, Refusal> {
    let refuse = |reason| misshapen("CA", reason);
    let kind = Ca::of_name(ca.common_name());
    let kind = kind.ok_or_else(|| refuse(String::from("it is no PCK CA")))?;
    check_names(ca, root, kind.common_name()).map_err(refuse)?;
    match check_authority(ca, &AUTHORITY).map_err(refuse)? {
        Some(0) => Ok(kind),
        _ => Err(refuse(String::from("the path length is not 0"))),
    }
}

fn misshapen(name: &'static str, reason: String) -> Refusal {
    Refusal::from(Code::ChainShape)
        .with("certificate", name)
        .with("reason", reason)
}
