//! A leaf, its intermediate and its root, verified together with their revocation lists.

use crate::anchor::{self, Anchor, Named};
use crate::answer::Refusal;
use crate::cache;
use crate::moment::{self, Position, Window};
use crate::snp::codes::Code;
use crate::snp::leaf::{Form, Leaf};
use crate::snp::line::Line;
use crate::snp::revocation::{RevocationList, Subject};
use crate::snp::shape;
use crate::x509::algorithm::{self, CURVE_P384};
use crate::x509::certificate::{Certificate, CertificateSummary};
use crate::x509::encoding::{self, Kind, MAX_CERTIFICATE_BYTES, MAX_CHAIN_BYTES, Place};
use crate::x509::name;
use crate::x509::pss::{self, RsaKey};
use casemate_arithmetic::P384Key;

const LEAF: Place = Place {
    name: "leaf",
    kind: Some(Kind::Certificate),
    limit: MAX_CERTIFICATE_BYTES,
};
const CHAIN: Place = Place {
    name: "chain",
    kind: Some(Kind::Certificate),
    limit: MAX_CHAIN_BYTES,
};

/// Codes of what is wrong with the root.
const ANCHOR_CODES: anchor::Codes = anchor::Codes {
    unknown: Code::RootUnknown.as_str(),
    mismatch: Code::RootMismatch.as_str(),
    lab_on_vendor_path: Code::LabOnVendorPath.as_str(),
    lab_extension_missing: Code::LabExtensionMissing.as_str(),
};

/// Everything that a chain is verified with, except the time.
pub struct Input<'a> {
    /// The VCEK or VLEK, PEM or DER.
    pub leaf: &'a [u8],
    /// ASK or ASVK, then ARK; PEM or DER.
    pub chain: &'a [u8],
    /// Revocation lists, each PEM or DER.
    pub crls: Vec<&'a [u8]>,
    /// Pinned roots.
    pub anchors: Vec<Anchor<'a>>,
}

/// The three certificates, parsed.
pub struct Certificates {
    /// VCEK or VLEK.
    pub leaf: Certificate,
    /// ASK or ASVK.
    pub ask: Certificate,
    /// Root.
    pub ark: Certificate,
}

/// A chain that is genuine; whether it is in force depends on the time.
pub struct Chain {
    /// Product line.
    pub line: &'static Line,
    /// Whether the root is a lab's.
    pub lab: bool,
    /// What the leaf certifies.
    pub leaf: Leaf,
    /// The leaf's key.
    pub key: P384Key,
    /// The intermediate.
    pub ask: CertificateSummary,
    /// The root.
    pub ark: CertificateSummary,
    /// Lists that do not revoke any of the three.
    pub crls: Vec<RevocationList>,
    windows: [(&'static str, Window); 3],
}

impl Input<'_> {
    /// Hash over all of it, for the cache.
    ///
    /// # Errors
    /// A bug when a part is too long.
    pub fn key(&self) -> Result<[u8; 32], Refusal> {
        let count = self.crls.len().to_be_bytes();
        let parts = [self.leaf, self.chain, &count].into_iter();
        let anchors = self.anchors.iter().flat_map(Anchor::parts);
        cache::key(parts.chain(self.crls.iter().copied()).chain(anchors))
    }
}

impl Certificates {
    fn parse(leaf: &[u8], chain: &[u8]) -> Result<Self, Refusal> {
        let [leaf] = encoding::exactly(leaf, &LEAF)?;
        let [ask, ark] = encoding::exactly(chain, &CHAIN)?;
        Ok(Self {
            leaf: Certificate::parse(leaf, "leaf")?,
            ask: Certificate::parse(ask, "ASK")?,
            ark: Certificate::parse(ark, "ARK")?,
        })
    }

    /// The three with their names, root first.
    #[must_use]
    pub fn named(&self) -> [Named<'_>; 3] {
        let form = Form::of(&self.leaf).unwrap_or_else(|| shape::form_of_ask(&self.ask));
        self.named_as(form)
    }

    /// The three with the names of a form, root first.
    #[must_use]
    pub const fn named_as(&self, form: Form) -> [Named<'_>; 3] {
        [
            ("ARK", &self.ark),
            (form.issuer_name(), &self.ask),
            (form.name(), &self.leaf),
        ]
    }
}

impl Chain {
    /// Verifies a chain: pinned root, signatures, shapes, the leaf's
    /// extensions, revocation. Signatures come before shapes, so that a chain
    /// of another product is told from a broken one.
    ///
    /// # Errors
    /// `snp.chain_*`, `snp.root_*`, `snp.lab_*`, `snp.*_signature`, `snp.leaf_*`,
    /// `snp.crl_*`, `snp.revoked`, `x509.*`, `input.*`
    pub fn verify(input: &Input<'_>) -> Result<Self, Refusal> {
        let certificates = Certificates::parse(input.leaf, input.chain)?;
        check_order(&certificates)?;
        let (root, all) = (&certificates.ark, certificates.named());
        let anchor = anchor::choose(&input.anchors, root, &all, &ANCHOR_CODES)?;
        let ark = verify_signatures(&certificates)?;
        let line = check_line(&certificates.ark, anchor)?;
        shape::check_ark(&certificates.ark, line.name)?;
        let form = shape::check_ask(&certificates.ask, &certificates.ark, line.name)?;
        shape::check_leaf(&certificates.leaf, &certificates.ask, form)?;
        let key = read_key(&certificates.leaf, form)?;
        let leaf = Leaf::read(&certificates.leaf, form, line)?;
        let subject = Subject {
            certificates: &certificates,
            form,
            ark: &ark,
        };
        let crls = input
            .crls
            .iter()
            .map(|crl| RevocationList::verify(crl, &subject));
        Ok(Self {
            line,
            lab: anchor.lab,
            leaf,
            key,
            ask: certificates.ask.summary(),
            ark: certificates.ark.summary(),
            crls: crls.collect::<Result<_, _>>()?,
            windows: certificates
                .named_as(form)
                .map(|(name, one)| (name, one.window())),
        })
    }

    /// Refuses a time outside of any list's window.
    ///
    /// # Errors
    /// `snp.crl_expired`, `snp.crl_not_yet_valid`
    pub fn check_lists(&self, now: u64) -> Result<(), Refusal> {
        self.crls.iter().try_for_each(|crl| crl.check_window(now))
    }

    /// Refuses a time outside of any certificate's validity.
    ///
    /// # Errors
    /// `snp.certificate_expired`, `snp.certificate_not_yet_valid`
    pub fn check_validity(&self, now: u64) -> Result<(), Refusal> {
        for (name, window) in self.windows {
            let (code, bound, limit) = match window.position(now) {
                Position::Within => continue,
                Position::Before => (Code::CertificateNotYetValid, "notBefore", window.from),
                Position::After => (Code::CertificateExpired, "notAfter", window.until),
            };
            return Err(Refusal::from(code)
                .with("certificate", name)
                .with(bound, moment::text(limit))
                .with("now", moment::text(now)));
        }
        Ok(())
    }
}

/// AMD's KDS serves ASK first; the other way round is the commonest mistake.
fn check_order(certificates: &Certificates) -> Result<(), Refusal> {
    let is_root = |one: &Certificate| shape::line_of_ark(one).is_some();
    if is_root(&certificates.ask) && !is_root(&certificates.ark) {
        return Err(Refusal::from(Code::ChainOrder)
            .with("first", name::text(&certificates.ask.content().subject))
            .with("second", name::text(&certificates.ark.content().subject)));
    }
    Ok(())
}

/// One algorithm, three signatures; gives the root's key for the lists.
fn verify_signatures(certificates: &Certificates) -> Result<RsaKey, Refusal> {
    for (name, certificate) in certificates.named() {
        let algorithm = certificate.algorithm();
        if !algorithm.is_some_and(pss::is_amd_pss) {
            return Err(Refusal::from(Code::ChainAlgorithm)
                .with("certificate", name)
                .with("actual", algorithm::signature_text(algorithm)));
        }
    }
    let issuer_name = shape::form_of_ask(&certificates.ask).issuer_name();
    let ark = read_rsa_key(&certificates.ark, "ARK")?;
    verify_one(&ark, &certificates.ark, Code::ArkSignature, "ARK")?;
    verify_one(&ark, &certificates.ask, Code::AskSignature, "ARK")?;
    let ask = read_rsa_key(&certificates.ask, issuer_name)?;
    verify_one(&ask, &certificates.leaf, Code::LeafSignature, issuer_name)?;
    Ok(ark)
}

fn read_rsa_key(certificate: &Certificate, name: &'static str) -> Result<RsaKey, Refusal> {
    RsaKey::read(&certificate.content().key).map_err(|reason| {
        Refusal::from(Code::ChainShape)
            .with("certificate", name)
            .with("reason", reason)
    })
}

fn verify_one(
    key: &RsaKey,
    certificate: &Certificate,
    code: Code,
    signer: &'static str,
) -> Result<(), Refusal> {
    if key.verifies(certificate.signed(), certificate.signature()) {
        return Ok(());
    }
    let summary = certificate.summary();
    Err(Refusal::from(code)
        .with("subject", summary.subject)
        .with("issuer", summary.issuer)
        .with("verified with", signer))
}

/// The line is the pinned root's: neither the report nor the leaf has a say in it.
fn check_line(ark: &Certificate, anchor: &Anchor<'_>) -> Result<&'static Line, Refusal> {
    let stated = shape::line_of_ark(ark).unwrap_or_default();
    let line = if anchor.label.is_empty() {
        stated
    } else {
        anchor.label
    };
    Line::find(line).ok_or_else(|| {
        Refusal::from(Code::ChainShape)
            .with("certificate", "ARK")
            .with("expected", Line::names())
            .with("actual", name::text(&ark.content().subject))
    })
}

fn read_key(leaf: &Certificate, form: Form) -> Result<P384Key, Refusal> {
    let refuse = |reason: String| {
        Refusal::from(Code::LeafShape)
            .with("certificate", form.name())
            .with("reason", reason)
    };
    let point = algorithm::point(&leaf.content().key, CURVE_P384).map_err(refuse)?;
    P384Key::of_point(point)
        .ok_or_else(|| refuse(String::from("the key is not a point of the curve")))
}
