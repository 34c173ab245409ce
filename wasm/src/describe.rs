//! Certificates and revocation lists for a person to look at; nothing is verified.

use crate::answer::Refusal;
use crate::frame;
use crate::json::write::{Json, Writer, object};
use crate::lab;
use crate::moment;
use crate::x509::certificate::{Certificate, CertificateSummary, serial_text};
use crate::x509::codes::Code;
use crate::x509::crl::Crl;
use crate::x509::encoding::{self, Item, Kind, MAX_CRL_BYTES, Place};
use crate::x509::extensions::KeyUsage;
use crate::x509::structure::Extension;
use crate::x509::{algorithm, extensions, name, oid};

/// Most serial numbers of a list that are shown.
const MAX_SERIALS: usize = 100;

const PLACE: Place = Place {
    name: "file",
    kind: None,
    limit: MAX_CRL_BYTES,
};

/// Everything in a file.
pub struct Description {
    items: Vec<Described>,
}

object!(Description { items });

enum Described {
    Certificate(Box<DescribedCertificate>),
    Crl(DescribedCrl),
}

impl Json for Described {
    fn write(&self, to: &mut Writer) {
        to.object(|to| match self {
            Self::Certificate(described) => {
                to.member("kind", &"certificate");
                described.write_members(to);
            }
            Self::Crl(described) => {
                to.member("kind", &"crl");
                described.write_members(to);
            }
        });
    }
}

struct DescribedCertificate {
    summary: CertificateSummary,
    version: u8,
    signature_algorithm: String,
    key_algorithm: String,
    is_ca: bool,
    path_len: Option<u8>,
    key_usage: Vec<&'static str>,
    crl_distribution_point: Option<String>,
    extensions: Vec<DescribedExtension>,
    lab: bool,
}

object!(DescribedCertificate {
    summary,
    version,
    signature_algorithm,
    key_algorithm,
    is_ca,
    path_len,
    key_usage,
    crl_distribution_point,
    extensions,
    lab,
});

struct DescribedExtension {
    oid: String,
    critical: bool,
    bytes: usize,
}

object!(DescribedExtension {
    oid,
    critical,
    bytes
});

struct DescribedCrl {
    issuer: String,
    this_update: String,
    next_update: Option<String>,
    number: Option<String>,
    scope: Option<String>,
    revoked: Vec<String>,
    revoked_count: usize,
    sha256: String,
    signature_algorithm: String,
}

object!(DescribedCrl {
    issuer,
    this_update,
    next_update,
    number,
    scope,
    revoked,
    revoked_count,
    sha256,
    signature_algorithm,
});

/// Describes a file. Fields: the file, PEM or DER.
///
/// # Errors
/// `x509.malformed`, `x509.crl_malformed`, `x509.count`, `input.*`
pub fn operation(input: &[u8]) -> Result<Description, Refusal> {
    let [bytes] = frame::fields(input)?;
    let items = encoding::items(bytes, &PLACE)?;
    let items = items.into_iter().map(describe);
    let items = items.collect::<Result<_, _>>()?;
    Ok(Description { items })
}

fn describe(item: Item) -> Result<Described, Refusal> {
    match item.kind {
        Kind::Certificate => {
            let certificate = Certificate::parse(item.der, "in the file")?;
            let described = describe_certificate(&certificate)
                .map_err(|reason| PLACE.refuse(Code::X509Malformed).with("reason", reason))?;
            Ok(Described::Certificate(Box::new(described)))
        }
        Kind::Crl => {
            let refuse = |reason: &str| PLACE.refuse(Code::X509CrlMalformed).with("reason", reason);
            let crl = Crl::read(&item.der).map_err(refuse)?;
            describe_crl(&crl)
                .map(Described::Crl)
                .map_err(|reason| refuse(&reason))
        }
    }
}

fn describe_certificate(certificate: &Certificate) -> Result<DescribedCertificate, String> {
    let listed = certificate.extensions();
    let constraints = extensions::basic_constraints(listed)?;
    let is_ca = constraints.as_ref().is_some_and(|found| found.ca);
    let key_usage = extensions::key_usage(listed)?;
    Ok(DescribedCertificate {
        summary: certificate.summary(),
        version: certificate.content().version,
        signature_algorithm: algorithm::signature_text(certificate.algorithm()),
        key_algorithm: algorithm::key_text(&certificate.content().key),
        is_ca,
        path_len: constraints.and_then(|found| found.path_len),
        key_usage: key_usage.map_or_else(Vec::new, KeyUsage::names),
        // A certificate with several points or other kinds of names is shown without them.
        crl_distribution_point: extensions::distribution_point(listed).unwrap_or(None),
        extensions: listed.iter().map(describe_extension).collect(),
        lab: lab::is_marked(certificate),
    })
}

fn describe_extension(extension: &Extension) -> DescribedExtension {
    DescribedExtension {
        oid: oid::text(&extension.id),
        critical: extension.critical,
        bytes: extension.value.len(),
    }
}

fn describe_crl(crl: &Crl) -> Result<DescribedCrl, String> {
    let shown = crl.entries().iter().take(MAX_SERIALS);
    Ok(DescribedCrl {
        issuer: name::text(crl.issuer()),
        this_update: moment::text(crl.this_update()),
        next_update: crl.next_update().map(moment::text),
        number: crl.number()?,
        // A list with a narrower scope is shown without it; verification refuses it.
        scope: extensions::issuing_point(crl.extensions()).unwrap_or(None),
        revoked: shown.map(|entry| serial_text(&entry.serial)).collect(),
        revoked_count: crl.entries().len(),
        sha256: crl.fingerprint(),
        signature_algorithm: algorithm::signature_text(crl.algorithm()),
    })
}
