//! Revocation lists of the authorities of a chain (RFC 5280 §6.3).

use crate::anchor::Named;
use crate::answer::Refusal;
use crate::frame;
use crate::input::{MAX_ITEMS, too_large};
use crate::json::write::object;
use crate::moment::{self, Position, Window};
use crate::x509::certificate::{Certificate, serial_text};
use crate::x509::codes::Code as X509Code;
use crate::x509::crl::{Crl, Envelope};
use crate::x509::encoding::{self, Place};
use crate::x509::extensions::{self, DISTRIBUTION_POINTS};
use crate::x509::name;
use crate::x509::path::{MAX_CERTIFICATES, Path};
use crate::x509::signature::{Algorithm, PublicKey};
use crate::x509::tlv::Reason;

/// Most lists: one of each certificate's issuer.
const MAX_LISTS: usize = MAX_CERTIFICATES;

/// How a technology calls what is wrong with a list.
pub struct Codes {
    /// It is of nobody on the path.
    pub issuer: &'static str,
    /// It is not whole, or does not cover what its issuer certified.
    pub shape: &'static str,
    /// Its signature does not verify.
    pub signature: &'static str,
    /// A certificate of the path is on it.
    pub revoked: &'static str,
    /// The next one is due.
    pub expired: &'static str,
    /// It is from the future.
    pub not_yet_valid: &'static str,
}

/// A list that was authenticated and revokes nothing of its chain, as the
/// TypeScript type of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // `report.ts` of each technology documents each field.
pub struct RevocationList {
    pub issuer: String,
    pub this_update: String,
    pub next_update: String,
    pub entries: usize,
    window: Window,
    input: &'static str,
}

object!(RevocationList { issuer, this_update, next_update, entries; window, input });

/// Lists of a chain.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Lists that were given, in their order.
    pub lists: Vec<RevocationList>,
    /// Whether every certificate but the root that says where its list lies is covered.
    pub checked: bool,
}

/// What lists are about.
struct Reader<'a> {
    place: &'a Place,
    codes: &'a Codes,
    issued: Vec<(Named<'a>, &'a Certificate)>,
    authorities: &'a [Certificate],
}

/// Refuses what is no list from outside, before anything else is judged.
///
/// # Errors
/// `x509.crl_malformed`, `x509.count`, `input.*`
pub fn check_files(files: &[u8], place: &Place) -> Result<(), Refusal> {
    for file in read_files(files, place)? {
        let [der] = encoding::exactly(file, place)?;
        Envelope::read(&der).map_err(|reason| malformed(place, reason))?;
    }
    Ok(())
}

fn read_files<'a>(files: &'a [u8], place: &Place) -> Result<Vec<&'a [u8]>, Refusal> {
    let files = frame::list(files, MAX_ITEMS)?;
    if files.len() > MAX_LISTS {
        return Err(too_large(place.name, MAX_LISTS, files.len(), "lists"));
    }
    Ok(files)
}

fn malformed(place: &Place, reason: Reason) -> Refusal {
    let refusal = place.refuse(X509Code::X509CrlMalformed);
    refusal.with("reason", reason)
}

impl Lists {
    /// Authenticates lists and looks the chain's certificates up in them.
    /// Whether they are current is left to [`Lists::check_windows`].
    ///
    /// # Errors
    /// Those of `codes` but for the time, `x509.crl_malformed`, `x509.count`, `input.*`
    pub fn verify(
        files: &[u8],
        path: &Path,
        place: &Place,
        codes: &Codes,
    ) -> Result<Self, Refusal> {
        let files = read_files(files, place)?;
        let mut issued = path.issued();
        issued.pop(); // The root stands and falls with its pin.
        let reader = Reader {
            place,
            codes,
            issued,
            authorities: &path.authorities,
        };
        let mut issuers = Vec::new();
        let mut lists = Vec::new();
        for file in files {
            let (issuer, list) = reader.verify(file)?;
            issuers.push(issuer);
            lists.push(list);
        }
        let checked = reader.is_checked(&issuers);
        Ok(Self { lists, checked })
    }

    /// Refuses a list from the future or past its next update.
    ///
    /// # Errors
    /// `not_yet_valid` and `expired` of `codes`
    pub fn check_windows(&self, now: u64, codes: &Codes) -> Result<(), Refusal> {
        let mut lists = self.lists.iter();
        lists.try_for_each(|list| list.check_window(now, codes))
    }
}

impl RevocationList {
    fn check_window(&self, now: u64, codes: &Codes) -> Result<(), Refusal> {
        let (code, name, limit) = match self.window.position(now) {
            Position::Within => return Ok(()),
            Position::Before => (codes.not_yet_valid, "thisUpdate", &self.this_update),
            Position::After => (codes.expired, "nextUpdate", &self.next_update),
        };
        Err(Refusal::of_code(code)
            .with("input", self.input)
            .with(name, limit.as_str())
            .with("now", moment::text(now)))
    }
}

impl<'a> Reader<'a> {
    fn verify(&self, file: &[u8]) -> Result<(&'a Certificate, RevocationList), Refusal> {
        let [der] = encoding::exactly(file, self.place)?;
        let issuer = self.authenticate(&der)?;
        let crl = Crl::read(&der).map_err(|reason| malformed(self.place, reason))?;
        let window = crl.check_form().map_err(|reason| self.misshapen(reason))?;
        let covered = self.covered(issuer);
        check_scope(&crl, &covered).map_err(|reason| self.misshapen(reason))?;
        self.check_revoked(&crl, &covered)?;
        let list = RevocationList {
            issuer: name::text(crl.issuer()),
            this_update: moment::text(window.from),
            next_update: moment::text(window.until),
            entries: crl.entries().len(),
            window,
            input: self.place.name,
        };
        Ok((issuer, list))
    }

    /// Issuer, algorithm and signature, before anything that grows with the list.
    fn authenticate(&self, der: &[u8]) -> Result<&'a Certificate, Refusal> {
        let envelope = Envelope::read(der).map_err(|reason| malformed(self.place, reason))?;
        let named = self.named(&envelope)?;
        let algorithm = envelope.read_algorithm();
        let algorithm = algorithm.map_err(|reason| malformed(self.place, reason))?;
        let mut wrong = None;
        for issuer in named {
            match is_signed(&envelope, Algorithm::read(Some(&algorithm)), issuer) {
                Ok(true) => return Ok(issuer),
                Ok(false) => {}
                Err(reason) => wrong = Some(reason),
            }
        }
        let refusal = self.refuse(self.codes.signature);
        Err(match wrong {
            None => refusal,
            Some(reason) => refusal.with("reason", reason),
        })
    }

    /// The authorities that a list may be of: at least one, by its name.
    fn named(&self, envelope: &Envelope<'_>) -> Result<Vec<&'a Certificate>, Refusal> {
        let authorities = self.authorities.iter();
        let found: Vec<_> = authorities
            .filter(|one| envelope.is_of(&one.content().subject))
            .filter(|one| may_sign_lists(one))
            .collect();
        if found.is_empty() {
            let refusal = self.refuse(self.codes.issuer);
            return Err(refusal.with("actual", envelope.issuer_text()));
        }
        Ok(found)
    }

    /// The certificates that an authority issued, with its name and its key.
    fn covered(&self, authority: &Certificate) -> Vec<Named<'a>> {
        let issued = self.issued.iter();
        issued
            .filter(|(_, issuer)| is_same(issuer, authority))
            .map(|(certificate, _)| *certificate)
            .collect()
    }

    fn check_revoked(&self, crl: &Crl, covered: &[Named<'_>]) -> Result<(), Refusal> {
        for (name, certificate) in covered {
            let serial = &certificate.content().serial;
            if let Some(entry) = crl.find(serial) {
                return Err(self
                    .refuse(self.codes.revoked)
                    .with("certificate", *name)
                    .with("serial", serial_text(serial))
                    .with("date", moment::text(entry.date)));
            }
        }
        Ok(())
    }

    fn is_checked(&self, issuers: &[&Certificate]) -> bool {
        self.issued.iter().all(|((_, certificate), issuer)| {
            let listed = extensions::find(certificate.extensions(), DISTRIBUTION_POINTS);
            listed.is_none() || issuers.iter().any(|one| is_same(one, issuer))
        })
    }

    fn refuse(&self, code: &'static str) -> Refusal {
        Refusal::of_code(code).with("input", self.place.name)
    }

    fn misshapen(&self, reason: String) -> Refusal {
        self.refuse(self.codes.shape).with("reason", reason)
    }
}

fn is_signed(
    envelope: &Envelope<'_>,
    algorithm: Result<Algorithm, String>,
    issuer: &Certificate,
) -> Result<bool, String> {
    let key = PublicKey::read(&issuer.content().key)?;
    Ok(key.verifies(algorithm?, envelope.signed, envelope.signature))
}

/// §6.3.3 f: where an authority's key usage is said, it must be allowed to.
fn may_sign_lists(authority: &Certificate) -> bool {
    let usage = extensions::key_usage(authority.extensions());
    usage.is_ok_and(|usage| usage.is_none_or(|usage| usage.allows("cRLSign")))
}

fn is_same(one: &Certificate, other: &Certificate) -> bool {
    one.content().subject == other.content().subject
        && one.key_fingerprint() == other.key_fingerprint()
}

/// A list of one point of several must be that of the certificate, so that one
/// where it does not stand cannot be given for one where it does (§6.3.3 b 2).
fn check_scope(crl: &Crl, covered: &[Named<'_>]) -> Result<(), String> {
    let Some(uri) = extensions::issuing_point(crl.extensions())? else {
        return Ok(());
    };
    for (_, certificate) in covered {
        let point = extensions::distribution_point(certificate.extensions());
        if point.ok().flatten().as_ref() != Some(&uri) {
            return Err(String::from(
                "it is of another distribution point than the certificate's",
            ));
        }
    }
    Ok(())
}
