//! What must hold of identity documents: of each document and of each message
//! that is no PEM it is known whether it is well made.

use crate::accepted::{bytes, check_windows, der_of};
use crate::accepted_chain::check_summary;
use crate::arithmetic::{Made, Public};
use crate::certificate::{Signed, sha256};
use crate::cms::{self, Form, Message};
use crate::proof::{Proof, Scheme};
use crate::shape::Field;
use crate::strict_json::{self, member};
use serde_json::{Map, Value};

/// Most bytes of document and message.
const MAX_BYTES: usize = 16 * 1024;
/// Members that are texts, and shown.
const MEMBERS: [&str; 9] = [
    "accountId",
    "instanceId",
    "region",
    "imageId",
    "instanceType",
    "architecture",
    "availabilityZone",
    "pendingTime",
    "version",
];

/// What a document says; none where it must be refused.
#[must_use]
pub fn expected(document: &[u8]) -> Option<Map<String, Value>> {
    let is_in_size = (1..=MAX_BYTES).contains(&document.len());
    let members = strict_json::object(document).filter(|_| is_in_size)?;
    let texts = MEMBERS.iter().map(|name| {
        let text = member(&members, name)?.text()?;
        Some(((*name).to_owned(), text.into()))
    });
    let texts: Map<String, Value> = texts.collect::<Option<_>>()?;
    let account = texts["accountId"].as_str()?.as_bytes();
    let is_account = account.len() == 12 && account.iter().all(u8::is_ascii_digit);
    is_account.then_some(texts)
}

/// The message of a file about a document; none where it must be refused.
#[must_use]
pub fn message(file: &[u8], document: &[u8]) -> Option<Message> {
    let (_, bytes) = cms::read(file).filter(|_| (1..=MAX_BYTES).contains(&file.len()))?;
    cms::message(&cms::definite(&bytes)?, document)
}

/// Checks a refusal against what is known of document and message.
///
/// # Panics
/// Where one is refused that is well made, or the other way round.
pub fn check_refusal(fields: &[Field], code: &str) {
    let [document, file, ..] = fields else {
        return;
    };
    let (document, file) = (bytes(document), bytes(file));
    if code.starts_with("input.") {
        return;
    }
    let is_sound = expected(document).is_some();
    assert_eq!(is_sound, code != "ec2.document_malformed", "{code}");
    // Of PEM there are forms that are read here and refused there.
    let is_pem = cms::read(file).is_some_and(|(form, _)| form == Form::Pem);
    if is_sound && !is_pem {
        let is_sound = message(file, document).is_some();
        assert_eq!(is_sound, code != "ec2.signature_malformed", "{code}");
    }
}

/// Checks an accepted document; gives what must be signed.
///
/// # Panics
/// Where something does not hold.
pub fn check(fields: &[Field], found: &Value) -> Vec<Proof> {
    let [document, _, certificate, now] = fields else {
        panic!("an accepted input has four fields");
    };
    let mut said = expected(bytes(document)).expect("a document that must be refused");
    said.insert("certificate".to_owned(), found["certificate"].clone());
    let said = Value::from(said);
    assert_eq!(*found, said, "the document is shown as it is");
    let all = der_of(bytes(certificate)).expect("DER or PEM");
    let [der]: [Vec<u8>; 1] = all.try_into().expect("one certificate");
    check_summary(&der, &found["certificate"]);
    check_windows(found, bytes(now));
    let (message, proof) = signed(fields).expect("a message that must be refused");
    let read = Signed::read_unsigned(&der).expect("strict DER");
    let named = [read.issuer(), read.serial()].map(<[u8]>::to_vec);
    assert_eq!(message.signer, named, "the signer is another");
    if let Some((_, digest)) = &message.attributes {
        assert_eq!(*digest, sha256(bytes(document)), "another document's hash");
    }
    check_key(read.key());
    vec![proof]
}

fn check_key(info: &[u8]) {
    let Some(Public::Rsa([modulus, exponent])) = Public::read(info) else {
        panic!("a key of RSA");
    };
    assert!((2048..=4096).contains(&modulus.bits()), "a strong key");
    assert_eq!(exponent.to_bytes_be(), [1, 0, 1], "the exponent");
}

/// The message of an input, and what it signs.
#[must_use]
pub fn signed(fields: &[Field]) -> Option<(Message, Proof)> {
    let [document, file, certificate, _] = fields else {
        return None;
    };
    let document = bytes(document);
    let message = message(bytes(file), document)?;
    let der = der_of(bytes(certificate))?;
    let key = Signed::read_unsigned(der.first()?)?.key().to_vec();
    let attributes = message.attributes.as_ref();
    let proof = Proof {
        what: "identity document",
        scheme: Scheme::By(Made::Pkcs1("sha256")),
        key,
        message: attributes.map_or_else(|| document.to_vec(), |(signed, _)| signed.clone()),
        signature: message.signature.clone(),
    };
    Some((message, proof))
}
