//! Bends of what a document says.

use super::blueprint::{Case, NOW};
use super::cbor::{NULL, array, bytes, map, number, text};
use super::{answer, assert_codes};
use crate::tpm::blueprint::seconds;
use casemate_core::x509::signer::Cache;
use serde_json::json;

fn registers(entries: &[(Vec<u8>, Vec<u8>)]) -> Case {
    let mut case = Case::new();
    case.set("nitrotpm_pcrs", map(entries));
    case
}

#[test]
fn each_field_has_its_form() {
    let wrong: [(&str, Vec<Vec<u8>>); 9] = [
        (
            "module_id",
            vec![text(""), text(&"ä".repeat(129)), bytes(b"i"), NULL.to_vec()],
        ),
        (
            "digest",
            vec![text("SHA256"), text("sha384"), bytes(b"SHA384")],
        ),
        (
            "timestamp",
            vec![
                number(0),
                number(1 << 53),
                vec![0x20],
                bytes(&[1]),
                text("1"),
            ],
        ),
        (
            "nitrotpm_pcrs",
            vec![array(&[]), bytes(&[9; 48]), NULL.to_vec()],
        ),
        (
            "certificate",
            vec![bytes(&[]), bytes(&[0x30; 1025]), text("0"), NULL.to_vec()],
        ),
        (
            "cabundle",
            vec![
                array(&[]),
                array(&vec![bytes(&[0x30]); 9]),
                array(&[bytes(&[])]),
                array(&[bytes(&[0x30; 1025])]),
                array(&[text("0")]),
                bytes(&[0x30]),
            ],
        ),
        (
            "public_key",
            vec![bytes(&[]), bytes(&[7; 1025]), text("a"), vec![0xf5]],
        ),
        ("user_data", vec![bytes(&[7; 513]), text(""), number(0)]),
        ("nonce", vec![bytes(&[7; 513]), text(""), vec![0xf4]]),
    ];
    for (name, values) in wrong {
        for value in values {
            let mut case = Case::new();
            case.set(name, value.clone());
            let refusal = case.refusal();
            assert_eq!(refusal.code(), "nitro.field", "{name}: {value:?}");
            assert_eq!(refusal.field("field"), Some(name), "{value:?}");
        }
    }
}

#[test]
fn fields_may_be_as_long_as_they_may() {
    let mut case = Case::new();
    case.set("module_id", text(&"ä".repeat(128)));
    case.set("timestamp", number(seconds(NOW) * 1000));
    case.set("public_key", bytes(&[7; 1024]));
    case.set("user_data", bytes(&[7; 512]));
    case.set("nonce", NULL.to_vec());
    let answer = answer(&case);
    assert_eq!(answer["document"]["publicKey"], "07".repeat(1024));
    assert_eq!(answer["document"]["userData"], "07".repeat(512));
    assert_eq!(answer["document"]["nonce"], json!(null));
}

#[test]
fn callers_fields_may_be_absent_and_no_others() {
    let mut case = Case::new();
    for name in ["public_key", "user_data", "nonce"] {
        case.drop_field(name);
    }
    let answer = answer(&case);
    for name in ["publicKey", "userData", "nonce"] {
        assert_eq!(answer["document"][name], json!(null), "{name}");
    }
    for name in [
        "module_id",
        "digest",
        "timestamp",
        "certificate",
        "cabundle",
    ] {
        let mut case = Case::new();
        case.set(name, vec![]);
        let refusal = case.refusal();
        assert_eq!(refusal.code(), "nitro.field", "{name}");
        assert_eq!(refusal.field("field"), Some(name));
    }
}

#[test]
fn unknown_fields_come_before_all_others() {
    let mut case = Case::new();
    case.drop_field("module_id");
    case.set("extra", NULL.to_vec());
    assert_eq!(case.refusal().field("field"), Some("extra"));
    case.fields.push((number(1), NULL.to_vec()));
    assert_eq!(case.refusal().field("field"), Some("payload"));
    for payload in [array(&[]), NULL.to_vec(), bytes(&[])] {
        let document = case.document_of(&payload);
        let refusal = case
            .verify_bytes(&document, &mut Cache::default())
            .err()
            .unwrap();
        assert_eq!(refusal.code(), "nitro.field");
        assert_eq!(refusal.field("field"), Some("payload"));
    }
}

#[test]
fn nitro_kind_of_both_registers_and_of_none() {
    assert_codes(&[
        ("nitro.kind", |case| case.drop_field("nitrotpm_pcrs")),
        ("nitro.kind", |case| case.set("pcrs", NULL.to_vec())),
        ("", |case| {
            let value = map(&[(number(0), bytes(&[0; 48]))]);
            case.drop_field("nitrotpm_pcrs");
            case.set("pcrs", value);
        }),
    ]);
}

#[test]
fn registers_have_48_bytes_and_a_number_below_32() {
    let right = (number(0), bytes(&[0; 48]));
    assert_eq!(registers(core::slice::from_ref(&right)).code(), "");
    let all: Vec<_> = (0..32).map(|one| (number(one), bytes(&[0; 48]))).collect();
    assert_eq!(registers(&all).code(), "");
    let one = |key: Vec<u8>, value: Vec<u8>| vec![right.clone(), (key, value)];
    for entries in [
        vec![],
        one(number(32), bytes(&[0; 48])),
        one(vec![0x20], bytes(&[0; 48])),
        one(text("1"), bytes(&[0; 48])),
        one(number(1), bytes(&[0; 47])),
        one(number(1), bytes(&[0; 49])),
        one(number(1), bytes(&[])),
        one(number(1), text(&"0".repeat(48))),
        one(number(1), NULL.to_vec()),
    ] {
        assert_eq!(
            registers(&entries).code(),
            "nitro.pcr_length",
            "{entries:?}"
        );
    }
}

#[test]
fn a_payload_that_is_no_strict_cbor_is_refused_in_spite_of_its_signature() {
    let long = |case: &mut Case| case.set("nonce", vec![0x58, 1, 7]);
    assert_codes(&[
        ("nitro.cbor", long),
        ("nitro.cbor", |case| {
            case.set("nonce", vec![0x5f, 0x41, 7, 0xff])
        }),
        ("nitro.cbor", |case| {
            // Twice, each in its own form.
            case.fields.push((text("nonce"), NULL.to_vec()));
        }),
        ("nitro.cbor", |case| {
            case.fields
                .push((vec![0x78, 5, b'n', b'o', b'n', b'c', b'e'], NULL.to_vec()));
        }),
        ("nitro.cbor", |case| case.set("nonce", vec![0xc2, 0x41, 7])),
        ("nitro.cbor", |case| {
            case.set("nonce", [vec![0x81; 8], vec![0]].concat())
        }),
        ("nitro.field", |case| {
            case.set("nonce", [vec![0x81; 7], vec![0]].concat())
        }),
        ("nitro.cbor", |case| {
            case.set(
                "nonce",
                vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            );
        }),
    ]);
}

#[test]
fn documents_have_a_size() {
    let case = Case::new();
    let code = |bytes: &[u8]| {
        let answer = case.verify_bytes(bytes, &mut Cache::default());
        answer.err().unwrap().code()
    };
    assert_eq!(code(&[]), "input.empty");
    assert_eq!(code(&[0x81; 32 * 1024]), "nitro.cbor");
    assert_eq!(code(&[0x81; 32 * 1024 + 1]), "input.too_large");
}

#[test]
fn certificates_of_a_document_are_der() {
    for (name, value, certificate) in [
        ("certificate", bytes(b"-----BEGIN CERTIFICATE-----"), "leaf"),
        ("certificate", bytes(&[0x30, 0]), "leaf"),
        ("cabundle", array(&[bytes(&[0x30, 0])]), "CA"),
    ] {
        let mut case = Case::new();
        case.set(name, value);
        let refusal = case.verify(&mut Cache::default()).err().unwrap();
        assert_eq!(refusal.code(), "x509.malformed");
        assert_eq!(refusal.field("certificate"), Some(certificate));
        assert_eq!(refusal.field("input"), Some("document"));
    }
}
