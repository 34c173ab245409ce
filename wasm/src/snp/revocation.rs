//! Revocation lists of a chain (57230 §2.3, RFC 5280 §6.3). AMD's are issued by the ARK.

use crate::answer::Refusal;
use crate::json::write::object;
use crate::moment::{self, Position, Window};
use crate::snp::chain::Certificates;
use crate::snp::codes::Code;
use crate::snp::leaf::Form;
use crate::x509::certificate::serial_text;
use crate::x509::codes::Code as X509Code;
use crate::x509::crl::{Crl, Envelope};
use crate::x509::encoding::{self, Kind, MAX_CRL_BYTES, Place};
use crate::x509::name::shorten;
use crate::x509::pss::{self, RsaKey};
use crate::x509::tlv::Reason;
use crate::x509::{extensions, name};

/// Most lists for one chain: one is enough, a caller may keep those of other lines beside it.
pub const MAX_CRLS: usize = 4;

const PLACE: Place = Place {
    name: "crl",
    kind: Some(Kind::Crl),
    limit: MAX_CRL_BYTES,
};

/// A list that was authenticated and covers the chain, as the TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    /// CRL number, hex.
    pub number: Option<String>,
    /// Time of issue, ISO 8601.
    pub this_update: String,
    /// Time by which the next is due, ISO 8601.
    pub next_update: String,
    /// URI of the issuing distribution point.
    pub scope: Option<String>,
    /// How many certificates it revokes.
    pub revoked: usize,
    /// SHA-256 of the DER, hex.
    pub sha256: String,
    /// When it may be used.
    pub window: Window,
}

object!(RevocationList { number, this_update, next_update, scope, revoked, sha256; window });

/// Whom a list has to be about.
pub struct Subject<'a> {
    /// The chain.
    pub certificates: &'a Certificates,
    /// Its form.
    pub form: Form,
    /// The root's key.
    pub ark: &'a RsaKey,
}

impl RevocationList {
    /// Authenticates a list and looks the chain's certificates up in it.
    /// Whether it is current is left to [`Self::check_window`].
    ///
    /// # Errors
    /// `snp.crl_issuer`, `snp.crl_shape`, `snp.crl_signature`, `snp.crl_scope`,
    /// `snp.revoked`, `x509.crl_malformed`, `x509.count` and `input.*`
    pub fn verify(bytes: &[u8], subject: &Subject<'_>) -> Result<Self, Refusal> {
        let [der] = encoding::exactly(bytes, &PLACE)?;
        authenticate(&der, subject)?;
        let crl = Crl::read(&der).map_err(malformed)?;
        let window = crl.check_form().map_err(misshapen)?;
        let scope = check_scope(&crl, subject)?;
        check_revoked(&crl, subject)?;
        Ok(Self {
            number: crl.number().map_err(misshapen)?,
            this_update: moment::text(window.from),
            next_update: moment::text(window.until),
            scope,
            revoked: crl.entries().len(),
            sha256: crl.fingerprint(),
            window,
        })
    }

    /// Refuses a list from the future or past its next update.
    ///
    /// # Errors
    /// `snp.crl_not_yet_valid`, `snp.crl_expired`
    pub fn check_window(&self, now: u64) -> Result<(), Refusal> {
        let (code, name, limit) = match self.window.position(now) {
            Position::Within => return Ok(()),
            Position::Before => (Code::CrlNotYetValid, "thisUpdate", &self.this_update),
            Position::After => (Code::CrlExpired, "nextUpdate", &self.next_update),
        };
        Err(Refusal::from(code)
            .with(name, limit.as_str())
            .with("now", moment::text(now)))
    }
}

fn malformed(reason: Reason) -> Refusal {
    PLACE
        .refuse(X509Code::X509CrlMalformed)
        .with("reason", reason)
}

fn misshapen(reason: String) -> Refusal {
    Refusal::from(Code::CrlShape).with("reason", reason)
}

/// Issuer, algorithm and signature, before anything that grows with the list.
fn authenticate(der: &[u8], subject: &Subject<'_>) -> Result<(), Refusal> {
    let envelope = Envelope::read(der).map_err(malformed)?;
    let ark = &subject.certificates.ark.content().subject;
    envelope.check_issuer(ark).map_err(|actual| {
        Refusal::from(Code::CrlIssuer)
            .with("expected", name::text(ark))
            .with("actual", actual)
    })?;
    let algorithm = envelope.read_algorithm().map_err(malformed)?;
    if !pss::is_amd_pss(&algorithm) {
        return Err(misshapen(String::from(
            "it is not signed with AMD's algorithm",
        )));
    }
    if !subject.ark.verifies(envelope.signed, envelope.signature) {
        return Err(Refusal::from(Code::CrlSignature));
    }
    Ok(())
}

/// The list must come from the point that the intermediate names, so that a
/// VCEK's list cannot stand in for a VLEK's (RFC 5280 §6.3.3 b 2).
fn check_scope(crl: &Crl, subject: &Subject<'_>) -> Result<Option<String>, Refusal> {
    let scope = extensions::issuing_point(crl.extensions()).map_err(misshapen)?;
    let Some(uri) = scope else {
        return Ok(None);
    };
    let ask = extensions::distribution_point(subject.certificates.ask.extensions());
    let ask = ask.map_err(|reason| {
        Refusal::from(Code::ChainShape)
            .with("certificate", subject.form.issuer_name())
            .with("reason", reason)
    })?;
    if ask.as_ref() == Some(&uri) {
        return Ok(Some(uri));
    }
    let expected = ask.unwrap_or_else(|| String::from("a list of everything the ARK issues"));
    Err(Refusal::from(Code::CrlScope)
        .with("expected", expected)
        .with("actual", shorten(uri)))
}

fn check_revoked(crl: &Crl, subject: &Subject<'_>) -> Result<(), Refusal> {
    for (name, certificate) in subject.certificates.named_as(subject.form) {
        let serial = &certificate.content().serial;
        if let Some(entry) = crl.find(serial) {
            return Err(Refusal::from(Code::Revoked)
                .with("certificate", name)
                .with("serial", serial_text(serial))
                .with("date", moment::text(entry.date)));
        }
    }
    Ok(())
}
