//! Endorsements of Google's firmware, minted and bent.

use crate::part::{extension, null};
use crate::tpm::blueprint::{Paper, authority, certificate, seconds};
use crate::tpm::key::{How, Key};
use crate::tree;
use crate::x509::structure::Content;
use base64ct::{Base64, Encoding};
use casemate_core::answer::Refusal;
use casemate_core::digest::sha256;
use casemate_core::frame;
use casemate_core::gce::endorsement::{Endorsement, verify_framed};
use casemate_core::x509::signer::Cache;
use der::Encode;
use serde_json::json;
use x509_cert::certificate::Version;

const ROOT: (Key, How) = (Key::P384(1), How::Ecdsa(384));
const CA: (Key, How) = (Key::P256(2), How::Ecdsa(256));

/// A field: its number, and what it holds.
#[derive(Clone, Debug, PartialEq)]
enum Field {
    Number(u64, u64),
    Bytes(u64, Vec<u8>),
}
use Field::{Bytes, Number};

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = vec![];
    while value > 0x7f {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

fn message(fields: &[Field]) -> Vec<u8> {
    let fields = fields.iter().flat_map(|field| match field {
        Number(field, value) => [varint(field << 3), varint(*value)].concat(),
        Bytes(field, bytes) => {
            let length = u64::try_from(bytes.len()).unwrap();
            [varint(field << 3 | 2), varint(length), bytes.clone()].concat()
        }
    });
    fields.collect()
}

fn launch(vmsas: u64, byte: u8) -> Field {
    Bytes(2, message(&[Number(1, vmsas), Bytes(2, vec![byte; 48])]))
}

fn mrtd(ram: u64, early: u64, byte: u8) -> Field {
    let fields = [Number(1, ram), Number(2, early), Bytes(3, vec![byte; 48])];
    Bytes(2, message(&fields))
}

/// Everything of one case.
#[derive(Clone)]
struct Case {
    /// Of the golden measurement, but for certificates.
    fields: Vec<Field>,
    snp: Vec<Field>,
    tdx: Vec<Field>,
    leaf: Paper<Content>,
    ca: Paper<Content>,
    root: Paper<Content>,
    /// What the endorsement itself brings of certificates.
    bundle: Option<Vec<u8>>,
    /// Files with roots.
    roots: Option<Vec<Vec<u8>>>,
    how: How,
    /// What is signed in another form.
    golden: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
    now: u64,
    lab: bool,
}

type Bend = fn(&mut Case);

impl Case {
    fn new() -> Self {
        let signing = vec![extension("2.5.29.15", true, &[3, 2, 7, 0x80])];
        let timestamp = message(&[Number(1, 1_700_000_000), Number(2, 5)]);
        Self {
            fields: vec![
                Bytes(1, timestamp),
                Number(2, 77),
                Bytes(3, vec![0xc0, 0xde]),
                Bytes(5, vec![5; 48]),
            ],
            snp: vec![
                Number(1, 4),
                launch(8, 8),
                launch(1, 1),
                Bytes(3, vec![3; 16]),
                Bytes(4, vec![4; 16]),
                Number(5, 0x7_0000),
            ],
            tdx: vec![Number(1, 9), mrtd(64, 1, 7), mrtd(8, 0, 6)],
            leaf: certificate(["leaf", "ca"], Key::Rsa, CA, signing),
            ca: certificate(["ca", "root"], CA.0, ROOT, authority(Some(0))),
            root: certificate(["root", "root"], ROOT.0, ROOT, authority(None)),
            bundle: None,
            roots: None,
            how: How::Pss(256, 32),
            golden: None,
            signature: None,
            now: seconds("2026-06-15T00:00:00Z"),
            lab: false,
        }
    }

    fn golden(&self) -> Vec<u8> {
        let bundle = self.bundle.clone().unwrap_or_else(|| pem(&self.ca.sign()));
        let rest = [
            Bytes(4, self.leaf.sign()),
            Bytes(6, bundle),
            Bytes(7, message(&self.snp)),
            Bytes(8, message(&self.tdx)),
        ];
        message(&[&self.fields[..], &rest].concat())
    }

    fn endorsement(&self) -> Vec<u8> {
        let golden = self.golden.clone().unwrap_or_else(|| self.golden());
        let made = || Key::Rsa.sign(self.how, &golden);
        let signature = self.signature.clone().unwrap_or_else(made);
        message(&[Bytes(1, golden.clone()), Bytes(2, signature)])
    }

    fn verify(&self, cache: &mut Cache) -> Result<Endorsement, Refusal> {
        self.verify_bytes(&self.endorsement(), cache)
    }

    fn verify_bytes(&self, bytes: &[u8], cache: &mut Cache) -> Result<Endorsement, Refusal> {
        let root = self.root.sign();
        let roots = self.roots.clone().unwrap_or_else(|| vec![root.clone()]);
        let roots: Vec<&[u8]> = roots.iter().map(Vec::as_slice).collect();
        let key = sha256(&self.root.content.key.to_der().unwrap());
        let flags = [u8::from(self.lab)];
        let anchor = frame::write(&[&[], &sha256(&root), &key, &flags]).unwrap();
        let fields: [&[u8]; 4] = [
            bytes,
            &frame::write(&roots).unwrap(),
            &frame::write(&[&anchor]).unwrap(),
            &self.now.to_be_bytes(),
        ];
        verify_framed(&frame::write(&fields).unwrap(), cache)
    }

    fn refusal(&self) -> Refusal {
        self.verify(&mut Cache::default()).err().unwrap()
    }

    fn code(&self) -> &'static str {
        let answer = self.verify(&mut Cache::default());
        answer.err().map_or("", |refusal| refusal.code())
    }

    fn mark(&mut self) {
        self.lab = true;
        for certificate in [&mut self.leaf, &mut self.ca, &mut self.root] {
            let mark = extension("2.999.67.1", true, &null());
            certificate.extensions().push(mark);
        }
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    let body = Base64::encode_string(der);
    format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n").into_bytes()
}

fn assert_codes(bends: &[(&str, Bend)]) {
    assert_eq!(Case::new().code(), "", "the case itself verifies");
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = Case::new();
        bend(&mut case);
        assert_eq!(case.code(), *expected, "bend {index}");
    }
}

#[test]
fn a_genuine_endorsement_verifies() {
    let answer = Case::new().verify(&mut Cache::default()).unwrap();
    let mut answer = tree(&answer);
    let certificates = answer["certificates"].take();
    assert_eq!(certificates.as_array().unwrap().len(), 3);
    assert_eq!(certificates[0]["subject"], "CN=leaf,O=Casemate tests");
    assert_eq!(
        answer,
        json!({
            "timestamp": "2023-11-14T22:13:20Z",
            "digest": "05".repeat(48),
            "commit": "c0de",
            "sevSnp": {
                "svn": 4,
                "policy": "0x0000000000070000",
                "familyId": "03".repeat(16),
                "imageId": "04".repeat(16),
                "measurements": [
                    { "vmsas": 1, "measurement": "01".repeat(48) },
                    { "vmsas": 8, "measurement": "08".repeat(48) },
                ],
                "svsmMeasurement": null,
            },
            "tdx": {
                "svn": 9,
                "measurements": [
                    { "ramGib": 64, "earlyAccept": true, "mrTd": "07".repeat(48) },
                    { "ramGib": 8, "earlyAccept": false, "mrTd": "06".repeat(48) },
                ],
            },
            "certificates": null,
            "lab": false,
        })
    );
}

#[test]
fn what_is_absent_is_said_to_be() {
    let mut case = Case::new();
    let golden = [Bytes(5, vec![5; 48]), Bytes(4, case.leaf.sign())];
    case.golden = Some(message(&golden));
    case.roots = Some(vec![case.ca.sign(), pem(&case.root.sign())]);
    let answer = tree(&case.verify(&mut Cache::default()).unwrap());
    for name in ["timestamp", "sevSnp", "tdx"] {
        assert_eq!(answer[name], json!(null), "{name}");
    }
    assert_eq!(answer["commit"], "");
    // A message of nothing is there, and says zero.
    let empty = [Bytes(1, vec![]), Bytes(7, vec![]), Bytes(8, vec![])];
    case.golden = Some(message(&[&golden[..], &empty].concat()));
    let answer = tree(&case.verify(&mut Cache::default()).unwrap());
    assert_eq!(answer["timestamp"], "1970-01-01T00:00:00Z");
    assert_eq!(answer["sevSnp"]["familyId"], "");
    assert_eq!(answer["tdx"], json!({ "svn": 0, "measurements": [] }));
}

#[test]
fn gce_endorsement_malformed_of_fields_that_are_not_theirs() {
    assert_codes(&[
        ("gce.endorsement_malformed", |case| {
            case.fields.retain(|field| !matches!(field, Bytes(5, _)));
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[3] = Bytes(5, vec![5; 47])
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields.push(Bytes(5, vec![5; 48]))
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields.push(Bytes(8, vec![]))
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[1] = Bytes(2, vec![])
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[0] = Number(1, 1)
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[0] = Bytes(1, message(&[Number(1, 253_402_300_800)]));
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[0] = Bytes(1, message(&[Number(1, u64::MAX)]));
        }),
        ("gce.endorsement_malformed", |case| {
            case.fields[0] = Bytes(1, message(&[Number(2, 1_000_000_000)]));
        }),
        ("", |case| case.fields.push(Bytes(9, vec![1]))),
        ("", |case| case.snp.push(Bytes(7, vec![1; 48]))),
        ("", |case| case.snp.push(Bytes(6, b"anything".to_vec()))),
        ("gce.endorsement_malformed", |case| {
            case.snp.push(Bytes(7, vec![1; 49]))
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp[3] = Bytes(3, vec![3; 15])
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp[4] = Bytes(4, vec![3; 17])
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp[0] = Number(1, 1 << 32)
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp.push(launch(8, 9))
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp.push(launch(1 << 32, 9))
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp.push(Bytes(2, message(&[Number(1, 9)])));
        }),
        ("", |case| {
            case.snp.push(Bytes(2, message(&[Bytes(2, vec![1; 48])])))
        }),
        ("gce.endorsement_malformed", |case| {
            case.snp.push(Bytes(2, message(&[Bytes(2, vec![1; 47])])));
        }),
        ("gce.endorsement_malformed", |case| {
            case.tdx.push(mrtd(1, 2, 1))
        }),
        ("gce.endorsement_malformed", |case| {
            case.tdx.push(mrtd(1 << 32, 1, 1))
        }),
        ("gce.endorsement_malformed", |case| {
            case.tdx.push(Bytes(2, vec![]))
        }),
        ("gce.endorsement_malformed", |case| {
            case.golden = Some(vec![])
        }),
        ("gce.endorsement_malformed", |case| {
            case.signature = Some(vec![])
        }),
        ("gce.endorsement_malformed", |case| {
            case.golden = Some(message(&[Bytes(5, vec![5; 48])]));
        }),
    ]);
}

#[test]
fn there_are_at_most_4096_measurements_of_each() {
    for (count, code) in [(4094, ""), (4095, "gce.endorsement_malformed")] {
        let mut case = Case::new();
        case.snp
            .extend((100..100 + count).rev().map(|vmsas| launch(vmsas, 1)));
        assert_eq!(case.code(), code, "{count} more of SEV-SNP");
        // MRTDs have no key: the same one may be there again.
        let mut case = Case::new();
        case.snp.clear();
        let more =
            vec![Bytes(2, message(&[Bytes(3, vec![1; 48])])); usize::try_from(count).unwrap()];
        case.tdx.extend(more);
        assert_eq!(case.code(), code, "{count} more of TDX");
    }
}

#[test]
fn every_signature_is_checked_and_made_in_one_way() {
    assert_codes(&[
        ("gce.endorsement_chain", |case| {
            case.leaf.signer = Key::P256(9)
        }),
        ("gce.endorsement_chain", |case| {
            case.ca.signer = Key::P384(9)
        }),
        ("gce.endorsement_chain", |case| {
            case.root.signer = Key::P384(9)
        }),
        ("gce.endorsement_signature", |case| {
            case.how = How::Pkcs1(256)
        }),
        ("gce.endorsement_signature", |case| {
            case.how = How::Pss(256, 20)
        }),
        ("gce.endorsement_signature", |case| {
            case.how = How::Pss(384, 48)
        }),
        ("gce.endorsement_signature", |case| {
            case.signature = Some(vec![0; 256])
        }),
        ("gce.endorsement_signature", |case| {
            case.signature = Some(vec![1])
        }),
        ("gce.endorsement_signature", |case| {
            case.signature = Some(vec![0xff; 256])
        }),
    ]);
}

#[test]
fn shapes_are_checked() {
    assert_codes(&[
        ("gce.endorsement_shape", |case| {
            case.leaf.content.key = Key::P256(3).info()
        }),
        ("gce.endorsement_shape", |case| {
            case.leaf.set_extension("2.5.29.15", &[3, 2, 1, 0x06]);
        }),
        ("", |case| case.leaf.drop_extension("2.5.29.15")),
        ("gce.endorsement_shape", |case| {
            let ca = extension("2.5.29.19", true, &[0x30, 3, 1, 1, 0xff]);
            case.leaf.extensions().push(ca);
        }),
        ("gce.endorsement_shape", |case| {
            case.leaf.content.version = Version::V1;
            case.leaf.content.extensions = None;
        }),
        ("gce.endorsement_shape", |case| {
            let other = extension("1.2.3", true, &null());
            case.leaf.extensions().push(other);
        }),
        ("", |case| {
            let purpose = extension("2.5.29.37", true, &[0x30, 3, 6, 1, 42]);
            case.leaf.extensions().push(purpose.clone());
            case.ca.extensions().push(purpose);
        }),
        ("gce.endorsement_shape", |case| {
            case.ca.drop_extension("2.5.29.19")
        }),
        ("gce.endorsement_shape", |case| {
            case.root.drop_extension("2.5.29.19")
        }),
        ("gce.endorsement_shape", |case| {
            let path = [0x30, 6, 1, 1, 0xff, 2, 1, 0];
            case.root.set_extension("2.5.29.19", &path);
        }),
    ]);
}

#[test]
fn roots_are_pinned_and_given() {
    assert_codes(&[
        ("gce.endorsement_root", |case| case.roots = Some(vec![])),
        ("gce.endorsement_root", |case| case.bundle = Some(vec![])),
        ("", |case| {
            case.bundle = Some([pem(&case.ca.sign()), pem(&case.root.sign())].concat());
            case.roots = Some(vec![]);
        }),
        ("", |case| {
            case.bundle = Some(vec![]);
            case.roots = Some(vec![case.ca.sign(), case.root.sign()]);
        }),
        ("gce.endorsement_root", |case| {
            let other = (Key::P384(9), How::Ecdsa(384));
            let root = certificate(["root", "root"], other.0, other, authority(None));
            case.roots = Some(vec![root.sign()]);
        }),
        ("input.encoding", |case| {
            case.bundle = Some(b"text".to_vec())
        }),
        ("input.empty", |case| case.roots = Some(vec![vec![]])),
        ("input.too_large", |case| {
            case.bundle = Some(pem(&case.ca.sign()).repeat(8))
        }),
        ("", |case| {
            case.bundle = Some(pem(&case.ca.sign()).repeat(6))
        }),
        ("input.too_large", |case| {
            case.bundle = Some(pem(&case.ca.sign()).repeat(7))
        }),
    ]);
    let mut case = Case::new();
    case.roots = Some(vec![vec![]]);
    assert_eq!(case.refusal().field("input"), Some("endorsement-root"));
    case.bundle = Some(pem(&case.ca.sign()).repeat(8));
    assert_eq!(case.refusal().field("input"), Some("endorsement"));
}

#[test]
fn lab_endorsements_verify_on_the_lab_path_only() {
    let mut case = Case::new();
    case.mark();
    assert!(case.verify(&mut Cache::default()).unwrap().signer.chain.lab);
    case.lab = false;
    assert_eq!(case.code(), "gce.lab_root");
    let mut half = Case::new();
    half.mark();
    half.ca.extensions().pop();
    assert_eq!(half.code(), "gce.lab_extension_missing");
}

#[test]
fn certificates_are_of_the_time_also_when_kept() {
    let mut cache = Cache::default();
    for (now, code) in [
        ("2026-06-15T00:00:00Z", ""),
        ("2027-01-01T00:00:01Z", "gce.endorsement_expired"),
        ("2025-12-31T23:59:59Z", "gce.endorsement_not_yet_valid"),
    ] {
        let mut case = Case::new();
        case.now = seconds(now);
        let refusal = case.verify(&mut cache).err();
        assert_eq!(refusal.map_or("", |it| it.code()), code, "{now}");
    }
    // What is signed is judged each time.
    let mut case = Case::new();
    case.how = How::Pkcs1(256);
    let refusal = case.verify(&mut cache).err().unwrap();
    assert_eq!(
        (refusal.code(), cache.len()),
        ("gce.endorsement_signature", 1)
    );
}

#[test]
fn no_byte_of_an_endorsement_can_be_changed() {
    let case = Case::new();
    let whole = case.endorsement();
    let mut cache = Cache::default();
    assert!(case.verify_bytes(&whole, &mut cache).is_ok());
    for place in (0..whole.len()).step_by(7) {
        let mut bent = whole.clone();
        bent[place] ^= 1;
        assert!(
            case.verify_bytes(&bent, &mut cache).is_err(),
            "byte {place}"
        );
    }
    for end in (0..whole.len()).step_by(13) {
        assert!(
            case.verify_bytes(&whole[..end], &mut cache).is_err(),
            "cut at {end}"
        );
    }
    let many = case
        .verify_bytes(&[0x0a; 262_145], &mut cache)
        .err()
        .unwrap();
    assert_eq!(many.code(), "input.too_large");
}
