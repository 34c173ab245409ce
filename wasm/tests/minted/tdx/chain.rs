//! Bends of the chain in the quote (TDX-10, TDX-11).

use super::assert_codes;
use super::blueprint::{Case, PCK, PLATFORM, PROCESSOR, ROOT, certificate, name};
use super::key::{Key, ecdsa, ecdsa_with_null, public_key};
use super::platform::Platform;
use crate::part::{null, sequence, time};
use der::asn1::BitString;
use x509_cert::certificate::Version;

const CONSTRAINTS: &str = "2.5.29.19";
const USAGE: &str = "2.5.29.15";
const MARK: &str = "2.999.67.1";

#[test]
fn tdx_10_the_processor_ca_serves_too() {
    let mut case = Case::sgx();
    case.ca.content.subject = name(PROCESSOR);
    case.crl_chain = None;
    case.pck.content.issuer = name(PROCESSOR);
    case.pck_list.content.issuer = name(PROCESSOR);
    case.platform = Platform::of_processor();
    assert_eq!(case.code(), "");
    case.platform = Platform::new();
    assert_eq!(case.code(), "tdx.pck_extension");
    case.platform = Platform::of_processor();
    case.pck_list.content.issuer = name(PLATFORM);
    assert_eq!(case.code(), "tdx.crl_issuer");
}

#[test]
fn tdx_11_the_chain_has_its_order_and_nothing_more() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.chain_order", |case| case.order = vec![2, 1, 0]),
            ("tdx.chain_order", |case| case.order = vec![0, 2, 1]),
            ("tdx.chain_order", |case| case.order = vec![1, 0, 2]),
            ("tdx.chain_order", |case| case.order = vec![1, 1, 2]),
            ("tdx.chain_order", |case| case.order = vec![0, 2, 2]),
            ("tdx.chain_order", |case| case.order = vec![0, 0, 2]),
            ("x509.count", |case| case.order = vec![0, 1]),
            ("x509.count", |case| case.order = vec![0, 0, 1, 2]),
            ("x509.count", |case| case.order = vec![0, 1, 2, 2]),
            ("tdx.root_unknown", |case| case.order = vec![0, 1, 1]),
            ("input.empty", |case| case.order = vec![]),
        ],
    );
}

#[test]
fn the_end_of_a_chain_may_be_zeros() {
    assert_codes(
        Case::tdx_15,
        &[
            ("", |case| case.quote.end_of_chain = vec![]),
            ("", |case| case.quote.end_of_chain = vec![0; 100]),
            ("", |case| case.quote.end_of_chain = vec![b'\n', 0]),
            ("input.encoding", |case| {
                case.quote.end_of_chain = vec![0, b'x']
            }),
            ("input.encoding", |case| {
                case.quote.end_of_chain = vec![0, b'\n']
            }),
        ],
    );
}

#[test]
fn tdx_11_every_signature_is_checked() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.chain_signature", |case| case.root.signer = Key::Ca),
            ("tdx.chain_signature", |case| case.ca.signer = Key::Ca),
            ("tdx.chain_signature", |case| case.ca.signer = Key::Other),
            ("tdx.chain_signature", |case| case.pck.signer = Key::Root),
            ("tdx.chain_signature", |case| case.pck.signer = Key::Other),
            ("tdx.chain_signature", |case| case.pck.signer = Key::Pck),
        ],
    );
}

#[test]
fn tdx_11_one_algorithm_is_accepted() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.chain_algorithm", |case| case.root.outer = ecdsa(3)),
            ("tdx.chain_algorithm", |case| {
                case.ca.content.algorithm = ecdsa(3);
                case.ca.outer = ecdsa(3);
            }),
            ("tdx.chain_algorithm", |case| {
                case.pck.content.algorithm = ecdsa(4)
            }),
            ("tdx.chain_algorithm", |case| {
                case.pck.content.algorithm = ecdsa_with_null();
                case.pck.outer = ecdsa_with_null();
            }),
        ],
    );
}

#[test]
fn tdx_11_root_and_ca_have_their_shape() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.chain_shape", |case| {
                case.root.set(CONSTRAINTS, &sequence(&[]))
            }),
            ("tdx.chain_shape", |case| {
                case.ca.set(CONSTRAINTS, &sequence(&[]))
            }),
            ("", |case| {
                case.root.set(CONSTRAINTS, &sequence(&[&[1, 1, 0xff]]))
            }),
            ("tdx.chain_shape", |case| {
                case.ca.set(CONSTRAINTS, &sequence(&[&[1, 1, 0xff]]))
            }),
            ("tdx.chain_shape", |case| {
                case.root
                    .set(CONSTRAINTS, &sequence(&[&[1, 1, 0xff], &[2, 1, 0]]));
            }),
            ("tdx.chain_shape", |case| {
                case.root
                    .set(CONSTRAINTS, &sequence(&[&[1, 1, 0xff], &[2, 1, 2]]));
            }),
            ("tdx.chain_shape", |case| {
                case.ca
                    .set(CONSTRAINTS, &sequence(&[&[1, 1, 0xff], &[2, 1, 1]]));
            }),
            ("tdx.chain_shape", |case| {
                case.root.set(USAGE, &[3, 2, 2, 0x04])
            }),
            ("tdx.chain_shape", |case| {
                case.root.set(USAGE, &[3, 2, 1, 0x02])
            }),
            ("tdx.chain_shape", |case| {
                case.ca.set(USAGE, &[3, 2, 2, 0x04])
            }),
            ("tdx.chain_shape", |case| {
                case.ca.set(USAGE, &[3, 2, 1, 0x02])
            }),
            ("tdx.chain_shape", |case| {
                case.ca.add("1.2.3", true, &null())
            }),
            ("", |case| case.ca.add("1.2.3", false, &null())),
            ("tdx.chain_shape", |case| {
                case.ca.content.issuer = name("Somebody")
            }),
            ("tdx.chain_shape", |case| {
                case.root.content.issuer = name("Somebody");
            }),
            ("tdx.chain_shape", |case| {
                case.ca.content.issuer_id = Some(BitString::from_bytes(&[1]).unwrap());
            }),
            ("tdx.chain_shape", |case| {
                case.ca.content.key = public_key("1.3.132.0.34", &Key::Ca.point());
            }),
        ],
    );
}

#[test]
fn versions_and_names_are_those_of_intel() {
    assert_codes(
        Case::tdx_15,
        &[
            ("tdx.chain_shape", |case| {
                case.ca.content.version = Version::V1;
                case.ca.content.extensions = None;
            }),
            ("tdx.chain_order", |case| {
                case.root.content.subject = name("Somebody")
            }),
            ("tdx.chain_order", |case| {
                case.ca.content.subject = name("Somebody")
            }),
            ("tdx.pck_shape", |case| {
                case.pck.content.subject = name("Somebody")
            }),
            ("tdx.chain_order", |case| {
                case.pck.content.subject = name(PLATFORM)
            }),
            ("tdx.chain_order", |case| {
                case.pck.content.subject = name(ROOT)
            }),
        ],
    );
}

#[test]
fn a_certificate_cannot_be_a_ca_of_its_own() {
    // The PCK's holder signs a certificate below its own: the chain is one too long.
    let mut case = Case::tdx_15();
    case.ca = certificate(
        PLATFORM,
        PCK,
        Key::Other,
        Key::Pck,
        case.ca.content.extensions.unwrap(),
    );
    case.pck.signer = Key::Other;
    assert_eq!(case.code(), "tdx.chain_signature");
}

#[test]
fn lab_and_vendor_are_kept_apart() {
    let mark = |case: &mut Case, index: usize| case.certificates()[index].mark();
    for index in 0..5 {
        let mut case = Case::tdx_15();
        mark(&mut case, index);
        assert_eq!(case.code(), "tdx.lab_on_vendor_path", "mark in {index}");
        let mut case = Case::tdx_15();
        case.mark();
        let gone = case.certificates()[index].extensions().pop();
        assert!(gone.is_some());
        assert_eq!(
            case.code(),
            "tdx.lab_extension_missing",
            "no mark in {index}"
        );
    }
    let mut case = Case::tdx_15();
    case.mark();
    case.ca.set(MARK, &[1, 1, 0]);
    assert_eq!(case.code(), "tdx.lab_extension_missing");
}

#[test]
fn tdx_06_certificates_are_compared_with_the_time() {
    for index in 0..5 {
        let mut case = Case::tdx_15();
        let past = ["2025-01-01T00:00:00Z", "2026-06-14T23:59:59Z"];
        case.certificates()[index].set_validity(past[0], past[1]);
        assert_eq!(case.code(), "tdx.certificate_expired", "{index}");
        let future = ["2026-06-15T00:00:01Z", "2027-01-01T00:00:00Z"];
        case.certificates()[index].set_validity(future[0], future[1]);
        assert_eq!(case.code(), "tdx.certificate_not_yet_valid", "{index}");
    }
    let mut case = Case::tdx_15();
    let now = time(super::blueprint::NOW);
    case.pck.content.validity = x509_cert::time::Validity::new(now, now);
    assert_eq!(case.code(), "", "both ends are included");
}
