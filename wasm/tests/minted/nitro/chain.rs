//! Bends of a document's certificates (NIT-01: flags of authorities, path lengths).

use super::assert_codes;
use super::blueprint::{Case, ES384};
use crate::part::{extension, null, sequence};
use crate::tpm::blueprint::{Paper, authority, certificate, name, seconds};
use crate::tpm::key::{How, Key};
use crate::x509::structure::Content;
use casemate_core::x509::signer::Cache;
use x509_cert::certificate::Version;

const USAGE: &str = "2.5.29.15";
const CONSTRAINTS: &str = "2.5.29.19";

/// Basic constraints of an authority.
fn constraints(path: &[u8]) -> Vec<u8> {
    sequence(&[&[1, 1, 0xff], path])
}

#[test]
fn every_signature_of_the_chain_is_checked() {
    for index in 0..4 {
        let bends: [fn(&mut Paper<Content>); 4] = [
            |paper| paper.signer = Key::P384(9),
            |paper| paper.set_how(paper.signer, How::Ecdsa(256)),
            |paper| paper.outer = How::Ecdsa(512).identifier(),
            |paper| paper.content.algorithm = How::Ecdsa(512).identifier(),
        ];
        for bend in bends {
            let mut case = Case::new();
            case.lists.clear();
            match index {
                3 => bend(&mut case.leaf),
                _ => bend(&mut case.authorities[index]),
            }
            let refusal = case.refusal();
            assert_eq!(refusal.code(), "nitro.chain_signature");
            let name = ["CA", "CA", "root", "leaf"][index];
            assert_eq!(refusal.field("certificate"), Some(name));
        }
    }
}

#[test]
fn authorities_have_keys_of_p_384_and_sign_with_sha_384() {
    for (key, how) in [
        (Key::P256(2), How::Ecdsa(256)),
        (Key::P256(2), How::Ecdsa(384)),
        (Key::P384(4), How::Ecdsa(256)),
        (Key::P384(4), How::Ecdsa(512)),
        (Key::Rsa, How::Pkcs1(384)),
        (Key::Rsa, How::Pss(384, 48)),
    ] {
        let mut case = Case::new();
        case.authorities[0].content.key = key.info();
        case.leaf.set_how(key, how);
        let refusal = case.refusal();
        assert_eq!(refusal.code(), "nitro.chain_signature", "{key:?} {how:?}");
        assert!(refusal.field("reason").is_some());
    }
}

#[test]
fn nitro_chain_order_of_anything_but_the_path_root_first() {
    let bends: [fn(&mut Vec<Vec<u8>>); 7] = [
        |bundle| bundle.reverse(),
        |bundle| bundle.swap(0, 1),
        |bundle| bundle.swap(1, 2),
        |bundle| bundle.push(bundle[0].clone()),
        |bundle| bundle.insert(0, bundle[0].clone()),
        |bundle| bundle.insert(1, bundle[2].clone()),
        |bundle| {
            let other = (Key::P384(9), ES384);
            bundle.push(certificate(["x", "y"], other.0, other, authority(None)).sign());
        },
    ];
    for (index, bend) in bends.iter().enumerate() {
        let mut case = Case::new();
        let mut bundle = case.usual_bundle();
        bend(&mut bundle);
        case.bundle = Some(bundle);
        assert_eq!(case.code(), "nitro.chain_order", "bend {index}");
    }
}

#[test]
fn nitro_root_unknown_where_no_pin_is_reached() {
    for gone in 0..3 {
        let mut case = Case::new();
        let mut bundle = case.usual_bundle();
        bundle.remove(gone);
        case.bundle = Some(bundle);
        assert_eq!(case.code(), "nitro.root_unknown", "without {gone}");
    }
    let mut case = Case::new();
    case.leaf.content.issuer = name("other");
    assert_eq!(case.code(), "nitro.root_unknown");
    // The pinned name and key in another certificate is another root.
    let mut case = Case::new();
    let mut bundle = case.usual_bundle();
    let mut root = case.authorities[2].clone();
    root.content.serial = crate::part::serial(&[77]);
    bundle[0] = root.sign();
    case.bundle = Some(bundle);
    assert_eq!(case.code(), "nitro.root_unknown");
}

/// The document's own certificate pinned: then those above it are on no path.
#[test]
fn a_pinned_leaf_leaves_the_bundle_over() {
    let mut case = Case::new();
    case.bundle = Some(case.usual_bundle());
    case.authorities.push(case.leaf.clone());
    assert_eq!(case.code(), "nitro.chain_order");
}

#[test]
fn nit_01_authorities_must_be_some() {
    let bends: [fn(&mut Paper<Content>); 11] = [
        |ca| ca.set_extension(CONSTRAINTS, &[0x30, 0]),
        |ca| ca.drop_extension(CONSTRAINTS),
        |ca| {
            ca.drop_extension(CONSTRAINTS);
            ca.extensions()
                .push(extension(CONSTRAINTS, false, &constraints(&[])));
        },
        |ca| ca.drop_extension(USAGE),
        |ca| ca.set_extension(USAGE, &[3, 2, 1, 0x02]),
        |ca| ca.set_extension(USAGE, &[3, 2, 7, 0x80]),
        |ca| ca.extensions().push(extension("1.2.3", true, &null())),
        |ca| {
            ca.extensions()
                .push(extension("2.5.29.37", true, &[0x30, 3, 6, 1, 42]))
        },
        |ca| ca.content.version = Version::V1,
        |ca| ca.content.subject_id = der::asn1::BitString::from_bytes(&[1]).ok(),
        |ca| ca.set_extension(CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 0x80]),
    ];
    for (index, bend) in bends.iter().enumerate() {
        for which in 0..3 {
            let mut case = Case::new();
            bend(&mut case.authorities[which]);
            if case.authorities[which].content.version == Version::V1 {
                case.authorities[which].content.extensions = None;
            }
            let refusal = case.refusal();
            assert_eq!(
                refusal.code(),
                "nitro.chain_shape",
                "bend {index} of {which}"
            );
            let name = if which == 2 { "root" } else { "CA" };
            assert_eq!(refusal.field("certificate"), Some(name));
        }
    }
}

#[test]
fn nit_01_path_lengths_are_respected() {
    for (which, path, code) in [
        (0, Some(0), ""),
        (0, Some(7), ""),
        (1, Some(0), "nitro.chain_shape"),
        (1, Some(1), ""),
        (2, Some(1), "nitro.chain_shape"),
        (2, Some(2), ""),
        (1, None, ""),
    ] {
        let mut case = Case::new();
        let value = path.map_or_else(Vec::new, |path| vec![2, 1, path]);
        case.authorities[which].set_extension(CONSTRAINTS, &constraints(&value));
        assert_eq!(case.code(), code, "{path:?} of {which}");
    }
}

#[test]
fn nitro_leaf_shape_of_what_may_not_sign_documents() {
    assert_codes(&[
        ("nitro.leaf_shape", |case| {
            case.leaf.set_extension(CONSTRAINTS, &constraints(&[]));
        }),
        ("", |case| case.leaf.drop_extension(CONSTRAINTS)),
        ("nitro.leaf_shape", |case| case.leaf.drop_extension(USAGE)),
        ("nitro.leaf_shape", |case| {
            case.leaf.set_extension(USAGE, &[3, 2, 1, 0x06]);
        }),
        ("nitro.leaf_shape", |case| {
            let other = extension("1.2.3", true, &null());
            case.leaf.extensions().push(other);
        }),
        ("", |case| {
            let other = extension("1.2.3", false, &null());
            case.leaf.extensions().push(other);
        }),
        ("nitro.leaf_shape", |case| {
            case.leaf.content.version = Version::V1;
            case.leaf.content.extensions = None;
        }),
        ("nitro.leaf_shape", |case| {
            case.leaf.content.key = Key::P256(3).info()
        }),
        ("nitro.leaf_shape", |case| {
            case.leaf.content.key = Key::Rsa.info()
        }),
        ("nitro.leaf_shape", |case| {
            let mut key = Key::P384(3).info();
            let point = [&[4][..], &[1; 96]].concat();
            key.subject_public_key = der::asn1::BitString::from_bytes(&point).unwrap();
            case.leaf.content.key = key;
        }),
        // Shapes come before signatures, authorities before the leaf.
        ("nitro.chain_shape", |case| {
            case.leaf.drop_extension(USAGE);
            case.authorities[2].drop_extension(USAGE);
            case.authorities[0].signer = Key::P384(9);
        }),
    ]);
}

#[test]
fn certificates_are_of_the_time_also_when_kept() {
    let mut cache = Cache::default();
    for (now, code, certificate) in [
        ("2026-06-14T23:00:00Z", "", None),
        (
            "2026-06-14T22:59:59Z",
            "nitro.certificate_not_yet_valid",
            Some("leaf"),
        ),
        ("2026-06-15T02:00:00Z", "", None),
        (
            "2026-06-15T02:00:01Z",
            "nitro.certificate_expired",
            Some("leaf"),
        ),
    ] {
        let mut case = Case::new();
        case.set(
            "timestamp",
            super::cbor::number(seconds("2026-06-15T01:00:00Z") * 1000),
        );
        case.now = seconds(now);
        let refusal = case.verify(&mut cache).err();
        assert_eq!(refusal.as_ref().map_or("", |it| it.code()), code, "{now}");
        let named = refusal.as_ref().and_then(|it| it.field("certificate"));
        assert_eq!(named, certificate, "{now}");
    }
    assert_eq!(cache.len(), 1);
}

#[test]
fn nitro_timestamp_within_the_leaf_s_validity() {
    for (time, code) in [
        ("2026-06-14T23:00:00Z", ""),
        ("2026-06-15T02:00:00Z", ""),
        ("2026-06-14T22:59:59Z", "nitro.timestamp"),
        ("2026-06-15T02:00:01Z", "nitro.timestamp"),
    ] {
        let mut case = Case::new();
        case.set("timestamp", super::cbor::number(seconds(time) * 1000 + 999));
        assert_eq!(case.code(), code, "{time}");
    }
    let mut case = Case::new();
    case.set("timestamp", super::cbor::number((1 << 53) - 1));
    let refusal = case.refusal();
    assert_eq!(refusal.field("notAfter"), Some("2026-06-15T02:00:00Z"));
    case.set("timestamp", super::cbor::number(1));
    assert_eq!(
        case.refusal().field("timestamp"),
        Some("1970-01-01T00:00:00Z")
    );
}
