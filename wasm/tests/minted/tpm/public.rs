//! Bends of the key: its forms, its kind, its attributes (TPM-07).

use super::assert_codes;
use super::blueprint::Case;
use super::key::{How, Key};
use super::structure::{Area, sized};
use crate::part::{null, oid, sequence, tlv};
use crate::tree;
use base64ct::{Base64, Encoding};
use casemate_core::tpm::certificate::Cache;
use der::Encode;

fn rsa() -> Case {
    Case::of(Key::Rsa, How::Pkcs1(256))
}

fn spki(key: Key) -> Vec<u8> {
    key.info().to_der().unwrap()
}

fn pem(der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n")
}

fn given(case: &mut Case, key: Vec<u8>) {
    case.given_key = Some(key);
}

#[test]
fn every_form_of_a_key_gives_the_same_key() {
    for new in [Case::new, rsa] {
        let mut case = new();
        let der = spki(case.key);
        let forms = [
            case.area.bytes(),
            sized(&case.area.bytes()),
            der.clone(),
            pem(&der).into_bytes(),
            format!("{}\n \r\n", pem(&der)).into_bytes(),
            format!("{}\r\t\n", pem(&der).trim_end()).into_bytes(),
        ];
        for form in forms {
            given(&mut case, form);
            let evidence = case.verify(&mut Cache::default()).unwrap();
            let answer = tree(&evidence);
            assert_eq!(answer["key"]["spki"], casemate_core::hex::encode(&der));
        }
    }
}

#[test]
fn tpm_07_a_key_that_is_not_for_attestation_is_refused() {
    for bit in [1, 4, 5, 16, 17, 18] {
        let mut case = Case::new();
        case.area.attributes ^= 1 << bit;
        assert_eq!(
            case.verify(&mut Cache::default()).err().unwrap().code(),
            "tpm.public_attributes"
        );
        // The certificate alone does not judge them.
        assert!(case.certify(&mut Cache::default()).is_ok());
    }
    let mut case = Case::new();
    case.area.scheme = vec![0, 0x10];
    let refusal = case.verify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.code(), "tpm.public_algorithm", "no scheme");
}

#[test]
fn tpm_public_algorithm_of_keys_of_other_kinds() {
    assert_codes(
        Case::new,
        &[
            ("tpm.public_algorithm", |case| case.area.kind = 0x08),
            ("tpm.public_algorithm", |case| case.area.name = 0x04),
            ("tpm.public_algorithm", |case| {
                case.area.symmetric = vec![0, 0x13]
            }),
            ("tpm.public_algorithm", |case| {
                case.area.scheme = vec![0, 0x18, 0, 4]
            }),
            ("tpm.public_algorithm", |case| {
                case.area.scheme = vec![0, 0x1a, 0, 0x0b]
            }),
            ("tpm.public_algorithm", |case| case.area.rest[1] = 5),
            ("tpm.public_algorithm", |case| {
                let ids = ["1.2.840.10045.2.1", "1.3.132.0.35"].map(|id| tlv(6, &oid(id)));
                let point = tlv(3, &[vec![0, 4], vec![1; 132]].concat());
                given(case, sequence(&[&sequence(&[&ids[0], &ids[1]]), &point]));
            }),
            ("tpm.public_algorithm", |case| {
                let id = sequence(&[&tlv(6, &oid("1.3.101.112"))]);
                given(case, sequence(&[&id, &tlv(3, &[0; 33])]));
            }),
        ],
    );
    assert_codes(
        rsa,
        &[
            ("tpm.public_algorithm", |case| case.area.rest[0] = 4),
            ("tpm.public_algorithm", |case| case.area.rest[5] = 3),
            ("", |case| case.area.rest[3..].copy_from_slice(&[1, 0, 1])),
            ("tpm.public_algorithm", |case| {
                given(case, rsa_key(&[0xff; 128], &[1, 0, 1]))
            }),
            ("tpm.public_algorithm", |case| {
                given(case, rsa_key(&[0xff; 257], &[1, 0, 1]))
            }),
            ("tpm.public_algorithm", |case| {
                given(case, rsa_key(&[0xff; 256], &[3]))
            }),
        ],
    );
}

/// An RSA key of a modulus whose highest bit is set.
fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let modulus = tlv(2, &[&[0], modulus].concat());
    let key = sequence(&[&modulus, &tlv(2, exponent)]);
    rsa_info(&[5, 0], &key)
}

fn rsa_info(parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let id = tlv(6, &oid("1.2.840.113549.1.1.1"));
    let key = tlv(3, &[&[0], key].concat());
    sequence(&[&sequence(&[&id, parameters]), &key])
}

#[test]
fn tpm_public_malformed_of_damaged_areas() {
    assert_codes(
        Case::new,
        &[
            ("tpm.public_malformed", |case| {
                case.area.attributes |= 1 << 19
            }),
            ("tpm.public_malformed", |case| {
                case.area.policy = vec![0; 31]
            }),
            ("", |case| case.area.policy = vec![0; 32]),
            ("tpm.public_malformed", |case| case.area.numbers.push(0)),
            ("tpm.public_malformed", |case| {
                case.area.numbers.pop();
            }),
            // The other coordinate first: no point of the curve.
            ("tpm.public_malformed", |case| {
                case.area.numbers.rotate_left(34)
            }),
            ("tpm.public_malformed", |case| {
                let point = case.key.public();
                let long = [&[0], &point[1..33]].concat();
                case.area.numbers = [sized(&long), sized(&point[33..])].concat();
            }),
            ("tpm.public_malformed", |case| given(case, vec![0])),
            ("", |case| {
                case.area.symmetric = vec![0, 6, 0, 0x80, 0, 0x43]
            }),
            ("", |case| {
                case.area.rest = vec![0, 3, 0, 0x20, 0, 0x0b];
            }),
        ],
    );
    assert_codes(
        rsa,
        &[
            ("tpm.public_malformed", |case| case.area.numbers[2] &= 0x7f),
            ("tpm.public_malformed", |case| {
                *case.area.numbers.last_mut().unwrap() ^= 1;
            }),
            ("tpm.public_malformed", |case| {
                case.area.numbers = sized(&[0xff; 255])
            }),
            ("tpm.public_malformed", |case| {
                case.area.numbers = vec![0, 0]
            }),
        ],
    );
}

#[test]
fn tpm_public_malformed_of_damaged_keys_alone() {
    assert_codes(
        rsa,
        &[
            ("tpm.public_malformed", |case| {
                let mut der = spki(case.key);
                der.push(0);
                given(case, der);
            }),
            ("tpm.public_malformed", |case| given(case, vec![0x30])),
            ("tpm.public_malformed", |case| {
                let mut even = [0xff; 256];
                even[255] = 0xfe;
                given(case, rsa_key(&even, &[1, 0, 1]));
            }),
            ("tpm.public_malformed", |case| {
                given(case, rsa_info(&null(), b"no key"))
            }),
            ("tpm.public_malformed", |case| {
                let key = case.key.info().subject_public_key;
                given(case, rsa_info(&[], key.as_bytes().unwrap()));
            }),
            ("tpm.public_malformed", |case| {
                let text = pem(&spki(case.key)).replace("PUBLIC", "RSA PUBLIC");
                given(case, text.into_bytes());
            }),
            ("tpm.public_malformed", |case| {
                given(case, pem(&spki(case.key)).repeat(2).into_bytes());
            }),
            ("tpm.public_malformed", |case| {
                given(case, b"-----BEGIN \xff".to_vec())
            }),
        ],
    );
    assert_codes(
        Case::new,
        &[
            ("tpm.public_malformed", |case| {
                let mut der = spki(case.key);
                *der.last_mut().unwrap() ^= 1;
                given(case, der);
            }),
            ("tpm.public_malformed", |case| {
                let id = tlv(6, &oid("1.2.840.10045.2.1"));
                let point = tlv(3, &[vec![0], case.key.public()].concat());
                given(case, sequence(&[&sequence(&[&id, &[5, 0]]), &point]));
            }),
        ],
    );
}

#[test]
fn a_key_has_a_size_and_is_there() {
    let mut case = Case::new();
    given(&mut case, vec![0x30; 2049]);
    assert_eq!(case.code(), "input.too_large");
    given(&mut case, vec![]);
    let refusal = case.verify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.code(), "input.empty");
    assert_eq!(refusal.field("input"), Some("ak-pub"));
}

#[test]
fn tpm_07_the_certificate_must_be_that_of_the_key() {
    let mut case = Case::new();
    case.area = Area::new(Key::P256(9), How::Ecdsa(256));
    case.key = Key::P256(9);
    assert_eq!(case.code(), "tpm.ak_key_mismatch");
    let refusal = case.verify(&mut Cache::default()).err().unwrap();
    assert_ne!(refusal.field("expected"), refusal.field("actual"));
}

#[test]
fn the_name_is_the_hash_of_the_area() {
    for (id, bits) in [(0x0b, 256), (0x0c, 384), (0x0d, 512)] {
        let mut case = Case::new();
        case.area.name = id;
        let evidence = case.verify(&mut Cache::default()).unwrap();
        let hash = super::key::digest(bits, &case.area.bytes());
        let expected = [id.to_be_bytes().as_slice(), &hash].concat();
        assert_eq!(evidence.key.area().unwrap().name, expected);
    }
}
