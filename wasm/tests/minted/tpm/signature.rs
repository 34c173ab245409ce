//! Bends of the quote's signature (TPM-06).

use super::assert_codes;
use super::blueprint::Case;
use super::key::{How, Key};
use super::structure::{scheme, signature, sized};
use casemate_core::tpm::certificate::Cache;
use der::Encode;

fn rsa() -> Case {
    Case::of(Key::Rsa, How::Pkcs1(256))
}

fn given(case: &mut Case, bytes: Vec<u8>) {
    case.given_signature = Some(bytes);
}

/// Signed otherwise than the key says, but named as it was made.
fn signed(case: &mut Case, how: How) {
    given(case, signature(case.key, how, &case.quote.bytes()));
}

#[test]
fn tpm_06_a_signature_is_by_this_key_over_this_quote() {
    assert_codes(
        Case::new,
        &[
            ("tpm.signature_mismatch", |case| {
                given(case, signature(Key::P256(9), case.how, &case.quote.bytes()));
            }),
            ("tpm.signature_mismatch", |case| {
                let other = [case.quote.bytes(), vec![0]].concat();
                given(case, signature(case.key, case.how, &other));
            }),
        ],
    );
    assert_codes(
        rsa,
        &[
            ("tpm.signature_mismatch", |case| {
                let made = [scheme(case.how), sized(&[7; 256])].concat();
                given(case, made);
            }),
            ("tpm.signature_mismatch", |case| {
                given(case, vec![0xff; 256])
            }),
        ],
    );
}

#[test]
fn tpm_06_the_algorithm_is_the_keys_own() {
    assert_codes(
        Case::new,
        &[
            ("tpm.signature_algorithm", |case| {
                signed(case, How::Ecdsa(384))
            }),
            ("tpm.signature_algorithm", |case| {
                given(
                    case,
                    signature(Key::Rsa, How::Pkcs1(256), &case.quote.bytes()),
                );
            }),
            ("tpm.signature_algorithm", |case| {
                let mut made = signature(case.key, case.how, &case.quote.bytes());
                made[3] = 4;
                given(case, made);
            }),
            // Named otherwise than made: SHA-256 of the key, SHA-384 in the signature.
            ("tpm.signature_mismatch", |case| {
                let mut made = signature(case.key, How::Ecdsa(384), &case.quote.bytes());
                made[3] = 0x0b;
                given(case, made);
            }),
        ],
    );
    assert_codes(
        rsa,
        &[
            ("tpm.signature_algorithm", |case| {
                signed(case, How::Pss(256, 32))
            }),
            ("tpm.signature_algorithm", |case| {
                signed(case, How::Pkcs1(384))
            }),
            ("tpm.signature_mismatch", |case| {
                let made = case.key.sign(How::Pss(256, 32), &case.quote.bytes());
                given(case, made);
            }),
        ],
    );
}

#[test]
fn tpm_06_a_key_alone_leaves_the_algorithm_to_the_signature() {
    for (how, right) in [
        (How::Ecdsa(256), true),
        (How::Ecdsa(384), true),
        (How::Ecdsa(512), true),
    ] {
        let mut case = Case::of(Key::P384(3), how);
        case.given_key = Some(case.key.info().to_der().unwrap());
        assert_eq!(case.code().is_empty(), right, "{how:?}");
        // A plain one does not say it: SHA-384 for this curve.
        let plain = case.key.sign(how, &case.quote.bytes());
        given(&mut case, plain);
        assert_eq!(case.code().is_empty(), how == How::Ecdsa(384), "{how:?}");
    }
}

#[test]
fn plain_signatures_are_read_by_the_keys_scheme() {
    for (key, how) in [
        (Key::P256(3), How::Ecdsa(256)),
        (Key::P256(3), How::Ecdsa(384)),
        (Key::Rsa, How::Pkcs1(256)),
        (Key::Rsa, How::Pkcs1(384)),
        (Key::Rsa, How::Pss(256, 32)),
    ] {
        let mut case = Case::of(key, how);
        let plain = case.key.sign(how, &case.quote.bytes());
        given(&mut case, plain);
        assert_eq!(case.code(), "", "{key:?} {how:?}");
    }
}

#[test]
fn salts_are_as_long_as_the_hash_or_the_longest() {
    for (bits, longest) in [(256, 222), (384, 206), (512, 190)] {
        for (salt, right) in [
            (u8::try_from(bits / 8).unwrap(), true),
            (longest, true),
            (longest - 1, false),
            (0, false),
            (20, false),
        ] {
            let case = Case::of(Key::Rsa, How::Pss(bits, salt));
            let code = case.code();
            let expected = if right { "" } else { "tpm.signature_mismatch" };
            assert_eq!(code, expected, "SHA-{bits}, {salt} bytes of salt");
        }
    }
}

/// R and S with the zeros before them left out, put before them, or too many.
#[test]
fn tpm_signature_malformed_of_numbers_out_of_range() {
    const ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    assert_codes(
        Case::new,
        &[
            ("tpm.signature_malformed", |case| {
                with_numbers(case, |[_, s]| [vec![0], s])
            }),
            ("tpm.signature_malformed", |case| {
                with_numbers(case, |[r, _]| [r, vec![0; 32]])
            }),
            ("tpm.signature_malformed", |case| {
                with_numbers(case, |[_, s]| [crate::key::unhex(ORDER), s]);
            }),
            ("tpm.signature_malformed", |case| {
                with_numbers(case, |[r, _]| [r, crate::key::unhex(ORDER)]);
            }),
            ("tpm.signature_malformed", |case| {
                with_numbers(case, |[r, s]| [[vec![0], r].concat(), s]);
            }),
            ("tpm.signature_malformed", |case| {
                given(case, vec![0x30, 3, 2, 1, 1])
            }),
            ("tpm.signature_mismatch", |case| {
                with_numbers(case, |[_, s]| [vec![1], s])
            }),
        ],
    );
    assert_codes(
        rsa,
        &[
            ("tpm.signature_malformed", |case| {
                let made = [scheme(case.how), sized(&[7; 255])].concat();
                given(case, made);
            }),
            ("tpm.signature_malformed", |case| {
                let made = [scheme(case.how), sized(&[7; 257])].concat();
                given(case, made);
            }),
            ("input.too_large", |case| given(case, vec![0; 1025])),
            ("input.empty", |case| given(case, vec![])),
        ],
    );
}

fn with_numbers(case: &mut Case, change: fn([Vec<u8>; 2]) -> [Vec<u8>; 2]) {
    let numbers = change(case.key.sign_numbers(case.how, &case.quote.bytes()));
    let numbers = numbers.map(|one| sized(&one)).concat();
    given(case, [scheme(case.how), numbers].concat());
}

/// A TPM may leave the zeros before R or S out; a key is sought whose signature has one.
#[test]
fn zeros_before_a_number_may_be_left_out() {
    let tries = (1..=200).flat_map(|byte| (0..24).map(move |register| (byte, register)));
    let found = tries.into_iter().find_map(|(byte, register)| {
        let mut case = Case::new();
        case.quote.registers = vec![register];
        case.key = Key::P256(byte);
        let [r, s] = case.key.sign_numbers(case.how, &case.quote.bytes());
        (r[0] == 0 && s[0] != 0).then_some(case)
    });
    let mut case = found.unwrap();
    case.area = super::structure::Area::new(case.key, case.how);
    case.with_certificates = false;
    case.lists.clear();
    let judge = |case: &Case| case.verify(&mut Cache::default()).is_ok();
    assert!(judge(&case));
    with_numbers(&mut case, |[r, s]| [r[1..].to_vec(), s]);
    assert!(judge(&case));
}
