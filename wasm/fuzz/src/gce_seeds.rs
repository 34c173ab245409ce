//! Endorsements of firmware and certificates of instances in Google's manner,
//! under the fuzzer's keys, and what is asked of extensions.

use crate::accepted_instance::INSTANCE;
use crate::certificate::{element, sha256};
use crate::cloud_resign;
use crate::pem::{self, Item};
use crate::proto::{self, Record, Value};
use crate::shape::{Field, Kind};
use crate::tpm_keys::TpmKey;
use crate::tpm_seeds::Seed;

/// 2026-06-01.
const NOW: u64 = 1_780_272_000;
const ITEMS: usize = crate::operation::TPM_ITEMS;
/// ECDSA with SHA-384, RSA of PKCS#1 with SHA-256.
const ECDSA: &[u8] = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03";
const PKCS1: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";
/// Extensions as identifier, critical flag and value.
const AUTHORITY: &[u8] = b"\x06\x03\x55\x1d\x13\x01\x01\xff\x04\x05\x30\x03\x01\x01\xff";
const SIGNS: &[u8] = b"\x06\x03\x55\x1d\x0f\x01\x01\xff\x04\x04\x03\x02\x07\x80";
const MARK: &[u8] = b"\x06\x04\x88\x37\x43\x01\x01\x01\xff\x04\x02\x05\x00";
/// Extensions that are asked for.
const ASKED: [&str; 6] = [
    "2.5.29.15",
    "2.5.29.19",
    "2.999.67.1",
    "1.3.6.1.4.1.11129.2.1.21",
    "1.3.6.1.5.5.7.1.35",
    "2.23.133.5.4.9",
];

/// Everything that is made here.
#[must_use]
pub fn minted() -> Vec<Seed> {
    let mut seeds = vec![
        endorsement(true, true, Some(SEV_SNP)),
        endorsement(true, false, Some(SEV_SNP)),
        endorsement(false, true, None),
        endorsement(false, false, None),
    ];
    for file in instances() {
        seeds.extend(ASKED.map(|id| ("x509_extension", extension(&file, id))));
        let field = Field::One(Kind::Certificates, file);
        seeds.push(("gce_instance", vec![field]));
    }
    seeds
}

/// An extension of a certificate that is asked for.
#[must_use]
pub fn extension(file: &[u8], id: &str) -> Vec<Field> {
    vec![
        Field::One(Kind::Certificates, file.to_vec()),
        Field::One(Kind::Identifier, id.into()),
    ]
}

fn name(text: &str) -> Vec<u8> {
    let part = [
        b"\x06\x03\x55\x04\x03",
        element(0x0c, text.as_bytes()).as_slice(),
    ]
    .concat();
    element(0x30, &element(0x31, &element(0x30, &part)))
}

/// Subject and issuer, key, algorithm, extensions. Its signature is empty.
fn certificate(names: [&str; 2], key: TpmKey, algorithm: &[u8], extensions: &[&[u8]]) -> Vec<u8> {
    let [subject, issuer] = names.map(name);
    let times = b"\x17\x0d250101000000Z\x17\x0d350101000000Z";
    let all = extensions.iter().flat_map(|one| element(0x30, one));
    let all: Vec<u8> = all.collect();
    let fields: [&[u8]; 8] = [
        &[0xa0, 3, 2, 1, 2, 2, 1, 7],
        algorithm,
        &issuer,
        &element(0x30, times),
        &subject,
        &key.info(),
        &element(0xa3, &element(0x30, &all)),
        &[],
    ];
    let signed = element(0x30, &fields.concat());
    element(0x30, &[&signed, algorithm, &[3, 1, 0]].concat())
}

fn pem_of(der: Vec<u8>) -> Vec<u8> {
    let label = Some("CERTIFICATE".to_owned());
    pem::file(&[Item { label, der }])
}

/// What a maker writes of SEV-SNP.
type Write = fn() -> Vec<Record>;

const SEV_SNP: Write = || {
    let launch = |vmsas: u64| {
        let entry = vec![
            Record::plain(1, vmsas),
            Record::bytes(2, &[vmsas as u8; 48]),
        ];
        Record::of(2, Value::Message(entry))
    };
    vec![
        Record::plain(1, 3),
        launch(2),
        launch(1),
        launch(240),
        Record::bytes(3, &[7; 16]),
        Record::plain(5, 0x3_0000),
        Record::bytes(7, &[8; 48]),
    ]
};

fn tdx() -> Vec<Record> {
    let shape = |ram: u64, early: u64| {
        let one = vec![
            Record::plain(1, ram),
            Record::plain(2, early),
            Record::bytes(3, &[ram as u8; 48]),
        ];
        Record::of(2, Value::Message(one))
    };
    vec![Record::plain(1, 1), shape(16, 0), shape(16, 1)]
}

/// An endorsement, of a vendor's root or of a lab's, with an authority between or without.
fn endorsement(is_long: bool, is_lab: bool, sev_snp: Option<Write>) -> Seed {
    let marked = |all: &[&'static [u8]]| {
        let mark = is_lab.then_some(MARK);
        all.iter().copied().chain(mark).collect::<Vec<_>>()
    };
    let (way, root_key) = if is_long {
        (ECDSA, TpmKey::P384(1))
    } else {
        (PKCS1, TpmKey::Rsa2048)
    };
    let root = certificate(["root", "root"], root_key, way, &marked(&[AUTHORITY]));
    let issuer = if is_long { "ca" } else { "root" };
    let leaf = certificate(["leaf", issuer], TpmKey::Rsa2048, way, &marked(&[SIGNS]));
    let mut golden = vec![
        Record::of(
            1,
            Value::Message(vec![Record::plain(1, NOW), Record::plain(2, 5)]),
        ),
        Record::plain(2, 1234),
        Record::bytes(3, b"commit"),
        Record::bytes(4, &leaf),
        Record::bytes(5, &[5; 48]),
    ];
    if is_long {
        let ca = certificate(["ca", "root"], TpmKey::P384(2), way, &marked(&[AUTHORITY]));
        golden.push(Record::bytes(6, &pem_of(ca)));
        golden.push(Record::of(8, Value::Message(tdx())));
    }
    golden.extend(sev_snp.map(|write| Record::of(7, Value::Message(write()))));
    let envelope = [
        Record::of(1, Value::Message(golden)),
        Record::bytes(2, &[0; 256]),
    ];
    let anchor = Field::Fields(vec![
        Field::One(Kind::Label, vec![]),
        Field::One(Kind::Hash, sha256(&root).to_vec()),
        Field::One(Kind::Hash, vec![0; 32]),
        Field::One(Kind::Flags, vec![is_lab.into()]),
    ]);
    let mut fields = vec![
        Field::One(Kind::Endorsement, proto::write(&envelope)),
        Field::List(ITEMS, vec![Field::One(Kind::Certificates, root)]),
        Field::List(16, vec![anchor]),
        Field::One(Kind::Now, NOW.to_be_bytes().to_vec()),
    ];
    cloud_resign::endorsement(&mut fields);
    ("gce_endorsement", fields)
}

/// Certificates of instances: with all that can be said, with less, with nothing, as PEM.
fn instances() -> Vec<Vec<u8>> {
    let text = |text: &str| element(0x0c, text.as_bytes());
    let said = |security: &[u8]| {
        let parts: [&[u8]; 6] = [
            &text("zone-a"),
            &[2, 1, 7],
            &text("project é"),
            &[2, 8, 0x7f, 1, 2, 3, 4, 5, 6, 7],
            &text("vm"),
            security,
        ];
        let value = element(4, &element(0x30, &parts.concat()));
        [element(6, &INSTANCE), value].concat()
    };
    let security = |parts: &[&[u8]]| element(0xa0, &element(0x30, &parts.concat()));
    let both: [&[u8]; 2] = [&[0xa0, 3, 2, 1, 0], &[0xa1, 3, 1, 1, 0xff]];
    let more: [&[u8]; 2] = [&[0xa2, 3, 1, 1, 0], &[0x84, 1, 0]];
    let values = [
        said(&security(&both)),
        said(&security(&[both[0], more[0], more[1]])),
        said(&security(&[both[1]])),
        said(&security(&[])),
        said(&[]),
    ];
    let of = |extensions: &[&[u8]]| certificate(["ak", "ca"], TpmKey::P256(1), ECDSA, extensions);
    let mut all: Vec<Vec<u8>> = values.iter().map(|value| of(&[SIGNS, value])).collect();
    all.push(of(&[AUTHORITY, SIGNS, MARK]));
    all.push(pem_of(of(&[&values[0]])));
    all
}
