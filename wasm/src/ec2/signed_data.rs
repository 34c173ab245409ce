//! `SignedData` of RFC 5652 §5 with one signature of RSA over SHA-256, in
//! definite form.

use crate::x509::tlv::{
    self, CONTEXT, Elements, INTEGER, NULL, OBJECT_IDENTIFIER, OCTET_STRING, Reason, SEQUENCE, SET,
};
use crate::x509::{oid, value};

/// `[1]`, constructed.
const SECOND: u8 = CONTEXT | 1;
/// Version of both structures where the signer is named by its issuer (§5.1, §5.3).
const VERSION: [u8; 1] = [1];

/// Most signed attributes; AWS writes four.
const MAX_ATTRIBUTES: usize = 16;

/// 1.2.840.113549.1.7.1
const DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// 1.2.840.113549.1.9.3
const CONTENT_TYPE: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03";
/// 1.2.840.113549.1.9.4
const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
/// 2.16.840.1.101.3.4.2.1
const SHA256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x01";
/// 1.2.840.113549.1.1.1 and 1.2.840.113549.1.1.11
const RSA: [&[u8]; 2] = [
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",
];

/// A signature, with what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedData<'a> {
    /// Issuer of the signer's certificate, DER.
    pub issuer: &'a [u8],
    /// Serial number of the signer's certificate, as it stands.
    pub serial: &'a [u8],
    /// What is signed in place of the content.
    pub attributes: Option<Attributes<'a>>,
    /// Signature.
    pub signature: &'a [u8],
}

/// Signed attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// DER of the SET, which is what was signed (§5.4).
    pub signed: Vec<u8>,
    /// SHA-256 of the content, as they say it.
    pub digest: &'a [u8],
}

impl<'a> SignedData<'a> {
    /// Reads a message whose content, where it has one, must be this.
    ///
    /// # Errors
    /// Says for a person what is wrong.
    pub fn read(der: &'a [u8], content: &[u8]) -> Result<Self, Reason> {
        let mut outer = tlv::only(der, SEQUENCE)?;
        need_equal(
            outer.need(OBJECT_IDENTIFIER)?,
            SIGNED_DATA,
            "it is no SignedData",
        )?;
        let mut fields = tlv::only(outer.need(CONTEXT)?, SEQUENCE)?;
        outer.finish()?;
        need_equal(fields.need(INTEGER)?, &VERSION, "its version is not 1")?;
        need_algorithm(only_of(fields.need(SET)?)?, &[SHA256])?;
        check_content(fields.open(SEQUENCE)?, content)?;
        // Certificates and revocation lists, which are nobody's word here.
        fields.may(CONTEXT)?;
        fields.may(SECOND)?;
        let signer = only_of(fields.need(SET)?)?;
        fields.finish()?;
        Self::read_signer(signer)
    }

    fn read_signer(mut fields: Elements<'a>) -> Result<Self, Reason> {
        need_equal(fields.need(INTEGER)?, &VERSION, "its version is not 1")?;
        let mut certificate = fields.open(SEQUENCE)?;
        let (issuer, serial) = (certificate.take()?, certificate.take()?);
        certificate.finish()?;
        if (issuer.tag, serial.tag) != (SEQUENCE, INTEGER) {
            return Err("the signer is not named by issuer and serial number");
        }
        need_algorithm(fields.open(SEQUENCE)?, &[SHA256])?;
        let attributes = fields.may(CONTEXT)?.map(Attributes::read).transpose()?;
        need_algorithm(fields.open(SEQUENCE)?, &RSA)?;
        let signature = fields.need(OCTET_STRING)?;
        fields.may(SECOND)?;
        fields.finish()?;
        Ok(Self {
            issuer: issuer.whole,
            serial: value::integer(serial.content)?,
            attributes,
            signature,
        })
    }
}

impl<'a> Attributes<'a> {
    fn read(content: &'a [u8]) -> Result<Self, Reason> {
        let mut signed = Vec::new();
        tlv::write(SET, content, &mut signed)?;
        let all = read_attributes(content)?;
        let kind = one_value(&all, CONTENT_TYPE, OBJECT_IDENTIFIER)?;
        need_equal(kind, DATA, "what is signed is no plain data")?;
        let digest = one_value(&all, MESSAGE_DIGEST, OCTET_STRING)?;
        Ok(Self { signed, digest })
    }
}

/// Identifier and values of an attribute.
type Attribute<'a> = (&'a [u8], &'a [u8]);

/// Attributes, which are in DER whatever stands around them: in order (X.690
/// §11.6), none twice.
fn read_attributes(content: &[u8]) -> Result<Vec<Attribute<'_>>, Reason> {
    let mut found: Vec<Attribute<'_>> = Vec::new();
    let mut last: &[u8] = &[];
    let mut all = Elements::of(content);
    while !all.is_empty() {
        let attribute = all.take()?;
        if attribute.tag != SEQUENCE || attribute.whole < last {
            return Err("an attribute is of another type or out of order");
        }
        last = attribute.whole;
        let mut fields = Elements::of(attribute.content);
        let id = fields.need(OBJECT_IDENTIFIER)?;
        let values = fields.need(SET)?;
        fields.finish()?;
        if !oid::is_well_formed(id) || found.iter().any(|(known, _)| *known == id) {
            return Err("an attribute is there twice, or its identifier is malformed");
        }
        if found.len() == MAX_ATTRIBUTES {
            return Err("it has too many attributes");
        }
        found.push((id, values));
    }
    Ok(found)
}

fn one_value<'a>(all: &[Attribute<'a>], id: &[u8], tag: u8) -> Result<&'a [u8], Reason> {
    let found = all.iter().find(|(known, _)| *known == id);
    let (_, values) = found.ok_or("an attribute is missing")?;
    let mut values = Elements::of(values);
    let value = values.need(tag)?;
    values.finish()?;
    Ok(value)
}

/// Elements of the one SEQUENCE that a SET holds.
fn only_of(set: &[u8]) -> Result<Elements<'_>, Reason> {
    tlv::only(set, SEQUENCE)
}

fn check_content(mut fields: Elements<'_>, content: &[u8]) -> Result<(), Reason> {
    let kind = fields.need(OBJECT_IDENTIFIER)?;
    need_equal(kind, DATA, "what is signed is no plain data")?;
    if let Some(given) = fields.may(CONTEXT)? {
        let mut given = Elements::of(given);
        let same = "it holds another document";
        need_equal(given.need(OCTET_STRING)?, content, same)?;
        given.finish()?;
    }
    fields.finish()
}

fn need_algorithm(mut fields: Elements<'_>, known: &[&[u8]]) -> Result<(), Reason> {
    let id = fields.need(OBJECT_IDENTIFIER)?;
    let parameters = fields.may(NULL)?;
    fields.finish()?;
    if known.contains(&id) && parameters.is_none_or(<[u8]>::is_empty) {
        return Ok(());
    }
    Err("it is not signed by RSA with SHA-256")
}

fn need_equal(actual: &[u8], expected: &[u8], reason: Reason) -> Result<(), Reason> {
    if actual == expected {
        return Ok(());
    }
    Err(reason)
}
