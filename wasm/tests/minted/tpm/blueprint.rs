//! Everything of a case before it is signed.

use super::key::{How, Key};
use super::structure::{Area, QuoteBytes, signature};
use crate::part::{extension, full_name, null, oid, sequence, serial, time, tlv};
use crate::x509::structure::{Content, Extension, ListContent, SignedCertificate, SignedList};
use casemate_core::answer::Refusal;
use casemate_core::digest::sha256;
use casemate_core::frame;
use casemate_core::tpm::certificate::{self, Cache, CertifiedKey};
use casemate_core::tpm::verify::{VerifiedQuote, verify_framed};
use core::str::FromStr;
use der::Encode;
use der::asn1::BitString;
use x509_cert::AlgorithmIdentifier;
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::time::Validity;

/// A moment at which everything is in force.
pub const NOW: &str = "2026-06-15T00:00:00Z";
/// Where the lists lie.
pub const URI: &str = "lab:crl";

/// What is signed, by whom and how, and how the signature names itself.
#[derive(Clone)]
pub struct Paper<T> {
    pub content: T,
    pub signer: Key,
    pub how: How,
    pub outer: AlgorithmIdentifier,
}

/// Everything of one case.
#[derive(Clone)]
pub struct Case {
    pub quote: QuoteBytes,
    pub key: Key,
    pub how: How,
    pub area: Area,
    /// The key in another form; empty for none in `tpm_certificate`.
    pub given_key: Option<Vec<u8>>,
    /// The signature in another form.
    pub given_signature: Option<Vec<u8>>,
    pub leaf: Paper<Content>,
    pub ca: Paper<Content>,
    pub root: Paper<Content>,
    /// Certificates that are given besides.
    pub others: Vec<Paper<Content>>,
    pub lists: Vec<Paper<ListContent>>,
    pub with_certificates: bool,
    pub now: u64,
    pub lab: bool,
    pub role: &'static str,
}

impl Case {
    /// A quote by a key of P-256, under a CA of P-256 and a root of P-384.
    pub fn new() -> Self {
        Self::of(Key::P256(3), How::Ecdsa(256))
    }

    /// The same by another key.
    pub fn of(key: Key, how: How) -> Self {
        let root = (Key::P384(1), How::Ecdsa(384));
        let ca = (Key::P256(2), How::Ecdsa(256));
        Self {
            quote: QuoteBytes {
                registers: vec![0, 4, 7],
                bits: match how {
                    How::Pkcs1(bits) | How::Pss(bits, _) | How::Ecdsa(bits) => bits,
                },
            },
            key,
            how,
            area: Area::new(key, how),
            given_key: None,
            given_signature: None,
            leaf: certificate(["leaf", "ca"], key, ca, leaf_extensions("3", 0x80)),
            ca: certificate(["ca", "root"], ca.0, root, authority(Some(0))),
            root: certificate(["root", "root"], root.0, root, authority(None)),
            others: vec![],
            lists: vec![list("ca", ca), list("root", root)],
            with_certificates: true,
            now: seconds(NOW),
            lab: false,
            role: "AK",
        }
    }

    /// The certificate of an endorsement key.
    pub fn endorsement(key: Key) -> Self {
        let usage = if key == Key::Rsa { 0x20 } else { 0x08 };
        let mut case = Self::of(key, How::Ecdsa(256));
        case.leaf.content.extensions = Some(leaf_extensions("1", usage));
        case.given_key = Some(vec![]);
        case.role = "EK";
        case
    }

    /// Puts the lab mark into every certificate and pins the root as a lab's.
    pub fn mark(&mut self) {
        self.lab = true;
        for certificate in [&mut self.leaf, &mut self.ca, &mut self.root] {
            let mark = extension("2.999.67.1", true, &null());
            certificate.extensions().push(mark);
        }
    }

    fn anchors(&self) -> Vec<u8> {
        let key = sha256(&self.root.content.key.to_der().unwrap());
        let whole = sha256(&self.root.sign());
        let anchor = frame::write(&[&[], &whole, &key, &[u8::from(self.lab)]]).unwrap();
        frame::write(&[&anchor]).unwrap()
    }

    /// All certificates but the root, which the verifier has, too.
    fn certificates(&self) -> Vec<u8> {
        if !self.with_certificates {
            return vec![];
        }
        let first = [&self.leaf, &self.ca, &self.root].into_iter();
        let all = first.chain(&self.others).map(Paper::<Content>::sign);
        list_of(&all.collect::<Vec<_>>())
    }

    fn signed_lists(&self) -> Vec<u8> {
        let lists = self.lists.iter().map(Paper::<ListContent>::sign);
        list_of(&lists.collect::<Vec<_>>())
    }

    /// Signs everything and verifies the quote.
    pub fn verify(&self, cache: &mut Cache) -> Result<VerifiedQuote, Refusal> {
        self.verify_values(&self.quote.values(), cache)
    }

    /// The same with other values of registers.
    pub fn verify_values(
        &self,
        values: &[Vec<u8>],
        cache: &mut Cache,
    ) -> Result<VerifiedQuote, Refusal> {
        let quote = self.quote.bytes();
        let made = || signature(self.key, self.how, &quote);
        let fields: [&[u8]; 8] = [
            &quote,
            &self.given_signature.clone().unwrap_or_else(made),
            &self.given_key.clone().unwrap_or_else(|| self.area.bytes()),
            &list_of(values),
            &self.certificates(),
            &self.signed_lists(),
            &self.anchors(),
            &self.now.to_be_bytes(),
        ];
        verify_framed(&frame::write(&fields).unwrap(), cache)
    }

    /// Signs the certificates and verifies them alone.
    pub fn certify(&self, cache: &mut Cache) -> Result<CertifiedKey, Refusal> {
        let fields: [&[u8]; 6] = [
            self.role.as_bytes(),
            &self.certificates(),
            &self.signed_lists(),
            &self.anchors(),
            &self.given_key.clone().unwrap_or_else(|| self.area.bytes()),
            &self.now.to_be_bytes(),
        ];
        certificate::verify_framed(&frame::write(&fields).unwrap(), cache)
    }

    /// Code of the refusal; empty where it verifies.
    pub fn code(&self) -> &'static str {
        let cache = &mut Cache::default();
        if self.role == "EK" {
            return self.certify(cache).err().map_or("", |it| it.code());
        }
        let alone = self.certify(cache).err().map_or("", |it| it.code());
        let code = self.verify(cache).err().map_or("", |it| it.code());
        // What is wrong with certificates is the same without the quote.
        assert!(alone.is_empty() || !self.with_certificates || alone == code);
        code
    }
}

fn list_of(items: &[Vec<u8>]) -> Vec<u8> {
    let items: Vec<&[u8]> = items.iter().map(Vec::as_slice).collect();
    frame::write(&items).unwrap()
}

impl<T> Paper<T> {
    /// Signs by another key, and names the algorithm right.
    pub fn sign_by(&mut self, signer: Key, how: How) {
        self.signer = signer;
        self.how = how;
        self.outer = how.identifier();
    }

    fn sign_bytes(&self, signed: &[u8]) -> BitString {
        BitString::from_bytes(&self.signer.sign(self.how, signed)).unwrap()
    }
}

impl Paper<Content> {
    /// DER of the certificate.
    pub fn sign(&self) -> Vec<u8> {
        let signed = self.content.to_der().unwrap();
        let certificate = SignedCertificate {
            content: self.content.clone(),
            algorithm: self.outer.clone(),
            signature: self.sign_bytes(&signed),
        };
        certificate.to_der().unwrap()
    }

    /// Names and uses another algorithm.
    pub fn set_how(&mut self, signer: Key, how: How) {
        self.sign_by(signer, how);
        self.content.algorithm = how.identifier();
    }

    /// Its extensions.
    pub fn extensions(&mut self) -> &mut Vec<Extension> {
        self.content.extensions.get_or_insert_default()
    }

    /// Removes an extension.
    pub fn drop_extension(&mut self, id: &str) {
        let gone = extension(id, false, &[]).id;
        let before = self.extensions().len();
        self.extensions().retain(|one| one.id != gone);
        assert_eq!(self.extensions().len() + 1, before, "{id} was there");
    }

    /// Puts another value into an extension.
    pub fn set_extension(&mut self, id: &str, value: &[u8]) {
        let other = extension(id, false, value);
        let found = self.extensions().iter_mut().find(|one| one.id == other.id);
        found.unwrap().value = other.value;
    }
}

impl Paper<ListContent> {
    /// DER of the list.
    pub fn sign(&self) -> Vec<u8> {
        let signed = self.content.to_der().unwrap();
        let list = SignedList {
            content: self.content.clone(),
            algorithm: self.outer.clone(),
            signature: self.sign_bytes(&signed),
        };
        list.to_der().unwrap()
    }

    /// Its extensions.
    pub fn extensions(&mut self) -> &mut Vec<Extension> {
        self.content.extensions.get_or_insert_default()
    }
}

/// Seconds since 1970 of a time's text.
pub fn seconds(text: &str) -> u64 {
    time(text).to_unix_duration().as_secs()
}

/// A name of the tests.
pub fn name(common_name: &str) -> Name {
    Name::from_str(&format!("CN={common_name},O=Casemate tests")).unwrap()
}

/// A certificate of two names, a key and who signs how.
pub fn certificate(
    [subject, issuer]: [&str; 2],
    key: Key,
    (signer, how): (Key, How),
    extensions: Vec<Extension>,
) -> Paper<Content> {
    let content = Content {
        version: Version::V3,
        serial: serial(&[subject.len().try_into().unwrap()]),
        algorithm: how.identifier(),
        issuer: name(issuer),
        validity: Validity::new(time("2026-01-01T00:00:00Z"), time("2027-01-01T00:00:00Z")),
        subject: name(subject),
        key: key.info(),
        issuer_id: None,
        subject_id: None,
        extensions: Some(extensions),
    };
    Paper {
        content,
        signer,
        how,
        outer: how.identifier(),
    }
}

fn points() -> Extension {
    extension(
        "2.5.29.31",
        false,
        &sequence(&[&sequence(&[&full_name(URI)])]),
    )
}

/// Extensions of an authority.
pub fn authority(path: Option<u8>) -> Vec<Extension> {
    let path = path.map_or_else(Vec::new, |path| vec![2, 1, path]);
    vec![
        extension("2.5.29.15", true, &[3, 2, 1, 0x06]),
        extension("2.5.29.19", true, &sequence(&[&[1, 1, 0xff], &path])),
        points(),
    ]
}

/// Extensions of a key's certificate.
pub fn leaf_extensions(purpose: &str, usage: u8) -> Vec<Extension> {
    let unused = u8::try_from(usage.trailing_zeros()).unwrap();
    vec![
        extension("2.5.29.15", true, &[3, 2, unused, usage]),
        extension("2.5.29.37", true, &purposes(&[purpose])),
        extension("2.5.29.17", true, &alternative_name(&identity())),
        points(),
    ]
}

/// Value of the extended key usage, of arcs below 2.23.133.8.
pub fn purposes(last: &[&str]) -> Vec<u8> {
    let ids = last.iter().map(|last| format!("2.23.133.8.{last}"));
    let ids: Vec<Vec<u8>> = ids.map(|id| tlv(6, &oid(&id))).collect();
    tlv(0x30, &ids.concat())
}

/// An attribute below 2.23.133.2, UTF-8.
pub fn attribute(last: u8, value: &str) -> Vec<u8> {
    let id = tlv(6, &oid(&format!("2.23.133.2.{last}")));
    sequence(&[&id, &tlv(0x0c, value.as_bytes())])
}

/// The three attributes of a TPM.
pub fn identity() -> Vec<Vec<u8>> {
    vec![
        attribute(1, "id:54455354"),
        attribute(2, "Test"),
        attribute(3, "id:00010002"),
    ]
}

/// A subject alternative name with a directory name of attributes, each in a set of its own.
pub fn alternative_name(attributes: &[Vec<u8>]) -> Vec<u8> {
    let sets: Vec<Vec<u8>> = attributes.iter().map(|one| tlv(0x31, one)).collect();
    sequence(&[&tlv(0xa4, &tlv(0x30, &sets.concat()))])
}

/// A list of an authority.
pub fn list(issuer: &str, (signer, how): (Key, How)) -> Paper<ListContent> {
    let content = ListContent {
        version: Some(Version::V2),
        algorithm: how.identifier(),
        issuer: name(issuer),
        this_update: time("2026-05-01T00:00:00Z"),
        next_update: Some(time("2026-07-01T00:00:00Z")),
        entries: None,
        extensions: Some(vec![extension("2.5.29.20", false, &[2, 1, 9])]),
    };
    Paper {
        content,
        signer,
        how,
        outer: how.identifier(),
    }
}
