//! Everything of a document before it is signed.

use super::cbor::{NULL, array, bytes, map, number, text};
use crate::part::{extension, null, time};
use crate::tpm::blueprint::{Paper, authority, certificate, list, seconds};
use crate::tpm::key::{How, Key};
use crate::x509::structure::{Content, ListContent};
use casemate_core::answer::Refusal;
use casemate_core::digest::sha256;
use casemate_core::frame;
use casemate_core::nitro::document::{self, Document};
use casemate_core::nitro::verify::{Evidence, verify_framed};
use casemate_core::x509::signer::Cache;
use der::Encode;
use x509_cert::time::Validity;

/// The one way in which AWS signs.
pub const ES384: How = How::Ecdsa(384);
/// When the leaf is valid.
pub const LEAF: [&str; 2] = ["2026-06-14T23:00:00Z", "2026-06-15T02:00:00Z"];
/// A moment at which everything is in force.
pub const NOW: &str = "2026-06-15T00:00:00Z";

/// What is signed, in its parts.
#[derive(Clone)]
pub struct Message {
    pub protected: Vec<u8>,
    pub unprotected: Vec<u8>,
    /// What stands before the array, as a tag.
    pub before: Vec<u8>,
    /// The signature in another form.
    pub signature: Option<Vec<u8>>,
}

/// Everything of one case.
#[derive(Clone)]
pub struct Case {
    pub message: Message,
    /// Fields but those of certificates, encoded.
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
    /// From the leaf's issuer to the root.
    pub authorities: Vec<Paper<Content>>,
    pub leaf: Paper<Content>,
    /// The bundle in another order.
    pub bundle: Option<Vec<Vec<u8>>>,
    pub lists: Vec<Paper<ListContent>>,
    pub key: Key,
    pub now: u64,
    pub lab: bool,
}

impl Case {
    /// A document of a NitroTPM under two authorities and a root, all of P-384.
    pub fn new() -> Self {
        let [root, ca, zone, key] = [1, 2, 4, 3].map(Key::P384);
        let mut leaf = certificate(["leaf", "zone"], key, (zone, ES384), usage());
        leaf.content.validity = Validity::new(time(LEAF[0]), time(LEAF[1]));
        let authorities = vec![
            certificate(["zone", "ca"], zone, (ca, ES384), authority(Some(0))),
            certificate(["ca", "root"], ca, (root, ES384), authority(Some(1))),
            certificate(["root", "root"], root, (root, ES384), authority(None)),
        ];
        Self {
            message: Message {
                protected: vec![0xa1, 1, 0x38, 34],
                unprotected: vec![0xa0],
                before: vec![],
                signature: None,
            },
            fields: fields(),
            authorities,
            leaf,
            bundle: None,
            lists: vec![list("ca", (ca, ES384)), list("root", (root, ES384))],
            key,
            now: seconds(NOW),
            lab: false,
        }
    }

    /// Puts the lab mark into every certificate and pins the root as a lab's.
    pub fn mark(&mut self) {
        self.lab = true;
        for certificate in self.authorities.iter_mut().chain([&mut self.leaf]) {
            let mark = extension("2.999.67.1", true, &null());
            certificate.extensions().push(mark);
        }
    }

    /// Puts another value into a field, or adds one.
    pub fn set(&mut self, name: &str, value: Vec<u8>) {
        self.fields.retain(|(key, _)| *key != text(name));
        self.fields.push((text(name), value));
    }

    /// Removes a field.
    pub fn drop_field(&mut self, name: &str) {
        let before = self.fields.len();
        self.fields.retain(|(key, _)| *key != text(name));
        assert_eq!(self.fields.len() + 1, before, "{name} was there");
    }

    /// Root first, as AWS writes it.
    pub fn usual_bundle(&self) -> Vec<Vec<u8>> {
        let all = self.authorities.iter().rev();
        all.map(Paper::<Content>::sign).collect()
    }

    fn payload(&self) -> Vec<u8> {
        let bundle = self.bundle.clone().unwrap_or_else(|| self.usual_bundle());
        let bundle: Vec<Vec<u8>> = bundle.iter().map(|der| bytes(der)).collect();
        let mut fields = self.fields.clone();
        for (name, value) in [
            ("certificate", bytes(&self.leaf.sign())),
            ("cabundle", array(&bundle)),
        ] {
            if !fields.iter().any(|(key, _)| *key == text(name)) {
                fields.push((text(name), value));
            }
        }
        fields.retain(|(_, value)| !value.is_empty());
        map(&fields)
    }

    /// The signed document.
    pub fn document(&self) -> Vec<u8> {
        self.document_of(&self.payload())
    }

    /// The same around another payload.
    pub fn document_of(&self, payload: &[u8]) -> Vec<u8> {
        let Message {
            protected,
            unprotected,
            before,
            signature,
        } = &self.message;
        let signed = array(&[
            text("Signature1"),
            bytes(protected),
            bytes(&[]),
            bytes(payload),
        ]);
        let made = || self.key.sign_numbers(ES384, &signed).concat();
        let signature = signature.clone().unwrap_or_else(made);
        let parts = [
            bytes(protected),
            unprotected.clone(),
            bytes(payload),
            bytes(&signature),
        ];
        [before.clone(), array(&parts)].concat()
    }

    fn anchors(&self) -> Vec<u8> {
        let root = self.authorities.last().unwrap();
        let key = sha256(&root.content.key.to_der().unwrap());
        let flags = [u8::from(self.lab)];
        let anchor = frame::write(&[&[], &sha256(&root.sign()), &key, &flags]).unwrap();
        frame::write(&[&anchor]).unwrap()
    }

    /// Verifies other bytes as the document.
    pub fn verify_bytes(&self, bytes: &[u8], cache: &mut Cache) -> Result<Evidence, Refusal> {
        let lists: Vec<Vec<u8>> = self.lists.iter().map(Paper::<ListContent>::sign).collect();
        let lists: Vec<&[u8]> = lists.iter().map(Vec::as_slice).collect();
        let fields: [&[u8]; 4] = [
            bytes,
            &frame::write(&lists).unwrap(),
            &self.anchors(),
            &self.now.to_be_bytes(),
        ];
        verify_framed(&frame::write(&fields).unwrap(), cache)
    }

    /// Signs everything and verifies it.
    pub fn verify(&self, cache: &mut Cache) -> Result<Evidence, Refusal> {
        self.verify_bytes(&self.document(), cache)
    }

    /// Reads the document alone.
    pub fn read(&self) -> Result<Document, Refusal> {
        document::operation(&frame::write(&[&self.document()]).unwrap())
    }

    /// The refusal.
    pub fn refusal(&self) -> Refusal {
        self.verify(&mut Cache::default()).err().unwrap()
    }

    /// Code of the refusal; empty where it verifies.
    pub fn code(&self) -> &'static str {
        let code = self
            .verify(&mut Cache::default())
            .err()
            .map_or("", |it| it.code());
        // What is wrong with the document itself is the same without its chain.
        if let Err(refusal) = self.read() {
            assert_eq!(refusal.code(), code);
        }
        code
    }
}

fn usage() -> Vec<crate::x509::structure::Extension> {
    vec![
        extension("2.5.29.15", false, &[3, 2, 6, 0xc0]),
        extension("2.5.29.19", true, &[0x30, 0]),
    ]
}

fn fields() -> Vec<(Vec<u8>, Vec<u8>)> {
    // Not in their order: the answer has them rising.
    let registers = [30_u64, 0, 7].map(|register| (number(register), bytes(&[9; 48])));
    vec![
        (text("module_id"), text("i-0-tpm1")),
        (text("digest"), text("SHA384")),
        (text("timestamp"), number(seconds(NOW) * 1000 + 999)),
        (text("nitrotpm_pcrs"), map(&registers)),
        (text("public_key"), NULL.to_vec()),
        (text("user_data"), bytes(&[])),
        (text("nonce"), bytes(b"nonce")),
    ]
}
