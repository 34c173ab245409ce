//! Bends of the signed message, and documents of any bytes at all.

use super::assert_codes;
use super::blueprint::{Case, ES384};
use crate::tpm::key::{How, Key};
use casemate_core::x509::signer::Cache;

/// Order of P-384 (SP 800-186 §3.2.1.4), big-endian.
const ORDER: &str = "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

fn numbers(r: &[u8], s: &[u8]) -> Case {
    let mut case = Case::new();
    case.message.signature = Some([r, s].concat());
    case
}

#[test]
fn the_tag_may_stand_there_and_nothing_else() {
    assert_codes(&[
        ("", |case| case.message.before = vec![0xd2]),
        ("nitro.cbor", |case| case.message.before = vec![0xd2, 0xd2]),
        ("nitro.cbor", |case| case.message.before = vec![0xd8, 18]),
        ("nitro.cbor", |case| {
            case.message.before = vec![0xd9, 0xd9, 0xf7]
        }),
        ("nitro.cbor", |case| case.message.before = vec![0xf6]),
    ]);
}

#[test]
fn headers_are_those_of_aws() {
    assert_codes(&[
        ("nitro.algorithm", |case| {
            case.message.protected = vec![0xa1, 1, 0x26]
        }),
        ("nitro.algorithm", |case| {
            case.message.protected = vec![0xa1, 1, 0x38, 35]
        }),
        ("nitro.cose", |case| case.message.protected = vec![]),
        ("nitro.cose", |case| case.message.protected = vec![0xa0]),
        ("nitro.cose", |case| {
            case.message.protected = vec![0xa2, 1, 0x38, 34, 2, 0x81, 4];
        }),
        // A key by its id, which nobody here looks at.
        ("nitro.cose", |case| {
            case.message.unprotected = vec![0xa1, 4, 0x40]
        }),
    ]);
}

#[test]
fn the_document_is_signed_by_the_leaf_with_sha_384() {
    assert_codes(&[
        ("nitro.signature_mismatch", |case| case.key = Key::P384(9)),
        ("nitro.signature_mismatch", |case| case.key = Key::P384(4)),
    ]);
    let mut case = Case::new();
    let made = case.key.sign_numbers(How::Ecdsa(512), b"other");
    case.message.signature = Some(made.concat());
    assert_eq!(case.code(), "nitro.signature_mismatch");
    // DER, as certificates have it, is another form.
    case.message.signature = Some(case.key.sign(ES384, b"message"));
    assert_eq!(case.code(), "nitro.cose");
}

#[test]
fn numbers_of_a_signature_are_in_range() {
    let order = crate::key::unhex(ORDER);
    let one = [vec![0; 47], vec![1]].concat();
    for (r, s) in [
        (vec![0; 48], vec![0; 48]),
        (one.clone(), vec![0; 48]),
        (vec![0; 48], one.clone()),
        (order.clone(), one.clone()),
        (one.clone(), order.clone()),
        (vec![0xff; 48], vec![0xff; 48]),
        (one.clone(), one),
    ] {
        assert_eq!(numbers(&r, &s).code(), "nitro.signature_mismatch");
    }
    for length in [0, 95, 97, 192] {
        let mut case = Case::new();
        case.message.signature = Some(vec![1; length]);
        assert_eq!(case.code(), "nitro.cose", "{length} bytes");
    }
}

/// The cache is warm, so that most of it costs one signature.
#[test]
fn no_byte_of_a_document_can_be_changed() {
    let case = Case::new();
    let whole = case.document();
    let mut cache = Cache::default();
    assert!(case.verify_bytes(&whole, &mut cache).is_ok());
    for place in (0..whole.len()).step_by(7) {
        for bit in [1, 0x80] {
            let mut bent = whole.clone();
            bent[place] ^= bit;
            assert!(
                case.verify_bytes(&bent, &mut cache).is_err(),
                "byte {place}"
            );
        }
    }
    for end in (0..whole.len()).step_by(13) {
        let refusal = case.verify_bytes(&whole[..end], &mut cache).err().unwrap();
        assert!(
            ["nitro.cbor", "input.empty"].contains(&refusal.code()),
            "cut at {end}"
        );
    }
    let longer = [&whole[..], &[0]].concat();
    assert_eq!(
        case.verify_bytes(&longer, &mut cache).err().unwrap().code(),
        "nitro.cbor"
    );
    assert_eq!(cache.len(), 1);
}
