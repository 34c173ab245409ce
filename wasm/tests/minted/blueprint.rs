//! Evidence before it is signed: a test bends one field of it.

use crate::key::{Signer4096, sign_report};
use crate::part::{
    extension, full_name, leaf_key, null, pss, rsa_key, sequence, serial, time, tlv,
};
use crate::x509::structure::{Content, Extension, ListContent, SignedCertificate, SignedList};
use casemate_core::anchor::Anchor;
use casemate_core::answer::Refusal;
use casemate_core::digest::sha256;
use casemate_core::snp::chain::Input;
use casemate_core::snp::leaf::Form;
use casemate_core::snp::verify::Cache;
use casemate_core::snp::verify::{Evidence, verify};
use core::str::FromStr;
use der::Encode;
use der::asn1::BitString;
use x509_cert::certificate::Version;
use x509_cert::name::Name;
use x509_cert::time::Validity;
use x509_cert::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// A moment at which everything is in force.
pub const NOW: &str = "2026-06-01T00:00:00Z";
/// Where the lists lie.
pub const VCEK_URI: &str = "lab:vcek/crl";
/// Where the lists of the other form lie.
pub const VLEK_URI: &str = "lab:vlek/crl";

/// What is signed, by whom, and how the signature names itself.
pub struct Blueprint<T> {
    /// Signed fields.
    pub content: T,
    /// Who signs.
    pub signer: Signer4096,
    /// Algorithm beside the signature.
    pub outer: AlgorithmIdentifier,
}

/// Everything of one case.
pub struct Case {
    /// Root.
    pub ark: Blueprint<Content>,
    /// Intermediate.
    pub ask: Blueprint<Content>,
    /// Leaf.
    pub leaf: Blueprint<Content>,
    /// Revocation list.
    pub list: Blueprint<ListContent>,
    /// Report without its signature.
    pub report: Vec<u8>,
    /// Seconds since 1970.
    pub now: u64,
    /// Whether the root is pinned as a lab's.
    pub lab: bool,
    /// Line in the anchor.
    pub line: &'static str,
}

impl Case {
    /// Genuine evidence of a Milan.
    pub fn new(form: Form) -> Self {
        let (ask, leaf, uri) = match form {
            Form::Vcek => ("SEV-Milan", "SEV-VCEK", VCEK_URI),
            Form::Vlek => ("SEV-VLEK-Milan", "SEV-VLEK", VLEK_URI),
        };
        let mut report = report();
        if form == Form::Vlek {
            report[0x48] = 1 << 2;
            report[0x1A0..0x1E0].fill(0);
        }
        Self {
            ark: certificate(
                "ARK-Milan",
                "ARK-Milan",
                rsa_key(Signer4096::Ark),
                ca(None, 0x06, VCEK_URI),
            ),
            ask: certificate(
                ask,
                "ARK-Milan",
                rsa_key(Signer4096::Ask),
                ca(Some(0), 0x04, uri),
            ),
            leaf: Blueprint {
                signer: Signer4096::Ask,
                ..certificate(leaf, ask, leaf_key("1.3.132.0.34"), leaf_extensions(form))
            },
            list: list(uri),
            report,
            now: seconds(NOW),
            lab: false,
            line: "",
        }
    }

    /// The three certificates.
    pub fn certificates(&mut self) -> [&mut Blueprint<Content>; 3] {
        [&mut self.ark, &mut self.ask, &mut self.leaf]
    }

    /// Puts the lab mark into every certificate and pins the root as a lab's.
    pub fn mark(&mut self) {
        self.lab = true;
        for certificate in self.certificates() {
            certificate
                .extensions()
                .push(extension("2.999.67.1", true, &null()));
        }
    }

    /// Signs everything and verifies it, with the list.
    pub fn verify(&self, cache: &mut Cache) -> Result<Evidence, Refusal> {
        self.verify_with(cache, &[self.list.sign()])
    }

    /// Signs everything and verifies it with these lists.
    pub fn verify_with(&self, cache: &mut Cache, lists: &[Vec<u8>]) -> Result<Evidence, Refusal> {
        let ark = self.ark.sign();
        let input = Input {
            leaf: &self.leaf.sign(),
            chain: &[self.ask.sign(), ark.clone()].concat(),
            crls: lists.iter().map(Vec::as_slice).collect(),
            anchors: vec![self.anchor(&ark)],
        };
        verify(&sign(&self.report), &input, self.now, cache)
    }

    /// Pins the signed root.
    pub fn anchor(&self, ark: &[u8]) -> Anchor<'static> {
        let key = self.ark.content.key.to_der().unwrap();
        Anchor {
            label: self.line,
            certificate: sha256(ark),
            key: sha256(&key),
            lab: self.lab,
        }
    }

    /// Code of the refusal; empty where it verifies.
    pub fn code(&self) -> &'static str {
        let answer = self.verify(&mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    }
}

impl<T> Blueprint<T> {
    fn sign_bytes(&self, signed: &[u8]) -> BitString {
        BitString::from_bytes(&self.signer.sign(signed, 48)).unwrap()
    }
}

impl Blueprint<Content> {
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

impl Blueprint<ListContent> {
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

/// A name of the tests with a common name.
pub fn name(common_name: &str) -> Name {
    Name::from_str(&format!("CN={common_name},O=Casemate tests")).unwrap()
}

fn certificate(
    subject: &str,
    issuer: &str,
    key: SubjectPublicKeyInfo,
    extensions: Vec<Extension>,
) -> Blueprint<Content> {
    let content = Content {
        version: Version::V3,
        serial: serial(&[subject.len().try_into().unwrap()]),
        algorithm: pss(384, 384, 48),
        issuer: name(issuer),
        validity: Validity::new(time("2026-01-01T00:00:00Z"), time("2027-01-01T00:00:00Z")),
        subject: name(subject),
        key,
        issuer_id: None,
        subject_id: None,
        extensions: Some(extensions),
    };
    Blueprint {
        content,
        signer: Signer4096::Ark,
        outer: pss(384, 384, 48),
    }
}

fn ca(path: Option<u8>, usage: u8, uri: &str) -> Vec<Extension> {
    let path = path.map_or_else(Vec::new, |path| vec![2, 1, path]);
    let constraints = sequence(&[&[1, 1, 0xff], &path]);
    let points = sequence(&[&sequence(&[&full_name(uri)])]);
    vec![
        extension("2.5.29.15", true, &[3, 2, 1, usage]),
        extension("2.5.29.19", true, &constraints),
        extension("2.5.29.31", false, &points),
    ]
}

fn leaf_extensions(form: Form) -> Vec<Extension> {
    let amd = |id: &str, value: &[u8]| extension(&format!("1.3.6.1.4.1.3704.1.{id}"), false, value);
    let mut all = vec![amd("1", &[2, 1, 0]), amd("2", &tlv(0x16, b"Milan-B0"))];
    for (part, number) in [(1, 4), (2, 0), (4, 0), (5, 0), (6, 0), (7, 0), (3, 24)] {
        all.push(amd(&format!("3.{part}"), &[2, 1, number]));
    }
    all.push(amd("3.8", &[2, 2, 0, 219]));
    all.push(match form {
        Form::Vcek => amd("4", &[0xc1; 64]),
        Form::Vlek => amd("5", &tlv(0x16, b"CN=tests")),
    });
    all
}

fn list(uri: &str) -> Blueprint<ListContent> {
    let content = ListContent {
        version: Some(Version::V2),
        algorithm: pss(384, 384, 48),
        issuer: name("ARK-Milan"),
        this_update: time("2026-05-01T00:00:00Z"),
        next_update: Some(time("2026-07-01T00:00:00Z")),
        entries: None,
        extensions: Some(vec![
            extension("2.5.29.20", false, &[2, 1, 9]),
            extension("2.5.29.28", true, &sequence(&[&full_name(uri)])),
        ]),
    };
    Blueprint {
        content,
        signer: Signer4096::Ark,
        outer: pss(384, 384, 48),
    }
}

/// A report of version 3 that belongs to the leaf.
fn report() -> Vec<u8> {
    let mut report = vec![0; 0x4A0];
    report[0x000] = 3;
    report[0x00A] = 3;
    report[0x034] = 1;
    for tcb in [0x038, 0x180, 0x1E0, 0x1F0] {
        report[tcb..tcb + 8].copy_from_slice(&[4, 0, 0, 0, 0, 0, 24, 219]);
    }
    report[0x050..0x090].fill(0xda);
    report[0x090..0x0C0].fill(0x3e);
    report[0x188..0x18B].copy_from_slice(&[0x19, 1, 1]);
    report[0x1A0..0x1E0].fill(0xc1);
    report
}

fn sign(report: &[u8]) -> Vec<u8> {
    let mut report = report.to_vec();
    let (mut r, mut s) = sign_report(&report[..0x2A0]);
    r.reverse();
    s.reverse();
    report[0x2A0..0x2D0].copy_from_slice(&r);
    report[0x2E8..0x318].copy_from_slice(&s);
    report
}
