//! Bends of the chain.

use crate::assert_codes;
use crate::blueprint::{Case, name, seconds};
use crate::key::Signer4096;
use crate::part::{extension, null, pss, rsa_key, time};
use casemate_core::snp::leaf::Form;
use der::asn1::BitString;
use x509_cert::certificate::Version;

const CONSTRAINTS: &str = "2.5.29.19";
const USAGE: &str = "2.5.29.15";
const MARK: &str = "2.999.67.1";

#[test]
fn signatures_are_checked_with_the_right_key() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.ark_signature", |case| {
                case.ark.signer = Signer4096::Ask
            }),
            ("snp.ask_signature", |case| {
                case.ask.signer = Signer4096::Ask
            }),
            ("snp.leaf_signature", |case| {
                case.leaf.signer = Signer4096::Ark
            }),
            ("snp.leaf_signature", |case| {
                case.ask.content.key = rsa_key(Signer4096::Ark);
            }),
        ],
    );
}

#[test]
fn snp_13_one_algorithm_and_no_other() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.chain_algorithm", |case| both(case, 0, 256, 384, 48)),
            ("snp.chain_algorithm", |case| both(case, 1, 384, 256, 48)),
            ("snp.chain_algorithm", |case| both(case, 2, 384, 384, 32)),
            ("snp.chain_algorithm", |case| {
                case.ark.outer = pss(256, 256, 48)
            }),
            ("snp.chain_algorithm", |case| {
                case.leaf.content.algorithm = pss(384, 384, 47)
            }),
        ],
    );
}

fn both(case: &mut Case, index: usize, hash: u16, mask: u16, salt: u8) {
    let certificate = &mut case.certificates()[index];
    certificate.content.algorithm = pss(hash, mask, salt);
    certificate.outer = pss(hash, mask, salt);
}

#[test]
fn authorities_have_their_shape() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.chain_shape", |case| {
                case.ark.drop_extension(CONSTRAINTS)
            }),
            ("snp.chain_shape", |case| {
                case.ask.drop_extension(CONSTRAINTS)
            }),
            ("snp.chain_shape", |case| {
                case.ark.set_extension(CONSTRAINTS, &[0x30, 0])
            }),
            ("snp.chain_shape", |case| {
                case.ask.set_extension(CONSTRAINTS, &[0x30, 3, 1, 1, 0xff]);
            }),
            ("snp.chain_shape", |case| {
                case.ask
                    .set_extension(CONSTRAINTS, &[0x30, 6, 1, 1, 0xff, 2, 1, 1]);
            }),
            ("snp.chain_shape", |case| {
                case.ark.set_extension(USAGE, &[3, 2, 1, 4])
            }),
            ("snp.chain_shape", |case| {
                case.ark.set_extension(USAGE, &[3, 2, 1, 2])
            }),
            ("snp.chain_shape", |case| {
                case.ask.set_extension(USAGE, &[3, 2, 1, 0x80])
            }),
            ("snp.chain_shape", |case| {
                case.ask.set_extension(USAGE, &[3, 2, 2, 6])
            }),
            ("", |case| case.ask.drop_extension(USAGE)),
            ("snp.chain_shape", |case| {
                case.ark
                    .extensions()
                    .push(extension("1.2.3", true, &null()));
            }),
            ("", |case| {
                case.ark
                    .extensions()
                    .push(extension("1.2.3", false, &null()))
            }),
            ("snp.chain_shape", |case| {
                case.ask.content.subject_id = BitString::from_bytes(&[1]).ok();
            }),
        ],
    );
}

#[test]
fn names_tie_the_chain_together() {
    assert_codes(
        Form::Vcek,
        &[
            ("snp.chain_shape", |case| {
                case.ask.content.issuer = name("ARK-Genoa")
            }),
            ("snp.chain_shape", |case| {
                case.ask.content.subject = name("SEV-Genoa")
            }),
            ("snp.chain_shape", |case| {
                case.ask.content.subject = name("ARK-Milan")
            }),
            ("snp.chain_shape", |case| {
                case.ark.content.issuer = name("ARK-Genoa")
            }),
            ("snp.chain_shape", |case| case.line = "Genoa"),
            ("", |case| case.line = "Milan"),
            ("snp.chain_shape", |case| case.line = "Naples"),
            ("snp.chain_shape", |case| {
                case.ark.content.subject = name("ARK-Rome")
            }),
            ("snp.leaf_shape", |case| {
                case.leaf.content.issuer = name("SEV-Genoa")
            }),
            ("snp.chain_order", |case| {
                core::mem::swap(&mut case.ask, &mut case.ark)
            }),
        ],
    );
}

#[test]
fn versions_before_three_have_no_place() {
    // Extensions of an older version do not parse as one; without them it is the shape that is wrong.
    let bent = |index: usize| {
        let mut case = Case::new(Form::Vcek);
        let certificate = &mut case.certificates()[index];
        certificate.content.version = Version::V2;
        certificate.content.extensions = None;
        case.code()
    };
    assert_eq!(bent(0), "snp.chain_shape");
    assert_eq!(bent(1), "snp.chain_shape");
    assert_eq!(bent(2), "snp.leaf_shape");
}

#[test]
fn repeated_extensions_are_refused_in_every_certificate() {
    for index in 0..3 {
        let mut case = Case::new(Form::Vcek);
        let extensions = case.certificates()[index].extensions();
        let first = extensions[0].clone();
        extensions.push(first);
        assert_eq!(case.code(), "x509.malformed", "certificate {index}");
    }
}

#[test]
fn snp_09_every_certificate_must_be_in_force() {
    for index in 0..3 {
        let judge = |from: &str, until: &str| {
            let mut case = Case::new(Form::Vcek);
            let validity = &mut case.certificates()[index].content.validity;
            validity.not_before = time(from);
            validity.not_after = time(until);
            case.code()
        };
        let (past, now, future) = (
            "2026-05-31T23:59:59Z",
            "2026-06-01T00:00:00Z",
            "2026-06-01T00:00:01Z",
        );
        assert_eq!(judge(now, now), "", "both ends count");
        assert_eq!(judge(past, past), "snp.certificate_expired");
        assert_eq!(judge(future, future), "snp.certificate_not_yet_valid");
    }
    let mut case = Case::new(Form::Vcek);
    case.now = seconds("2026-06-15T00:00:00Z");
    assert_eq!(case.code(), "");
}

#[test]
fn the_lab_mark_must_be_right_and_everywhere() {
    for index in 0..3 {
        let judge = |bend: fn(&mut Case, usize)| {
            let mut case = Case::new(Form::Vcek);
            case.mark();
            bend(&mut case, index);
            case.code()
        };
        let missing = "snp.lab_extension_missing";
        assert_eq!(judge(|_, _| {}), "");
        assert_eq!(
            judge(|case, index| case.certificates()[index].drop_extension(MARK)),
            missing
        );
        let other = judge(|case, index| case.certificates()[index].set_extension(MARK, &[5, 1, 0]));
        assert_eq!(other, missing);
        let lax = judge(|case, index| {
            let certificate = &mut case.certificates()[index];
            certificate.extensions().last_mut().unwrap().critical = false;
        });
        assert_eq!(lax, missing);
        // One mark in any form is enough to refuse a vendor's chain.
        let mut vendor = Case::new(Form::Vcek);
        let mark = extension(MARK, false, &[]);
        vendor.certificates()[index].extensions().push(mark);
        assert_eq!(vendor.code(), "snp.lab_on_vendor_path");
    }
}
