//! Revocation lists of the PCK CA and of the root (SGX PCK Certificate and CRL
//! Profile Specification, RFC 5280 §6.3).

use crate::anchor::Named;
use crate::answer::Refusal;
use crate::json::write::object;
use crate::moment::{self, Position, Window};
use crate::tdx::chain::Authority;
use crate::tdx::codes::Code;
use crate::x509::certificate::serial_text;
use crate::x509::codes::Code as X509Code;
use crate::x509::crl::{Crl, Envelope};
use crate::x509::ecdsa;
use crate::x509::encoding::{self, Kind, MAX_CRL_BYTES, Place};
use crate::x509::extensions::{self, ISSUING_POINT};
use crate::x509::name;
use crate::x509::tlv::Reason;

/// The list of the CA that issued the PCK certificate.
pub const PCK_CRL: Place = Place {
    name: "pck-crl",
    kind: Some(Kind::Crl),
    limit: MAX_CRL_BYTES,
};
/// The list of the root.
pub const ROOT_CRL: Place = Place {
    name: "root-crl",
    ..PCK_CRL
};

/// A list that was authenticated and does not revoke what it was asked about,
/// as the TypeScript type `TdxRevocationList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationList {
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// CRL number, hex.
    pub number: Option<String>,
    /// Time of issue, ISO 8601.
    pub this_update: String,
    /// Time by which the next is due, ISO 8601.
    pub next_update: String,
    /// How many certificates it revokes.
    pub revoked: usize,
    /// SHA-256 of the DER, hex.
    pub sha256: String,
    window: Window,
    input: &'static str,
}

object!(RevocationList {
    issuer, number, this_update, next_update, revoked, sha256; window, input
});

/// A list in the making: whose it is, and where it was given.
struct Reader<'a> {
    issuer: &'a Authority,
    place: &'static Place,
}

impl RevocationList {
    /// Authenticates a list as its issuer's and looks certificates up in it.
    /// Whether it is current is left to [`Self::check_window`].
    ///
    /// # Errors
    /// `tdx.crl_issuer`, `tdx.crl_signature`, `tdx.crl_shape`, `tdx.revoked`,
    /// `x509.crl_malformed`, `x509.count`, `input.*`
    pub fn verify(
        bytes: &[u8],
        place: &'static Place,
        issuer: &Authority,
        subjects: &[Named<'_>],
    ) -> Result<Self, Refusal> {
        let reader = Reader { issuer, place };
        let [der] = encoding::exactly(bytes, place)?;
        reader.authenticate(&der)?;
        let crl = Crl::read(&der).map_err(|reason| reader.malformed(reason))?;
        let list = reader
            .read(&crl)
            .map_err(|reason| reader.misshapen(reason))?;
        reader.check_revoked(&crl, subjects)?;
        Ok(list)
    }

    /// Refuses a list from the future or past its next update.
    ///
    /// # Errors
    /// `tdx.crl_not_yet_valid`, `tdx.crl_expired`
    pub fn check_window(&self, now: u64) -> Result<(), Refusal> {
        let (code, name, limit) = match self.window.position(now) {
            Position::Within => return Ok(()),
            Position::Before => (Code::CrlNotYetValid, "thisUpdate", &self.this_update),
            Position::After => (Code::CrlExpired, "nextUpdate", &self.next_update),
        };
        Err(Refusal::from(code)
            .with("input", self.input)
            .with(name, limit.as_str())
            .with("now", moment::text(now)))
    }
}

impl Reader<'_> {
    /// Issuer, algorithm and signature, before anything that grows with the list.
    fn authenticate(&self, der: &[u8]) -> Result<(), Refusal> {
        let envelope = Envelope::read(der).map_err(|reason| self.malformed(reason))?;
        let expected = &self.issuer.certificate.content().subject;
        envelope.check_issuer(expected).map_err(|actual| {
            self.refuse(Code::CrlIssuer)
                .with("expected", name::text(expected))
                .with("actual", actual)
        })?;
        let algorithm = envelope.read_algorithm();
        let algorithm = algorithm.map_err(|reason| self.malformed(reason))?;
        if !ecdsa::is_ecdsa_sha256(&algorithm) {
            let reason = "it is not signed with Intel's algorithm";
            return Err(self.misshapen(String::from(reason)));
        }
        let key = &self.issuer.key;
        if key.verifies_der(envelope.signed, envelope.signature) {
            return Ok(());
        }
        Err(self.refuse(Code::CrlSignature))
    }

    /// Intel's lists cover everything that their issuer issues.
    fn read(&self, crl: &Crl) -> Result<RevocationList, String> {
        let window = crl.check_form()?;
        if extensions::find(crl.extensions(), ISSUING_POINT).is_some() {
            return Err(String::from(
                "it covers only a part of its issuer's certificates",
            ));
        }
        Ok(RevocationList {
            issuer: name::text(crl.issuer()),
            number: crl.number()?,
            this_update: moment::text(window.from),
            next_update: moment::text(window.until),
            revoked: crl.entries().len(),
            sha256: crl.fingerprint(),
            window,
            input: self.place.name,
        })
    }

    fn check_revoked(&self, crl: &Crl, subjects: &[Named<'_>]) -> Result<(), Refusal> {
        for (name, certificate) in subjects {
            let serial = &certificate.content().serial;
            if let Some(entry) = crl.find(serial) {
                return Err(self
                    .refuse(Code::Revoked)
                    .with("certificate", *name)
                    .with("serial", serial_text(serial))
                    .with("date", moment::text(entry.date)));
            }
        }
        Ok(())
    }

    fn refuse(&self, code: Code) -> Refusal {
        Refusal::from(code).with("input", self.place.name)
    }

    fn malformed(&self, reason: Reason) -> Refusal {
        let refusal = self.place.refuse(X509Code::X509CrlMalformed);
        refusal.with("reason", reason)
    }

    fn misshapen(&self, reason: String) -> Refusal {
        self.refuse(Code::CrlShape).with("reason", reason)
    }
}
