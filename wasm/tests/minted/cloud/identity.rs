//! Identity documents of EC2.

use super::identity_blueprint::{Case, DOCUMENT, algorithm, attribute, attributes, id};
use crate::part::{sequence, tlv};
use crate::tpm::key::{How, Key};
use base64ct::{Base64, Encoding};
use serde_json::json;

type Bend = fn(&mut Case);

fn assert_codes(new: fn() -> Case, bends: &[(&str, Bend)]) {
    assert_eq!(new().verify().code(), "", "the case itself verifies");
    for (index, (expected, bend)) in bends.iter().enumerate() {
        let mut case = new();
        bend(&mut case);
        assert_eq!(case.verify().code(), *expected, "bend {index}");
    }
}

#[test]
fn a_document_is_verified() {
    let mut answer = Case::new().verify().value();
    let certificate = answer["certificate"].take();
    assert_eq!(certificate["subject"], json!("CN=region,O=Casemate tests"));
    let expected = json!({
        "accountId": "123456789012",
        "architecture": "x86_64",
        "availabilityZone": "eu-north-1a",
        "certificate": null,
        "imageId": "ami-1",
        "instanceId": "i-1",
        "instanceType": "m7a.large",
        "pendingTime": "2026-06-01T00:00:00Z",
        "region": "eu-north-1",
        "version": "2017-09-30",
    });
    assert_eq!(answer, expected);
}

#[test]
fn every_form_of_a_genuine_signature_verifies() {
    let forms: [Bend; 7] = [
        |case| case.content.clear(),
        |case| case.attributes = None,
        |case| case.digests = tlv(0x31, &sequence(&[&id("2.16.840.1.101.3.4.2.1")])),
        |case| case.algorithm = algorithm("1.2.840.113549.1.1.1"),
        |case| case.algorithm = sequence(&[&id("1.2.840.113549.1.1.11")]),
        |case| case.extra = [tlv(0xa0, &[0x30, 0]), tlv(0xa1, &[])].concat(),
        |case| case.unsigned = tlv(0xa1, &[0x30, 0]),
    ];
    for (index, form) in forms.iter().enumerate() {
        let mut case = Case::new();
        form(&mut case);
        assert_eq!(case.verify().code(), "", "form {index}");
    }
}

#[test]
fn a_file_is_binary_or_text() {
    let case = Case::new();
    let message = case.message();
    let base64 = Base64::encode_string(&message);
    let lines: Vec<&str> = (0..base64.len())
        .step_by(76)
        .map(|at| &base64[at..base64.len().min(at + 76)])
        .collect();
    let (unix, windows) = (lines.join("\n"), lines.join("\r\n"));
    let pem = |label: &str| format!("-----BEGIN {label}-----\n{unix}\n-----END {label}-----\n");
    for text in [
        base64.clone(),
        unix.clone(),
        windows,
        format!("\n {unix}\n\n"),
        pem("PKCS7"),
        pem("CMS"),
        format!("\n{}", pem("CMS")),
    ] {
        assert_eq!(
            case.verify_file(text.as_bytes()).code(),
            "",
            "{}",
            &text[..60]
        );
    }
    let broken = [
        pem("CERTIFICATE"),
        pem("CMS") + &pem("CMS"),
        format!("{} x", pem("CMS")),
        unix.replace('\n', "\n\n ").replace("  ", " "),
        base64.trim_end_matches('=').to_string() + "A",
        unix.replace('A', "-"),
        String::from("\u{e9}"),
    ];
    for text in broken {
        let code = case.verify_file(text.as_bytes()).code();
        assert_eq!(
            code,
            "ec2.signature_malformed",
            "{}",
            text.chars().take(60).collect::<String>()
        );
    }
    assert_eq!(
        case.verify_file(b"\xff\xfe").code(),
        "ec2.signature_malformed"
    );
    assert_eq!(case.verify_file(b"").code(), "input.empty");
    assert_eq!(
        case.verify_file(&[b'A'; 16 * 1024 + 1]).code(),
        "input.too_large"
    );
}

#[test]
fn documents_have_their_members() {
    let case = Case::new();
    let code = |document: &str| {
        let document = document.as_bytes().to_vec();
        Case {
            document,
            ..case.clone()
        }
        .verify()
        .code()
    };
    for member in [
        "accountId",
        "instanceId",
        "region",
        "imageId",
        "instanceType",
        "architecture",
        "availabilityZone",
        "pendingTime",
        "version",
    ] {
        let quoted = format!("\"{member}\" : \"");
        assert!(DOCUMENT.contains(&quoted), "{member}");
        let missing = DOCUMENT.replace(&quoted, "\"other\" : \"");
        assert_eq!(code(&missing), "ec2.document_malformed", "{member}");
        let null = format!("{},\"{member}\":null}}", missing.trim_end_matches('}'));
        assert_eq!(code(&null), "ec2.document_malformed", "{member}");
        let twice = format!("{},\"{member}\":\"\"}}", DOCUMENT.trim_end_matches('}'));
        assert_eq!(code(&twice), "ec2.document_malformed", "{member}");
    }
    for account in [
        "12345678901",
        "1234567890123",
        "12345678901x",
        "12345678901٣",
    ] {
        let wrong = DOCUMENT.replace("123456789012", account);
        assert_eq!(code(&wrong), "ec2.document_malformed", "{account}");
    }
    assert_eq!(code(""), "input.empty");
    assert_eq!(code("[]"), "ec2.document_malformed");
    assert_eq!(code(&" ".repeat(16 * 1024 + 1)), "input.too_large");
}

#[test]
fn a_malformed_message_is_refused() {
    let bends: [Bend; 24] = [
        |case| case.kind = id("1.2.840.113549.1.7.1"),
        |case| case.version = vec![2, 1, 3],
        |case| case.version = vec![2, 2, 0, 1],
        |case| case.digests = tlv(0x31, &algorithm("2.16.840.1.101.3.4.2.2")),
        |case| case.digests = tlv(0x31, &[]),
        |case| case.digests = tlv(0x31, &algorithm("2.16.840.1.101.3.4.2.1").repeat(2)),
        |case| case.content = tlv(0xa0, &tlv(4, b"{}")),
        |case| case.content = tlv(0xa0, &[]),
        |case| case.content = tlv(0xa1, &tlv(4, &case.document)),
        |case| case.signer_version = vec![2, 1, 3],
        |case| case.signer = tlv(0x80, b"key"),
        |case| case.signer = sequence(&[&[0x30, 0], &[2, 2, 0, 6]]),
        |case| case.signer = sequence(&[&[0x30, 0], &[2, 1, 6], &[5, 0]]),
        |case| case.digest = algorithm("1.3.14.3.2.26"),
        |case| case.digest = sequence(&[&id("2.16.840.1.101.3.4.2.1"), &[0x30, 0]]),
        |case| case.algorithm = algorithm("1.2.840.113549.1.1.12"),
        |case| case.algorithm = algorithm("1.2.840.113549.1.1.10"),
        |case| case.unsigned = vec![5, 0],
        |case| case.more_signers = vec![0x30, 0],
        |case| case.end = vec![5, 0],
        |case| case.extra = vec![0xa2, 0],
        |case| case.extra = vec![0xa1, 0, 0xa0, 0],
        |case| case.document.push(b' '),
        |case| case.extra = tlv(0xa0, &[0x1f, 0x81, 1, 0]),
    ];
    let bends = bends.map(|bend| ("ec2.signature_malformed", bend));
    assert_codes(Case::new, &bends);
}

fn set(case: &mut Case, index: usize, attribute: Vec<u8>) {
    case.attributes.as_mut().unwrap()[index] = attribute;
}

#[test]
fn malformed_attributes_are_refused() {
    const KIND: &str = "1.2.840.113549.1.9.3";
    const DIGEST: &str = "1.2.840.113549.1.9.4";
    let bends: [Bend; 14] = [
        |case| case.attributes = Some(vec![]),
        |case| drop(case.attributes.as_mut().unwrap().pop()),
        |case| drop(case.attributes.as_mut().unwrap().remove(0)),
        |case| case.attributes.as_mut().unwrap().reverse(),
        |case| {
            case.attributes
                .as_mut()
                .unwrap()
                .insert(0, attribute(KIND, &[]))
        },
        |case| set(case, 0, attribute(KIND, &id("1.2.840.113549.1.7.2"))),
        |case| {
            set(
                case,
                0,
                attribute(KIND, &id("1.2.840.113549.1.7.1").repeat(2)),
            )
        },
        |case| set(case, 1, attribute(DIGEST, &tlv(4, &[7; 32]).repeat(2))),
        |case| set(case, 1, attribute(DIGEST, &tlv(5, &[]))),
        |case| {
            set(
                case,
                1,
                sequence(&[&id(DIGEST), &tlv(0x30, &tlv(4, &[7; 32]))]),
            )
        },
        |case| set(case, 1, tlv(0x31, &[])),
        |case| {
            case.attributes
                .as_mut()
                .unwrap()
                .push(tlv(0x30, &[6, 0, 0x31, 0]))
        },
        |case| {
            case.attributes
                .as_mut()
                .unwrap()
                .insert(0, tlv(0x30, &[6, 2, 0x80, 1, 0x31, 0]))
        },
        |case| {
            let more = (0..15).map(|last| attribute(&format!("1.3.{last}"), &[]));
            case.attributes
                .as_mut()
                .unwrap()
                .splice(0..0, more.collect::<Vec<_>>());
        },
    ];
    let bends = bends.map(|bend| ("ec2.signature_malformed", bend));
    assert_codes(Case::new, &bends);
    let mut most = Case::new();
    let more = (0..14).map(|last| attribute(&format!("1.3.{last}"), &[]));
    most.attributes
        .as_mut()
        .unwrap()
        .splice(0..0, more.collect::<Vec<_>>());
    assert_eq!(most.verify().code(), "");
}

#[test]
fn each_step_has_its_code() {
    let bends: [(&str, Bend); 7] = [
        ("ec2.certificate_shape", |case| {
            case.certificate.content.key = Key::P256(3).info()
        }),
        ("ec2.signer_mismatch", |case| {
            case.certificate.content.serial = crate::part::serial(&[9])
        }),
        ("ec2.signer_mismatch", |case| {
            case.certificate.content.issuer = crate::tpm::blueprint::name("other");
        }),
        ("ec2.digest_mismatch", |case| {
            case.attributes = Some(attributes(b"{}"))
        }),
        ("ec2.certificate_not_yet_valid", |case| case.now = 0),
        ("ec2.certificate_expired", |case| case.now = u64::MAX),
        ("x509.malformed", |case| {
            case.certificate.content.serial = crate::part::serial(&[0x80])
        }),
    ];
    assert_codes(Case::new, &bends);
    let message = Case::new().message();
    for (index, bit) in [(message.len() - 1, 1), (message.len() - 256, 0x80)] {
        let mut bent = message.clone();
        bent[index] ^= bit;
        assert_eq!(
            Case::new().verify_file(&bent).code(),
            "ec2.signature_mismatch"
        );
    }
    let mut plain = Case::plain();
    plain.signed_document.push(b' ');
    assert_eq!(plain.verify().code(), "ec2.signature_mismatch");
}

#[test]
fn of_several_things_wrong_the_first_is_told() {
    let mut case = Case::new();
    let mut codes = vec![];
    let wrong: [Bend; 7] = [
        |case| case.now = 0,
        |case| case.signed_document.push(b' '),
        |case| case.attributes = Some(attributes(b"{}")),
        |case| case.certificate.content.serial = crate::part::serial(&[9]),
        |case| case.certificate.content.key = Key::P256(3).info(),
        |case| case.version = vec![2, 1, 3],
        |case| case.document.insert(0, b'['),
    ];
    for bend in wrong {
        bend(&mut case);
        codes.push(case.verify().code());
    }
    let expected = [
        "certificate_not_yet_valid",
        "certificate_not_yet_valid",
        "digest_mismatch",
        "signer_mismatch",
        "certificate_shape",
        "signature_malformed",
        "document_malformed",
    ];
    assert_eq!(codes, expected.map(|name| format!("ec2.{name}")));
}

#[test]
fn now_is_eight_bytes_and_weak_keys_are_refused() {
    let case = Case::new();
    let (message, certificate) = (case.message(), case.certificate.sign());
    let fields: [&[u8]; 4] = [&case.document, &message, &certificate, &[0; 7]];
    let answer = super::run(casemate_core::ec2::identity::operation, &fields);
    assert_eq!(answer.code(), "bug");
    let mut weak = Case::new();
    weak.certificate.content.key = short_key();
    assert_eq!(weak.verify().code(), "ec2.certificate_shape");
    let other = (Key::P384(1), How::Ecdsa(384));
    weak.certificate =
        crate::tpm::blueprint::certificate(["region", "region"], Key::P384(1), other, vec![]);
    assert_eq!(weak.verify().code(), "ec2.certificate_shape");
}

/// An RSA key of 1024 bits.
fn short_key() -> x509_cert::SubjectPublicKeyInfo {
    let modulus = tlv(2, &[&[0][..], &[0xff; 128]].concat());
    let key = sequence(&[&modulus, &[2, 3, 1, 0, 1]]);
    x509_cert::SubjectPublicKeyInfo {
        algorithm: Key::Rsa.info().algorithm,
        subject_public_key: der::asn1::BitString::from_bytes(&key).unwrap(),
    }
}

#[test]
fn no_cut_of_a_message_makes_it_panic() {
    let case = Case::new();
    let message = case.message();
    for length in (1..message.len()).step_by(3) {
        assert_eq!(
            case.verify_file(&message[..length]).code(),
            "ec2.signature_malformed"
        );
    }
}
