//! Everything of an identity document before it is signed. The message is
//! written here, apart from the code that reads it.

use super::{Outcome, run};
use crate::part::{oid, sequence, tlv};
use crate::tpm::blueprint::{NOW, Paper, certificate, name, seconds};
use crate::tpm::key::{How, Key, digest};
use crate::x509::structure::Content;
use casemate_core::ec2::identity;
use der::Encode;

/// A document as AWS writes it.
pub const DOCUMENT: &str = r#"{
  "accountId" : "123456789012",
  "architecture" : "x86_64",
  "availabilityZone" : "eu-north-1a",
  "billingProducts" : null,
  "imageId" : "ami-1",
  "instanceId" : "i-1",
  "instanceType" : "m7a.large",
  "marketplaceProductCodes" : [ "a", "b" ],
  "pendingTime" : "2026-06-01T00:00:00Z",
  "region" : "eu-north-1",
  "version" : "2017-09-30"
}"#;

/// Everything of one case; parts of the message are DER.
#[derive(Clone)]
pub struct Case {
    pub document: Vec<u8>,
    /// What the message is made of in place of the document.
    pub signed_document: Vec<u8>,
    pub kind: Vec<u8>,
    pub version: Vec<u8>,
    pub digests: Vec<u8>,
    /// The content, where the message holds one.
    pub content: Vec<u8>,
    /// Certificates and lists.
    pub extra: Vec<u8>,
    pub signer_version: Vec<u8>,
    pub signer: Vec<u8>,
    pub digest: Vec<u8>,
    /// Signed attributes without their tag; none where the document itself is signed.
    pub attributes: Option<Vec<Vec<u8>>>,
    pub algorithm: Vec<u8>,
    pub unsigned: Vec<u8>,
    /// What stands behind the signer in the set of signers, and behind everything.
    pub more_signers: Vec<u8>,
    pub end: Vec<u8>,
    pub certificate: Paper<Content>,
    /// The key that signs.
    pub key: Key,
    pub now: u64,
}

/// An identifier.
pub fn id(text: &str) -> Vec<u8> {
    tlv(6, &oid(text))
}

/// An algorithm with NULL.
pub fn algorithm(text: &str) -> Vec<u8> {
    sequence(&[&id(text), &[5, 0]])
}

/// An attribute with values.
pub fn attribute(text: &str, values: &[u8]) -> Vec<u8> {
    sequence(&[&id(text), &tlv(0x31, values)])
}

/// The two attributes that there must be, over a document.
pub fn attributes(document: &[u8]) -> Vec<Vec<u8>> {
    vec![
        attribute("1.2.840.113549.1.9.3", &id("1.2.840.113549.1.7.1")),
        attribute("1.2.840.113549.1.9.4", &tlv(4, &digest(256, document))),
    ]
}

impl Case {
    /// As AWS makes them, the content within.
    pub fn new() -> Self {
        let signer = (Key::Rsa, How::Pkcs1(256));
        let document = DOCUMENT.as_bytes().to_vec();
        Self {
            signed_document: document.clone(),
            kind: id("1.2.840.113549.1.7.2"),
            version: vec![2, 1, 1],
            digests: tlv(0x31, &algorithm("2.16.840.1.101.3.4.2.1")),
            content: tlv(0xa0, &tlv(4, &document)),
            extra: vec![],
            signer_version: vec![2, 1, 1],
            // The serial number is the length of the subject's name.
            signer: sequence(&[&name("region").to_der().unwrap(), &[2, 1, 6]]),
            digest: algorithm("2.16.840.1.101.3.4.2.1"),
            attributes: Some(attributes(&document)),
            algorithm: algorithm("1.2.840.113549.1.1.11"),
            unsigned: vec![],
            more_signers: vec![],
            end: vec![],
            certificate: certificate(["region", "region"], Key::Rsa, signer, vec![]),
            key: Key::Rsa,
            now: seconds(NOW),
            document,
        }
    }

    /// The same without attributes.
    pub fn plain() -> Self {
        let attributes = None;
        Self {
            attributes,
            ..Self::new()
        }
    }

    fn signature(&self) -> Vec<u8> {
        let signed = match &self.attributes {
            None => self.signed_document.clone(),
            Some(all) => tlv(0x31, &all.concat()),
        };
        tlv(4, &self.key.sign(How::Pkcs1(256), &signed))
    }

    /// The message, DER.
    pub fn message(&self) -> Vec<u8> {
        let all = self.attributes.as_ref();
        let all = all.map_or_else(Vec::new, |all| tlv(0xa0, &all.concat()));
        let signer = sequence(&[
            &self.signer_version,
            &self.signer,
            &self.digest,
            &all,
            &self.algorithm,
            &self.signature(),
            &self.unsigned,
        ]);
        let data = sequence(&[
            &self.version,
            &self.digests,
            &sequence(&[&id("1.2.840.113549.1.7.1"), &self.content]),
            &self.extra,
            &tlv(0x31, &[signer, self.more_signers.clone()].concat()),
            &self.end,
        ]);
        sequence(&[&self.kind, &tlv(0xa0, &data)])
    }

    /// Verifies it.
    pub fn verify(&self) -> Outcome {
        self.verify_file(&self.message())
    }

    /// Verifies another file with the signature.
    pub fn verify_file(&self, file: &[u8]) -> Outcome {
        let (certificate, now) = (self.certificate.sign(), self.now.to_be_bytes());
        let fields: [&[u8]; 4] = [&self.document, file, &certificate, &now];
        run(identity::operation, &fields)
    }
}
