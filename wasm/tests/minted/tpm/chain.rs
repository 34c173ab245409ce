//! Bends of the certificates of an attestation key (TPM-07).

use super::assert_codes;
use super::blueprint::{
    Case, alternative_name, attribute, authority, certificate, name, purposes, seconds,
};
use super::key::{How, Key, pss_identifier};
use crate::part::{extension, null, sequence, tlv};
use casemate_core::tpm::certificate::Cache;
use der::Decode;
use x509_cert::AlgorithmIdentifier;
use x509_cert::certificate::Version;

const ROOT: (Key, How) = (Key::P384(1), How::Ecdsa(384));
const OTHER: (Key, How) = (Key::P256(9), How::Ecdsa(256));

#[test]
fn tpm_07_every_signature_of_the_chain_is_checked() {
    assert_codes(
        Case::new,
        &[
            ("tpm.chain_signature", |case| {
                case.leaf.signer = Key::P256(9)
            }),
            ("tpm.chain_signature", |case| case.ca.signer = Key::P384(9)),
            ("tpm.chain_signature", |case| {
                case.root.signer = Key::P384(9)
            }),
            // Of another kind than the issuer's key, or named otherwise than made.
            ("tpm.chain_signature", |case| {
                case.leaf.set_how(Key::Rsa, How::Pkcs1(256))
            }),
            ("tpm.chain_signature", |case| {
                case.leaf.how = How::Ecdsa(384)
            }),
            ("tpm.chain_signature", |case| {
                case.leaf.content.algorithm = How::Ecdsa(384).identifier();
            }),
            ("tpm.chain_signature", |case| {
                case.leaf.outer = How::Ecdsa(384).identifier();
            }),
        ],
    );
}

#[test]
fn issuers_sign_with_any_of_the_usual_algorithms() {
    for (key, how) in [
        (Key::P256(2), How::Ecdsa(256)),
        (Key::P256(2), How::Ecdsa(384)),
        (Key::P256(2), How::Ecdsa(512)),
        (Key::P384(2), How::Ecdsa(256)),
        (Key::P384(2), How::Ecdsa(512)),
        (Key::Rsa, How::Pkcs1(256)),
        (Key::Rsa, How::Pkcs1(384)),
        (Key::Rsa, How::Pkcs1(512)),
        (Key::Rsa, How::Pss(256, 32)),
        (Key::Rsa, How::Pss(384, 48)),
        (Key::Rsa, How::Pss(512, 64)),
    ] {
        let mut case = Case::new();
        case.ca.content.key = key.info();
        case.leaf.set_how(key, how);
        case.lists[0].sign_by(key, how);
        case.lists[0].content.algorithm = how.identifier();
        assert_eq!(case.code(), "", "{key:?} {how:?}");
        case.lists[0].signer = Key::P256(9);
        case.lists[0].how = How::Ecdsa(256);
        assert_eq!(case.code(), "tpm.crl_signature", "{key:?} {how:?}");
    }
}

/// Algorithms that are named and not taken, whatever the bytes of the signature.
#[test]
fn other_algorithms_of_issuers_are_refused() {
    let id = |text: &str, parameters: &[u8]| {
        let id = tlv(6, &crate::part::oid(text));
        AlgorithmIdentifier::from_der(&sequence(&[&id, parameters])).unwrap()
    };
    let pss = |bits, mask, salt| {
        AlgorithmIdentifier::from_der(&pss_identifier(bits, mask, salt)).unwrap()
    };
    let refused = [
        (id("1.2.840.113549.1.1.5", &[5, 0]), How::Pkcs1(256)),
        (id("1.2.840.113549.1.1.11", &[]), How::Pkcs1(256)),
        (id("1.2.840.113549.1.1.10", &[]), How::Pss(256, 20)),
        (pss(256, 256, 20), How::Pss(256, 20)),
        (pss(256, 384, 32), How::Pss(256, 32)),
        (pss(256, 256, 32), How::Pss(256, 20)),
    ];
    for (index, (algorithm, how)) in refused.into_iter().enumerate() {
        let mut case = Case::new();
        case.ca.content.key = Key::Rsa.info();
        case.lists.clear();
        case.leaf.set_how(Key::Rsa, how);
        case.leaf.content.algorithm = algorithm.clone();
        case.leaf.outer = algorithm;
        assert_eq!(case.code(), "tpm.chain_signature", "algorithm {index}");
    }
}

#[test]
fn tpm_root_unknown_where_no_pin_is_reached() {
    assert_codes(
        Case::new,
        &[
            ("tpm.root_unknown", |case| {
                case.leaf.content.issuer = name("other")
            }),
            ("tpm.root_unknown", |case| {
                case.ca.content.issuer = name("other")
            }),
            ("tpm.root_unknown", |case| {
                case.ca.content.subject = name("other")
            }),
            // The issuer is there, by its name and its key, and no root is above it.
            ("tpm.root_unknown", |case| {
                case.leaf = certificate(["leaf", "own"], case.key, OTHER, vec![]);
                case.others = vec![certificate(["own", "own"], OTHER.0, OTHER, authority(None))];
            }),
            // Two that issued each other.
            ("tpm.root_unknown", |case| {
                case.ca.content.issuer = name("a");
                case.others = vec![certificate(["a", "ca"], OTHER.0, OTHER, authority(None))];
            }),
        ],
    );
}

#[test]
fn of_issuers_with_one_name_the_signer_counts_and_the_rest_is_ignored() {
    for first in [true, false] {
        let mut case = Case::new();
        let other = certificate(["ca", "root"], OTHER.0, ROOT, authority(Some(0)));
        if first {
            let ca = core::mem::replace(&mut case.ca, other);
            case.others.push(ca);
        } else {
            case.others.push(other);
        }
        case.others
            .push(certificate(["x", "y"], OTHER.0, OTHER, vec![]));
        let evidence = case.verify(&mut Cache::default()).unwrap();
        let chain = evidence.certificate.unwrap();
        assert_eq!(chain.chain().chain.certificates.len(), 3);
    }
}

#[test]
fn a_pinned_certificate_ends_the_path_and_signed_itself() {
    let mut case = Case::new();
    // Another certificate has the name that the root gives as its issuer's.
    case.root.content.issuer = name("older");
    let older = certificate(["older", "older"], OTHER.0, OTHER, authority(None));
    case.others = vec![older];
    assert_eq!(case.code(), "");
    case.root.set_how(OTHER.0, OTHER.1);
    assert_eq!(case.code(), "tpm.chain_signature");
}

#[test]
fn there_are_at_most_eight_certificates_and_at_least_one() {
    let extra = || certificate(["x", "y"], OTHER.0, OTHER, vec![]);
    let mut case = Case::new();
    case.others = (0..5).map(|_| extra()).collect();
    assert_eq!(case.code(), "");
    case.others.push(extra());
    assert_eq!(case.code(), "input.too_large");
    case.with_certificates = false;
    let refusal = case.certify(&mut Cache::default()).err().unwrap();
    assert_eq!(refusal.code(), "input.empty");
}

#[test]
fn tpm_chain_shape_of_authorities() {
    assert_codes(
        Case::new,
        &[
            ("tpm.chain_shape", |case| {
                case.ca.set_extension("2.5.29.19", &[0x30, 0])
            }),
            ("tpm.chain_shape", |case| {
                case.ca.drop_extension("2.5.29.19")
            }),
            ("tpm.chain_shape", |case| {
                case.root.drop_extension("2.5.29.19")
            }),
            ("tpm.chain_shape", |case| {
                case.ca.set_extension("2.5.29.15", &[3, 2, 1, 2])
            }),
            ("", |case| case.ca.drop_extension("2.5.29.15")),
            ("tpm.chain_shape", |case| {
                case.ca.extensions().push(extension("1.2.3", true, &null()));
            }),
            ("tpm.chain_shape", |case| {
                case.ca
                    .extensions()
                    .push(extension("2.5.29.30", true, &null()));
            }),
            ("", |case| {
                case.ca
                    .extensions()
                    .push(extension("1.2.3", false, &null()))
            }),
            ("", |case| {
                case.ca
                    .extensions()
                    .push(extension("2.5.29.37", true, &purposes(&["1"])));
            }),
            ("tpm.chain_shape", |case| {
                case.root
                    .extensions()
                    .push(extension("1.2.3", true, &null()));
            }),
            ("tpm.chain_shape", |case| {
                case.root.content.version = Version::V1;
                case.root.content.extensions = None;
            }),
            // The root allows no authority below it.
            ("tpm.chain_shape", |case| {
                case.root.content.extensions = Some(authority(Some(0)));
            }),
            ("", |case| {
                case.root.content.extensions = Some(authority(Some(1)))
            }),
        ],
    );
}

#[test]
fn tpm_ak_certificate_shape_of_the_keys_own() {
    assert_codes(
        Case::new,
        &[
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.content.extensions = Some(authority(None))
            }),
            ("", |case| {
                case.leaf
                    .extensions()
                    .push(extension("2.5.29.19", true, &[0x30, 0]))
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.drop_extension("2.5.29.15")
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.set_extension("2.5.29.15", &[3, 2, 5, 0x20]);
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.drop_extension("2.5.29.37")
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.set_extension("2.5.29.37", &purposes(&["2"]));
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.set_extension("2.5.29.37", &[0x30, 0])
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.set_extension("2.5.29.37", b"x")
            }),
            ("", |case| {
                case.leaf.set_extension("2.5.29.37", &purposes(&["1"]))
            }),
            ("", |case| {
                case.leaf.set_extension("2.5.29.37", &purposes(&["2", "3"]))
            }),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf
                    .extensions()
                    .push(extension("1.2.3", true, &null()));
            }),
            ("tpm.ak_certificate_shape", |case| {
                let half = [attribute(1, "id:0")];
                case.leaf
                    .set_extension("2.5.29.17", &alternative_name(&half));
            }),
            ("", |case| case.leaf.drop_extension("2.5.29.17")),
            ("tpm.ak_certificate_shape", |case| {
                case.leaf.content.version = Version::V2
            }),
        ],
    );
}

#[test]
fn certificates_are_valid_at_the_time() {
    for (now, code) in [
        ("2026-01-01T00:00:00Z", ""),
        ("2025-12-31T23:59:59Z", "tpm.certificate_not_yet_valid"),
        ("2027-01-01T00:00:00Z", ""),
        ("2027-01-01T00:00:01Z", "tpm.certificate_expired"),
    ] {
        let mut case = Case::new();
        case.lists.clear();
        case.now = seconds(now);
        assert_eq!(case.code(), code, "{now}");
    }
}
